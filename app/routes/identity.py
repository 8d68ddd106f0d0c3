"""The form that says who somebody is: typed the same way at the desk and in a correction."""

from datetime import date
from secrets import token_urlsafe
from typing import Annotated, Any, Literal

import msgspec

from app.clinic import patients, staff
from app.core import clock
from app.core.access import Role
from app.core.db import Database
from app.core.errors import Invalid, Refusal
from app.core.forms import Field, Form, blank
from app.core.words import N_, _
from app.routes import papers, reaching

Kind = Literal["resident_id", "passport", "hk_macau_permit", "taiwan_permit", "foreign_residence", "none"]
Second = Literal["resident_id", "passport", "hk_macau_permit", "taiwan_permit", "foreign_residence"]
Payment = Literal["employee", "resident", "rural", "poverty", "commercial", "public", "self", "other"]
Text = Annotated[str, Field(most=60)]


def _birth(text: str) -> patients.Birth:
    return patients.read_birth(text, clock.today())


class Identity(reaching.Reached, frozen=True, kw_only=True):
    """version: of the person as they were when the form was made. somebody_else: likely duplicates that were shown.

    told_apart: said by the button beside them, not by the one that saves.
    """

    name: Text
    document_kind: Kind = "resident_id"
    document: Text = ""
    document_2_kind: Second = "passport"
    document_2: Text = ""
    sex: patients.Sex = "unknown"
    birth: Annotated[patients.Birth | None, Field(parse=_birth)] = None
    address: Annotated[str, Field(most=120)] = ""
    language: staff.Language = "zh"
    doctor_id: int | None = None
    manager_id: int | None = None
    workplace: Annotated[str, Field(most=120)] = ""
    occupation: Text = ""
    payment: list[Payment] = []
    source: Text = ""
    photo: Annotated[str, Field(most=64)] = ""
    version: int = 0
    somebody_else: list[int] = []
    told_apart: bool = False


class NewConsent(msgspec.Struct, frozen=True):
    consent_how: patients.Way
    consent_by: Text = ""
    token: Text = ""


class Registration(Identity, frozen=True, kw_only=True):
    consent_how: patients.Way | None = None
    consent_by: Text = ""
    card_type: int | None = None
    token: Text = ""


def person(db: Database, given: Identity, known: patients.NewPatient | None = None, besides: int = 0) -> patients.NewPatient:
    """Raises Invalid when things do not fit each other. known, besides: who is being corrected."""
    read = papers.fitting(given)
    says = next((one for one in read if one.birth_date), None)
    birth, sex = (patients.Birth(says.birth_date), says.sex) if says else (given.birth, given.sex)
    more_phones, more_related = reaching.beyond(known) if known else ([], [])
    lines = reaching.phones(given) + more_phones
    new = patients.NewPatient(
        name=" ".join(given.name.split()), sex=sex, birth_date=birth.on if birth else None,
        birth_about=bool(birth and birth.about), phones=tuple(one.number for one in lines), owners=tuple(lines),
        identifiers=tuple((one.system, one.number) for one in read) + (known.identifiers[len(papers.FIELDS):] if known else ()),
        address=given.address, language=given.language, doctor_id=given.doctor_id, manager_id=given.manager_id,
        no_document=given.document_kind == papers.NONE, workplace=given.workplace, occupation=given.occupation,
        payment=tuple(given.payment), source=given.source, photo=given.photo,
        related=tuple(reaching.related(db, given, besides) + more_related), channels=reaching.channels(given),
    )
    return new


def newcomer(db: Database, given: Registration) -> patients.NewPatient:
    """Somebody to be registered. Raises Invalid when a child comes without a guardian."""
    new = person(db, given)
    child = is_child(new.birth_date)
    wrong = {}
    if child and not any(one.kind == "guardian" for one in new.related):
        wrong["guardian_name"] = N_("Under 14: who is the guardian?")
    if child and given.consent_how not in (None, "guardian"):
        wrong["consent_how"] = N_("Under 14 a parent or guardian agrees.")
    if wrong:
        raise Invalid(wrong)
    agreed = consent(given, _agrees(given, new)) if given.consent_how else None
    return msgspec.structs.replace(new, consent=agreed, token=given.token)


def is_them(db: Database, patient_id: int, new: patients.NewPatient) -> bool:
    """Whether a form that registered somebody says the same person again."""
    patient = patients.get(db, patient_id)
    return patient is not None and (patient.name, patient.born, patients.phones(db, patient_id)) == (
        new.name, new.birth_date, list(new.phones))


def _agrees(given: Registration, new: patients.NewPatient) -> str:
    return given.guardian_name if given.consent_how == "guardian" and given.guardian_name else new.name


def is_child(born: date | None) -> bool:
    """Under 14, when a guardian is asked."""
    return born is not None and patients.years(born, clock.today()) < patients.OF_AGE


def typed_child(form: Form) -> bool:
    """Whether what is typed is a child's birth date, however far the rest of the form is."""
    try:
        return is_child(_birth(form.raw["birth"]).on)
    except (ValueError, Refusal):
        return False


def consent(given: NewConsent | Registration, name: str) -> patients.Consent:
    """To the text that was shown, today; by the person where nobody else is named."""
    return patients.Consent(
        patients.consent_text().version, given.consent_how, clock.today().isoformat(), given.consent_by or name,
        getattr(given, "token", ""))


def empty(**known: Any) -> Form[Registration]:
    """The form for somebody new, with what is usual chosen."""
    return blank(
        Registration, sex="unknown", document_kind="resident_id", document_2_kind="passport", token=token_urlsafe(12),
        **reaching.USUAL, **known,
    )


def as_typed(db: Database, patient: patients.Patient) -> Form[Identity]:
    """What is known of a person, as it would be typed."""
    known = patients.as_new(db, patient)
    birth = patient.birth_date[:4] if patient.birth_about else patient.birth_date
    typed = {"document_2_kind": "passport"}
    for slot, (system, value) in zip(papers.FIELDS, known.identifiers, strict=False):
        typed |= {f"{slot}_kind": system, slot: value}
    if known.no_document and not known.identifiers:
        typed["document_kind"] = papers.NONE
    return blank(
        Identity, name=known.name, sex=known.sex, birth=birth, address=known.address, language=known.language,
        doctor_id=known.doctor_id, manager_id=known.manager_id, workplace=known.workplace, occupation=known.occupation,
        payment=list(known.payment), source=known.source, photo=known.photo, version=patient.version, **typed,
        **reaching.as_typed(db, known),
    )


def choices(db: Database) -> dict:
    """What the form offers to choose from."""
    kinds = _told(patients.DOCUMENTS)
    return {
        "sexes": [(id, _(name)) for id, name in patients.SEXES.items()],
        "papers": kinds, "papers_or_none": [*kinds, (papers.NONE, _("Has none"))],
        "doctors": [(one.id, one.name) for one in staff.with_role(db, Role.DOCTOR)],
        "managers": [(one.id, one.name) for one in staff.with_role(db, Role.HEALTH_MANAGER)],
        "occupations": _told(patients.OCCUPATIONS), "payments": _told(patients.PAYMENTS), "sources": _told(patients.SOURCES),
        **reaching.choices(), **consent_choices(),
    }


def _told(names: dict[str, str]) -> list[tuple[str, str]]:
    return [(id, _(name)) for id, name in names.items()]


def consent_choices() -> dict:
    return {"consent": patients.consent_text(), "ways": [(id, _(name)) for id, name in patients.WAYS.items()]}
