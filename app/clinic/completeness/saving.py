"""Saving an answered form: each answer by its own domain's verb, all of them in one transaction or none."""

from collections.abc import Callable
from typing import Any

import msgspec

from app.clinic import observations, patients, records
from app.clinic.completeness.asking import Asked, Entry
from app.clinic.completeness.queries import missing_ids
from app.clinic.completeness.shapes import ASKS, PURPOSES, Purpose
from app.core import events
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Conflict, Invalid, Refusal
from app.core.forms import once
from app.core.words import N_, _


def _sentence(details: dict[str, Any]) -> str:
    purpose = PURPOSES.get(details.get("purpose", ""))
    return _("Filled in what was missing for: %(purpose)s", purpose=str(purpose.name) if purpose else "—")


events.declare("record.completed", "", clinical=False, describe=_sentence)
patients.belongs("completions")

FILLED_IN = N_("Filled in what was missing")
MEANWHILE = N_("Somebody else answered some of this meanwhile. Nothing of theirs was changed: compare both, and correct theirs in the record if yours is right.")
SENT = "SELECT 1 FROM completions WHERE token = :token"


def save(db: Database, actor: Actor, patient: patients.Patient, purpose: Purpose, answers: Asked, token: str) -> None:
    """Raises Invalid with each field's error, or Conflict with both texts; then nothing is saved. The same token again saves nothing."""
    if not answers.given:
        raise Invalid({"": N_("Nothing is filled in yet.")})
    with db.aside():
        if db.value(SENT, token=once(token, patient.id)):
            return
        _refuse_what_stands(db, patient, purpose, answers)
        with db.change(actor, "record.completed", patient.id) as details:
            details |= {"purpose": purpose.id, "asked": list(answers.given)}
            db.insert("completions", {
                "patient_id": patient.id, "purpose": purpose.id, "token": once(token, patient.id), "event_id": details.event_id,
            })
            _write(db, actor, patient, answers)


def _refuse_what_stands(db: Database, patient: patients.Patient, purpose: Purpose, answers: Asked) -> None:
    missing = missing_ids(db, patient, answers.given, purpose.days)
    if stands := [id for id in answers.given if id not in missing]:
        raise Conflict(MEANWHILE, [(ASKS[id].name, answers.given[id], told(db, patient, id)) for id in stands])


def told(db: Database, patient: patients.Patient, id: str) -> str:
    """What stands today in answer to this."""
    ask = ASKS[id]
    if ask.section:
        section = records.section(ask.section)
        lines = [section.line(one) for one in records.entries(db, patient.id, section) if not one.sensitive]
        return "; ".join(lines) or _(section.none)
    if ask.indicator:
        found = next((one for one in observations.latest(db, patient.id) if one.code == ask.indicator), None)
        return f"{found.now.shown} ({found.now.day})" if found else ""
    known = patients.as_new(db, patients.get(db, patient.id))
    return {
        "name": known.name, "sex": _(patients.SEXES[known.sex]), "birth_date": str(known.birth_date or ""), "address": known.address,
        "phone": patients.show_phone(known.phones[0]) if known.phones else "", "document": ", ".join(n for _s, n in known.identifiers),
    }.get(id, _("answered"))


def _write(db: Database, actor: Actor, patient: patients.Patient, answers: Asked) -> None:
    errors: dict[str, Any] = {}
    for fields, write in _writes(db, actor, patient, answers):
        try:
            write()
        except Invalid as invalid:
            errors |= {fields.get(name, fields.get("", name)): message for name, message in invalid.errors.items()}
        except Refusal as refusal:
            if type(refusal) is not Refusal:
                raise
            errors[fields.get("", "")] = (refusal.message, refusal.params)
    if errors:
        raise Invalid(errors)


Write = tuple[dict[str, str], Callable[[], Any]]


def _writes(db: Database, actor: Actor, patient: patients.Patient, answers: Asked) -> list[Write]:
    """Each with how the verb's fields are called on the form; under "" what is about none of them."""
    writes: list[Write] = []
    if answers.facts or answers.document:
        writes.append(({"birth_date": "birth"}, lambda: _edit(db, actor, patient, answers)))
    if answers.doctor_id:
        writes.append(({"": "doctor_id"}, lambda: patients.assign_doctor(db, actor, patient.id, answers.doctor_id)))
    if answers.consent:
        writes.append(({"": "consent_how"}, lambda: patients.consent(db, actor, patient.id, answers.consent)))
    for id, section in answers.nones.items():
        writes.append(({"": f"{id}.none"}, lambda section=section: records.record_none(db, actor, patient.id, section)))
    for entry in answers.entries:
        names = {name: entry.at + name for name in entry.section.fields} | {"": entry.at + ASKS[entry.ask].fields[0]}
        writes.append((names, lambda entry=entry: _enter(db, actor, patient, entry)))
    if answers.values:
        names = {value.code: f"value_{value.code}" for value in answers.values}
        writes.append((names, lambda: observations.record(
            db, actor, patients.get(db, patient.id), answers.taken_at, answers.values)))
    return writes


def _edit(db: Database, actor: Actor, patient: patients.Patient, answers: Asked) -> None:
    """What was missing about who they are; everything else stays as it is."""
    current = patients.get(db, patient.id)
    known, facts = patients.as_new(db, current), dict(answers.facts)
    if "birth_date" in facts:
        facts |= {"birth_date": facts["birth_date"].on, "birth_about": facts["birth_date"].about}
    if phone := facts.pop("phone", None):
        facts["phones"] = (*known.phones, phone)
    if answers.document:
        facts |= {"identifiers": (*known.identifiers, (answers.document.system, answers.document.number)), "no_document": False}
    patients.edit(db, actor, patient.id, current.version, msgspec.structs.replace(known, **facts))


def _enter(db: Database, actor: Actor, patient: patients.Patient, entry: Entry) -> None:
    """A new entry; of what stands once and lacked this, a new version of it."""
    standing = records.entries(db, patient.id, entry.section) if entry.section.single else []
    if standing:
        records.correct(db, actor, patient.id, entry.section, standing[0].id, entry.new, _(FILLED_IN))
    else:
        records.record(db, actor, patient.id, entry.section, entry.new)


def standing(db: Database, patient: patients.Patient, sections: set[str]) -> dict[str, dict[str, Any]]:
    """Of what stands once, the entry as it would be typed: what is asked is put into it."""
    found = {}
    for section in (records.section(id) for id in sections):
        entries = records.entries(db, patient.id, section) if section.single else []
        if entries:
            found[section.id] = section.typed(entries[0])
    return found
