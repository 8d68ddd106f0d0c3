from app.clinic import patients
from app.clinic.mistakes.shapes import Mistake
from app.core.db import Database

patients.belongs("mistakes")
patients.belongs("mistakes", "right_id")

ONE = """
SELECT m.id, m.patient_id, m.kind, m.entry_id, m.reason, coalesce(s.name, '') AS by, e.at, m.right_id,
  coalesce(p.number, '') AS right
FROM mistakes m JOIN events e ON e.id = m.event_id LEFT JOIN staff s ON s.id = e.actor_id
LEFT JOIN patients p ON p.id = m.right_id
WHERE m.kind = :kind AND m.entry_id = :entry
"""


def mistake(db: Database, kind: str, entry_id: int) -> Mistake | None:
    """Whether and why this entry was struck out as entered in error."""
    return db.one(Mistake, ONE, kind=kind, entry=entry_id)
