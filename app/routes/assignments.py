"""Giving many people to one doctor or health manager, and taking it back."""

import secrets
from typing import Annotated

from litestar import Request
from litestar.params import FromPath, QueryParameter
from litestar.response import Response

from app.clinic import lists, patients, staff
from app.core import clock
from app.core.access import Actor, May
from app.core.db import Database
from app.core.errors import Invalid, NotFound
from app.core.forms import Form, bind, blank
from app.core.words import N_, _
from app.routes import sitting
from app.routes.lists import ON_A_PAGE, asked, crews, sent, view_of
from app.routes.web import Fields, Page, TheActor, TheDb, get, go, page, post, redirect

COLUMNS = ("who", "number", "doctor", "manager")


@get("/patients/assignments/new", needs=May.ASSIGN_WORK, slow=True)
def new(
    request: Request, db: TheDb, actor: TheActor, before: Annotated[int | None, QueryParameter(name="before")] = None
) -> Page:
    """The list's page one came from, to tick people on; or all of it."""
    form = blank(lists.NewAssignment, scope="ticked", token=secrets.token_hex(16))
    return _new(request, db, view_of(asked(request), actor), form, before)


def _new(request: Request, db: Database, view: lists.View, form: Form, before: int | None, status: int = 200) -> Page:
    n = lists.count(db, view)
    form.raw["n"] = str(n)
    masked = not sitting.until(request, db)
    shown = [lists.COLUMNS[name] for name in COLUMNS]
    rows, crew = lists.page_of(db, view, before=before, limit=ON_A_PAGE), crews(db)
    to = [(_("Doctor"), [(f"doctor:{id}", name) for id, name in crew["doctors"]]),
          (_("Health manager"), [(f"manager:{id}", name) for id, name in crew["managers"]])]
    return page(
        "lists/assign.html", "assignment", view=view, form=form, before=before, n=n, said=lists.sentence(db, view), to=to,
        lines=lists.lines(db, rows, shown, masked), heads=[_(one.label) for one in shown], status=status,
    )


@post("/patients/assignments", needs=May.ASSIGN_WORK)
def create(request: Request, db: TheDb, actor: TheActor, data: Fields) -> Page | Response:
    view, form = sent(data, actor), bind(lists.NewAssignment, data)
    id = form.attempt(lambda new: _assign(db, actor, view, new))
    if id is None:
        before = str(data.get("before", ""))
        return _new(request, db, view, form, int(before) if before.isdecimal() and len(before) < 16 else None, 422)
    return go(request, f"/patients/assignments/{id}")


def _assign(db: Database, actor: Actor, view: lists.View, new: lists.NewAssignment) -> int:
    what, _colon, chosen = new.to.partition(":")
    if what not in ("doctor", "manager") or not chosen.isdecimal() or len(chosen) > 9:
        raise Invalid({"to": N_("Please choose one of these.")})
    if new.scope == "ticked" and not new.people:
        raise Invalid({"people": N_("Nobody is ticked.")})
    people = lists.ids(db, view)
    if new.scope == "all" and len(people) != new.n:
        raise Invalid({"scope": (N_("Meanwhile these are %(n)s people. Please look again."), {"n": len(people)})})
    chosen_people = people if new.scope == "all" else sorted(set(people) & set(new.people))
    return lists.assign(db, actor, what, int(chosen), chosen_people, new.token)


@get("/patients/assignments/{assignment_id:int}", needs=May.ASSIGN_WORK)
def show(
    db: TheDb, assignment_id: FromPath[int], before: Annotated[int | None, QueryParameter(name="before")] = None
) -> Page:
    """Who was given to whom, by whom and when; with the way back."""
    one = _one(db, assignment_id)
    before_it = lists.people_of(db, one.id, before, ON_A_PAGE + 1)
    ids = list(before_it)[:ON_A_PAGE]
    return page(
        "lists/assignment.html", one=one, was=before_it, people=patients.get_many(db, ids), ids=ids, names=staff.names(db),
        at=clock.to_local(one.at).strftime("%Y-%m-%d %H:%M"), older=ids[-1] if len(before_it) > ON_A_PAGE else None, before=before,
    )


@post("/patients/assignments/{assignment_id:int}/undoing", needs=May.ASSIGN_WORK)
def undo(db: TheDb, actor: TheActor, assignment_id: FromPath[int]) -> Response:
    lists.undo(db, actor, _one(db, assignment_id).id)
    return redirect(f"/patients/assignments/{assignment_id}")


def _one(db: Database, id: int) -> lists.Assignment:
    one = lists.assignment(db, id)
    if one is None:
        raise NotFound()
    return one


handlers = [new, create, show, undo]
