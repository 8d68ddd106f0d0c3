"""Rehearsal: the whole import is run on a copy of the clinic's file, and what it would set off is counted there."""

import msgspec

from app.clinic.exams import queries
from app.clinic.exams.running import HOLD, Lost, Told, file, renew, take
from app.clinic.exams.shapes import Batch, Problem, Rehearsal
from app.core.db import Database
from app.core.files import Files
from app.core.scratch import scratch

AT_ONCE = 1.0  # seconds a chunk on the copy may take where nobody else is at work
PROBLEMS = 50  # lines shown before anything is filed; all of them lie in the tray afterwards
LAST = "SELECT coalesce(max(id), 0) FROM events"
SET_OFF = """
SELECT (SELECT count(*) FROM findings WHERE event_id > :since AND ended_event_id IS NULL),
  (SELECT count(*) FROM tags WHERE set_event_id > :since AND removed_event_id IS NULL),
  (SELECT count(*) FROM work_items WHERE event_id > :since AND closed_event_id IS NULL AND due_on IS NOT NULL),
  (SELECT count(*) FROM work_items WHERE event_id > :since AND closed_event_id IS NULL AND due_on IS NULL)
"""


def rehearsal(db: Database, files: Files, batch_id: int, hold: float = AT_ONCE, told: Told | None = None) -> Rehearsal:
    """Run a batch on a copy and count. The clinic's file is only read."""
    with scratch(db) as copy:
        since = copy.value(LAST)
        claim = take(copy, batch_id, "filing")
        file(copy, files, queries.batch(copy, batch_id), claim, hold, told)
        findings, tags, work, recall = copy.one(tuple, SET_OFF, since=since)
        slips = queries.waiting(copy, batch_id, limit=PROBLEMS)
        return Rehearsal(
            **queries.batch(copy, batch_id).summary(), findings=findings, tags=tags, work=work, recall=recall,
            problems=tuple(Problem(slip.line, slip.reason, slip.heading, slip.cell) for slip in slips),
        )


def rehearse(db: Database, files: Files, batch: Batch, claim: str, told: Told | None = None) -> None:
    """Do the rehearsal a batch waits for and write down what it showed. Rests between chunks as filing does, for the pages' sake."""
    found = rehearsal(db, files, batch.id, HOLD, told)
    with db.aside():
        try:
            renew(db, batch, claim)
        except Lost:
            return  # the columns were settled anew meanwhile: another rehearsal is wanted
        db.update("import_batches", batch.id, {
            "rehearsal": msgspec.json.encode(found).decode(), "state": "ready", "claim": None, "leased_until": None,
        })
