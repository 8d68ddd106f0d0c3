import json
from itertools import groupby

from app.clinic.observations.shapes import Observation, Reading, Report
from app.core.db import Database

MOST_POINTS = 24  # of a sparkline; a trend page reads the whole series

LATEST = """
SELECT id, patient_id, code, taken_at, value, comparator, text, unit, level, range_low, range_high,
       reported_value, reported_unit, report_id, replaces_id, retired_event_id, '' AS by, 0 AS derived
FROM observations
WHERE patient_id = :patient AND retired_event_id IS NULL ORDER BY code, taken_at, id
"""


def latest(db: Database, patient_id: int) -> list[Reading]:
    """The newest value of every indicator this person has, the most recently measured first."""
    rows = db.all(Observation, LATEST, patient=patient_id)
    series = [tuple(own)[-MOST_POINTS:] for _code, own in groupby(rows, key=lambda row: row.code)]
    return sorted((Reading(own[-1], own) for own in series), key=lambda reading: reading.taken_at, reverse=True)


_TOLD = """
SELECT o.id, o.patient_id, o.code, o.taken_at, o.value, o.comparator, o.text, o.unit, o.level, o.range_low, o.range_high,
       o.reported_value, o.reported_unit, o.report_id, o.replaces_id, o.retired_event_id,
       coalesce(nullif(r.source, 'staff'), s.name, '') AS by,
       EXISTS (SELECT 1 FROM observation_inputs i WHERE i.observation_id = o.id) AS derived
FROM observations o JOIN events e ON e.id = o.event_id
LEFT JOIN diagnostic_reports r ON r.id = o.report_id LEFT JOIN staff s ON s.id = e.actor_id
"""
SERIES = f"""{_TOLD} WHERE o.patient_id = :patient AND o.code = :code AND o.retired_event_id IS NULL
  AND o.taken_at >= :since ORDER BY o.taken_at, o.id"""
ONE = f"{_TOLD} WHERE o.patient_id = :patient AND o.id = :id"
OF_REPORT = f"{_TOLD} WHERE o.report_id = :report AND o.patient_id = :patient AND o.retired_event_id IS NULL ORDER BY o.id"
LAST_OF_REPORT = f"""{_TOLD} WHERE o.report_id = :report AND o.patient_id = :patient
  AND (o.retired_event_id IS NULL OR o.retired_event_id = :withdrawn) ORDER BY o.id"""
BEFORE = f"""
WITH RECURSIVE chain(id) AS (
  SELECT replaces_id FROM observations WHERE id = :id AND patient_id = :patient
  UNION SELECT o.replaces_id FROM chain JOIN observations o ON o.id = chain.id
)
{_TOLD} WHERE o.id IN (SELECT id FROM chain WHERE id IS NOT NULL) ORDER BY o.id DESC
"""
LIVE = f"{_TOLD} WHERE o.patient_id = :patient AND o.retired_event_id IS NULL ORDER BY o.id"
INPUTS_OF = f"{_TOLD} WHERE o.id IN (SELECT input_id FROM observation_inputs WHERE observation_id = :id) ORDER BY o.id"


def series(db: Database, patient_id: int, code: str, since: str = "") -> list[Observation]:
    """Every live value of one indicator, oldest first, from `since` (a date) on."""
    return db.all(Observation, SERIES, patient=patient_id, code=code, since=since)


def measured(db: Database, patient_id: int) -> list[Observation]:
    """Every live value that was not computed from others."""
    return [value for value in db.all(Observation, LIVE, patient=patient_id) if not value.derived]


def computed(db: Database, patient_id: int) -> list[Observation]:
    """Every live value that was."""
    return [value for value in db.all(Observation, LIVE, patient=patient_id) if value.derived]


def observation(db: Database, patient_id: int, id: int) -> Observation | None:
    """One value of this person, retired ones included."""
    return db.one(Observation, ONE, patient=patient_id, id=id)


def earlier_versions(db: Database, patient_id: int, id: int) -> list[Observation]:
    """What a corrected value said before, newest first."""
    return db.all(Observation, BEFORE, patient=patient_id, id=id)


def inputs(db: Database, id: int) -> list[Observation]:
    """What a computed value was computed from."""
    return db.all(Observation, INPUTS_OF, id=id)


_REPORT = """
SELECT r.id, r.patient_id, r.taken_at, r.source, r.batch_id, r.withdrawn_event_id, coalesce(s.name, '') AS by, e.at AS filed_at,
  (SELECT count(*) FROM observations o WHERE o.report_id = r.id AND o.retired_event_id IS NULL) AS n,
  (SELECT count(*) FROM observations o WHERE o.report_id = r.id AND o.retired_event_id IS NULL AND o.level <> 'normal') AS out
FROM diagnostic_reports r JOIN events e ON e.id = r.event_id LEFT JOIN staff s ON s.id = e.actor_id
"""
REPORT = f"{_REPORT} WHERE r.patient_id = :patient AND r.id = :id"
REPORTS = f"{_REPORT} WHERE r.patient_id = :patient AND r.withdrawn_event_id IS NULL ORDER BY r.taken_at DESC, r.id DESC"


def report(db: Database, patient_id: int, id: int) -> Report | None:
    return db.one(Report, REPORT, patient=patient_id, id=id)


def reports(db: Database, patient_id: int) -> list[Report]:
    return db.all(Report, REPORTS, patient=patient_id)


def report_values(db: Database, patient_id: int, report_id: int) -> list[Observation]:
    return db.all(Observation, OF_REPORT, patient=patient_id, report=report_id)


def last_values(db: Database, patient_id: int, of: Report) -> list[Observation]:
    """The values in force; of a report that was taken back those it had then."""
    return db.all(Observation, LAST_OF_REPORT, patient=patient_id, report=of.id, withdrawn=of.withdrawn_event_id)


NEXT_ID = "SELECT coalesce(max(id), 0) + 1 FROM observations"
BY_TOKEN = "SELECT id FROM diagnostic_reports WHERE token = :token"
NEWEST_HEIGHT = """
SELECT id, value FROM observations
WHERE patient_id = :patient AND code = 'HEIGHT' AND retired_event_id IS NULL AND value IS NOT NULL AND comparator IS NULL
  AND taken_at < :before ORDER BY taken_at DESC, id DESC LIMIT 1
"""
DEPENDENTS = f"""
{_TOLD} WHERE o.retired_event_id IS NULL
  AND o.id IN (SELECT observation_id FROM observation_inputs WHERE input_id IN (SELECT value FROM json_each(:ids)))
ORDER BY o.id
"""


def next_id(db: Database) -> int:
    """Only inside a change: the writer is ours, so the id is too."""
    return db.value(NEXT_ID)


def by_token(db: Database, token: str) -> int | None:
    return db.value(BY_TOKEN, token=token)


def newest_height(db: Database, patient_id: int, before: str) -> tuple[int, float] | None:
    """(observation id, cm) of the last height measured before a moment."""
    return db.one(tuple, NEWEST_HEIGHT, patient=patient_id, before=before)


def dependents(db: Database, ids: list[int]) -> list[Observation]:
    """Live values computed from any of these."""
    return db.all(Observation, DEPENDENTS, ids=json.dumps(ids))
