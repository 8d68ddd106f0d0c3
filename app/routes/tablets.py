"""The clinic's own tablets: the owner enrols them and puts them out of use; after how long a screen locks."""

from typing import Annotated

import msgspec
from litestar import Request
from litestar.params import FromPath
from litestar.response import Response

from app.clinic import staff
from app.core.access import May
from app.core.db import Database
from app.core.forms import Field, Form, bind, blank
from app.routes import devices
from app.routes.session import hold
from app.routes.web import Fields, Page, TheActor, TheDb, client_address, get, go, page, post, redirect


class NewTablet(msgspec.Struct, frozen=True):
    name: Annotated[str, Field(most=40)]


class Code(msgspec.Struct, frozen=True):
    code: Annotated[str, Field(most=40)]


class Idle(msgspec.Struct, frozen=True):
    minutes: Annotated[int, Field(lowest=1, highest=30)]


@get("/manage/tablets", needs=May.MANAGE_CLINIC)
def index(request: Request, db: TheDb) -> Page:
    return _index(request, db, blank(NewTablet))


def _index(request: Request, db: Database, form: Form, idle: Form | None = None, status: int = 200) -> Page:
    return page(
        "tablets/index.html", "tablet-form", "idle-form", status=status, tablets=staff.tablets(db), in_hand=devices.tablet(request), form=form,
        idle=idle or blank(Idle, minutes=staff.idle_minutes(db)), seen=request.app.state.presence.seen,
    )


@post("/manage/tablets", needs=May.MANAGE_CLINIC)
def create(request: Request, db: TheDb, actor: TheActor, data: Fields) -> Page | Response:
    """A code to type on the tablet; it stands in this one answer."""
    form = bind(NewTablet, data)
    code = form.attempt(lambda new: staff.announce(db, actor, new.name))
    if code is None:
        return _index(request, db, form, status=422)
    return page("tablets/code.html", code=code, name=form.value.name, minutes=staff.CODE_MINUTES, address=_address(request), first=_first(request))


def _address(request: Request) -> str:
    """Where the tablet finds the clinic; the owner may sit at the box itself."""
    network = request.app.state.network
    return f"{network.at() if network.port else str(request.base_url).rstrip('/')}/tablet"


def _first(request: Request) -> str:
    """Where a device that does not know the clinic's certificate begins, if there is need of it."""
    network = request.app.state.network
    return network.hello() if network.shown and not network.shown.own else ""


@post("/manage/tablets/here", needs=May.MANAGE_CLINIC)
def enrol(request: Request, db: TheDb, actor: TheActor, data: Fields) -> Page | Response:
    """The device in hand. Whoever enrols it is on shift at it."""
    form = bind(NewTablet, data)
    if devices.tablet(request):
        return go(request, "/manage/tablets")
    tokens = form.attempt(lambda new: staff.enrol(db, actor, new.name, devices.session_token(request)))
    if tokens is None:
        return _index(request, db, form, status=422)
    answer = go(request, "/manage/tablets")
    devices.belong(request, answer, tokens[0])
    hold(request, answer, tokens[1])
    return answer


@get("/manage/tablets/{tablet_id:int}", needs=May.MANAGE_CLINIC)
def show(db: TheDb, tablet_id: FromPath[int]) -> Page:
    one = staff.tablet(db, tablet_id)
    return page("tablets/show.html", "name-form", one=one, form=blank(NewTablet, name=one.name))


@post("/manage/tablets/{tablet_id:int}", needs=May.MANAGE_CLINIC)
def update(request: Request, db: TheDb, actor: TheActor, tablet_id: FromPath[int], data: Fields) -> Page | Response:
    one, form = staff.tablet(db, tablet_id), bind(NewTablet, data)
    if form.attempt(lambda new: staff.rename(db, actor, one.id, new.name) or True) is None:
        return page("tablets/show.html", "name-form", one=one, form=form, status=422)
    return go(request, "/manage/tablets")


@post("/manage/tablets/{tablet_id:int}/revocation", needs=May.MANAGE_CLINIC)
def revoke(db: TheDb, actor: TheActor, tablet_id: FromPath[int]) -> Response:
    staff.revoke(db, actor, tablet_id)
    return redirect("/manage/tablets")


@post("/manage/tablets/{tablet_id:int}/restoration", needs=May.MANAGE_CLINIC)
def restore(db: TheDb, actor: TheActor, tablet_id: FromPath[int]) -> Response:
    staff.restore(db, actor, tablet_id)
    return redirect("/manage/tablets")


@post("/manage/tablets/idle", needs=May.MANAGE_CLINIC)
def set_idle(request: Request, db: TheDb, actor: TheActor, data: Fields) -> Page | Response:
    form = bind(Idle, data)
    if form.attempt(lambda new: staff.set_idle_minutes(db, actor, new.minutes) or True) is None:
        return _index(request, db, blank(NewTablet), form, 422)
    return go(request, "/manage/tablets")


# ── on the tablet itself ──

@get("/tablet", needs=May.ANYONE)
def new(request: Request) -> Page:
    return page("tablets/enrol.html", form=blank(Code), in_hand=devices.tablet(request), actor=None)


@post("/tablet", needs=May.ANYONE)
def enrol_by_code(request: Request, db: TheDb, data: Fields) -> Page | Response:
    form = bind(Code, data)
    token = form.attempt(lambda given: staff.enrol_by_code(db, given.code, client_address(request), devices.tablet(request)))
    if token is None:
        return page("tablets/enrol.html", "enrol-form", form=form, in_hand=None, actor=None, status=422)
    answer = go(request, "/sign-in")
    devices.belong(request, answer, token)
    return answer


handlers = [index, create, enrol, show, update, revoke, restore, set_idle, new, enrol_by_code]
