"""What the person really takes: the medicines with the last answers, and the talks about them."""

import re
import secrets
from collections.abc import Callable
from typing import Annotated, Any

import msgspec
from litestar import Request
from litestar.params import FromPath

from app.clinic import records
from app.clinic.patients import Patient
from app.clinic.records import Medication, NewLine, NewReview, OwnMedicine, Review
from app.core import clock
from app.core.access import Actor, May
from app.core.db import Database
from app.core.errors import Conflict, NotFound
from app.core.forms import Field, Form, bind, blank
from app.core.words import N_, _
from app.routes.web import Fields, Page, TheActor, TheDb, ThePatient, get, go, page, post, redirect

ALL = "/patients/{patient_id:int}/medicines"
ONE = ALL + "/{review_id:int}"
OWN = (1, 2, 3)  # lines for what did not stand in the record
ASKED = re.compile(r"(?:takes|missed|how|why)_([1-9][0-9]{0,17})")
ANSWERS = ("regular", "irregular", "not")


class Reason(msgspec.Struct, frozen=True):
    reason: Annotated[str, Field(most=200)]


@get(ALL, needs=May.SEE_CLINICAL)
def index(db: TheDb, actor: TheActor, patient: ThePatient) -> Page:
    part = records.parts(db, actor, patient.id, ("medications",))["medications"]
    return page(
        "reviews/index.html", patient=patient, part=part, taking=records.taking(db, patient.id), told=records.told,
        reviews=records.reviews_of(db, patient.id), sources=records.SOURCES, today=clock.today().isoformat(),
    )


@get(ALL + "/new", needs=May.RECORD_CLINICAL)
def new(db: TheDb, actor: TheActor, patient: ThePatient) -> Page:
    medicines = records.to_ask(db, actor, patient.id, clock.today().isoformat())
    form = blank(NewReview, source="patient", token=secrets.token_hex(16))
    for medicine in medicines:
        form.raw |= _named(blank(NewLine).raw, medicine.id)
    for n in OWN:
        form.raw |= _named(blank(OwnMedicine).raw, f"own{n}")
    return _form("reviews/new.html", patient, form, medicines)


@post(ALL, needs=May.RECORD_CLINICAL)
def create(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, data: Fields) -> Any:
    medicines = _asked(db, actor, patient, data, records.to_ask(db, actor, patient.id, clock.today().isoformat()))
    form, lines, own = _read(data, medicines)
    id = form.attempt(lambda given: records.talk_through(db, actor, patient.id, given, lines, own))
    if id is None:
        return _form("reviews/new.html", patient, form, medicines, 422)
    return go(request, f"/patients/{patient.id}/medicines")


@get(ONE, needs=May.SEE_CLINICAL)
def show(db: TheDb, actor: TheActor, patient: ThePatient, review_id: FromPath[int]) -> Any:
    review = _own(db, patient, review_id)
    stands = records.newest_review(db, review.id)
    return redirect(f"/patients/{patient.id}/medicines/{stands}") if stands != review.id else _show(db, actor, patient, review, blank(Reason))


def _show(db: Database, actor: Actor, patient: Patient, review: Review, form: Form, status: int = 200) -> Page:
    versions = [review]
    while versions[-1].replaces_id:
        versions.append(_own(db, patient, versions[-1].replaces_id))
    return page(
        "reviews/show.html", patient=patient, form=form, status=status, told=records.told, sources=records.SOURCES,
        versions=[(one, records.reviewed(db, actor, patient.id, one.id)) for one in versions],
    )


@get(ONE + "/edit", needs=May.RECORD_CLINICAL)
def edit(db: TheDb, actor: TheActor, patient: ThePatient, review_id: FromPath[int]) -> Page:
    review = _own(db, patient, review_id)
    names = ("reviewed_on", "source", "noticed", "agreed")
    form = blank(NewReview, **{name: getattr(review, name) for name in names})
    form.raw["reason"] = ""
    medicines = _of_review(db, actor, patient, review)
    lines = {line.medication_id: line for line in records.reviewed(db, actor, patient.id, review.id)}
    for medicine in medicines:
        line = lines.get(medicine.id)
        form.raw |= _named({name: _typed(getattr(line, name, None)) for name in NewLine.__struct_fields__}, medicine.id)
    return _form("reviews/edit.html", patient, form, medicines, review=review.id)


