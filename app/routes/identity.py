"""The form that says who somebody is: typed the same way at the desk and in a correction."""

from datetime import date
from typing import Annotated

import msgspec

from app.clinic import patients, staff
from app.core import clock
from app.core.access import Role
from app.core.db import Database
from app.core.errors import Invalid, Refusal
from app.core.forms import Field, Form, blank
from app.core.words import N_, _


def _document(text: str) -> patients.ResidentId:
    return patients.read_resident_id(text, clock.today())


def _birth(text: str) -> patients.Birth:
    return patients.read_birth(text, clock.today())


class Identity(msgspec.Struct, frozen=True):
    """version: of the person as they were when the form was made. somebody_else: likely duplicates that were looked at."""

    name: Annotated[str, Field(most=60)]
    document: Annotated[patients.ResidentId | None, Field(parse=_document)] = None
    sex: patients.Sex = "unknown"
    birth: Annotated[patients.Birth | None, Field(parse=_birth)] = None
    phone: Annotated[str | None, Field(parse=patients.read_phone)] = None
    address: Annotated[str, Field(most=120)] = ""
    language: staff.Language = "zh"
    doctor_id: int | None = None
    manager_id: int | None = None
    version: int = 0
    somebody_else: list[int] = []


class NewConsent(msgspec.Struct, frozen=True):
    consent_how: patients.Way
    consent_by: Annotated[str, Field(most=60)] = ""


class Registration(Identity, frozen=True):
    consent_how: patients.Way | None = None
    consent_by: Annotated[str, Field(most=60)] = ""
    card_type: int | None = None


def fill_from_document(form: Form[Identity]) -> None:
    """An ID number says sex and birth date; what was left blank is filled in before the eyes of who types."""
    try:
        read = _document(form.raw["document"]) if form.raw["document"] else None
    except Refusal:  # the form says already what is wrong with it
        return
    if read:
        form.raw["sex"], form.raw["birth"] = read.sex, read.birth_date.isoformat()
        form.errors.pop("sex", None)
        form.errors.pop("birth", None)


def person(given: Identity, other_phones: tuple[str, ...] = ()) -> patients.NewPatient:
    """Raises Invalid when the ID number says something else than the fields."""
    birth, sex = given.birth, given.sex
    if given.document:
        _compare(given)
        birth, sex = patients.Birth(given.document.birth_date), given.document.sex
    return patients.NewPatient(
        name=" ".join(given.name.split()), sex=sex, birth_date=birth.on if birth else None,
        birth_about=bool(birth and birth.about), phones=((given.phone,) if given.phone else ()) + other_phones,
        identifiers=((patients.RESIDENT_ID, given.document.number),) if given.document else (),
        address=given.address, language=given.language, doctor_id=given.doctor_id, manager_id=given.manager_id,
        consent=consent(given, given.name) if getattr(given, "consent_how", None) else None,
    )


def _compare(given: Identity) -> None:
    wrong = {}
    read = given.document
    if given.birth and not _same_birth(given.birth, read.birth_date):
        wrong["birth"] = (N_("The ID number says %(date)s."), {"date": read.birth_date.isoformat()})
    if given.sex not in ("unknown", read.sex):
        wrong["sex"] = (N_("The ID number says: %(sex)s."), {"sex": _(patients.SEXES[read.sex])})
    if wrong:
        raise Invalid(wrong)


def _same_birth(birth: patients.Birth, on: date) -> bool:
    return birth.on.year == on.year if birth.about else birth.on == on


def consent(given: NewConsent | Registration, name: str) -> patients.Consent:
    """To the text that was shown, today; by the person where nobody else is named."""
    return patients.Consent(
        patients.consent_text().version, given.consent_how, clock.today().isoformat(), given.consent_by or name)


def as_typed(db: Database, patient: patients.Patient) -> Form[Identity]:
    """What is known of a person, as it would be typed."""
    known = patients.as_new(db, patient)
    birth = patient.birth_date[:4] if patient.birth_about else patient.birth_date
    return blank(
        Identity, name=known.name, sex=known.sex, birth=birth, document=patients.document(db, patient.id, patients.RESIDENT_ID),
        phone=patients.show_phone(known.phones[0]) if known.phones else "", address=known.address, language=known.language,
        doctor_id=known.doctor_id, manager_id=known.manager_id, version=patient.version,
    )


def choices(db: Database) -> dict:
    """What the form offers to choose from."""
    return {
        "sexes": [(id, _(name)) for id, name in patients.SEXES.items()],
        "doctors": [(one.id, one.name) for one in staff.with_role(db, Role.DOCTOR)],
        "managers": [(one.id, one.name) for one in staff.with_role(db, Role.HEALTH_MANAGER)],
        **consent_choices(),
    }


def consent_choices() -> dict:
    return {"consent": patients.consent_text(), "ways": [(id, _(name)) for id, name in patients.WAYS.items()]}
