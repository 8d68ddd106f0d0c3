"""The record as it was on a day: what stood at that day's end, and what became of it since."""

from datetime import date, timedelta
from typing import Any

import msgspec

from app.clinic.records import queries
from app.clinic.records.section import Section
from app.clinic.records.sections import SECTIONS
from app.clinic.records.shapes import Entry
from app.core import clock
from app.core.access import Actor
from app.core.db import Database

STOOD = """
LEFT JOIN events r ON r.id = x.retired_event_id
WHERE x.patient_id = :patient AND e.at < :until AND (r.at IS NULL OR r.at >= :until)
ORDER BY x.noted_on DESC, x.id DESC
"""
SAID_NONE = """
SELECT n.section FROM none_known n JOIN events e ON e.id = n.event_id LEFT JOIN events r ON r.id = n.retired_event_id
WHERE n.patient_id = :patient AND e.at < :until AND (r.at IS NULL OR r.at >= :until)
"""


class Stood(msgspec.Struct, frozen=True):
    """entry: as it stood. newest: what stands in its place today. changes: (field, now, then) where they differ."""

    entry: Entry
    newest: Entry
    changes: list[tuple[str, str, str]]

    @property
    def gone(self) -> bool:
        return bool(self.newest.retired)


class Then(msgspec.Struct, frozen=True):
    """A section as it was. since: what was added later and stands today."""

    section: Section
    stood: list[Stood]
    since: list[Entry]
    none_known: bool
    withheld: int


def parts_on(db: Database, actor: Actor, patient_id: int, day: date) -> list[Then]:
    """The sections that said something at the end of that day or say something since, as far as this actor may see them."""
    until = clock.start_of(day + timedelta(days=1))
    hidden = queries.withheld(db, actor, patient_id)
    said_none = set(db.all(str, SAID_NONE, patient=patient_id, until=until))
    found = [_then(db, patient_id, one, until, hidden, one.id in said_none) for one in SECTIONS.values()]
    return [one for one in found if one.stood or one.since or one.none_known or one.withheld]


def _then(
    db: Database, patient_id: int, section: Section, until: str, hidden: set[tuple[str, int]], said_none: bool
) -> Then:
    everything = db.all(section.shape, queries.select(section) + STOOD, patient=patient_id, until=until)
    shown = [one for one in everything if (section.noun, one.id) not in hidden]
    stood = [_stood(db, patient_id, section, one) for one in shown]
    known = {one.newest.id for one in stood}
    since = [
        one for one in queries.entries(db, patient_id, section)
        if one.at >= until and one.id not in known and (section.noun, one.id) not in hidden
    ]
    return Then(section, stood, since, said_none, len(everything) - len(shown))


def _stood(db: Database, patient_id: int, section: Section, one: Any) -> Stood:
    newest = queries.newest(db, patient_id, section, one.id) if one.retired else one
    return Stood(one, newest, [] if newest.retired else queries.differences(section, newest, one))
