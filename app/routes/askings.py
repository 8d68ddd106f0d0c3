"""A questionnaire given out to everybody of a tag or a list: who has it, who began, who is done, reminding them."""

import secrets
from typing import Annotated, Any

from litestar import Request
from litestar.params import FromPath, QueryParameter
from litestar.response import Response

from app.clinic import invitations, lists, patients
from app.clinic.invitations import Asked, Asking
from app.core import clock
from app.core.access import Actor, May
from app.core.db import Database
from app.core.errors import Invalid, NotFound
from app.core.forms import Form, bind, blank
from app.core.words import N_, _
from app.routes import sitting
from app.routes.asked import offered, slip, told_at
from app.routes.lists import ON_A_PAGE, asked, sent, view_of
from app.routes.web import Fields, Page, TheActor, TheDb, get, go, is_htmx, page, post, redirect

Before = Annotated[int | None, QueryParameter(name="before")]


@get("/askings", needs=May.SEE_CLINICAL, slow=True)
def index(request: Request, db: TheDb, before: Before = None) -> Page:
    """What was given out to many, newest first, with how far they are."""
    found = invitations.given_out(db, before, ON_A_PAGE + 1)
    return page(
        "askings/index.html", found=found[:ON_A_PAGE], counts={one.id: invitations.counts(db, one.id) for one in found[:ON_A_PAGE]},
        states=invitations.STATES, told_at=told_at, before=before, older=found[ON_A_PAGE - 1].id if len(found) > ON_A_PAGE else None,
    )


@get("/askings/new", needs=May.ASSIGN_WORK, slow=True)
def new(request: Request, db: TheDb, actor: TheActor) -> Page:
    """For the list one came from."""
    view = view_of(asked(request), actor)
    return _new(db, view, blank(invitations.NewAsking, token=secrets.token_hex(16), people=lists.count(db, view)))


def _new(db: Database, view: lists.View, form: Form, status: int = 200) -> Page:
    n = lists.count(db, view)
    form.raw["people"] = str(n)
    return page(
        "askings/new.html", "new-asking", status=status, view=view, form=form, n=n, said=lists.sentence(db, view) or _("Everybody"),
        choices=[(one.questionnaire_id, one.title) for one in offered(db)])


@post("/askings", needs=May.ASSIGN_WORK)
def create(request: Request, db: TheDb, actor: TheActor, data: Fields) -> Page | Response:
    view, form = sent(data, actor), bind(invitations.NewAsking, data)
    id = form.attempt(lambda given: _give_out(db, actor, view, given))
    return go(request, f"/askings/{id}") if id else _new(db, view, form, 422)


def _give_out(db: Database, actor: Actor, view: lists.View, new: invitations.NewAsking) -> int:
    whom, name = _named(db, actor, view)
    query = view.query() or "columns="  # everybody is a list too
    return invitations.give_out(
        db, actor, new, whom, name, query, lists.count(db, view), [one.questionnaire_id for one in offered(db)])


def _named(db: Database, actor: Actor, view: lists.View) -> tuple[str, str]:
    """A tag alone, a list somebody keeps under a name, or what the filters say."""
    kept = next((one for one in lists.views(db, actor) if one.path == view.path()), None)
    if kept:
        return "list", kept.name
    return ("tag" if view == lists.View(tag=view.tag) and view.tag else "list"), lists.sentence(db, view) or _("Everybody")


@get("/askings/{asking_id:int}", needs=May.SEE_CLINICAL, slow=True)
def show(
    request: Request, db: TheDb, asking_id: FromPath[int], how_far: Annotated[str, QueryParameter(name="state")] = "", before: Before = None,
) -> Page | Response:
    one = _one(db, asking_id)
    if is_htmx(request) and one.finished and not one.reminding:  # it was being done when the page was drawn
        return Response("", headers={"HX-Refresh": "true"}, media_type="text/html")
    return _show(request, db, one, how_far if how_far in invitations.STATES else "", before)


