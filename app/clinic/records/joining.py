"""When two records become one: that there is none of something was said of one of them only."""

import json

from app.clinic.records.sections import SECTIONS
from app.core.db import Database
from app.core.events import Event

SOME = "SELECT 1 FROM {table} WHERE patient_id = :patient AND retired_event_id IS NULL LIMIT 1"
TAKE_BACK = """
UPDATE none_known SET retired_event_id = :event
WHERE patient_id = :patient AND section IN (SELECT value FROM json_each(:sections)) AND retired_event_id IS NULL
"""


def follow(db: Database, events: list[Event]) -> None:
    """The listener inside the write: "none known" does not stand beside what is known."""
    for event in events:
        if event.kind == "patient.merged":
            known = [one.id for one in SECTIONS.values() if one.none and db.value(SOME.format(table=one.id), patient=event.patient_id)]
            db.execute(TAKE_BACK, event=event.id, patient=event.patient_id, sections=json.dumps(known))
