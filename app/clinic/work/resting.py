"""Nothing is asked of anybody about a person whose data may not be used; afterwards it goes on where it stood."""

from app.clinic.patients import LIFTED, RESTRICTED
from app.clinic.work.items import Close, close
from app.core import clock
from app.core.db import Database
from app.core.events import Event

OPEN = "SELECT id, pathway FROM work_items WHERE patient_id = :patient AND closed_event_id IS NULL"
RESTED = """
SELECT i.id, i.pathway FROM work_items i JOIN events e ON e.id = i.closed_event_id
WHERE i.patient_id = :patient AND e.cause_id = :restricted
"""
REOPEN = "UPDATE work_items SET closed_event_id = NULL WHERE id = :id"


def follow(db: Database, events: list[Event]) -> None:
    for event in events:
        if event.kind == RESTRICTED:
            for id, pathway in db.all(tuple, OPEN, patient=event.patient_id):
                close(db, Close(id, event.patient_id, pathway, "withdrawn", event.id))
        elif event.kind == LIFTED:
            for id, pathway in db.all(tuple, RESTED, patient=event.patient_id, restricted=event.details["restricted"]):
                go_on(db, event, id, pathway)


def go_on(db: Database, event: Event, id: int, pathway: str) -> None:
    with db.change(None, "work.reopened", event.patient_id, cause=event.id) as details:
        details |= {"work": id, "pathway": pathway}
        db.execute(REOPEN, id=id)
        db.insert("work_steps", {
            "work_id": id, "step": "reopened", "day": clock.today().isoformat(), "event_id": details.event_id,
        })