def _show(request: Request, db: Database, one: Asking, state: str, before: int | None, error: str = "", status: int = 200) -> Page:
    found = invitations.of_asking(db, one.id, state, before, ON_A_PAGE + 1)
    shown, masked = found[:ON_A_PAGE], not sitting.until(request, db)
    return page(
        "askings/show.html", "how-far", status=status, one=one, counts=invitations.counts(db, one.id), states=invitations.STATES, state=state, error=error,
        left=invitations.left(db, one),
        found=shown, people=patients.get_many(db, [each.patient_id for each in shown]), masked=masked, until=sitting.until(request, db),
        told_at=told_at, today=clock.today().isoformat(), before=before, older=shown[-1].id if len(found) > ON_A_PAGE else None,
    )


def _one(db: Database, asking_id: int) -> Asking:
    one = invitations.asking(db, asking_id)
    if one is None:
        raise NotFound()
    return one


@post("/askings/{asking_id:int}/reminders", needs=May.ASSIGN_WORK)
def remind(request: Request, db: TheDb, actor: TheActor, asking_id: FromPath[int], data: Fields) -> Page | Response:
    """Those ticked are to be called or spoken to: an item of work for each."""
    try:
        for one in _ticked(db, asking_id, data):
            invitations.remind(db, actor, one.patient_id, one.id)
    except Invalid as invalid:
        return _show(request, db, _one(db, asking_id), "", None, _(invalid.errors["asked"]), 422)
    return redirect(f"/askings/{asking_id}")


@post("/askings/{asking_id:int}/reminding", needs=May.ASSIGN_WORK)
def remind_everybody(db: TheDb, actor: TheActor, asking_id: FromPath[int]) -> Response:
    """All who are not done, in one press; the work is made beside the pages."""
    invitations.remind_everybody(db, actor, asking_id)
    return redirect(f"/askings/{asking_id}")


@post("/askings/{asking_id:int}/slips", needs=May.RECORD_CLINICAL)
def slips(request: Request, db: TheDb, actor: TheActor, asking_id: FromPath[int], data: Fields) -> Page | Response:
    """A sheet of slips for those ticked, each with codes of its own, good for a day."""
    try:
        chosen = _ticked(db, asking_id, data)
    except Invalid as invalid:
        return _show(request, db, _one(db, asking_id), "", None, _(invalid.errors["asked"]), 422)
    people = patients.get_many(db, [one.patient_id for one in chosen])
    request.app.state.looks.note_all(actor.id, people, "print")
    made = [slip(request, invitations.invite(db, actor, one.patient_id, one.id), people[one.patient_id]) for one in chosen]
    return page("askings/slips.html", one=_one(db, asking_id), slips=made)


def _ticked(db: Database, asking_id: int, data: dict[str, Any]) -> list[Asked]:
    """Those ticked who are of this giving out and not done; at most a page of them."""
    given = data.get("asked", [])
    ids = {int(each) for each in (given if isinstance(given, list) else [given]) if str(each).isascii() and str(each).isdigit() and len(str(each)) < 16}
    found = (invitations.get(db, id) for id in sorted(ids)[:ON_A_PAGE])
    chosen = [one for one in found if one and one.asking_id == asking_id and one.open]
    resting = patients.restricted(db, [one.patient_id for one in chosen])
    chosen = [one for one in chosen if one.patient_id not in resting]
    if not chosen:
        raise Invalid({"asked": N_("Nobody is ticked.")})
    return chosen


@post("/askings/{asking_id:int}/stopping", needs=May.ASSIGN_WORK)
def stop(db: TheDb, actor: TheActor, asking_id: FromPath[int]) -> Response:
    invitations.stop(db, actor, asking_id)
    return redirect(f"/askings/{asking_id}")


handlers = [index, new, create, show, remind, remind_everybody, slips, stop]
