"""Writes about people. A name or number is findable from the moment it is saved."""

from collections.abc import Iterable

from app.clinic import staff
from app.clinic.patients import keys, queries
from app.clinic.patients.documents import DOCUMENTS
from app.clinic.patients.reaching import Phone, Related
from app.clinic.patients.rules import number_of
from app.clinic.patients.shapes import Consent, NewPatient, Patient
from app.core import clock, events
from app.core.access import Actor, Role
from app.core.db import Database
from app.core.errors import Invalid, NotFound
from app.core.forms import once
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
INSERT INTO looks (patient_id, slot, actor_id, how, at) VALUES (:patient, :slot, :actor, :how, :at) ON CONFLICT DO NOTHING
"""


def register(db: Database, actor: Actor | None, new: NewPatient) -> int:
    """A new person; their id. Raises Invalid when an identifier is somebody's already."""
    check_crew(db, new)
    with db.aside():
        if known := queries.by_token(db, new.token):
            return known
        patient_id = db.value(NEXT_ID)
        with db.change(actor, "patient.registered", patient_id) as details:
            number = number_of(patient_id)
            details |= {"number": number, "name": new.name or number}
            db.insert("patients", {
                "id": patient_id, "number": number, **identity(new, number), "token": new.token or None,
                "created_event_id": details.event_id,
            })
            _with_them(db, patient_id, new, details.event_id)
            add_keys(db, patient_id, keys_of(db, present(db, patient_id)))
            if new.consent:
                consent(db, actor, patient_id, new.consent)
    return patient_id


def _with_them(db: Database, patient_id: int, new: NewPatient, event_id: int) -> None:
    for phone in new.lines:
        add_phone(db, patient_id, phone, event_id)
    for system, value in new.identifiers:
        add_identifier(db, patient_id, system, value, event_id)
    for one in new.related:
        add_related(db, patient_id, one, event_id)
    for channel, allowed in new.channels:
        add_channel(db, patient_id, channel, allowed, event_id)


def consent(db: Database, actor: Actor | None, patient_id: int, given: Consent) -> None:
    """Which text was agreed to, how, when, by whom."""
    row = {"text_version": given.text_version, "how": given.how, "given_on": given.given_on, "given_by": given.given_by}
    with db.aside():
        token = once(given.token, patient_id)
        if token and db.value(queries.CONSENT_BY_TOKEN, token=token):
            return
        with db.change(actor, "patient.consented", patient_id) as details:
            details |= row
            db.insert("consents", {
                "patient_id": patient_id, **row, "token": token, "event_id": details.event_id,
            })


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
        drop_keys(db, patient_id, keys_of(db, patient))
        db.execute(RETIRE_IDENTIFIERS, id=patient_id, event=details.event_id)
        db.update("patients", patient_id, {"withdrawn_event_id": details.event_id})


def write_looks(db: Database, looks: Iterable[tuple[int, int, int, str]]) -> None:
    """Who looked at whom: (patient id, ten-minute slot, actor id, view, print, export or play), each once."""
    at = clock.stamp()
    with db.aside():
        for patient_id, slot, actor_id, how in looks:
            db.execute(WRITE_LOOK, patient=patient_id, slot=slot, actor=actor_id, how=how, at=at)


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
        "no_document": int(new.no_document), "workplace": new.workplace, "occupation": new.occupation,
        "payment": ",".join(new.payment), "source": new.source, "photo": new.photo,
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


def keys_of(db: Database, patient: Patient) -> dict[str, int]:
    """What somebody is found by, besides their cards: name, number, phones of theirs and of those who belong to them, documents."""
    found = {} if patient.name_is_number else keys.name_keys(patient.name)
    found |= keys.number_keys(patient.number)
    for number in queries.phones(db, patient.id) + [one.phone for one in queries.related(db, patient.id) if one.phone]:
        found |= keys.phone_keys(number)
    for _system, value in queries.documents(db, patient.id):
        found |= keys.document_keys(value)
    return found


def add_keys(db: Database, patient_id: int, found: dict[str, int]) -> None:
    """Make the person findable under these keys."""
    for key, place in found.items():
        db.execute(ADD_KEY, place=place, key=key, id=patient_id)


def drop_keys(db: Database, patient_id: int, found: dict[str, int]) -> None:
    for key, place in found.items():
        db.execute(DROP_KEY, place=place, key=key, id=patient_id)


def add_phone(db: Database, patient_id: int, phone: Phone, event_id: int) -> None:
    db.insert("patient_phones", {
        "patient_id": patient_id, "number": phone.number, "relation": phone.relation, "whose": phone.whose, "event_id": event_id,
    })


def add_related(db: Database, patient_id: int, one: Related, event_id: int) -> None:
    db.insert("related_people", {
        "patient_id": patient_id, "kind": one.kind, "name": one.name, "relation": one.relation, "phone": one.phone,
        "other_id": one.other_id, "event_id": event_id,
    })


def add_channel(db: Database, patient_id: int, channel: str, allowed: bool, event_id: int) -> None:
    db.insert("channel_consents", {
        "patient_id": patient_id, "channel": channel, "allowed": int(allowed), "event_id": event_id,
    })


def add_identifier(db: Database, patient_id: int, system: str, value: str, event_id: int) -> None:
    """Inside a change, whose event it is. Raises Invalid when this number is somebody's already."""
    if queries.holders(db, system, [value]):
        raise Invalid({"document": N_("This number belongs to somebody who is registered already.")})
    db.insert("patient_identifiers", {
        "patient_id": patient_id, "system": system, "value": value, "event_id": event_id,
    })
    if system in DOCUMENTS:
        add_keys(db, patient_id, keys.document_keys(value))
