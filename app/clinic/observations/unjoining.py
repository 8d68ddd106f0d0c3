"""When two records that were joined are two again: what only the joining made of the values goes."""

from app.clinic.patients import belongs
from app.core.db import Database
from app.core.events import Event

belongs("diagnostic_reports")
belongs("observations")
belongs("findings", alike=("code",), ended="ended_event_id")

_TREE = """
WITH RECURSIVE tree (id) AS (
  SELECT :since UNION ALL SELECT e.id FROM tree JOIN events e ON e.cause_id = tree.id
)
"""
# Judged anew because of the joining, and not corrected by anybody since.
JUDGED = f"""{_TREE} UPDATE observations SET retired_event_id = :event
WHERE patient_id = :patient AND retired_event_id IS NULL AND event_id IN (SELECT id FROM tree)
"""
STEPS = f"""{_TREE} DELETE FROM finding_steps
WHERE finding_id IN (SELECT id FROM findings WHERE patient_id = :patient) AND event_id IN (SELECT id FROM tree)"""
FINDINGS = f"""{_TREE} UPDATE findings SET ended_event_id = :event
WHERE patient_id = :patient AND ended_event_id IS NULL AND event_id IN (SELECT id FROM tree)
"""
# What was computed beside a value since goes where its report goes; from a height that is another's nothing is computed.
WITH_REPORT = """
UPDATE observations SET patient_id = :patient
WHERE report_id IN (SELECT id FROM diagnostic_reports WHERE patient_id = :patient) AND patient_id <> :patient
"""
CROSSED = """
UPDATE observations SET retired_event_id = :event WHERE patient_id = :patient AND retired_event_id IS NULL
  AND EXISTS (SELECT 1 FROM observation_inputs i JOIN observations n ON n.id = i.input_id
              WHERE i.observation_id = observations.id AND n.patient_id <> :patient)
"""
# Back in force although somebody has corrected what became of it.
OVERTAKEN = """
UPDATE observations SET retired_event_id = :event WHERE patient_id = :patient AND retired_event_id IS NULL AND id IN (
  WITH RECURSIVE later (first, id) AS (
    SELECT o.replaces_id, o.id FROM observations o WHERE o.patient_id = :patient AND o.replaces_id IS NOT NULL
    UNION SELECT later.first, o.id FROM later JOIN observations o ON o.replaces_id = later.id
  )
  SELECT later.first FROM later JOIN observations o ON o.id = later.id WHERE o.retired_event_id IS NULL
)
"""


def take_back(db: Database, event: Event) -> None:
    since, patient = event.details["since"], event.patient_id
    for sql in (JUDGED, FINDINGS):
        db.execute(sql, since=since, patient=patient, event=event.id)
    db.execute(STEPS, since=since, patient=patient)
    db.execute(WITH_REPORT, patient=patient)
    for sql in (CROSSED, OVERTAKEN):
        db.execute(sql, patient=patient, event=event.id)
