"""Entering measured values on a tablet, correcting them, taking a whole report back."""

import secrets
from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Request
from litestar.params import FromPath, QueryParameter
from litestar.response import Response

from app.clinic import catalogue, observations
from app.clinic.observations import NewValue, Observation
from app.clinic.patients import Patient
from app.core import clock
from app.core.access import May
from app.core.errors import Invalid, NotFound
from app.core.forms import Field, Form, bind, blank
from app.core.words import _
from app.routes.web import Fields, Page, TheActor, TheDb, ThePatient, get, go, page, post

PICKABLE = tuple(code for code in catalogue.indicators() if code not in observations.VITALS and code not in ("BMI", "EGFR"))


class Entering(msgspec.Struct, frozen=True):
    """The form as it stands: texts and units by code, errors by code, what to send back to confirm."""

    codes: list[str]
    texts: dict[str, str]
    units: dict[str, str]
    errors: dict[str, str]
    unsure: list[str]
    taken_at: str
    token: str


@get("/patients/{patient_id:int}/observations/new", needs=May.RECORD_CLINICAL)
def new(patient: ThePatient, code: Annotated[list[str] | None, QueryParameter(name="code")] = None) -> Page:
    codes = [one for one in code or [] if one in PICKABLE]
    return _form(patient, Entering(codes, {}, {}, {}, [], clock.wall(), secrets.token_urlsafe(12)))


@post("/patients/{patient_id:int}/observations", needs=May.RECORD_CLINICAL)
def create(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, data: Fields) -> Page | Response:
    entering = _entering(data)
    if "more" in data:
        return _form(patient, entering)
    fields = [observations.Typed(code, entering.texts.get(code, ""), entering.units.get(code, "")) for code in _all(entering)]
    entry = observations.understand(fields, frozenset(_texts(data, "sure")))
    errors = {code: _(message, **params) for code, (message, params) in entry.errors.items()}
    if not errors:
        try:
            report_id = observations.record(db, actor, patient, entering.taken_at, entry.values, entering.token or None)
            return go(request, f"/patients/{patient.id}/results/{report_id}")
        except observations.AlreadyFiled as filed:
            return go(request, f"/patients/{patient.id}/results/{filed.args[0]}")
        except Invalid as invalid:
            errors = {name: _(str(message)) for name, message in invalid.errors.items()}
    return _form(patient, msgspec.structs.replace(entering, errors=errors, unsure=entry.unsure), 422)


def _form(patient: Patient, entering: Entering, status: int = 200) -> Page:
    known = catalogue.indicators()
    return page(
        "observations/new.html", "entry", status=status, patient=patient, entering=entering,
        vitals=[known[code] for code in observations.VITALS], others=[known[code] for code in entering.codes],
        pickable=[(category, [known[code] for code in PICKABLE if known[code].category == category.code])
                  for category in catalogue.categories().values()],
    )


def _entering(data: dict[str, Any]) -> Entering:
    codes = [code for code in dict.fromkeys([*_texts(data, "codes"), *_texts(data, "add")]) if code in PICKABLE]
    wanted = [*observations.VITALS, *codes]
    return Entering(
        codes, {code: _text(data, f"value_{code}") for code in wanted}, {code: _text(data, f"unit_{code}") for code in wanted},
        {}, [], _moment(_text(data, "taken_at")), _text(data, "token"),
    )


def _all(entering: Entering) -> list[str]:
    return [*observations.VITALS, *entering.codes]


def _texts(data: dict[str, Any], name: str) -> list[str]:
    given = data.get(name, [])
    return [str(one) for one in (given if isinstance(given, list) else [given])]


def _text(data: dict[str, Any], name: str) -> str:
    return (_texts(data, name) or [""])[-1].strip()[:200]


def _moment(text: str) -> str:
    """As stored: to the minute, or the day alone. What cannot be read is now."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return clock.wall()
    return text if len(text) == 10 else clock.wall(moment)


# ── correcting ──

class Correction(msgspec.Struct, frozen=True):
    """value: as typed, in the unit chosen. code: only glucose may say which one it was. strike: no new value at all."""

    reason: Annotated[str, Field(most=500)]
    taken_at: Annotated[str, Field(most=20)]
    value: str = ""
    unit: str = ""
    code: str = ""
    strike: bool = False


@get("/patients/{patient_id:int}/observations/{id:int}/correction", needs=May.RECORD_CLINICAL)
def correct(db: TheDb, patient: ThePatient, id: FromPath[int]) -> Page:
    old = _mine(db, patient, id)
    form = blank(Correction, value=observations.bare(old), unit=old.unit, code=old.code, taken_at=old.taken_at)
    return _correction(patient, old, form)


@post("/patients/{patient_id:int}/observations/{id:int}/correction", needs=May.RECORD_CLINICAL)
def update(
    request: Request, db: TheDb, actor: TheActor, patient: ThePatient, id: FromPath[int], data: Fields
) -> Page | Response:
    old, form = _mine(db, patient, id), bind(Correction, data)
    given = form.value
    new = _new_value(old, given, form, frozenset(_texts(data, "sure"))) if given and not given.strike else None
    if form.ok and (new or given.strike):
        form.attempt(lambda _given: observations.correct(
            db, actor, patient, id, new, given.reason, None if given.strike else _moment(given.taken_at)) or True)
    if not form.ok:
        return _correction(patient, old, form, 422)
    return go(request, f"/patients/{patient.id}/indicators/{new.code if new else old.code}")


def _new_value(old: Observation, given: Correction, form: Form, sure: frozenset[str]) -> NewValue | None:
    code = given.code if old.code in observations.GLUCOSE and given.code in observations.GLUCOSE else old.code
    typed = observations.Typed(code, given.value, given.unit)
    entry = observations.understand([typed], sure)
    for message, params in entry.errors.values():
        form.errors["value"] = _(message, **params)
    if entry.unsure:
        form.raw["sure"] = typed.key
    if not entry.values and not form.errors:
        form.errors["value"] = _("Please enter a number.")
    return entry.values[0] if entry.values else None


def _correction(patient: Patient, old: Observation, form: Form, status: int = 200) -> Page:
    alike = observations.GLUCOSE if old.code in observations.GLUCOSE else ()
    kinds = [(code, catalogue.indicators()[code].name) for code in alike]
    units = [(unit, unit) for unit in (old.unit, *(unit.unit for unit in old.indicator.units))]
    return page("observations/correction.html", "correction", status=status, patient=patient, old=old, form=form,
                kinds=kinds, units=units)


def _mine(db: TheDb, patient: Patient, id: int) -> Observation:
    found = observations.observation(db, patient.id, id)
    if found is None or found.retired_event_id is not None:
        raise NotFound()
    return found


class Withdrawal(msgspec.Struct, frozen=True):
    reason: Annotated[str, Field(most=500)]


@post("/patients/{patient_id:int}/results/{report_id:int}/withdrawal", needs=May.RECORD_CLINICAL)
def withdraw(
    request: Request, db: TheDb, actor: TheActor, patient: ThePatient, report_id: FromPath[int], data: Fields
) -> Response:
    if observations.report(db, patient.id, report_id) is None:
        raise NotFound()
    form = bind(Withdrawal, data)
    if not form.ok:
        raise Invalid({"reason": form.errors["reason"]})
    observations.withdraw_report(db, actor, report_id, form.value.reason)
    return go(request, f"/patients/{patient.id}/indicators")


handlers = [new, create, correct, update, withdraw]
