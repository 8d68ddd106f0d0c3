"""Manage: the pathways, their rules and sources, and the intervals that are the clinic's to set."""

from typing import Annotated

import msgspec
from litestar import Request
from litestar.response import Response

from app.clinic import patients, work
from app.core.access import Actor, May
from app.core.db import Database
from app.core.errors import Conflict, NotFound
from app.core.forms import Field, Form, bind, blank
from app.core.words import N_
from app.routes.web import Fields, Page, TheActor, TheDb, get, go, page, post


class Interval(msgspec.Struct, frozen=True):
    code: Annotated[str, Field(most=40)]
    days: Annotated[int, Field(lowest=1, highest=730, required=N_("Please enter a number of days."))]
    was: int | None = None


@get("/manage/pathways", needs=May.MAKE_RULES)
def index(db: TheDb) -> Page:
    return _page(db, blank(Interval))


@post("/manage/pathways", needs=May.MAKE_RULES)
def update(request: Request, db: TheDb, actor: TheActor, data: Fields) -> Page | Response:
    form = bind(Interval, data)
    try:
        if form.attempt(lambda given: _save(db, actor, given)):
            return go(request, "/manage/pathways")
    except Conflict as conflict:
        return _page(db, form, conflict)
    return _page(db, form)


def _save(db: Database, actor: Actor, given: Interval) -> bool:
    pathway = work.pathways().get(given.code)
    if pathway is None:
        raise NotFound()
    with db.aside():
        now = work.days_in_force(db).get(given.code)
        if given.was not in (None, now, given.days):
            raise Conflict(patients.STALE, [(pathway.name, str(given.days), str(now))])
        work.set_days(db, actor, given.code, given.days)
    return True


def _page(db: Database, form: Form, conflict: Conflict | None = None) -> Page:
    return page(
        "work/pathways.html", status=409 if conflict else 422 if form.errors else 200, form=form, conflict=conflict,
        pathways=[one for one in work.pathways().values() if not one.retired],
        days=work.days_in_force(db),
    )


handlers = [index, update]
