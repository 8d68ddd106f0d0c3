"""Families: who lives with whom and is related how, the family history offered from it, and a household in one sitting."""

from typing import Any

import msgspec
from litestar import Request
from litestar.params import FromPath
from litestar.response import Response

from app.clinic import completeness, households, patients, records, staff, work
from app.clinic.households import Relation
from app.core import clock
from app.core.access import Actor, May, Role
from app.core.db import Database
from app.core.errors import NotFound
from app.core.forms import Form, bind, blank
from app.core.words import _
from app.routes.follow_up import how_it_looks
from app.routes.web import Fields, Page, TheActor, TheDb, ThePatient, get, go, page, post

FAMILY = "/patients/{patient_id:int}/family"


class Connecting(msgspec.Struct, frozen=True):
    """other: whose relation is said; relation: what they are to the person of the page."""

    other: int
    relation: Relation | None = None
    together: bool = False


@get(FAMILY, needs=May.FIND_PATIENTS)
def show(db: TheDb, actor: TheActor, patient: ThePatient) -> Page:
    return _family(db, actor, patient)


@post(FAMILY, needs=May.REGISTER)
def create(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, data: Fields) -> Page | Response:
    """With "find" only who it is, found as everywhere; so what was typed is in no address."""
    form, q = bind(Connecting, data), str(data.get("q", "")).strip()[:80]
    if "find" in data:
        return _family(db, actor, patient, Form(form.raw), q)
    done = form.attempt(lambda given: households.connect(
        db, actor, patient.id, given.other, given.relation or "", given.together) or True)
    if not done:
        return _family(db, actor, patient, form, q)
    return go(request, f"/patients/{patient.id}/family")


@post(FAMILY + "/{kinship_id:int}/end", needs=May.REGISTER)
def end(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, kinship_id: FromPath[int]) -> Response:
    households.end(db, actor, patient.id, kinship_id)
    return go(request, f"/patients/{patient.id}/family")


@post(FAMILY + "/{kinship_id:int}/return", needs=May.REGISTER)
def put_back(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, kinship_id: FromPath[int]) -> Response:
    households.put_back(db, actor, patient.id, kinship_id)
    return go(request, f"/patients/{patient.id}/family")


class Answer(msgspec.Struct, frozen=True):
    """To an offer of family history. answer: it is so, it is not to be written, or it may be offered again."""

    relative: int
    illness: str
    answer: str


VERBS = {"confirm": households.confirm, "decline": households.decline, "again": households.offer_again}


@post(FAMILY + "/history", needs=May.RECORD_CLINICAL)
def answer(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, data: Fields) -> Page | Response:
    form = bind(Answer, data)
    if not form.ok or form.value.answer not in VERBS:
        raise NotFound()
    verb = VERBS[form.value.answer]
    form.attempt(lambda given: verb(db, actor, patient.id, given.relative, given.illness) or True)
    return go(request, f"/patients/{patient.id}/family#history")


def _family(db: Database, actor: Actor, patient: patients.Patient, form: Form | None = None, q: str = "") -> Page:
    family, clinical = households.family(db, patient.id), actor.may(May.SEE_CLINICAL)
    hits = [hit for hit in patients.search(db, q, actor).hits if hit.id != patient.id] if q else []
    return page(
        "households/family.html", "adding", patient=patient, family=family, q=q, form=form or blank(Connecting),
        hits=[(hit.id, hit.name, _about(hit)) for hit in hits],
        relations=[(id, _(name)) for id, name in households.RELATIONS.items()], past=households.past(db, patient.id),
        source=households.SOURCE, named=households.named(db, patient.id, family.ties) if actor.may(May.REGISTER) else [],
        offers=households.offers(db, patient.id, family.ties) if clinical else [],
        declined=households.declined(db, patient.id, family.ties) if clinical else [], today=clock.today(),
        status=422 if form and form.errors else 200,
    )


def _about(hit: patients.Hit) -> str:
    """What tells two of one name apart."""
    return " · ".join(part for part in (hit.sex_name, hit.born_told, hit.number, hit.phone) if part)


# ── a household in one sitting ──

@get("/households/{household_id:int}", needs=May.FIND_PATIENTS)
def sitting(request: Request, db: TheDb, actor: TheActor, household_id: FromPath[int]) -> Page:
    shown = sitting_page(db, actor, household_id)
    for member in shown.context["household"].members:
        request.app.state.looks.note(actor.id, member.patient.id)
    return shown


class Pair(msgspec.Struct, frozen=True):
    one: int
    other: int
    relation: Relation


@post("/households/{household_id:int}/kinships", needs=May.REGISTER)
def relate(request: Request, db: TheDb, actor: TheActor, household_id: FromPath[int], data: Fields) -> Page | Response:
    """How two who live there are related."""
    form, household = bind(Pair, data), _there(db, household_id)
    here = {member.patient.id for member in household.members}
    if form.ok and not {form.value.one, form.value.other} <= here:
        raise NotFound()
    if form.attempt(lambda given: households.relate(db, actor, given.one, given.other, given.relation) or True):
        return go(request, f"/households/{household_id}")
    return sitting_page(db, actor, household_id, form)


class Who(msgspec.Struct, frozen=True):
    patient: int


@post("/households/{household_id:int}/departures", needs=May.REGISTER)
def leave(request: Request, db: TheDb, actor: TheActor, household_id: FromPath[int], data: Fields) -> Response:
    return _moved(request, db, actor, household_id, data, households.leave)


@post("/households/{household_id:int}/returns", needs=May.REGISTER)
def come_back(request: Request, db: TheDb, actor: TheActor, household_id: FromPath[int], data: Fields) -> Response:
    return _moved(request, db, actor, household_id, data, households.come_back)


def _moved(request: Request, db: Database, actor: Actor, household_id: int, data: dict[str, Any], verb: Any) -> Response:
    form = bind(Who, data)
    if not form.ok:
        raise NotFound()
    verb(db, actor, household_id, form.value.patient)
    return go(request, f"/households/{household_id}")


def _there(db: Database, household_id: int) -> households.Household:
    found = households.household(db, household_id)
    if found is None:
        raise NotFound()
    return found


def sitting_page(db: Database, actor: Actor, household_id: int, form: Form | None = None) -> Page:
    """The whole page, or its list for htmx: everybody who lives there, and what is open for each."""
    household = _there(db, household_id)
    ids = [member.patient.id for member in household.members]
    open_for = {id: _open(db, actor, id) for id in ids}
    items = [item for found in open_for.values() for item in found]
    return page(
        "households/sitting.html", "sitting", household=household, items=open_for, form=form or blank(Pair),
        undo=[one for one in work.just_done(db, actor, clock.today()) if one.patient_id in ids and not one.lasting],
        status=422 if form else 200, phones=patients.phones_of(db, ids), back=f"/households/{household_id}",
        allergies=records.warnings_of(db, ids) if actor.may(May.SEE_CLINICAL) else {}, reasons=work.reasons(db, items, actor),
        afternoon=work.afternoon(db, clock.local_now()), doctors=staff.with_role(db, Role.DOCTOR),
        completeness={id: completeness.opening(db, member.patient) for id, member in zip(ids, household.members, strict=True)},
        relations=[(id, _(name)) for id, name in households.RELATIONS.items()], **how_it_looks(),
    )


def _open(db: Database, actor: Actor, patient_id: int) -> list[work.Item]:
    """What this actor may see of what is open; who may not see care sees their own and their role's."""
    return [item for item in work.open_for(db, patient_id) if item.due_on and work.may_see(db, actor, item.id)]


handlers = [show, create, end, put_back, answer, sitting, relate, leave, come_back]
