"""Manage: the pathways, their rules and sources, and the intervals that are the clinic's to set."""

from typing import Annotated

import msgspec
from litestar import Request
from litestar.response import Response

from app.clinic import work
from app.core.access import May
from app.core.db import Database
from app.core.forms import Field, Form, bind, blank
from app.core.words import N_
from app.routes.web import Fields, Page, TheActor, TheDb, get, go, page, post


class Interval(msgspec.Struct, frozen=True):
    code: Annotated[str, Field(most=40)]
    days: Annotated[int, Field(lowest=1, highest=730, required=N_("Please enter a number of days."))]


@get("/manage/pathways", needs=May.MAKE_RULES)
def index(db: TheDb) -> Page:
    return _page(db, blank(Interval))


@post("/manage/pathways", needs=May.MAKE_RULES)
def update(request: Request, db: TheDb, actor: TheActor, data: Fields) -> Page | Response:
    form = bind(Interval, data)
    if form.attempt(lambda given: work.set_days(db, actor, given.code, given.days) or True):
        return go(request, "/manage/pathways")
    return _page(db, form)


def _page(db: Database, form: Form) -> Page:
    return page(
        "work/pathways.html", status=422 if form.errors else 200, form=form, pathways=work.pathways().values(),
        days=work.days_in_force(db),
    )


handlers = [index, update]
