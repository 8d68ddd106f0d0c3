"""Manage › The box: what its disk, its clock and the clinic's file are like, and what an owner can do about each."""

from datetime import date, datetime, time
from typing import Annotated, Any

import msgspec
from litestar import Request
from litestar.response import Response

from app.clinic import box
from app.core import clock, disk, settings
from app.core.access import May
from app.core.db import Database
from app.core.disk import MB, Ballast
from app.core.forms import Field, Form, bind, blank
from app.core.words import N_
from app.routes.web import Fields, Page, TheActor, TheDb, get, go, page, post

NIGHTS = 14  # shown of the lookings over


class Reserve(msgspec.Struct, frozen=True):
    reserve_mb: Annotated[int | None, Field(lowest=0, highest=100_000)] = None


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise ValueError(N_("Please enter a time like 14:05.")) from None


class Now(msgspec.Struct, frozen=True):
    """What time it is, by somebody's watch."""

    day: date
    at: Annotated[time, Field(parse=_time)]


@get("/manage/health/file", needs=May.MANAGE_CLINIC, quiet=True)
def file(request: Request, db: TheDb) -> Page:
    """How far looking it over has come; the page asks again and again while it lasts."""
    return page("box/show.html", "file", **_shown(request, db))


@get("/manage/health", needs=May.MANAGE_CLINIC)
def show(request: Request, db: TheDb) -> Page:
    return page("box/show.html", **_shown(request, db))


def _shown(request: Request, db: Database, reserve: Form | None = None, now: Form | None = None) -> dict[str, Any]:
    folder, says = request.app.state.folder, clock.doubted()
    return {
        "reserve": reserve or blank(Reserve, reserve_mb=settings.get(db, box.SETTING)),
        "now": now or blank(Now, day=clock.today(), at=clock.local_now().strftime("%H:%M")),
        "left": _room(disk.free(folder)), "total": _room(disk.total(folder)), "ballast": _room(Ballast(folder).size),
        "says": box.shown_as(says) if says else "", "possible": says is not None and says >= clock.RELEASED, "counts": box.shown_as(clock.now()),
        "size": _room(box.size(db.path)), "log": _room(box.size(box.log_of(db))), "checks": box.last(db, NIGHTS), "damaged": db.faults.damaged,
        "waits": box.waits(db),
    }


def _room(size: int) -> str:
    """Blank for none."""
    return f"{size / MB / 1024:.1f} GB" if size >= 1024 * MB else f"{-(-size // MB)} MB" if size else ""


@post("/manage/health/reserve", needs=May.MANAGE_CLINIC)
def size_reserve(request: Request, db: TheDb, actor: TheActor, data: Fields) -> Page | Response:
    form = bind(Reserve, data)
    if not form.ok:
        return page("box/show.html", "reserve-form", status=422, **_shown(request, db, reserve=form))
    settings.put(db, actor, **{box.SETTING: form.value.reserve_mb})
    return go(request, "/manage/health")


@post("/manage/health/room", needs=May.MANAGE_CLINIC)
def make_room(request: Request, db: TheDb, actor: TheActor) -> Response:
    box.give_up(db, actor, request.app.state.folder)
    return _looked(request)


@post("/manage/health/check", needs=May.MANAGE_CLINIC)
def look_over(request: Request, db: TheDb, actor: TheActor) -> Response:
    box.want(db, actor)
    return go(request, "/manage/health")


@post("/manage/health/clock", needs=May.MANAGE_CLINIC)
def trust_clock(request: Request, db: TheDb, actor: TheActor) -> Response:
    """The box's clock is right after all."""
    box.confirm(db, actor, clock.machine())
    return _looked(request)


@post("/manage/health/time", needs=May.MANAGE_CLINIC)
def tell_time(request: Request, db: TheDb, actor: TheActor, data: Fields) -> Page | Response:
    """What time it really is; Yihe counts on from there until the box's clock agrees."""
    form = bind(Now, data)
    form.attempt(lambda now: box.confirm(db, actor, clock.from_local(datetime.combine(now.day, now.at))))
    if form.errors:
        return page("box/show.html", "time-form", status=422, **_shown(request, db, now=form))
    return _looked(request)


def _looked(request: Request) -> Response:
    """What was said over the pages is looked at anew, so that the next page is right about it."""
    request.app.state.troubles.look(request.app.state)
    return go(request, "/manage/health")


handlers = [show, file, size_reserve, make_room, look_over, trust_clock, tell_time]