@post(ONE, needs=May.RECORD_CLINICAL)
def update(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, review_id: FromPath[int], data: Fields) -> Any:
    """A correction. The review's id is the version that was seen."""
    review = _own(db, patient, review_id)
    medicines = _asked(db, actor, patient, data, _of_review(db, actor, patient, review))
    form, lines, _new = _read(data, medicines)
    why = bind(Reason, data)
    form.raw["reason"] = why.raw["reason"]
    form.errors |= why.errors
    try:
        id = form.attempt(lambda given: records.correct_talk(db, actor, patient.id, review_id, given, lines, why.value.reason))
    except Conflict as conflict:
        newest = records.newest_review(db, review_id)
        return _form("reviews/edit.html", patient, form, medicines, 409, newest, conflict)
    if id is None:
        return _form("reviews/edit.html", patient, form, medicines, 422, review_id)
    return go(request, f"/patients/{patient.id}/medicines/{id}")


@post(ONE + "/withdrawal", needs=May.RECORD_CLINICAL)
def withdraw(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, review_id: FromPath[int], data: Fields) -> Any:
    review, form = _own(db, patient, review_id), bind(Reason, data)
    if form.attempt(lambda given: records.take_back_talk(db, actor, patient.id, review_id, given.reason) or True) is None:
        return _show(db, actor, patient, review, form, 422)
    return go(request, f"/patients/{patient.id}/medicines/{review_id}")


# ── parts ──

def _own(db: Database, patient: Patient, id: int) -> Review:
    review = records.review(db, patient.id, id)
    if review is None:
        raise NotFound()
    return review


def _of_review(db: Database, actor: Actor, patient: Patient, review: Review) -> list[Medication]:
    """Those it was about, as they stood then, but for what it found itself; then those it was not about."""
    section = records.section("medications")
    lines = [line for line in records.reviewed(db, actor, patient.id, review.id) if line.takes != "own"]
    then = [records.entry(db, patient.id, section, line.medication_id) for line in lines]
    now = {records.newest(db, patient.id, section, line.medication_id).id for line in lines}
    return then + [one for one in records.to_ask(db, actor, patient.id, review.reviewed_on) if one.id not in now]


def _asked(db: Database, actor: Actor, patient: Patient, data: dict[str, Any], shown: list[Medication]) -> list[Medication]:
    """Those the form asked about, though their entries may have been corrected since."""
    section = records.section("medications")
    known, hidden = {one.id for one in shown}, records.withheld(db, actor, patient.id)
    asked = {int(found[1]) for name in data if (found := ASKED.fullmatch(name))} - known
    found = [records.entry(db, patient.id, section, id) for id in sorted(asked) if (section.noun, id) not in hidden]
    return shown + [one for one in found if one]


def _read(data: dict[str, Any], medicines: list[Medication]) -> tuple[Form, dict[int, NewLine], list[OwnMedicine]]:
    """The whole form as one: each medicine's fields carry its id."""
    form, lines, own = bind(NewReview, data), {}, []
    for medicine in medicines:
        if line := _part(form, data, NewLine, medicine.id):
            lines[medicine.id] = line
    for n in OWN:
        one = _part(form, data, OwnMedicine, f"own{n}")
        if one and one.drug:
            own.append(one)
        elif one and (one.how or one.why):
            form.errors[f"drug_own{n}"] = _(N_("Please fill this in."))
    return form, lines, own


def _part(form: Form, data: dict[str, Any], shape: type, key: Any) -> Any:
    part = bind(shape, {name: data.get(f"{name}_{key}") for name in shape.__struct_fields__})
    form.raw |= _named(part.raw, key)
    form.errors |= _named(part.errors, key)
    return part.value


def _named(values: dict[str, Any], key: Any) -> dict[str, Any]:
    return {f"{name}_{key}": value for name, value in values.items()}


def _typed(value: Any) -> str:
    return "" if value is None else str(value)


def _form(
    template: str, patient: Patient, form: Form, medicines: list[Medication], status: int = 200, review: int = 0,
    conflict: Conflict | None = None,
) -> Page:
    return page(
        template, "review-form", patient=patient, form=form, medicines=medicines, status=status, review=review, conflict=conflict,
        answers=[(name, _(records.TAKES[name]), _(records.MEANS[name])) for name in ANSWERS], days=records.DAYS, own=OWN,
        sources=[(id, _(text)) for id, text in records.SOURCES.items()], today=clock.today().isoformat(),
        question_source=records.QUESTION_SOURCE,
    )


def taking(db: Database, _actor: Actor) -> Callable[[Patient], dict[int, Any]]:
    """In a template: frame.taking(patient), by medicine."""
    return lambda patient: records.taking(db, patient.id)


def taken(_db: Database, _actor: Actor) -> Callable[[Any], str]:
    return records.told


handlers = [index, new, create, show, edit, update, withdraw]
