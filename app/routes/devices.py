"""What a device holds: its cookies, its session, and, if it is one of the clinic's tablets, the tablet it is."""

from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.response import Response

from app.clinic import staff
from app.clinic.staff import Held, Tablet

COOKIE = "yihe_session"
LANGUAGE_COOKIE = "yihe_language"
TABLET_COOKIE = "yihe_tablet"
FOR_THE_HOST = (COOKIE, TABLET_COOKIE)
FOUR_HUNDRED_DAYS = 400 * 24 * 3600  # browsers keep no cookie for longer; every sign-in by password begins them anew
QUIET = "yihe-quiet"  # our pages say so where nobody touched them: they asked by themselves


def by_tls(connection: ASGIConnection) -> bool:
    return connection.scope["scheme"] == "https"


def cookie_name(connection: ASGIConnection, name: str = COOKIE) -> str:
    """By TLS under a name that only a page by TLS can set, `__Host-` for this whole host, `__Secure-` where a cookie has a path of its own."""
    if not by_tls(connection):
        return name
    return f"__Host-{name}" if name in FOR_THE_HOST else f"__Secure-{name}"


def session_token(connection: ASGIConnection) -> str:
    """What this device holds as its session, or nothing."""
    return connection.cookies.get(cookie_name(connection), "")


def tablet_token(connection: ASGIConnection) -> str:
    return connection.cookies.get(cookie_name(connection, TABLET_COOKIE), "")


def tablet(connection: ASGIConnection) -> Tablet | None:
    """Which of the clinic's tablets this is, if any."""
    return staff.tablet_of(connection.app.state.db, tablet_token(connection))


def recognise(connection: ASGIConnection) -> None:
    """Notes who acts; or, where the screen is locked, whose it is: then nobody acts."""
    token, state = session_token(connection), connection.scope["state"]
    held = staff.held(connection.app.state.db, token, tablet_token(connection)) if token else None
    locked = held is not None and connection.app.state.presence.is_locked(held)
    state["held"] = held
    state["locked"] = held.actor if locked else None
    state["actor"] = held.actor if held and not locked else None
    state["handed_to"] = staff.handed_to(connection.app.state.db, token) if token and held is None else ""


def locked(connection: ASGIConnection) -> bool:
    return connection.scope["state"].get("locked") is not None


def stir(connection: ASGIConnection, quiet: bool) -> None:
    """Somebody touched this device, unless the page asked by itself."""
    held: Held | None = connection.scope["state"].get("held")
    if held and not locked(connection) and not quiet and QUIET not in connection.headers:
        connection.app.state.presence.touch(held)


def belong(connection: ASGIConnection, answer: Response, token: str) -> None:
    """This device is that tablet from now on."""
    answer.set_cookie(Cookie(
        key=cookie_name(connection, TABLET_COOKIE), value=token, max_age=FOUR_HUNDRED_DAYS, httponly=True, samesite="strict", secure=by_tls(connection)))
