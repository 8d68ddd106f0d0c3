"""The patients' entrance: opening and shutting it, other names of the clinic's machine, and where phones are sent."""

from typing import Annotated, Any

import msgspec
from litestar import Request
from litestar.response import Response

from app.core import charts, hosts, settings
from app.core.access import Actor, May
from app.core.db import Database
from app.core.entrance import PORT
from app.core.errors import Conflict, Invalid
from app.core.forms import Field, Form, bind, blank
from app.core.words import N_
from app.routes import meanwhile
from app.routes.web import Fields, Page, TheActor, TheDb, get, go, page, post

FIRST_FREE, LAST = 1024, 65535  # below, a system lets only its administrator listen
MOST_NAMES = 20


class Opening(msgspec.Struct, frozen=True):
    """port: where it is open. seen: what the form showed."""

    entrance_on: bool = False
    entrance_port: Annotated[int, Field(lowest=FIRST_FREE, highest=LAST)] = PORT
    other_hosts: Annotated[str, Field(most=2000)] = ""
    seen: str = ""


LABELS = {"entrance_on": N_("The entrance is open"), "entrance_port": N_("Port"), "other_hosts": N_("Other names of this machine")}


@get("/manage/entrance", needs=May.MANAGE_CLINIC)
def show(request: Request, db: TheDb) -> Page:
    return _page(request, _as_typed(db))


def _page(request: Request, form: Form, status: int = 200, conflict: Conflict | None = None) -> Page:
    address = open_at(request)
    return page(
        "entrance/show.html", "entrance-form", form=form, status=status, conflict=conflict, address=address, trouble=request.app.state.entrance.trouble,
        qr=charts.qr(f"{address}/fill") if address else "", only_here=only_here(address),
    )


def _as_typed(db: Database) -> Form:
    stored = settings.everything(db)
    form = blank(
        Opening, entrance_on=stored.get("entrance_on", False), entrance_port=stored.get("entrance_port", PORT),
        other_hosts="\n".join(stored.get("other_hosts", [])))
    form.raw["seen"] = meanwhile.seen(form, LABELS)
    return form


@post("/manage/entrance", needs=May.MANAGE_CLINIC)
def update(request: Request, db: TheDb, actor: TheActor, data: Fields) -> Page | Response:
    form = bind(Opening, data)
    try:
        done = form.attempt(lambda given: _save(request, db, actor, form, given))
    except Conflict as conflict:
        return _page(request, form, 409, conflict)
    return go(request, "/manage/entrance") if done else _page(request, form, 422)


def _save(request: Request, db: Database, actor: Actor, form: Form, given: Opening) -> bool:
    """The door follows before the page answers, so that it tells what has become of it."""
    values: dict[str, Any] = {"entrance_on": given.entrance_on, "entrance_port": given.entrance_port, "other_hosts": read_names(given.other_hosts)}
    with db.aside():
        meanwhile.compare(form, _as_typed(db), LABELS)
        if changed := {name: value for name, value in values.items() if settings.get(db, name) != value}:
            settings.put(db, actor, **changed)
    request.app.state.entrance.follow()
    return True


def read_names(typed: str) -> list[str]:
    """One to a line, as people copy them: with https:// before or a port behind."""
    lines = [line.strip().partition("://")[2] or line.strip() for line in typed.splitlines() if line.strip()]
    found = [hosts.read(line.partition("/")[0]) for line in lines]
    if None in found:
        raise Invalid({"other_hosts": (N_("This is no name of a machine: %(name)s"), {"name": lines[found.index(None)]})})
    if len(found) > MOST_NAMES:
        raise Invalid({"other_hosts": N_("Please keep to twenty names.")})
    return list(dict.fromkeys(found))


# ── where phones are sent ──

def open_at(request: Request) -> str:
    """Where phones find the patients' entrance; blank while it is shut."""
    server = request.scope.get("server")
    return request.app.state.entrance.address(request.app.state.network, hosts.number(server[0]) if server else "")


class WayIn(msgspec.Struct, frozen=True):
    """fill: where a token is added for a QR code. typed: what leads to the field for a short code. warned: `here` where only this machine
    opens it, `unknown` where phones will not trust it, else blank."""

    fill: str
    typed: str
    warned: str


def way_in(request: Request) -> WayIn:
    """The patients' entrance while it is open, else the address at which staff came."""
    if address := open_at(request):
        return WayIn(f"{address}/fill", address, "here" if only_here(address) else "")
    address, shown = f"{request.url.scheme}://{request.url.netloc}", request.app.state.network.shown
    unknown = address.startswith("https:") and shown and not shown.own
    return WayIn(f"{address}/fill", f"{address}/fill", "here" if only_here(address) else "unknown" if unknown else "")


def only_here(address: str) -> bool:
    return (hosts.read(address.partition("://")[2]) or "") in hosts.LOOPBACK


handlers = [show, update]
