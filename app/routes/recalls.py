"""Recall lists: old results that wait until a person gives them a day."""

from datetime import date, timedelta
from typing import Annotated, Any

import msgspec
from litestar import Request
from litestar.params import FromPath, QueryParameter
from litestar.response import Response

from app.clinic import work
from app.core import clock
from app.core.access import Actor, May
from app.core.db import Database
from app.core.errors import NotFound
from app.core.forms import Field, Form, bind, blank
from app.core.words import N_
from app.routes.follow_up import how_it_looks
from app.routes.web import Fields, Page, TheActor, TheDb, get, go, page, post

USUAL_DAYS = 14


class Scheduling(msgspec.Struct, frozen=True):
    """patients: those ticked."""

    due_on: Annotated[date, Field(required=N_("Please choose a day."))]
    patients: list[int] = []
    pathway: str = ""


class Dismissal(msgspec.Struct, frozen=True):
    reason: Annotated[str, Field(most=500, required=N_("Please say why."))]
    patients: list[int] = []
    pathway: str = ""


@get("/recalls", needs=May.SEE_CLINICAL)
def index(db: TheDb) -> Page:
    return page("work/recalls.html", lists=work.recall_lists(db))


@get("/recalls/{list_id:int}", needs=May.SEE_CLINICAL, slow=True)
def show(
    db: TheDb, actor: TheActor, list_id: FromPath[int], pathway: Annotated[str, QueryParameter(name="pathway")] = "",
    number: Annotated[int, QueryParameter(name="page")] = 1,
) -> Page:
    return _show(db, actor, list_id, pathway, max(number, 1))


@post("/recalls/{list_id:int}/work", needs=May.RECORD_CLINICAL)
def schedule(request: Request, db: TheDb, actor: TheActor, list_id: FromPath[int], data: Fields) -> Page | Response:
    form = bind(Scheduling, data)
    if form.attempt(lambda new: work.schedule(db, actor, list_id, new.patients, new.due_on, new.pathway)) is None:
        return _show(db, actor, list_id, form.raw["pathway"], 1, form)
    return go(request, f"/recalls/{list_id}")


@post("/recalls/{list_id:int}/dismissal", needs=May.RECORD_CLINICAL)
def dismiss(request: Request, db: TheDb, actor: TheActor, list_id: FromPath[int], data: Fields) -> Page | Response:
    form = bind(Dismissal, data)
    if form.attempt(lambda new: work.dismiss(db, actor, list_id, new.patients, new.reason, new.pathway)) is None:
        return _show(db, actor, list_id, form.raw["pathway"], 1, form)
    return go(request, f"/recalls/{list_id}")


def _show(db: Database, actor: Actor, list_id: int, pathway: str, number: int, form: Form | None = None) -> Page:
    found = work.recall_list(db, list_id)
    if found is None or not actor.may(May.SEE_CLINICAL):
        raise NotFound()
    people, pages = work.listed(db, actor, list_id, pathway, number)
    items = [item for person in people for item in person.items]
    return page(
        "work/recall.html", status=422 if form else 200, list=found, people=people, pages=pages, number=number,
        pathway=pathway, counts=work.listed_by_pathway(db, list_id), plain_title=lambda code: work.pathways()[code].name, **how_it_looks(),
        reasons=work.reasons(db, items, actor), form=form or blank(Scheduling),
        usual=(clock.today() + timedelta(days=USUAL_DAYS)).isoformat(), ticked=_ticked(form),
    )


def _ticked(form: Form | None) -> list[Any]:
    return form.raw.get("patients", []) if form else []


handlers = [index, show, schedule, dismiss]
