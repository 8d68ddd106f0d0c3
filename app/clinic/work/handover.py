"""Work moves with the people: a new doctor or manager takes it over, and who leaves leaves it to their role."""

from app.clinic import staff
from app.clinic.work.items import Close, close, ids
from app.clinic.work.pathways import pathways
from app.core import clock
from app.core.db import Database
from app.core.events import Event

CREW = ("doctor", "manager")

# The patient's own doctor or manager takes what waits for anyone of the role or for their predecessor.
TAKEN_OVER = """
SELECT i.id, p.id AS patient_id, i.pathway, p.{who}_id AS owner_id FROM work_items i JOIN patients p ON p.id = i.patient_id
WHERE i.patient_id IN (SELECT value FROM json_each(:patients)) AND i.closed_event_id IS NULL
  AND i.pathway IN (SELECT value FROM json_each(:pathways)) AND p.{who}_id IS NOT NULL AND i.owner_id IS NOT p.{who}_id
"""
LEFT_BEHIND = """
SELECT i.id, i.patient_id, i.pathway, s.role FROM work_items i JOIN staff s ON s.id = i.owner_id
WHERE i.owner_id = :staff AND i.closed_event_id IS NULL
"""
OPEN = "SELECT id, pathway FROM work_items WHERE patient_id = :patient AND closed_event_id IS NULL"


def follow(db: Database, events: list[Event]) -> None:
    for who in CREW:
        touched = {event.patient_id: event.id for event in events if _changes(event, who)}
        if touched:
            _take_over(db, who, touched)
    for event in events:
        if event.kind == "staff.disabled":
            for id, patient, pathway, role in db.all(tuple, LEFT_BEHIND, staff=event.details["staff"]):
                move(db, id, patient, pathway, None, role, event.id)
        elif event.kind == "patient.withdrawn":
            for id, pathway in db.all(tuple, OPEN, patient=event.patient_id):
                close(db, Close(id, event.patient_id, pathway, "withdrawn", event.id))


def _changes(event: Event, who: str) -> bool:
    """Whether it may have given the person another doctor or manager: said, corrected in the form, joined."""
    if event.kind == "patient.edited":
        return who in event.details.get("after", {})
    return event.kind in (f"patient.{who}_assigned", "patient.merged")


def _take_over(db: Database, who: str, causes: dict[int, int]) -> None:
    codes = [code for code, pathway in pathways().items() if pathway.owner == who]
    found = db.all(tuple, TAKEN_OVER.format(who=who), patients=ids(sorted(causes)), pathways=ids(codes))
    for id, patient, pathway, owner_id in found:
        move(db, id, patient, pathway, owner_id, None, causes[patient])


OWN = "UPDATE work_items SET owner_id = :owner, role = :role WHERE id = :id"


def move(
    db: Database, id: int, patient: int, pathway: str, owner_id: int | None, role: str | None, cause: int
) -> None:
    """Hand an item to a person or, without one, to anyone of a role."""
    with db.change(None, "work.reassigned", patient, cause=cause) as details:
        details |= {"work": id, "pathway": pathway, "role": role, "to": staff.get(db, owner_id).name if owner_id else ""}
        db.execute(OWN, id=id, owner=owner_id, role=role)
        db.insert("work_steps", {
            "work_id": id, "step": "reassigned", "day": clock.today().isoformat(), "event_id": details.event_id,
        })
