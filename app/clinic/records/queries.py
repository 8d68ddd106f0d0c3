import json
from collections.abc import Collection
from functools import cache
from typing import Any

from app.clinic.records.illness import Allergy, Condition, Medication, Note
from app.clinic.records.section import Section
from app.clinic.records.sections import SECTIONS
from app.clinic.records.shapes import Entry, Part
from app.core.access import Actor, May
from app.core.db import Database


@cache
def select(section: Section) -> str:
    """Every column of a section's shape; author, checker and times come from the events."""
    columns = ", ".join(f"x.{name}" for name in section.fields if name not in ("source", "noted_on"))
    return f"""
SELECT x.id, x.source, x.noted_on, x.replaces_id, x.reason,
  x.retired_event_id IS NOT NULL AS retired, x.retired_reason, s.name AS author, e.at,
  x.verified_how, vs.name AS verified_by, v.at AS verified_at, {columns}
FROM {section.id} x JOIN events e ON e.id = x.event_id LEFT JOIN staff s ON s.id = e.actor_id
  LEFT JOIN events v ON v.id = x.verified_event_id LEFT JOIN staff vs ON vs.id = v.actor_id
"""


LIVE = "WHERE x.patient_id = :patient AND x.retired_event_id IS NULL ORDER BY x.noted_on DESC, x.id DESC"


def entries(db: Database, patient_id: int, section: Section) -> list[Entry]:
    """The living entries of a section, newest first."""
    return db.all(section.shape, select(section) + LIVE, patient=patient_id)


def conditions(db: Database, patient_id: int) -> list[Condition]:
    return entries(db, patient_id, SECTIONS["conditions"])


def allergies(db: Database, patient_id: int) -> list[Allergy]:
    return entries(db, patient_id, SECTIONS["allergies"])


def medications(db: Database, patient_id: int) -> list[Medication]:
    return entries(db, patient_id, SECTIONS["medications"])


def notes(db: Database, patient_id: int) -> list[Note]:
    return entries(db, patient_id, SECTIONS["notes"])


WARNINGS = """
SELECT substance, reaction, severity, since FROM allergies
WHERE patient_id = :patient AND retired_event_id IS NULL ORDER BY severity = 'severe' DESC, id
"""
WARNINGS_OF = """
SELECT patient_id, substance FROM allergies
WHERE patient_id IN (SELECT value FROM json_each(:ids)) AND retired_event_id IS NULL
ORDER BY severity = 'severe' DESC, id
"""


def warnings(db: Database, patient_id: int) -> list[tuple[str, str, str, str]]:
    """(substance, reaction, severity, since) of each allergy, the severe first: what every page shows in red."""
    return db.all(tuple, WARNINGS, patient=patient_id)


def warnings_of(db: Database, patient_ids: list[int]) -> dict[int, list[str]]:
    """The substances each of these people must not be given."""
    found: dict[int, list[str]] = {}
    for patient_id, substance in db.all(tuple, WARNINGS_OF, ids=json.dumps(patient_ids)):
        found.setdefault(patient_id, []).append(substance)
    return found


def parts(db: Database, actor: Actor, patient_id: int, only: Collection[str] = tuple(SECTIONS)) -> dict[str, Part]:
    """The record, or some sections of it, as this actor may see it."""
    said_none = none_known(db, patient_id)
    return {id: part(actor, SECTIONS[id], entries(db, patient_id, SECTIONS[id]), id in said_none) for id in only}


def part(actor: Actor, section: Section, everything: list[Entry], said_none: bool) -> Part:
    seen = everything if actor.may(May.SEE_SENSITIVE) else [entry for entry in everything if not entry.sensitive]
    return Part(section.id, section.title, seen, len(everything) - len(seen), said_none)


NONE_KNOWN = "SELECT section FROM none_known WHERE patient_id = :patient AND retired_event_id IS NULL"


def none_known(db: Database, patient_id: int) -> set[str]:
    """Sections about which it was said that there is nothing; different from nobody having asked."""
    return set(db.all(str, NONE_KNOWN, patient=patient_id))


def entry(db: Database, patient_id: int, section: Section, entry_id: int) -> Entry | None:
    """One version of this person's entry, living or replaced."""
    return db.one(section.shape, select(section) + "WHERE x.patient_id = :patient AND x.id = :id", patient=patient_id, id=entry_id)


OPENED = """
SELECT e.at, s.name FROM patients p JOIN events e ON e.id = p.created_event_id LEFT JOIN staff s ON s.id = e.actor_id
WHERE p.id = :patient
"""


def opened(db: Database, patient_id: int) -> tuple[str, str | None]:
    """When this person's file was opened (UTC), and by whom."""
    return db.one(tuple, OPENED, patient=patient_id)


BY_TOKEN = "SELECT entry_id FROM record_tokens WHERE token = :token AND section = :section"


def by_token(db: Database, token: str | None, section: Section) -> int | None:
    """What the form with this token wrote, if it was sent before."""
    return db.value(BY_TOKEN, token=token, section=section.id) if token else None


NEXT = "SELECT id FROM {table} WHERE replaces_id = :id"


def newest(db: Database, patient_id: int, section: Section, entry_id: int) -> Entry | None:
    """The version that stands today in the place of this one."""
    while (later := db.value(NEXT.format(table=section.id), id=entry_id)) is not None:
        entry_id = later
    return entry(db, patient_id, section, entry_id)


def history(db: Database, patient_id: int, section: Section, entry_id: int) -> list[Entry]:
    """All versions of an entry, newest first."""
    found, one = [], newest(db, patient_id, section, entry_id)
    while one is not None:
        found.append(one)
        one = entry(db, patient_id, section, one.replaces_id) if one.replaces_id else None
    return found


def differences(section: Section, newer: Any, older: Any) -> list[tuple[str, str, str]]:
    """The fields in which two versions differ, as (field, newer, older)."""
    pairs = zip(section.told(newer), section.told(older), strict=True)
    return [(name, now, was) for (name, now), (_name, was) in pairs if now != was]


SECRET = """
WITH RECURSIVE chain(id) AS (
  SELECT id FROM {table} WHERE patient_id = :patient AND sensitive
  UNION SELECT x.replaces_id FROM chain JOIN {table} x ON x.id = chain.id WHERE x.replaces_id IS NOT NULL
  UNION SELECT x.id FROM chain JOIN {table} x ON x.replaces_id = chain.id
)
SELECT id FROM chain
"""


def withheld(db: Database, actor: Actor, patient_id: int) -> set[tuple[str, int]]:
    """(noun, entry id) of all versions of what this actor may not see: what became sensitive was so before, too."""
    if actor.may(May.SEE_SENSITIVE):
        return set()
    hidden = set()
    for one in SECTIONS.values():
        if "sensitive" in one.fields:
            hidden |= {(one.noun, id) for id in db.all(int, SECRET.format(table=one.id), patient=patient_id)}
    return hidden
