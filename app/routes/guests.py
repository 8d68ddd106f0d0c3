"""Who fills in a form: a device known by the cookie of that one form."""

from collections.abc import Callable
from typing import Annotated

import litestar
from litestar import Request
from litestar.datastructures import Cookie
from litestar.di import NamedDependency, Provide

from app.clinic import invitations
from app.clinic.invitations import Guest
from app.core import words
from app.core.access import May
from app.core.db import Database
from app.core.errors import Gone, NotFound
from app.routes.web import by_tls, cookie_name

COOKIE = "yihe_fill"
DAY = 24 * 3600
TheGuest = NamedDependency[Guest]


def cookie(request: Request, asked_id: int, token: str) -> Cookie:
    """Sent to this one form and nowhere else, read by no script."""
    return Cookie(
        key=cookie_name(request, COOKIE), value=token, path=f"/fill/{asked_id}", httponly=True, samesite="strict", secure=by_tls(request), max_age=DAY)


def token_of(request: Request) -> str:
    """What this device was let in with, or nothing."""
    return request.cookies.get(cookie_name(request, COOKIE), "")


async def the_guest(
    request: Request, db: NamedDependency[Database], asked_id: Annotated[int, litestar.params.PathParameter()],
) -> Guest:
    """The device with this form's cookie. The page speaks its language."""
    guest = invitations.guest(db, token_of(request), asked_id)
    if guest is None:
        raise NotFound()
    words.speak(guest.language)
    if guest.over:
        raise Gone(invitations.OVER[guest.over])
    return guest


def own_form(declare: Callable, path: str) -> Callable:
    """A route of one form: for the device that was let in, also while the tablet is locked to it."""
    return declare(f"/fill/{{asked_id:int}}{path}", needs=May.ANYONE, while_handed="own", dependencies={"guest": Provide(the_guest)})
