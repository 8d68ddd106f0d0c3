"""People: registering, correcting, and the page that answers five questions about one person."""

from secrets import token_urlsafe
from typing import Annotated

from litestar import Request
from litestar.params import QueryParameter
from litestar.response import Response
from msgspec.structs import replace

from app.clinic import cards, patients, staff
from app.core.access import May
from app.core.errors import Conflict
from app.core.forms import Form, bind, blank
from app.core.words import language
from app.routes import identity, papers, photos
from app.routes.opening import overview_card
from app.routes.overview import facts, overview
from app.routes.web import Fields, Page, TheActor, TheDb, ThePatient, get, go, page, post

# ── registering ──

@get("/patients/new", needs=May.REGISTER)
def new(request: Request, db: TheDb, actor: TheActor, asked: Annotated[str, QueryParameter(name="asked")] = "") -> Page:
    """asked: what was searched in vain; a name is typed only once."""
    q = request.app.state.typed.recall(actor.id, asked)
    name = q if not any(c.isdigit() for c in q) else ""
    form = identity.empty(name=name, language=language())
    return _new(request, db, actor, form)


@post("/patients/identity", needs=May.REGISTER)
def check(request: Request, db: TheDb, actor: TheActor, data: Fields) -> Page:
    """While typing: an ID number fills in sex and birth date, and who is registered already is shown."""
    form = papers.read(identity.Registration, data)
    papers.fill_from_document(form)
    form.errors = {name: text for name, text in form.errors.items() if name == "document"}
    return _while_typing(request, db, actor, form, ("document-field", "filled", "likely"))


@post("/patients/alike", needs=May.REGISTER)
def compare(request: Request, db: TheDb, actor: TheActor, data: Fields) -> Page:
    """While typing: who is registered already with this birth date or phone; a child's guardian is asked for."""
    form = papers.read(identity.Registration, data)
    form.errors = {}
    return _while_typing(request, db, actor, form, ("likely",))


def _while_typing(request: Request, db: TheDb, actor: TheActor, form: Form, blocks: tuple[str, ...]) -> Page:
    read = papers.read(identity.Registration, form.raw | {"name": form.raw["name"] or "?"})
    person = read.attempt(lambda given: identity.person(db, given))
    alike = patients.likely(db, person) if person else []
    if person and identity.is_child(person.birth_date) and not form.raw["guardian_name"]:
        blocks = (*blocks, "belongs")
    return _new(request, db, actor, form, alike, blocks=blocks)


@post("/patients", needs=May.REGISTER)
def create(request: Request, db: TheDb, actor: TheActor, data: Fields) -> Page | Response:
    form = papers.read(identity.Registration, data)
    person = form.attempt(lambda given: photos.check(request.app.state.files, given) or identity.newcomer(db, given))
    known = patients.registered_by(db, person.token) if person else None
    if known and identity.is_them(db, known, person):
        return go(request, f"/patients/{known}")  # a second tap
    if known:  # the form was gone back to, for somebody else
        person = replace(person, token=token_urlsafe(12))
    alike = patients.likely(db, person) if person else []
    if person is None or _not_told_apart(alike, form.value):
        return _new(request, db, actor, form, alike, 422)
    patient_id = form.attempt(lambda _given: _register(db, actor, person, alike))
    if patient_id is None:
        return _new(request, db, actor, form, alike, 422)
    if form.value.card_type and actor.may(May.HANDLE_CARDS):
        cards.open_card(db, actor, patient_id, form.value.card_type)
        return go(request, f"/patients/{patient_id}/cards")
    return go(request, f"/patients/{patient_id}")


def _register(db: TheDb, actor: TheActor, person: patients.NewPatient, alike: list[patients.Likeness]) -> int:
    with db.aside():
        patient_id = patients.register(db, actor, person)
        patients.keep_apart(db, actor, patient_id, alike)
    return patient_id


def _not_told_apart(alike: list[patients.Likeness], given: identity.Identity) -> bool:
    shown = set(given.somebody_else) if given.told_apart else set()
    return bool({one.patient.id for one in alike} - shown)


def _new(
    request: Request, db: TheDb, actor: TheActor, form: Form, alike: list = (), status: int = 200,
    blocks: tuple[str, ...] = ("registration",),
) -> Page:
    types = [(one.id, one.name) for one in cards.types(db) if not one.retired] if actor.may(May.HANDLE_CARDS) else []
    return page(
        "patients/new.html", *blocks, form=form, alike=alike, stopped=status == 422, names=staff.names(db), card_types=types, status=status,
        preview=photos.preview(request.app.state.files, form), child=identity.typed_child(form), **identity.choices(db),
    )


# ── one person ──

@get("/patients/{patient_id:int}", needs=May.FIND_PATIENTS)
def show(db: TheDb, actor: TheActor, patient: ThePatient) -> Page:
    if not actor.may(May.SEE_CLINICAL):
        return page("patients/desk.html", patient=patient, facts=facts(db, patient))
    return page("patients/show.html", patient=patient, facts=facts(db, patient), view=overview(db, actor, patient), visit=overview_card(db, patient))


@get("/patients/{patient_id:int}/edit", needs=May.REGISTER)
def edit(request: Request, db: TheDb, patient: ThePatient) -> Page:
    return _edit(request, db, patient, identity.as_typed(db, patient))


@post("/patients/{patient_id:int}", needs=May.REGISTER)
def update(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, data: Fields) -> Page | Response:
    form = papers.read(identity.Identity, data)
    known = patients.as_new(db, patient)
    person = form.attempt(
        lambda given: photos.check(request.app.state.files, given) or identity.person(db, given, known, patient.id))
    alike = _newly_alike(db, patient, person) if person else []
    if person is None or _not_told_apart(alike, form.value):
        return _edit(request, db, patient, form, alike, status=422)
    try:
        done = form.attempt(lambda given: _correct(db, actor, patient.id, given.version, person, alike))
    except Conflict as conflict:
        form.raw["version"] = str(patients.get(db, patient.id).version)
        return _edit(request, db, patient, form, alike, conflict, 409)
    return go(request, f"/patients/{patient.id}") if done else _edit(request, db, patient, form, alike, status=422)


def _correct(
    db: TheDb, actor: TheActor, patient_id: int, version: int, person: patients.NewPatient, alike: list[patients.Likeness]
) -> bool:
    with db.aside():
        patients.edit(db, actor, patient_id, version, person)
        patients.keep_apart(db, actor, patient_id, alike)
    return True


def _newly_alike(db: TheDb, patient: patients.Patient, person: patients.NewPatient) -> list[patients.Likeness]:
    """Those the correction makes alike; who shares a phone with their family is not asked about each time."""
    known = {one.patient.id for one in patients.likely(db, patients.as_new(db, patient), besides=patient.id)}
    return [one for one in patients.likely(db, person, besides=patient.id) if one.patient.id not in known]


def _edit(
    request: Request, db: TheDb, patient: ThePatient, form: Form, alike: list = (), conflict: Conflict | None = None, status: int = 200
) -> Page:
    return page(
        "patients/edit.html", "correction", patient=patient, form=form, alike=alike, stopped=status == 422, names=staff.names(db),
        conflict=conflict, status=status, preview=photos.preview(request.app.state.files, form),
        child=identity.typed_child(form), **identity.choices(db),
    )


@get("/patients/{patient_id:int}/consents/new", needs=May.REGISTER)
def new_consent(patient: ThePatient) -> Page:
    return _consent(patient, blank(identity.NewConsent, token=token_urlsafe(12)))


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


handlers = [new, check, compare, create, show, edit, update, new_consent, create_consent]
