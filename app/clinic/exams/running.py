"""Doing what a batch's state says, in chunks: each is filed, counted and passed by in one transaction.

The writer is held for about `hold` seconds a chunk and left alone in between, so that nobody at a
tablet waits. Whoever runs a batch holds its claim; a claim lost (stopped, taken over after the lease)
ends the run at the next chunk. A crash loses the chunk at work, which the next run repeats.
"""

import json
from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import islice
from time import perf_counter, sleep
from uuid import uuid4

from app.clinic import staff
from app.clinic.exams import queries
from app.clinic.exams.counting import keep
from app.clinic.exams.lines import Reader
from app.clinic.exams.settling import Filing, settle
from app.clinic.exams.shapes import Batch
from app.clinic.exams.tables import open_table
from app.core import clock
from app.core.access import Actor, Role
from app.core.db import Database
from app.core.errors import Refusal
from app.core.files import Files

LEASE = timedelta(minutes=1)
HOLD = 0.035  # seconds a chunk may take
REST = 0.5  # of a chunk's time the writer is left to others afterwards

Told = Callable[[int, int], None]  # (done, of)


class Pace:
    """How many lines make a chunk of the wanted length; learnt as it goes."""

    def __init__(self, hold: float, first: int = 4, most: int = 500) -> None:
        self.hold, self.size, self.most = hold, first, most

    def took(self, seconds: float, n: int) -> None:
        fitting = self.hold / max(seconds / n, 1e-5)
        self.size = round(min(max(1, fitting), self.size * 2, self.most))


class Lost(Exception):
    """The claim is not ours any more."""


# ── claims ──

CLAIM = """
UPDATE import_batches SET claim = :claim, leased_until = :until
WHERE id = (SELECT id FROM import_batches WHERE state IN (SELECT value FROM json_each(:states))
  AND (leased_until IS NULL OR leased_until < :now) ORDER BY id LIMIT 1)
AND NOT EXISTS (SELECT 1 FROM import_batches WHERE leased_until >= :now)
"""
RELEASE = "UPDATE import_batches SET claim = NULL, leased_until = NULL WHERE claim = :claim"
BEAT = """
UPDATE import_batches SET leased_until = :until, progress = :done WHERE id = :id AND claim = :claim AND state = :state
"""
CLAIMED = "SELECT id FROM import_batches WHERE claim = :claim"
RENEW = """
UPDATE import_batches SET leased_until = :until WHERE id = :id AND claim = :claim AND state = :state
"""
AT_WORK = ("rehearsing", "filing", "retrying", "undoing")


def claim(db: Database, states: Sequence[str] = AT_WORK) -> tuple[Batch, str] | None:
    """The next batch something is to be done with, and the claim to it; None while another one is at work."""
    claim = uuid4().hex
    now, until = clock.stamp(), clock.stamp(clock.now() + LEASE)
    with db.aside():
        if not db.execute(CLAIM, claim=claim, until=until, now=now, states=json.dumps(states)):
            return None
    return queries.batch(db, db.value(CLAIMED, claim=claim)), claim


def take(db: Database, batch_id: int, state: str) -> str:
    """Claim this very batch and put it to work, for who runs it at once."""
    claim = uuid4().hex
    with db.aside():
        until = clock.stamp(clock.now() + LEASE)
        db.update("import_batches", batch_id, {"state": state, "claim": claim, "leased_until": until})
    return claim


def renew(db: Database, batch: Batch, claim: str) -> None:
    """In every chunk's transaction. Raises Lost."""
    until = clock.stamp(clock.now() + LEASE)
    if not db.execute(RENEW, id=batch.id, claim=claim, until=until, state=batch.state):
        raise Lost


def heartbeat(db: Database, batch: Batch, claim: str, done: int) -> None:
    """Say how far it is and keep the claim, where no chunk does. Raises Lost."""
    with db.aside():
        until = clock.stamp(clock.now() + LEASE)
        if not db.execute(BEAT, id=batch.id, claim=claim, until=until, state=batch.state, done=done):
            raise Lost


def release(db: Database, claim: str) -> None:
    """Let go of what is not finished, so that the next sweep takes it up."""
    with db.aside():
        db.execute(RELEASE, claim=claim)


AFTER_FAILURE = {"rehearsing": "read", "filing": "stopped", "retrying": "done", "undoing": "stopped"}


def abandon(db: Database, batch: Batch, claim: str, problem: str) -> None:
    """Something broke: stand where a person can look at it instead of breaking again at every sweep."""
    with db.change(starter(db, batch), "import.failed") as details:
        renew(db, batch, claim)
        details |= {"file": batch.file_name, "problem": problem}
        state = AFTER_FAILURE[batch.state]
        db.update("import_batches", batch.id, {"state": state, "claim": None, "leased_until": None, "problem": problem})


def starter(db: Database, batch: Batch) -> Actor | None:
    member = staff.get(db, batch.actor_id) if batch.actor_id else None
    return Actor(member.id, member.name, Role(member.role), member.language) if member else None


# ── filing ──

def file(db: Database, files: Files, batch: Batch, claim: str, hold: float = HOLD, told: Told | None = None) -> None:
    """File from where it stands to the end; ends quietly when the claim is lost."""
    try:
        _file(db, files, batch, claim, Pace(hold), told)
    except Lost:
        return
    except Refusal as refusal:
        abandon(db, batch, claim, str(refusal))
        return
    with db.change(starter(db, batch), "import.done") as details:
        counts = queries.batch(db, batch.id)
        details |= {"file": batch.file_name, "batch": batch.id, **counts.summary()}
        db.update("import_batches", batch.id, {"state": "done", "claim": None, "leased_until": None})


def _file(db: Database, files: Files, batch: Batch, claim: str, pace: Pace, told: Told | None) -> None:
    actor, how, reader = starter(db, batch), filing_of(batch), Reader(batch.all_columns, clock.today())
    rows = islice(open_table(files.read(batch.file_hash)).rows(), batch.next_line, None)
    done = batch.next_line
    while chunk := [reader.line(line, cells) for line, cells in islice(rows, pace.size)]:
        with chunked(db, pace, len(chunk)):
            renew(db, batch, claim)
            outcomes = settle(db, actor, how, chunk)
            keep(db, batch, chunk, outcomes)
        done += len(chunk)
        if told:
            told(done, batch.lines)


class chunked:
    """One chunk's transaction: timed from the moment the writer is ours, then a rest for the others."""

    def __init__(self, db: Database, pace: Pace, n: int) -> None:
        self.db, self.pace, self.n = db, pace, n

    def __enter__(self) -> None:
        self.held = self.db.aside()
        self.held.__enter__()
        self.began = perf_counter()

    def __exit__(self, *error) -> None:
        self.held.__exit__(*error)
        took = perf_counter() - self.began
        self.pace.took(took, max(self.n, 1))
        if self.pace.hold <= HOLD:
            sleep(took * REST)


def filing_of(batch: Batch) -> Filing:
    return Filing(batch.id, batch.sender_id, batch.sender, bool(batch.create_patients), batch.work_from)
