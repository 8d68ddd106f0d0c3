"""Taking a whole file back, in chunks: its reports, the people only it knew, what it left in the tray."""

from app.clinic import observations, patients
from app.clinic.exams.running import HOLD, Lost, Pace, Told, chunked, renew, starter
from app.clinic.exams.shapes import Batch
from app.core.db import Database
from app.core.words import N_

UNTAKEN = N_("The import was taken back.")

REPORTS = "SELECT id FROM diagnostic_reports WHERE batch_id = :batch AND withdrawn_event_id IS NULL ORDER BY id LIMIT :limit"
# Registered by this file, and nobody has done anything with them since.
UNTOUCHED = """
SELECT p.patient_id FROM import_people p JOIN patients t ON t.id = p.patient_id
WHERE p.batch_id = :batch AND p.created = 1 AND p.patient_id > :after AND t.withdrawn_event_id IS NULL
  AND NOT EXISTS (SELECT 1 FROM diagnostic_reports r WHERE r.patient_id = p.patient_id AND r.withdrawn_event_id IS NULL)
  AND NOT EXISTS (SELECT 1 FROM card_people c WHERE c.patient_id = p.patient_id)
  AND NOT EXISTS (SELECT 1 FROM events e WHERE e.patient_id = p.patient_id AND e.actor_id IS NOT NULL
    AND e.kind NOT IN ('patient.registered', 'report.filed', 'report.withdrawn', 'import.number_learnt'))
ORDER BY p.patient_id LIMIT :limit
"""
WITHDRAW_SLIPS = """
UPDATE tray_items SET outcome = 'undone', closed_event_id = :event WHERE batch_id = :batch AND closed_event_id IS NULL
"""
GONE = """
SELECT (SELECT count(*) FROM diagnostic_reports WHERE batch_id = :batch AND withdrawn_event_id IS NOT NULL),
  (SELECT count(*) FROM import_people p JOIN patients t ON t.id = p.patient_id
   WHERE p.batch_id = :batch AND p.created = 1 AND t.withdrawn_event_id IS NOT NULL)
"""


def take_back(db: Database, batch: Batch, claim: str, hold: float = HOLD, told: Told | None = None) -> None:
    """Withdraw a batch's reports, then the people it registered that nobody has touched since, then its slips."""
    actor, pace = starter(db, batch), Pace(hold)
    try:
        done = _take_back_reports(db, batch, claim, actor, pace, told)
        _take_back_people(db, batch, claim, actor, pace, lambda more: told and told(done + more, batch.lines * 2))
        with db.change(actor, "import.undone") as details:
            renew(db, batch, claim)
            db.execute(WITHDRAW_SLIPS, event=details.event_id, batch=batch.id)
            reports, people = db.one(tuple, GONE, batch=batch.id)
            details |= {"file": batch.file_name, "batch": batch.id, "reports": reports, "people": people}
            db.update("import_batches", batch.id, {"state": "undone", "claim": None, "leased_until": None})
    except Lost:
        return


def _take_back_reports(db, batch, claim, actor, pace, told) -> int:
    done = 0
    while ids := db.all(int, REPORTS, batch=batch.id, limit=pace.size):
        with chunked(db, pace, len(ids)):
            renew(db, batch, claim)
            for id in ids:
                observations.withdraw_report(db, actor, id, UNTAKEN)
        done += len(ids)
        if told:
            told(done, batch.lines * 2)
    return done


def _take_back_people(db, batch, claim, actor, pace, told) -> None:
    after = done = 0
    while ids := db.all(int, UNTOUCHED, batch=batch.id, after=after, limit=pace.size):
        with chunked(db, pace, len(ids)):
            renew(db, batch, claim)
            for id in ids:
                patients.withdraw(db, actor, id, UNTAKEN)
        after, done = ids[-1], done + len(ids)
        told(done)
