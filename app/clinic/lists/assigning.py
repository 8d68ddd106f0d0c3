"""Many people given to one doctor or health manager at once, and given back."""

from collections.abc import Callable

from app.clinic import patients, staff
from app.clinic.lists.shapes import Assignment
from app.core import events
from app.core.access import Actor, Role
from app.core.db import Database
from app.core.errors import Invalid, NotFound, Refusal
from app.core.words import N_

MOST = 5000  # people at once
CHUNK = 50  # people per transaction, so that nobody waits long for the writer
ROLES = {"doctor": Role.DOCTOR, "manager": Role.HEALTH_MANAGER}
VERBS: dict[str, Callable] = {"doctor": patients.assign_doctor, "manager": patients.assign_manager}
patients.belongs("bulk_assigned", stays=True)
events.declare("people.assigned", N_("Gave several people to %(name)s"), clinical=False)
events.declare("people.given_back", N_("Gave several people back from %(name)s to who had them before"), clinical=False)

BY_TOKEN = "SELECT id FROM bulk_assignments WHERE token = :token"
HOW_THEY_ARE = """
SELECT id, {what}_id FROM patients WHERE id IN (SELECT value FROM json_each(:people)) AND withdrawn_event_id IS NULL
  AND restricted_event_id IS NULL AND {what}_id IS NOT :staff ORDER BY id
"""


def assign(db: Database, actor: Actor, what: str, staff_id: int, people: list[int], token: str) -> int:
    """Give these people to a doctor ("doctor") or a health manager ("manager"); the id by which it is undone.

    Who is theirs already stays as they are. Raises Invalid for somebody who does not do this, or for too many.
    """
    if len(people) > MOST:
        raise Invalid({"": (N_("At most %(most)s people at once. Narrow the list first."), {"most": MOST})})
    member = next((one for one in staff.with_role(db, ROLES[what]) if one.id == staff_id), None)
    if member is None:
        raise Invalid({"to": N_("Please choose one of these.")})
    with db.aside():
        if (known := db.value(BY_TOKEN, token=token)) is not None:
            return known
        with db.change(actor, "people.assigned") as details:
            details |= {"what": what, "name": member.name, "n": len(people)}
            id = db.insert("bulk_assignments", {"what": what, "staff_id": staff_id, "token": token, "event_id": details.event_id})
    for start in range(0, len(people), CHUNK):
        _some(db, actor, id, what, staff_id, people[start : start + CHUNK])
    return id


ASSIGNED_BY = "SELECT max(id) FROM events WHERE patient_id = :patient AND kind = :kind"


def _some(db: Database, actor: Actor, id: int, what: str, staff_id: int, people: list[int]) -> None:
    with db.aside():
        for patient, was in db.all(tuple, HOW_THEY_ARE.format(what=what), people=str(people), staff=staff_id):
            VERBS[what](db, actor, patient, staff_id)
            event = db.value(ASSIGNED_BY, patient=patient, kind=f"patient.{what}_assigned")
            db.insert("bulk_assigned", {"assignment_id": id, "patient_id": patient, "was_id": was, "event_id": event})


# Still as the assignment left them; whom somebody has given to another since stays there.
STILL = """
SELECT b.patient_id, b.was_id, b.event_id FROM bulk_assigned b JOIN patients p ON p.id = b.patient_id
WHERE b.assignment_id = :id AND p.withdrawn_event_id IS NULL AND p.restricted_event_id IS NULL AND p.{what}_id = :staff ORDER BY b.patient_id
"""
# A doctor's first assignment makes the house choose a manager, just before it asks for the record to be completed.
CHOSEN = """
SELECT e.id, e.details ->> 'manager_id' FROM work_items i JOIN events e ON e.patient_id = i.patient_id
  AND e.kind = 'patient.manager_assigned' AND e.actor_id IS NULL AND e.id > :event AND e.id < i.event_id
WHERE i.patient_id = :patient AND i.trigger = 'event:' || :event
"""


def undo(db: Database, actor: Actor, id: int) -> None:
    """Everybody goes back to who had them, unless they went on to another since; what followed is taken back too."""
    one = get(db, id)
    if one is None:
        raise NotFound()
    if one.undone:
        raise Refusal(N_("This has been undone already."))
    people = db.all(tuple, STILL.format(what=one.what), id=id, staff=one.staff_id)
    with db.change(actor, "people.given_back") as details:
        details |= {"what": one.what, "name": one.name, "n": len(people)}
        db.update("bulk_assignments", id, {"undone_event_id": details.event_id})
    for start in range(0, len(people), CHUNK):
        with db.aside():
            for patient, was, event in people[start : start + CHUNK]:
                _give_back(db, actor, one.what, patient, was, event)


def _give_back(db: Database, actor: Actor, what: str, patient: int, was: int | None, event: int) -> None:
    chosen = db.all(tuple, CHOSEN, patient=patient, event=event) if what == "doctor" else []
    patients.put_back(db, actor, patient, what, was, event)
    for manager_event, manager in chosen:
        if patients.get(db, patient).manager_id == manager:
            patients.put_back(db, actor, patient, "manager", None, manager_event)


ONE = """
SELECT b.id, b.what, b.staff_id, s.name, (SELECT count(*) FROM bulk_assigned x WHERE x.assignment_id = b.id) AS n,
  coalesce(a.name, '') AS by, e.at, b.undone_event_id IS NOT NULL AS undone
FROM bulk_assignments b JOIN staff s ON s.id = b.staff_id JOIN events e ON e.id = b.event_id LEFT JOIN staff a ON a.id = e.actor_id
WHERE b.id = :id
"""


def get(db: Database, id: int) -> Assignment | None:
    return db.one(Assignment, ONE, id=id)


PEOPLE = """
SELECT b.patient_id, b.was_id FROM bulk_assigned b WHERE b.assignment_id = :id AND b.patient_id < :before
ORDER BY b.patient_id DESC LIMIT :limit
"""


def people_of(db: Database, id: int, before: int | None = None, limit: int = 50) -> dict[int, int | None]:
    """Whom it was about and who had them before, newest people first."""
    return dict(db.all(tuple, PEOPLE, id=id, before=before or 2**62, limit=limit))
