"""An assignment is taken back: the work that came with it goes where it was."""

from app.clinic import staff
from app.clinic.work import rules
from app.clinic.work.handover import move
from app.clinic.work.items import Close, close, ids
from app.clinic.work.pathways import pathways
from app.core import clock
from app.core.db import Database
from app.core.events import Event

KINDS = {"patient.doctor_put_back": "doctor", "patient.manager_put_back": "manager"}

HELD = """
SELECT id, pathway FROM work_items WHERE patient_id = :patient AND closed_event_id IS NULL AND owner_id = :owner
  AND pathway IN (SELECT value FROM json_each(:pathways))
"""
ASKED_FOR = "SELECT id, pathway FROM work_items WHERE patient_id = :patient AND trigger = 'event:' || :event AND closed_event_id IS NULL"
CLOSED = """
SELECT i.id, i.pathway FROM work_items i JOIN events e ON e.id = i.closed_event_id
WHERE i.patient_id = :patient AND e.cause_id = :event
"""
REOPEN = "UPDATE work_items SET closed_event_id = NULL WHERE id = :id"


def follow(db: Database, events: list[Event]) -> None:
    for event in events:
        if event.kind in KINDS:
            _hand_back(db, event, KINDS[event.kind])
            _withdraw(db, event)
            _reopen(db, event)


def _hand_back(db: Database, event: Event, what: str) -> None:
    """To who had the person before, or to anyone of the role where that is nobody or somebody who left."""
    member = staff.get(db, event.details[f"{what}_id"] or 0)
    there = member.id if member and not member.disabled else None
    codes = [code for code, pathway in pathways().items() if pathway.owner == what]
    for id, code in db.all(tuple, HELD, patient=event.patient_id, owner=event.details["from"], pathways=ids(codes)):
        move(db, id, event.patient_id, code, *rules.owner(pathways()[code], there, there), event.id)


def _withdraw(db: Database, event: Event) -> None:
    for id, code in db.all(tuple, ASKED_FOR, patient=event.patient_id, event=event.details["undone"]):
        close(db, Close(id, event.patient_id, code, "withdrawn", event.id))


def _reopen(db: Database, event: Event) -> None:
    """What the assignment had done ("assign a doctor") is to be done again."""
    for id, code in db.all(tuple, CLOSED, patient=event.patient_id, event=event.details["undone"]):
        with db.change(None, "work.reopened", event.patient_id, cause=event.id) as details:
            details |= {"work": id, "pathway": code}
            db.execute(REOPEN, id=id)
            db.insert("work_steps", {
                "work_id": id, "step": "reopened", "day": clock.today().isoformat(), "event_id": details.event_id,
            })
