"""After a card is opened: somebody assigns a responsible doctor, then somebody completes the record."""

from app.clinic import patients
from app.clinic.work import rules
from app.clinic.work.items import Close, Wanted, close, ids, make
from app.clinic.work.pathways import pathways
from app.core.db import Database
from app.core.events import Event

ASSIGN, COMPLETE = "assign_doctor", "complete_record"
TOUCHED = ("card.opened", "patient.doctor_assigned", "patient.edited", "patient.merged")

OPEN_ASSIGNMENTS = """
SELECT i.id, i.patient_id FROM work_items i JOIN patients p ON p.id = i.patient_id
WHERE i.patient_id IN (SELECT value FROM json_each(:patients)) AND i.pathway = 'assign_doctor'
  AND i.closed_event_id IS NULL AND p.doctor_id IS NOT NULL
"""
# With a doctor, and asked for one or just given a card; asked to complete the record only once.
UNASKED = """
SELECT id, manager_id, doctor_id FROM patients p WHERE id IN (SELECT value FROM json_each(:patients)) AND doctor_id IS NOT NULL
  AND (id IN (SELECT value FROM json_each(:opened))
    OR EXISTS (SELECT 1 FROM work_items i WHERE i.patient_id = p.id AND i.pathway = 'assign_doctor'))
  AND NOT EXISTS (SELECT 1 FROM work_items i WHERE i.patient_id = p.id AND i.pathway = 'complete_record')
"""
# How many people each manager of this doctor looks after; of a doctor without managers, every manager.
LOADS = """
SELECT s.id, count(p.id) FROM staff s
LEFT JOIN patients p ON p.manager_id = s.id AND p.withdrawn_event_id IS NULL
WHERE s.role = 'health_manager' AND s.disabled_event_id IS NULL
  AND (s.id IN (SELECT manager_id FROM teams WHERE doctor_id = :doctor) OR NOT EXISTS (
    SELECT 1 FROM teams t JOIN staff m ON m.id = t.manager_id
    WHERE t.doctor_id = :doctor AND m.role = 'health_manager' AND m.disabled_event_id IS NULL))
GROUP BY s.id
"""


def follow(db: Database, events: list[Event]) -> None:
    opened = {event.patient_id: event for event in events if event.kind == "card.opened"}
    touched = {event.patient_id: event for event in events if event.kind in TOUCHED}
    if not touched:
        return
    _close_assignments(db, touched)
    _ask_for_records(db, touched, opened)
    _ask_for_doctors(db, opened)


def _close_assignments(db: Database, touched: dict[int, Event]) -> None:
    """Done by one, closed for all: whoever names the doctor, wherever they do it."""
    for id, patient in db.all(tuple, OPEN_ASSIGNMENTS, patients=ids(sorted(touched))):
        event = touched[patient]
        close(db, Close(id, patient, ASSIGN, "done", event.id, event.actor_id, "assigned"))


def _ask_for_records(db: Database, touched: dict[int, Event], opened: dict[int, Event]) -> None:
    for patient, manager, doctor in db.all(tuple, UNASKED, patients=ids(sorted(touched)), opened=ids(sorted(opened))):
        event = touched[patient]
        if manager is None and (least := rules.least_loaded(dict(db.all(tuple, LOADS, doctor=doctor)))) is not None:
            patients.assign_manager(db, None, patient, least)
        make(db, [Wanted(patient, pathways()[COMPLETE], f"event:{event.id}", event.id)])


WITHOUT_DOCTOR = """
SELECT id FROM patients WHERE id IN (SELECT value FROM json_each(:patients)) AND doctor_id IS NULL
"""


def _ask_for_doctors(db: Database, opened: dict[int, Event]) -> None:
    for patient in db.all(int, WITHOUT_DOCTOR, patients=ids(sorted(opened))):
        event = opened[patient]
        make(db, [Wanted(patient, pathways()[ASSIGN], f"event:{event.id}", event.id)])
