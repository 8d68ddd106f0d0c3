"""Correcting who somebody is. What an edit replaced stands in its event, both texts."""

from typing import Any

from app.clinic import staff
from app.clinic.patients import keys, queries
from app.clinic.patients.actions import (
    add_identifier,
    add_keys,
    add_phone,
    check_crew,
    drop_keys,
    identity,
    name_keys,
    present,
)
from app.clinic.patients.documents import RESIDENT_ID
from app.clinic.patients.phones import show_phone
from app.clinic.patients.shapes import SEXES, NewPatient, Patient
from app.core import events
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Conflict
from app.core.words import LANGUAGES, N_, _

FIELDS = {
    "name": N_("Name"), "sex": N_("Sex"), "birth_date": N_("Birth date"), "document": N_("ID number"),
    "phone": N_("Phone"), "address": N_("Address"), "language": N_("Language"),
    "doctor": N_("Responsible doctor"), "manager": N_("Health manager"),
}  # fmt: skip
STALE = N_("Somebody else changed this meanwhile. Nothing of yours is lost: compare both, then save again.")


def _sentence(details: dict[str, Any]) -> str:
    return _("Corrected: %(fields)s", fields=_(", ").join(_(FIELDS[name]) for name in details.get("after", {})))


events.declare("patient.edited", "", clinical=False, describe=_sentence)

RETIRE_PHONE = """
UPDATE patient_phones SET retired_event_id = :event
WHERE patient_id = :id AND number = :number AND retired_event_id IS NULL
"""
RETIRE_DOCUMENT = """
UPDATE patient_identifiers SET retired_event_id = :event
WHERE patient_id = :id AND system = :system AND value = :value AND retired_event_id IS NULL
"""


def as_new(db: Database, patient: Patient) -> NewPatient:
    """What is known of a person, in the shape an edit hands in."""
    document = queries.document(db, patient.id, RESIDENT_ID)
    return NewPatient(
        name="" if patient.name_is_number else patient.name, sex=patient.sex, birth_date=patient.born,
        birth_about=bool(patient.birth_about), phones=tuple(queries.phones(db, patient.id)),
        identifiers=((RESIDENT_ID, document),) if document else (), address=patient.address,
        language=patient.language, doctor_id=patient.doctor_id, manager_id=patient.manager_id,
    )


def edit(db: Database, actor: Actor, patient_id: int, version_seen: int, new: NewPatient) -> None:
    """Save a correction. Raises Conflict with both texts when somebody else was quicker."""
    with db.change(actor, "patient.edited", patient_id) as details:
        patient = present(db, patient_id)
        old = as_new(db, patient)
        check_crew(db, new, old)
        before, after = _told(db, old), _told(db, new)
        changed = [name for name in FIELDS if after[name] != before[name]]
        if patient.version != version_seen:
            raise Conflict(STALE, [(FIELDS[name], after[name], before[name]) for name in changed])
        details |= {"before": {n: before[n] for n in changed}, "after": {n: after[n] for n in changed}}
        _replace_phones(db, patient_id, old, new, details.event_id)
        _replace_document(db, patient_id, old, new, details.event_id)
        drop_keys(db, patient_id, name_keys(patient))
        add_keys(db, patient_id, keys.name_keys(new.name))
        db.update("patients", patient_id, {**identity(new, patient.number), "version": patient.version + 1})


def _replace_phones(db: Database, patient_id: int, old: NewPatient, new: NewPatient, event_id: int) -> None:
    for number in set(old.phones) - set(new.phones):
        db.execute(RETIRE_PHONE, id=patient_id, number=number, event=event_id)
        drop_keys(db, patient_id, keys.phone_keys(number))
    for number in new.phones:
        if number not in old.phones:
            add_phone(db, patient_id, number, event_id)


def _replace_document(db: Database, patient_id: int, old: NewPatient, new: NewPatient, event_id: int) -> None:
    for system, value in set(old.identifiers) - set(new.identifiers):
        db.execute(RETIRE_DOCUMENT, id=patient_id, system=system, value=value, event=event_id)
        drop_keys(db, patient_id, keys.document_keys(value))
    for system, value in new.identifiers:
        if (system, value) not in old.identifiers:
            add_identifier(db, patient_id, system, value, event_id)


def _told(db: Database, new: NewPatient) -> dict[str, str]:
    """Each field as people read it."""
    names = staff.names(db)
    born = new.birth_date.isoformat() if new.birth_date else ""
    return {
        "name": new.name, "sex": _(SEXES[new.sex]),
        "birth_date": _("about %(year)s", year=born[:4]) if born and new.birth_about else born,
        "document": ", ".join(value for _system, value in new.identifiers),
        "phone": ", ".join(show_phone(number) for number in new.phones), "address": new.address,
        "language": LANGUAGES[new.language], "doctor": names.get(new.doctor_id, ""),
        "manager": names.get(new.manager_id, ""),
    }
