"""People: the list, registering, correcting, and the page that answers five questions about one person."""

from datetime import date
from typing import Annotated

import msgspec
from litestar import Request
from litestar.params import QueryParameter
from litestar.response import Response

from app.clinic import cards, patients, staff, tags
from app.core import clock
from app.core.access import May
from app.core.errors import Conflict
from app.core.forms import Form, bind, blank
from app.core.words import language
from app.routes import identity
from app.routes.overview import facts, overview
from app.routes.web import Fields, Page, TheActor, TheDb, ThePatient, get, go, page, post

ON_A_PAGE = 50


@get("/patients", needs=May.FIND_PATIENTS)
def index(
    db: TheDb, actor: TheActor,
    doctor: Annotated[str, QueryParameter(name="doctor")] = "", manager: Annotated[str, QueryParameter(name="manager")] = "",
    tag: Annotated[str, QueryParameter(name="tag")] = "", before: Annotated[int | None, QueryParameter(name="before")] = None,
) -> Page:
    """doctor, manager: a staff id, 0 for nobody, blank for any. tag: only for those who may see care."""
    clinical = actor.may(May.SEE_CLINICAL)
    chosen = {"doctor": doctor, "manager": manager, "tag": tag if clinical else ""}
    rows = patients.page_of(
        db, before=before, limit=ON_A_PAGE + 1, doctor=_id(doctor), manager=_id(manager), tag=chosen["tag"])
    return page(
        "patients/index.html", lines=_lines(db, rows[:ON_A_PAGE], clinical), chosen=chosen, before=before,
        next=rows[ON_A_PAGE - 1].id if len(rows) > ON_A_PAGE else None, rules=tags.rules(db) if clinical else [],
        **identity.choices(db),
    )


class Line(msgspec.Struct, frozen=True):
    """A person on the list, ready to be written: fifty of them make the page, so the template only prints."""

    id: int
    name: str
    who: str
    phone: str
    number: str
    card: str
    doctor: str
    tags: list[tags.Tag]


def _lines(db: TheDb, rows: list[patients.Row], clinical: bool) -> list[Line]:
    ids, today, names = [row.id for row in rows], clock.today(), staff.names(db)
    numbers, labels = cards.numbers(db, ids), tags.current_of(db, ids) if clinical else {}
    return [
        Line(row.id, row.name, _who(row, today), row.phone_masked, row.number, numbers.get(row.id, ""),
             names.get(row.doctor_id, ""), labels.get(row.id, []))
        for row in rows
    ]


def _who(row: patients.Row, today: date) -> str:
    age = row.age(today)
    return row.sex_name if age is None else f"{row.sex_name} {age}"


def _id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


# ── registering ──

@get("/patients/new", needs=May.REGISTER)
def new(db: TheDb, actor: TheActor, q: Annotated[str, QueryParameter(name="q")] = "") -> Page:
    """q: what was searched in vain; a name is typed only once."""
    name = q if not any(c.isdigit() for c in q) else ""
    return _new(db, actor, blank(identity.Registration, name=name, sex="unknown", language=language()))


@post("/patients/identity", needs=May.REGISTER)
def check(db: TheDb, actor: TheActor, data: Fields) -> Page:
    """While typing: the ID number fills in sex and birth date, and shows who is registered already."""
    form = bind(identity.Registration, data)
    identity.fill_from_document(form)
    form.errors = {name: text for name, text in form.errors.items() if name == "document"}
    read = bind(identity.Registration, form.raw | {"name": form.raw["name"] or "?"})
    alike = patients.likely(db, identity.person(read.value)) if read.ok else []
    return _new(db, actor, form, alike, blocks=("document-field", "filled", "likely"))


@post("/patients", needs=May.REGISTER)
def create(request: Request, db: TheDb, actor: TheActor, data: Fields) -> Page | Response:
    form = bind(identity.Registration, data)
    person = form.attempt(identity.person)
    alike = patients.likely(db, person) if person else []
    if person is None or _not_told_apart(alike, form.value):
        return _new(db, actor, form, alike, 422)
    patient_id = form.attempt(lambda _given: patients.register(db, actor, person))
    if patient_id is None:
        return _new(db, actor, form, alike, 422)
    if form.value.card_type and actor.may(May.HANDLE_CARDS):
        cards.open_card(db, actor, patient_id, form.value.card_type)
        return go(request, f"/patients/{patient_id}/cards")
    return go(request, f"/patients/{patient_id}")


