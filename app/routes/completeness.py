"""What is missing, purpose by purpose, and one form that asks only that."""

from secrets import token_urlsafe
from typing import Any

from litestar import Request
from litestar.params import FromPath
from litestar.response import Response

from app.clinic import catalogue, completeness, patients, records, staff
from app.clinic.completeness import Ask, Purpose
from app.core import clock
from app.core.access import Actor, May, Role
from app.core.db import Database
from app.core.errors import Conflict, NotFound
from app.core.forms import Form
from app.core.words import _
from app.routes.web import Fields, Page, TheActor, TheDb, ThePatient, get, go, page, post

COMPLETENESS = "/patients/{patient_id:int}/completeness"


@get(COMPLETENESS, needs=May.SEE_CLINICAL)
def index(db: TheDb, actor: TheActor, patient: ThePatient) -> Page:
    return page("completeness/index.html", patient=patient, states=completeness.states(db, patient))


@get(COMPLETENESS + "/{purpose_id:str}", needs=May.DO_WORK)
def show(db: TheDb, actor: TheActor, patient: ThePatient, purpose_id: FromPath[str]) -> Page:
    purpose = _purpose(actor, purpose_id)
    return _form(db, actor, patient, purpose, Form({"token": token_urlsafe(12), "taken_at": clock.wall(), "source": "patient"}))


@post(COMPLETENESS + "/{purpose_id:str}", needs=May.DO_WORK)
def save(
    request: Request, db: TheDb, actor: TheActor, patient: ThePatient, purpose_id: FromPath[str], data: Fields
) -> Page | Response:
    purpose = _purpose(actor, purpose_id)
    asks = {id: ask for id, ask in purpose.all.items() if actor.may(ask.may)}
    sections = {ask.section for ask in asks.values() if ask.section}
    answers = completeness.asked(patient, asks, data, completeness.standing(db, patient, sections))
    form = Form(answers.raw, answers.errors, answers)
    token = str(data.get("token", ""))[:64] or token_urlsafe(12)
    try:
        done = form.attempt(lambda given: completeness.save(db, actor, patient, purpose, given, token) or True)
    except Conflict as conflict:
        form.raw["token"] = token_urlsafe(12)
        return _form(db, actor, patient, purpose, form, 409, conflict)
    if not done:
        return _form(db, actor, patient, purpose, form, 422)
    return go(request, f"/patients/{patient.id}" + ("/completeness" if actor.may(May.SEE_CLINICAL) else ""))


def _purpose(actor: Actor, purpose_id: str) -> Purpose:
    """Who may not see care fills in who somebody is, and no more."""
    purpose = completeness.purpose(purpose_id)
    if purpose.id != "opening" and not actor.may(May.SEE_CLINICAL):
        raise NotFound()
    return purpose


def _form(
    db: Database, actor: Actor, patient: patients.Patient, purpose: Purpose, form: Form, status: int = 200,
    conflict: Conflict | None = None,
) -> Page:
    state = completeness.state(db, patient, purpose)
    asks = {id: ask for id, ask in state.missing.items() if actor.may(ask.may)}
    return page(
        "completeness/form.html", "missing", patient=patient, purpose=purpose, form=form, conflict=conflict, status=status,
        others=[ask.name for id, ask in state.missing.items() if id not in asks and ask.patient],
        unsure=form.raw.get("unsure", []), **_parts(asks), **_choices(db),
    )


def _parts(asks: dict[str, Ask]) -> dict[str, Any]:
    """What is asked, in the three ways it is asked."""
    known = catalogue.indicators()
    return {
        "facts": [ask.patient for ask in asks.values() if ask.patient],
        "sections": [(id, ask, records.section(ask.section)) for id, ask in asks.items() if ask.section],
        "indicators": [known[ask.indicator] for ask in asks.values() if ask.indicator],
        "hints": records.HINTS, "units": records.UNITS,
        "options_of": lambda section, name: [(id, _(told)) for id, told in section.choices(name).items()],
    }


def _choices(db: Database) -> dict[str, Any]:
    documents = [(id, _(name)) for id, name in patients.DOCUMENTS.items()]
    return {
        "sexes": [(id, _(name)) for id, name in patients.SEXES.items() if id != "unknown"],
        "doctors": [(one.id, one.name) for one in staff.with_role(db, Role.DOCTOR)],
        "kinds": [*documents, ("none", _("Has none"))], "consent": patients.consent_text(),
        "ways": [(id, _(name)) for id, name in patients.WAYS.items()],
        "sources": [(id, _(name)) for id, name in records.section("conditions").choices("source").items()],
    }


handlers = [index, show, save]
