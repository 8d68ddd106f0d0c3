"""Writes about people. A name or number is findable from the moment it is saved."""

from app.clinic import staff
from app.clinic.patients import keys, queries
from app.clinic.patients.documents import RESIDENT_ID
from app.clinic.patients.rules import number_of
from app.clinic.patients.shapes import Consent, NewPatient, Patient
from app.core import clock, events
from app.core.access import Actor, Role
from app.core.db import Database
from app.core.errors import Invalid, NotFound
from app.core.words import N_

events.declare("patient.registered", N_("Registered as %(number)s"), clinical=False)
events.declare("patient.doctor_assigned", N_("Responsible doctor: %(name)s"), clinical=False)
events.declare("patient.manager_assigned", N_("Health manager: %(name)s"), clinical=False)
events.declare("patient.consented", N_("Agreed that the clinic keeps their data (text %(text_version)s)"), clinical=False)
events.declare("patient.withdrawn", N_("Taken out again: %(reason)s"), clinical=False)

NEXT_ID = "SELECT coalesce(max(id), 0) + 1 FROM patients"
ADD_KEY = """
INSERT INTO patient_keys (place, key, patient_id) VALUES (:place, :key, :id) ON CONFLICT DO NOTHING
"""
DROP_KEY = "DELETE FROM patient_keys WHERE place = :place AND key = :key AND patient_id = :id"
RETIRE_IDENTIFIERS = """
UPDATE patient_identifiers SET retired_event_id = :event WHERE patient_id = :id AND retired_event_id IS NULL
"""

WRITE_LOOK = """
INSERT INTO looks (patient_id, slot, actor_id, at) VALUES (:patient, :slot, :actor, :at) ON CONFLICT DO NOTHING
"""


def register(db: Database, actor: Actor | None, new: NewPatient) -> int:
    """A new person; their id. Raises Invalid when an identifier is somebody's already."""
    check_crew(db, new)
    with db.aside():
        patient_id = db.value(NEXT_ID)
        with db.change(actor, "patient.registered", patient_id) as details:
            number = number_of(patient_id)
            details |= {"number": number, "name": new.name or number}
            db.insert("patients", {
                "id": patient_id, "number": number, **identity(new, number), "created_event_id": details.event_id,
            })
            for phone in new.phones:
                add_phone(db, patient_id, phone, details.event_id)
            for system, value in new.identifiers:
                add_identifier(db, patient_id, system, value, details.event_id)
            add_keys(db, patient_id, keys.name_keys(new.name) | keys.number_keys(number))
            if new.consent:
                consent(db, actor, patient_id, new.consent)
    return patient_id


def consent(db: Database, actor: Actor | None, patient_id: int, given: Consent) -> None:
    """Which text was agreed to, how, when, by whom."""
    row = {"text_version": given.text_version, "how": given.how, "given_on": given.given_on, "given_by": given.given_by}
    with db.change(actor, "patient.consented", patient_id) as details:
        details |= row
        db.insert("consents", {"patient_id": patient_id, **row, "event_id": details.event_id})


def assign_doctor(db: Database, actor: Actor | None, patient_id: int, doctor_id: int) -> None:
    _assign(db, actor, patient_id, "doctor", doctor_id)


def assign_manager(db: Database, actor: Actor | None, patient_id: int, manager_id: int) -> None:
    _assign(db, actor, patient_id, "manager", manager_id)


def _assign(db: Database, actor: Actor | None, patient_id: int, what: str, staff_id: int) -> None:
    with db.change(actor, f"patient.{what}_assigned", patient_id) as details:
        patient, member = present(db, patient_id), staff.get(db, staff_id)
        if member is None or member.disabled:
            raise Invalid({f"{what}_id": N_("This member of staff does not work here any more.")})
        details |= {f"{what}_id": staff_id, "name": member.name}
        db.update("patients", patient_id, {f"{what}_id": staff_id, "version": patient.version + 1})


def withdraw(db: Database, actor: Actor | None, patient_id: int, reason: str) -> None:
    """Take out somebody who should never have been registered; their identifiers become free again."""
    with db.change(actor, "patient.withdrawn", patient_id) as details:
        patient = present(db, patient_id)
        details["reason"] = reason
        drop_keys(db, patient_id, name_keys(patient) | keys.number_keys(patient.number))
        for phone in queries.phones(db, patient_id):
            drop_keys(db, patient_id, keys.phone_keys(phone))
        drop_keys(db, patient_id, keys.document_keys(queries.document(db, patient_id, RESIDENT_ID)))
        db.execute(RETIRE_IDENTIFIERS, id=patient_id, event=details.event_id)
        db.update("patients", patient_id, {"withdrawn_event_id": details.event_id})


def write_looks(db: Database, looks: set[tuple[int, int, int]]) -> None:
    """Who looked at whom: (patient id, ten-minute slot, actor id), each once."""
    at = clock.stamp()
    with db.aside():
        for patient_id, slot, actor_id in looks:
            db.execute(WRITE_LOOK, patient=patient_id, slot=slot, actor=actor_id, at=at)


def present(db: Database, patient_id: int) -> Patient:
    patient = queries.get(db, patient_id)
    if patient is None:
        raise NotFound()
    return patient


def identity(new: NewPatient, number: str) -> dict:
    """The columns of a person; one without a name goes by their number."""
    return {
        "name": new.name or number, "name_is_number": int(not new.name), "sex": new.sex,
        "birth_date": new.birth_date.isoformat() if new.birth_date else None, "birth_about": int(new.birth_about),
        "address": new.address, "language": new.language, "doctor_id": new.doctor_id, "manager_id": new.manager_id,
    }


CREW = {"doctor_id": Role.DOCTOR, "manager_id": Role.HEALTH_MANAGER}


def check_crew(db: Database, new: NewPatient, old: NewPatient | None = None) -> None:
    """Who answers for a person is a doctor, a health manager; who left may stay named. Raises Invalid."""
    wrong = {
        field: N_("Please choose one of these.") for field, role in CREW.items()
        if (chosen := getattr(new, field)) not in (None, old and getattr(old, field))
        and chosen not in {member.id for member in staff.with_role(db, role)}
    }
    if wrong:
        raise Invalid(wrong)


def name_keys(patient: Patient) -> dict[str, int]:
    return {} if patient.name_is_number else keys.name_keys(patient.name)


def add_keys(db: Database, patient_id: int, found: dict[str, int]) -> None:
    """Make the person findable under these keys."""
    for key, place in found.items():
        db.execute(ADD_KEY, place=place, key=key, id=patient_id)


def drop_keys(db: Database, patient_id: int, found: dict[str, int]) -> None:
    for key, place in found.items():
        db.execute(DROP_KEY, place=place, key=key, id=patient_id)


def add_phone(db: Database, patient_id: int, number: str, event_id: int) -> None:
    db.insert("patient_phones", {"patient_id": patient_id, "number": number, "event_id": event_id})
    add_keys(db, patient_id, keys.phone_keys(number))


def add_identifier(db: Database, patient_id: int, system: str, value: str, event_id: int) -> None:
    """Inside a change, whose event it is. Raises Invalid when this number is somebody's already."""
    if queries.holders(db, system, [value]):
        raise Invalid({"document": N_("This number belongs to somebody who is registered already.")})
    db.insert("patient_identifiers", {
        "patient_id": patient_id, "system": system, "value": value, "event_id": event_id,
    })
    if system == RESIDENT_ID:
        add_keys(db, patient_id, keys.document_keys(value))