def _not_told_apart(alike: list[patients.Likeness], given: identity.Identity) -> bool:
    return bool({one.patient.id for one in alike} - set(given.somebody_else))


def _new(db: TheDb, actor: TheActor, form: Form, alike: list = (), status: int = 200, blocks: tuple = ("registration",)) -> Page:
    types = [(one.id, one.name) for one in cards.types(db) if not one.retired] if actor.may(May.HANDLE_CARDS) else []
    return page(
        "patients/new.html", *blocks, form=form, alike=alike, names=staff.names(db), card_types=types, status=status,
        **identity.choices(db),
    )


# ── one person ──

@get("/patients/{patient_id:int}", needs=May.FIND_PATIENTS)
def show(db: TheDb, actor: TheActor, patient: ThePatient) -> Page:
    if not actor.may(May.SEE_CLINICAL):
        return page("patients/desk.html", patient=patient, facts=facts(db, patient))
    return page("patients/show.html", patient=patient, facts=facts(db, patient), view=overview(db, actor, patient))


@get("/patients/{patient_id:int}/edit", needs=May.REGISTER)
def edit(db: TheDb, patient: ThePatient) -> Page:
    return _edit(db, patient, identity.as_typed(db, patient))


@post("/patients/{patient_id:int}", needs=May.REGISTER)
def update(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, data: Fields) -> Page | Response:
    form = bind(identity.Identity, data)
    others = tuple(patients.phones(db, patient.id)[1:])  # the form shows the number to call; the others stay
    person = form.attempt(lambda given: identity.person(given, others))
    alike = _newly_alike(db, patient, person) if person else []
    if person is None or _not_told_apart(alike, form.value):
        return _edit(db, patient, form, alike, status=422)
    try:
        done = form.attempt(lambda given: patients.edit(db, actor, patient.id, given.version, person) or True)
    except Conflict as conflict:
        form.raw["version"] = str(patients.get(db, patient.id).version)
        return _edit(db, patient, form, alike, conflict, 409)
    return go(request, f"/patients/{patient.id}") if done else _edit(db, patient, form, alike, status=422)


def _newly_alike(db: TheDb, patient: patients.Patient, person: patients.NewPatient) -> list[patients.Likeness]:
    """Those the correction makes alike; who shares a phone with their family is not asked about each time."""
    known = {one.patient.id for one in patients.likely(db, patients.as_new(db, patient), besides=patient.id)}
    return [one for one in patients.likely(db, person, besides=patient.id) if one.patient.id not in known]


def _edit(
    db: TheDb, patient: ThePatient, form: Form, alike: list = (), conflict: Conflict | None = None, status: int = 200
) -> Page:
    return page(
        "patients/edit.html", "correction", patient=patient, form=form, alike=alike, names=staff.names(db),
        conflict=conflict, status=status, **identity.choices(db),
    )


@get("/patients/{patient_id:int}/consents/new", needs=May.REGISTER)
def new_consent(patient: ThePatient) -> Page:
    return _consent(patient, blank(identity.NewConsent))


@post("/patients/{patient_id:int}/consents", needs=May.REGISTER)
def create_consent(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, data: Fields) -> Page | Response:
    form = bind(identity.NewConsent, data)
    given = form.attempt(lambda typed: identity.consent(typed, patient.name))
    if given is None:
        return _consent(patient, form, 422)
    patients.consent(db, actor, patient.id, given)
    return go(request, f"/patients/{patient.id}")


def _consent(patient: ThePatient, form: Form, status: int = 200) -> Page:
    return page("patients/consent.html", "consent-form", patient=patient, form=form, status=status, **identity.consent_choices())


handlers = [index, new, check, create, show, edit, update, new_consent, create_consent]
