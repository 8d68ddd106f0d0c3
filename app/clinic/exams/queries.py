import json

from app.clinic import patients
from app.clinic.exams.columns import Remembered
from app.clinic.exams.shapes import Batch, Pile, Sender, Slip
from app.core.db import Database

patients.belongs("import_people")
patients.belongs("tray_items")

PAGE = 30

SENDERS = "SELECT id, name FROM import_senders ORDER BY name"


def senders(db: Database) -> list[Sender]:
    return db.all(Sender, SENDERS)


SENDER = "SELECT id, name FROM import_senders WHERE name = :name"


def sender(db: Database, name: str) -> Sender | None:
    return db.one(Sender, SENDER, name=name)


BY_HEADINGS = """
SELECT s.name FROM import_batches b JOIN import_senders s ON s.id = b.sender_id
WHERE b.headings = :headings ORDER BY b.id DESC LIMIT 1
"""


def sender_by_headings(db: Database, headings: str) -> str | None:
    """Who last sent a file with exactly these headings."""
    return db.value(BY_HEADINGS, headings=headings)


REMEMBERED = """
SELECT heading, meaning, code, unit, date_order FROM import_mappings
WHERE sender_id = :sender AND retired_event_id IS NULL
"""


def remembered(db: Database, sender_id: int) -> dict[str, Remembered]:
    return {row[0]: Remembered(*row) for row in db.all(tuple, REMEMBERED, sender=sender_id)}


_BATCH = """
SELECT b.id, b.sender_id, s.name AS sender, b.file_name, b.file_hash, b.state, b.columns, b.create_patients, b.work_from,
  b.lines, b.next_line, b.received, b.filed, b.duplicate, b.tray, b.refused, b.reasons, b.rehearsal, b.problem, b.progress, e.actor_id, e.at,
  (SELECT count(*) FROM import_people p WHERE p.batch_id = b.id AND p.created = 1) AS created,
  (SELECT count(*) FROM import_people p WHERE p.batch_id = b.id AND p.created = 0) AS matched
FROM import_batches b JOIN import_senders s ON s.id = b.sender_id JOIN events e ON e.id = b.event_id
"""
BATCH = f"{_BATCH} WHERE b.id = :id"


def batch(db: Database, id: int) -> Batch | None:
    return db.one(Batch, BATCH, id=id)


BATCHES = f"{_BATCH} ORDER BY b.id DESC LIMIT :limit OFFSET :offset"


def batches(db: Database, page: int = 1) -> list[Batch]:
    """Newest first, one more than a page where there are more."""
    return db.all(Batch, BATCHES, limit=PAGE + 1, offset=(page - 1) * PAGE)


_SLIP = """
SELECT t.id, t.batch_id, s.name AS sender, b.file_name, t.line, t.reason, t.place, t.patient_id, t.taken_at, t.cells, t.n, b.columns
FROM tray_items t JOIN import_batches b ON b.id = t.batch_id JOIN import_senders s ON s.id = b.sender_id
"""
SLIP = f"{_SLIP} WHERE t.id = :id AND t.closed_event_id IS NULL"


def slip(db: Database, id: int) -> Slip | None:
    """Only while it waits."""
    return db.one(Slip, SLIP, id=id)


WAITING = f"""
{_SLIP} WHERE t.batch_id = :batch AND t.closed_event_id IS NULL AND t.id > :after
  AND (:reason = '' OR t.reason = :reason) AND (:place IS NULL OR t.place = :place)
ORDER BY t.id LIMIT :limit
"""


def waiting(
    db: Database, batch_id: int, reason: str = "", place: int | None = None, after: int = 0, limit: int = PAGE
) -> list[Slip]:
    return db.all(Slip, WAITING, batch=batch_id, reason=reason, place=place, after=after, limit=limit)


PILES = """
SELECT t.batch_id, s.name AS sender, b.file_name, t.reason, t.place, count(*) AS slips, sum(t.n) AS n, min(t.id) AS first,
  e.at, b.columns
FROM tray_items t JOIN import_batches b ON b.id = t.batch_id JOIN import_senders s ON s.id = b.sender_id
JOIN events e ON e.id = b.event_id
WHERE t.closed_event_id IS NULL GROUP BY t.batch_id, t.reason, t.place ORDER BY t.batch_id DESC, min(t.id) LIMIT :limit
"""


def piles(db: Database, limit: int = 200) -> list[Pile]:
    """What waits in the tray, by file, reason and column; the newest file first."""
    return db.all(Pile, PILES, limit=limit)


KNOWN_SLIPS = """
SELECT t.fingerprint FROM tray_items t
WHERE t.fingerprint IN (SELECT value FROM json_each(:fingerprints)) AND t.outcome IS NOT 'undone'
"""


def known_slips(db: Database, fingerprints: list[str]) -> set[str]:
    """Which of these lie in the tray already, or have been decided."""
    return set(db.all(str, KNOWN_SLIPS, fingerprints=json.dumps(fingerprints))) if fingerprints else set()


FOUND_BY = """
SELECT count(*), count(DISTINCT f.patient_id) FROM diagnostic_reports r JOIN observations o ON o.report_id = r.id
JOIN findings f ON f.observation_id = o.id
WHERE r.batch_id = :batch AND r.withdrawn_event_id IS NULL
"""


def findings_of(db: Database, batch_id: int) -> tuple[int, int]:
    """(abnormal results found, people) by a file."""
    return db.one(tuple, FOUND_BY, batch=batch_id)


TOTALS = """
SELECT coalesce(sum(received), 0), coalesce(sum(filed), 0), coalesce(sum(tray), 0), coalesce(sum(duplicate), 0),
  coalesce(sum(refused), 0) FROM import_batches WHERE state NOT IN ('undone', 'dropped')
"""


def totals(db: Database) -> tuple[int, int, int, int, int]:
    """(received, filed, in the tray, known, refused) values of all files that stand."""
    return db.one(tuple, TOTALS)


WAITING_VALUES = "SELECT coalesce(sum(n), 0) FROM tray_items WHERE closed_event_id IS NULL"


def waiting_values(db: Database) -> int:
    """How many results lie in the tray."""
    return db.value(WAITING_VALUES)
