"""Every abnormal result is explained and measured again: one item a report for each, not one a result."""

import json
from collections import defaultdict
from datetime import date

from app.clinic.patients import JOINED
from app.clinic.work import rules
from app.clinic.work.items import Close, Wanted, close, give_day, horizons, ids, make
from app.clinic.work.pathways import as_of, pathways
from app.core.db import Database
from app.core.events import Event

EXPLAIN, RECHECK = "explain_abnormal", "recheck_abnormal"
FILED = ("report.filed", "observation.recorded")

# Of an item i and a finding f it is about: is this still to be done? To explain: since it was last measured.
# To measure again: since the item was made.
UNSETTLED = """
f.ended_event_id IS NULL AND CASE i.pathway WHEN 'explain_abnormal'
  THEN NOT EXISTS (SELECT 1 FROM finding_steps s WHERE s.finding_id = f.id AND s.step = 'explained' AND s.id > coalesce(
    (SELECT max(r.id) FROM finding_steps r WHERE r.finding_id = f.id AND r.step = 'rechecked'), 0))
  ELSE NOT EXISTS (SELECT 1 FROM finding_steps s WHERE s.finding_id = f.id AND s.step = 'rechecked' AND s.event_id > i.event_id)
END
"""
# Open findings nobody has been asked to explain since they were last measured.
UNASKED = """
WITH standing AS (
  SELECT f.id, f.patient_id, coalesce(r.event_id, f.event_id) AS event_id,
    coalesce(r.observation_id, f.observation_id) AS observation_id
  FROM findings f LEFT JOIN finding_steps r ON r.id = (
    SELECT max(s.id) FROM finding_steps s WHERE s.finding_id = f.id AND s.step = 'rechecked')
  WHERE f.patient_id IN (SELECT value FROM json_each(:patients)) AND f.ended_event_id IS NULL
)
SELECT t.patient_id, coalesce('report:' || o.report_id, 'day:' || substr(o.taken_at, 1, 10)) AS source, t.id, t.event_id,
  substr(o.taken_at, 1, 10), o.level, o.id
FROM standing t JOIN observations o ON o.id = t.observation_id
WHERE NOT EXISTS (SELECT 1 FROM work_findings w JOIN work_items i ON i.id = w.work_id
  WHERE w.finding_id = t.id AND i.pathway = 'explain_abnormal' AND i.event_id > t.event_id)
ORDER BY t.id
"""
ABOUT = f"""
SELECT i.id, i.patient_id, i.pathway, sum({UNSETTLED}) AS unsettled, sum(f.ended_event_id IS NULL) AS still_open,
  sum(EXISTS (SELECT 1 FROM finding_steps s WHERE s.finding_id = f.id AND s.event_id > i.event_id
    AND s.step = CASE i.pathway WHEN 'explain_abnormal' THEN 'explained' ELSE 'rechecked' END)) AS done,
  json_group_array(f.id) FILTER (WHERE f.ended_event_id IS NULL) AS findings
FROM work_items i JOIN work_findings w ON w.work_id = i.id JOIN findings f ON f.id = w.finding_id
WHERE i.patient_id IN (SELECT value FROM json_each(:patients)) AND i.closed_event_id IS NULL GROUP BY i.id
"""


def follow(db: Database, events: list[Event]) -> None:
    """New findings ask to be explained; what is settled elsewhere closes its items."""
    _give_days(db, [event for event in events if event.kind in FILED and event.details["abnormal"]])
    last = {event.patient_id: event for event in events if event.kind.startswith("finding.") or event.kind in JOINED}
    if not last:
        return
    patients = ids(sorted(last))
    for id, patient, pathway, unsettled, still_open, done, findings in db.all(tuple, ABOUT, patients=patients):
        if not unsettled:
            event = last[patient]
            closed = close(db, Close(id, patient, pathway, "done" if done else "withdrawn", event.id, event.actor_id))
            if pathway == EXPLAIN and done and still_open:
                ask_to_recheck(db, patient, closed, tuple(json.loads(findings)))
    _ask_to_explain(db, patients)


# Explanations that wait on a recall list, and which abnormal results they are about.
WAITING = """
SELECT i.id, i.patient_id, i.version, i.evidence, json_group_array(f.code) AS codes
FROM work_items i JOIN work_findings w ON w.work_id = i.id JOIN findings f ON f.id = w.finding_id
WHERE i.patient_id IN (SELECT value FROM json_each(:patients)) AND i.closed_event_id IS NULL AND i.due_on IS NULL
  AND i.pathway = 'explain_abnormal' AND f.ended_event_id IS NULL GROUP BY i.id
"""
ABNORMAL_OF = """
SELECT id FROM observations WHERE report_id = :report AND code IN (SELECT value FROM json_each(:codes)) ORDER BY id
"""


def _give_days(db: Database, filed: list[Event]) -> None:
    """An old abnormal result that is abnormal again now does not wait on its recall list any longer."""
    bounds = horizons(db, [event.id for event in filed]) if filed else {}
    fresh = {
        event.patient_id: event for event in filed
        if not rules.is_old(date.fromisoformat(event.details["taken_at"][:10]), bounds[event.id][0])
    }
    for id, patient, version, evidence, codes in db.all(tuple, WAITING, patients=ids(sorted(fresh))) if fresh else ():
        event = fresh[patient]
        if again := sorted(set(json.loads(codes)) & set(event.details["abnormal"])):
            found = db.all(int, ABNORMAL_OF, report=event.details["report"], codes=ids(again))
            values = {"observations": [*found, *json.loads(evidence).get("observations", [])]}
            give_day(db, id, patient, as_of(EXPLAIN, version), event.id, values)


def _ask_to_explain(db: Database, patients: str) -> None:
    together = defaultdict(list)
    for patient, source, *found in db.all(tuple, UNASKED, patients=patients):
        together[patient, source].append(found)
    make(db, [_explanation(patient, source, found) for (patient, source), found in together.items()])


def _explanation(patient: int, source: str, found: list[list]) -> Wanted:
    findings, events, days, levels, observations = zip(*found, strict=True)
    critical = any((level or "").startswith("critical") for level in levels)
    return Wanted(
        patient, pathways()[EXPLAIN], f"{source}/{findings[0]}", max(events), {"observations": observations},
        date.fromisoformat(max(days)), {"n": len(found)}, findings, days=0 if critical else None,
    )


LAST_MEASURED = """
SELECT coalesce((SELECT s.observation_id FROM finding_steps s WHERE s.finding_id = f.id AND s.step = 'rechecked'
  ORDER BY s.id DESC LIMIT 1), f.observation_id)
FROM findings f WHERE f.id IN (SELECT value FROM json_each(:findings)) ORDER BY f.id
"""


def ask_to_recheck(db: Database, patient: int, cause: int, findings: tuple[int, ...], days: int | None = None) -> None:
    n, values = {"n": len(findings)}, {"observations": db.all(int, LAST_MEASURED, findings=ids(findings))}
    make(db, [Wanted(patient, pathways()[RECHECK], f"after:{cause}", cause, values, params=n, findings=findings, days=days)])
