import msgspec

from app.clinic import patients
from app.clinic.reports.shapes import Content, Printed, Recent, Report
from app.core import clock
from app.core.db import Database

patients.belongs("reports")

PAGE = 50

_COLUMNS = """
r.id, r.patient_id, r.number, r.language, w.at AS wanted_at, coalesce(s.name, '') AS wanted_by, r.lease_until, r.tries,
r.file, r.missing, m.at AS made_at, f.at AS failed_at,
(SELECT count(*) FROM report_prints p WHERE p.report_id = r.id) AS prints
"""
_FROM = """
FROM reports r JOIN events w ON w.id = r.wanted_event_id LEFT JOIN staff s ON s.id = w.actor_id
LEFT JOIN events m ON m.id = r.made_event_id LEFT JOIN events f ON f.id = r.failed_event_id
"""

OF_PATIENT = f"SELECT {_COLUMNS} {_FROM} WHERE r.patient_id = :patient ORDER BY r.id DESC"


def of_patient(db: Database, patient_id: int) -> list[Report]:
    """Newest first."""
    return db.all(Report, OF_PATIENT, patient=patient_id)


ONE = f"SELECT {_COLUMNS} {_FROM} WHERE r.id = :id AND r.patient_id = :patient"


def get(db: Database, patient_id: int, id: int) -> Report | None:
    """A report, if it is this patient's."""
    return db.one(Report, ONE, id=id, patient=patient_id)


CONTENT = "SELECT content FROM reports WHERE id = :id"


def content(db: Database, id: int) -> Content:
    """What the report says, as it was frozen."""
    return msgspec.json.decode(db.value(CONTENT, id=id), type=Content)


RECENT = f"""
SELECT p.name, p.number AS patient_number, {_COLUMNS} {_FROM} JOIN patients p ON p.id = r.patient_id
WHERE p.withdrawn_event_id IS NULL AND r.id < :before ORDER BY r.id DESC LIMIT :limit
"""


def recent(db: Database, before: int | None = None, limit: int = PAGE) -> list[Recent]:
    """The clinic's reports, newest first, those with an id below `before`; each with whose it is."""
    rows = db.all(dict, RECENT, before=before or 2**62, limit=limit)
    return [Recent(name=row.pop("name"), patient_number=row.pop("patient_number"), report=Report(**row)) for row in rows]


PRINTS = """
SELECT p.report_id, r.number, e.at, coalesce(s.name, '') AS by
FROM report_prints p JOIN reports r ON r.id = p.report_id JOIN events e ON e.id = p.event_id
LEFT JOIN staff s ON s.id = e.actor_id
WHERE r.patient_id = :patient ORDER BY p.event_id DESC LIMIT :limit
"""


def prints(db: Database, patient_id: int, limit: int = PAGE) -> list[Printed]:
    """Who handed which report out and when, newest first."""
    return db.all(Printed, PRINTS, patient=patient_id, limit=limit)


WAITING = """
SELECT id FROM reports
WHERE made_event_id IS NULL AND failed_event_id IS NULL AND (lease_until IS NULL OR lease_until <= :now) ORDER BY id
"""


def waiting(db: Database) -> list[int]:
    """What nobody is drawing, oldest first; a lease that ran out counts as nobody."""
    return db.all(int, WAITING, now=clock.stamp())


CLAIMED = "SELECT id, patient_id, language, content, wanted_event_id, tries FROM reports WHERE id = :id"
BY_TOKEN = "SELECT id FROM reports WHERE token = :token"
TODAY = "SELECT count(*) FROM reports WHERE number LIKE :start || '%'"
