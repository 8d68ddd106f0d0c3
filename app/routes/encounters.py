"""Consultations: begun, read, signed and locked, added to, thrown away."""

import secrets
from typing import Annotated

import msgspec
from litestar import Request
from litestar.params import FromPath, QueryParameter
from litestar.response import Response

from app.clinic import encounters, staff
from app.clinic.encounters import Encounter
from app.clinic.patients import Patient
from app.core import clock
from app.core.access import Actor, May
from app.core.db import Database
from app.core.errors import Conflict
from app.core.forms import Field, Form, bind, blank
from app.routes.consulting import ALL, ONE, own, writing
from app.routes.opening import opening
from app.routes.web import Fields, Page, TheActor, TheDb, ThePatient, get, go, page, post

ON_A_PAGE = 50
# What a consultation that is read relies on, on the screen and on paper.
READING = {
    "certainties": encounters.CERTAINTIES, "titles": {one.id: one.title for one in encounters.SECTIONS.values()},
    "told_at": lambda utc: clock.to_local(utc).strftime("%Y-%m-%d %H:%M"),
}


class Signature(msgspec.Struct, frozen=True):
    """seen: how far the words had come when they were shown."""

    password: Annotated[str, Field(most=200)]
    seen: int = 0


# ── the list, beginning ──

@get(ALL, needs=May.SEE_CLINICAL, slow=True)
def index(db: TheDb, patient: ThePatient, skip: Annotated[int, QueryParameter(name="skip", ge=0, le=100_000)] = 0) -> Page:
    found = encounters.encounters_of(db, patient.id, ON_A_PAGE + 1, skip)
    return page(
        "encounters/index.html", patient=patient, sheets=[encounters.sheet(db, patient, one) for one in found[:ON_A_PAGE]], skip=skip,
        older=skip + ON_A_PAGE if len(found) > ON_A_PAGE else None, step=ON_A_PAGE, token=secrets.token_hex(16),
    )


@post(ALL, needs=May.RECORD_CLINICAL)
def create(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, data: Fields) -> Response:
    id = encounters.begin(db, actor, patient.id, str(data.get("token", ""))[:64])
    return go(request, f"/patients/{patient.id}/encounters/{id}")


@get(ONE, needs=May.SEE_CLINICAL, slow=True)
def show(db: TheDb, actor: TheActor, patient: ThePatient, encounter_id: FromPath[int]) -> Page:
    """The page one writes on, or the one that is only read."""
    one = own(db, patient, encounter_id)
    if one.is_open and actor.may(May.RECORD_CLINICAL) and not patient.restricted:
        return page("encounters/edit.html", **writing(db, actor, patient, one), opening=opening(db, patient, one.id))
    return _reading(db, actor, patient, one, blank(encounters.NewAddendum, token=secrets.token_hex(16)))


def _reading(db: Database, actor: Actor, patient: Patient, one: Encounter, form: Form, status: int = 200) -> Page:
    return page("encounters/show.html", "addendum", patient=patient, sheet=encounters.sheet(db, patient, one), form=form, status=status, by_pin=staff.takes_pin(db, actor), **READING)


# ── signing, adding, taking back ──

@get(ONE + "/signature", needs=May.SIGN)
def review(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, encounter_id: FromPath[int]) -> Page | Response:
    """What will be signed, word for word, and the password or PIN."""
    one = own(db, patient, encounter_id)
    if not one.is_open:
        return go(request, f"/patients/{patient.id}/encounters/{one.id}")
    return _signing(db, actor, patient, one, blank(Signature))


def _signing(db: Database, actor: Actor, patient: Patient, one: Encounter, form: Form, status: int = 200, conflict: Conflict | None = None) -> Page:
    before, now = form.raw.get("seen"), str(encounters.seen(db, one.id))
    if form.errors and before != now:  # the page shows more now than was read, so it says so
        conflict = Conflict(encounters.CHANGED)
    form.raw["seen"] = now
    return page(
        "encounters/sign.html", "signing", patient=patient, sheet=encounters.sheet(db, patient, one), form=form, conflict=conflict, status=status,
        by_pin=staff.takes_pin(db, actor), **READING)


@post(ONE + "/signature", needs=May.SIGN)
def sign(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, encounter_id: FromPath[int], data: Fields) -> Page | Response:
    one, form = own(db, patient, encounter_id), bind(Signature, data)
    try:
        done = form.attempt(lambda given: _signed(db, actor, patient, one, given))
    except Conflict as conflict:
        return _signing(db, actor, patient, own(db, patient, one.id), form, 409, conflict)
    return go(request, f"/patients/{patient.id}/encounters/{one.id}") if done else _signing(db, actor, patient, one, form, 422)


def _signed(db: Database, actor: Actor, patient: Patient, one: Encounter, given: Signature) -> bool:
    """The password or PIN is asked before the writer is: it takes its time."""
    staff.confirm(db, actor, given.password)
    encounters.sign(db, actor, patient, one.id, given.seen)
    return True


@post(ONE + "/addenda", needs=May.SIGN)
def add(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, encounter_id: FromPath[int], data: Fields) -> Page | Response:
    one, form = own(db, patient, encounter_id), bind(encounters.NewAddendum, data)
    if form.attempt(lambda given: staff.confirm(db, actor, given.password) or encounters.add(db, actor, patient.id, one.id, given)) is None:
        return _reading(db, actor, patient, one, form, 422)
    return go(request, f"/patients/{patient.id}/encounters/{one.id}")


@post(ONE + "/withdrawal", needs=May.RECORD_CLINICAL)
def discard(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, encounter_id: FromPath[int]) -> Response:
    encounters.discard(db, actor, patient.id, own(db, patient, encounter_id).id)
    return go(request, f"/patients/{patient.id}/encounters/{encounter_id}")


@post(ONE + "/restoration", needs=May.RECORD_CLINICAL)
def put_back(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, encounter_id: FromPath[int]) -> Response:
    encounters.put_back(db, actor, patient.id, own(db, patient, encounter_id).id)
    return go(request, f"/patients/{patient.id}/encounters/{encounter_id}")


handlers = [index, create, show, review, sign, add, discard, put_back]
