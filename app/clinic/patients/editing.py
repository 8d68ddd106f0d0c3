"""Correcting who somebody is. What an edit replaced stands in its event, both texts."""

from typing import Any

from app.clinic import staff
from app.clinic.patients import queries
from app.clinic.patients.actions import (
    add_channel,
    add_identifier,
    add_keys,
    add_phone,
    add_related,
    check_crew,
    drop_keys,
    identity,
    keys_of,
    present,
)
from app.clinic.patients.background import CHANNELS, OCCUPATIONS, PAYMENTS, SOURCES, told
from app.clinic.patients.documents import DOCUMENTS
from app.clinic.patients.reaching import Related
from app.clinic.patients.shapes import SEXES, NewPatient, Patient
from app.core import events
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Conflict
from app.core.words import LANGUAGES, N_, _

FIELDS = {
    "name": N_("Name"), "sex": N_("Sex"), "birth_date": N_("Birth date"), "document": N_("Identity documents"),
    "phone": N_("Phone"), "address": N_("Address"), "language": N_("Language"),
    "doctor": N_("Responsible doctor"), "manager": N_("Health manager"), "guardian": N_("Guardian"),
    "emergency": N_("Emergency contact"), "channels": N_("May be reached by"), "workplace": N_("Workplace"),
    "occupation": N_("Occupation"), "payment": N_("Pays by"), "source": N_("How they came"), "photo": N_("Photo"),
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
RETIRE_RELATED = """
UPDATE related_people SET retired_event_id = :event
WHERE patient_id = :id AND kind = :kind AND name = :name AND phone = :phone AND retired_event_id IS NULL
"""
RETIRE_CHANNEL = """
UPDATE channel_consents SET retired_event_id = :event
WHERE patient_id = :id AND channel = :channel AND retired_event_id IS NULL
"""


def as_new(db: Database, patient: Patient) -> NewPatient:
    """What is known of a person, in the shape an edit hands in."""
    lines = queries.lines(db, patient.id)
    return NewPatient(
        name="" if patient.name_is_number else patient.name, sex=patient.sex, birth_date=patient.born,
        birth_about=bool(patient.birth_about), phones=tuple(one.number for one in lines), owners=tuple(lines),
        identifiers=tuple(queries.documents(db, patient.id)), address=patient.address, language=patient.language,
        doctor_id=patient.doctor_id, manager_id=patient.manager_id, no_document=bool(patient.no_document),
        workplace=patient.workplace, occupation=patient.occupation, payment=patient.payments, source=patient.source,
        photo=patient.photo, related=tuple(queries.related(db, patient.id)),
        channels=tuple(queries.channels(db, patient.id).items()),
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
            raise Conflict(STALE, [(FIELDS[name], _shown(name, after[name]), _shown(name, before[name])) for name in changed])
        details |= {"before": {n: before[n] for n in changed}, "after": {n: after[n] for n in changed}}
        before_keys = keys_of(db, patient)
        _replace(db, patient_id, old, new, details.event_id)
        db.update("patients", patient_id, {**identity(new, patient.number), "version": patient.version + 1})
        after_keys = keys_of(db, present(db, patient_id))
        drop_keys(db, patient_id, dict(before_keys.items() - after_keys.items()))
        add_keys(db, patient_id, after_keys)


def _replace(db: Database, patient_id: int, old: NewPatient, new: NewPatient, event_id: int) -> None:
    _replace_phones(db, patient_id, old, new, event_id)
    for system, value in set(old.identifiers) - set(new.identifiers):
        db.execute(RETIRE_DOCUMENT, id=patient_id, system=system, value=value, event=event_id)
    for system, value in new.identifiers:
        if (system, value) not in old.identifiers:
            add_identifier(db, patient_id, system, value, event_id)
    for one in set(old.related) - set(new.related):
        db.execute(RETIRE_RELATED, id=patient_id, kind=one.kind, name=one.name, phone=one.phone, event=event_id)
    for one in new.related:
        if one not in old.related:
            add_related(db, patient_id, one, event_id)
    for channel, _allowed in set(old.channels) - set(new.channels):
        db.execute(RETIRE_CHANNEL, id=patient_id, channel=channel, event=event_id)
    for channel, allowed in new.channels:
        if (channel, allowed) not in old.channels:
            add_channel(db, patient_id, channel, allowed, event_id)


def _replace_phones(db: Database, patient_id: int, old: NewPatient, new: NewPatient, event_id: int) -> None:
    """The first is the one to call, so from the first that differs on they are written anew, in their order."""
    same = 0
    while same < min(len(old.lines), len(new.lines)) and old.lines[same] == new.lines[same]:
        same += 1
    for phone in old.lines[same:]:
        db.execute(RETIRE_PHONE, id=patient_id, number=phone.number, event=event_id)
    for phone in new.lines[same:]:
        add_phone(db, patient_id, phone, event_id)


def _told(db: Database, new: NewPatient) -> dict[str, str]:
    """Each field as people read it."""
    names, comma = staff.names(db), _(", ")
    born = new.birth_date.isoformat() if new.birth_date else ""
    return {
        "name": new.name, "sex": _(SEXES[new.sex]),
        "birth_date": _("about %(year)s", year=born[:4]) if born and new.birth_about else born,
        "document": _documents_told(new),
        "phone": comma.join(" ".join(filter(None, (one.shown, one.whose_told))) for one in new.lines), "address": new.address,
        "language": LANGUAGES[new.language], "doctor": names.get(new.doctor_id, ""), "manager": names.get(new.manager_id, ""),
        "guardian": _related_told(new, "guardian"), "emergency": _related_told(new, "emergency"),
        "channels": comma.join(f"{_(CHANNELS[id])}: {_('yes') if allowed else _('no')}" for id, allowed in sorted(new.channels)),
        "workplace": new.workplace, "occupation": told(OCCUPATIONS, new.occupation),
        "payment": comma.join(told(PAYMENTS, code) for code in new.payment), "source": told(SOURCES, new.source),
        "photo": new.photo,
    }


def _shown(name: str, text: str) -> str:
    """In a conflict: of a photo, which is told by its hash, only that there is one."""
    return _("a photo") if name == "photo" and text else text


def _documents_told(new: NewPatient) -> str:
    if not new.identifiers and new.no_document:
        return _("has none")
    return _(", ").join(f"{_(DOCUMENTS[system])} {value}" for system, value in new.identifiers)


def _related_told(new: NewPatient, kind: str) -> str:
    return _(", ").join(_related(one) for one in new.related if one.kind == kind)


def _related(one: Related) -> str:
    return " ".join(filter(None, (one.name, one.relation_told, one.phone_told)))
