"""One item of work: its page, and what one does with it from there or from a list."""

from typing import Annotated, Any
from urllib.parse import parse_qsl, quote, urlsplit

from litestar import Request
from litestar.params import FromPath, QueryParameter
from litestar.response import Response

from app.clinic import patients, staff, work
from app.core.access import Actor, May, Role
from app.core.db import Database
from app.core.errors import NotFound
from app.core.forms import Form, bind, blank
from app.core.words import _
from app.routes.follow_up import follow_up_page, how_it_looks, telling
from app.routes.households import sitting_page
from app.routes.web import Fields, Page, TheActor, TheDb, get, go, is_htmx, local_path, page, post, redirect
from app.routes.work import today_page, view_of

SHAPES = {
    "completion": work.Completion, "attempts": work.Attempt, "postponement": work.Postponement,
    "assignment": work.Reassignment,
}


@get("/work/{work_id:int}", needs=May.DO_WORK)
def show(
    request: Request, db: TheDb, actor: TheActor, work_id: FromPath[int],
    outcome: Annotated[str, QueryParameter(name="outcome")] = "", back: Annotated[str, QueryParameter(name="back")] = "",
) -> Page:
    item = _item(db, actor, work_id)
    request.app.state.looks.note(actor.id, item.patient_id)
    form = blank(work.Completion, channel="phone", outcome=outcome)
    return _page(db, actor, item, local_path(back, "/today"), {"completion": form})


@post("/work/{work_id:int}/completion", needs=May.DO_WORK)
def complete(request: Request, db: TheDb, actor: TheActor, work_id: FromPath[int], data: Fields) -> Page | Response:
    return _act(request, db, actor, work_id, "completion", work.complete, data)


@post("/work/{work_id:int}/attempts", needs=May.DO_WORK)
def attempt(request: Request, db: TheDb, actor: TheActor, work_id: FromPath[int], data: Fields) -> Page | Response:
    return _act(request, db, actor, work_id, "attempts", work.attempt, data)


@post("/work/{work_id:int}/postponement", needs=May.DO_WORK)
def postpone(request: Request, db: TheDb, actor: TheActor, work_id: FromPath[int], data: Fields) -> Page | Response:
    return _act(request, db, actor, work_id, "postponement", work.postpone, data)


@post("/work/{work_id:int}/assignment", needs=May.DO_WORK)
def reassign(request: Request, db: TheDb, actor: TheActor, work_id: FromPath[int], data: Fields) -> Page | Response:
    return _act(request, db, actor, work_id, "assignment", work.reassign, data)


@post("/work/{work_id:int}/reopening", needs=May.DO_WORK)
def reopen(request: Request, db: TheDb, actor: TheActor, work_id: FromPath[int], data: Fields) -> Page | Response:
    item = _item(db, actor, work_id)
    work.reopen(db, actor, work_id)
    return _back(request, db, actor, item, _origin(data))


def _item(db: Database, actor: Actor, work_id: int) -> work.Item:
    item = work.get(db, work_id) if work.may_see(db, actor, work_id) else None
    if item is None:
        raise NotFound()
    return item


def _origin(data: dict[str, Any]) -> str:
    return local_path(str(data.get("back", "")), "/today")


def _act(
    request: Request, db: Database, actor: Actor, work_id: int, noun: str, verb: Any, data: dict[str, Any]
) -> Page | Response:
    item, form, origin = _item(db, actor, work_id), bind(SHAPES[noun], data), _origin(data)
    if form.attempt(lambda given: verb(db, actor, work_id, given) or True):
        return _back(request, db, actor, item, origin)
    if is_htmx(request):  # what a list cannot ask for, the item's page does
        return go(request, f"/work/{work_id}?outcome={quote(str(data.get('outcome', '')))}&back={quote(origin)}")
    return _page(db, actor, item, origin, {noun: form})


def _back(request: Request, db: Database, actor: Actor, item: work.Item, origin: str) -> Page | Response:
    """The page one came from: anew for htmx, else by its address."""
    if not is_htmx(request):
        return redirect(origin)
    address = urlsplit(origin)
    if address.path == "/today":
        return today_page(db, actor, view_of(dict(parse_qsl(address.query))))
    if address.path.startswith("/households/") and address.path.rpartition("/")[2].isdecimal():
        return sitting_page(db, actor, int(address.path.rpartition("/")[2]))
    if address.path == f"/patients/{item.patient_id}/follow-up" and actor.may(May.SEE_CLINICAL):
        return follow_up_page(db, actor, patients.get(db, item.patient_id))
    return go(request, origin)


def _page(db: Database, actor: Actor, item: work.Item, back: str, forms: dict[str, Form]) -> Page:
    wrong = any(form.errors for form in forms.values())
    usual = {noun: blank(SHAPES[noun]) for noun in ("completion", "postponement", "assignment")}
    return page(
        "work/item.html", status=422 if wrong else 200, item=item, patient=patients.get(db, item.patient_id), back=back,
        reasons=work.reasons(db, [item], actor), phone=patients.to_call(db, [item.patient_id]).get(item.patient_id),
        steps=work.steps(db, [item.id])[item.id], owners=staff.names(db), **how_it_looks(), **telling(db), **usual | forms,
        doctors=[(doctor.id, doctor.name) for doctor in staff.with_role(db, Role.DOCTOR)],
        outcomes=[(one.code, _told(one)) for one in item.outcomes_for(actor)],
    )


def _told(outcome: work.Outcome) -> str:
    then = str(outcome.then)
    return _("%(outcome)s: %(then)s", outcome=outcome.name, then=then) if then else outcome.name


handlers = [show, complete, attempt, postpone, reassign, reopen]
