"""Two records become one, and two again: whose work it is, and what only the joining had asked for."""

from app.clinic.patients import belongs
from app.clinic.work.items import Close, close
from app.core.db import Database
from app.core.events import Event

belongs("work_items")
belongs("contacts")

# A tag that gave way to the same tag of the other record: what it had asked for is not asked for again.
RENAME = """
UPDATE OR IGNORE work_items SET trigger = 'tag:' || :stands || substr(trigger, length('tag:' || :went) + 1)
WHERE patient_id = :patient AND trigger LIKE 'tag:' || :went || '/%'
"""
MADE = """
WITH RECURSIVE tree (id) AS (
  SELECT :since UNION ALL SELECT e.id FROM tree JOIN events e ON e.cause_id = tree.id
)
SELECT id, pathway FROM work_items
WHERE patient_id = :patient AND closed_event_id IS NULL AND event_id IN (SELECT id FROM tree)
"""


def follow(db: Database, events: list[Event]) -> None:
    for event in events:
        if event.kind == "patient.merged":
            for went, stands in event.details["ended"].get("tags", ()):
                db.execute(RENAME, patient=event.patient_id, went=went, stands=stands)
        elif event.kind == "patient.unmerged":
            for id, pathway in db.all(tuple, MADE, patient=event.patient_id, since=event.details["since"]):
                close(db, Close(id, event.patient_id, pathway, "withdrawn", event.id))
