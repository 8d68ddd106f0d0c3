"""Imports: rehearsed, filed, filed again from the tray or taken back, whichever a batch's state wants; one at a time."""

import logging
from time import monotonic
from typing import Any

import app.tasks
from app.clinic import exams
from app.core.errors import Refusal
from app.core.words import N_
from app.tasks import huey, sweep

BEAT = 1.0  # seconds between two words about how far it is

log = logging.getLogger("yihe.tasks")

sweep.wake_on("import.mapped", "import.begun", "import.undoing", "tray.retrying")


@sweep.step
def look(state: Any) -> None:
    if claimed := exams.claim(state.db):
        batch, claim = claimed
        run(batch.id, claim)


@huey.task()
def run(batch_id: int, claim: str) -> None:
    state = sweep.state
    try:
        _do(state, exams.batch(state.db, batch_id), claim)
    finally:
        exams.release(state.db, claim)
    if not _stopping():
        look(state)


def _do(state: Any, batch: exams.Batch, claim: str) -> None:
    told = _Teller(state.db, batch, claim)
    try:
        if batch.state == "rehearsing":
            exams.rehearse(state.db, state.files, batch, claim, told=told)
        elif batch.state == "filing":
            exams.file(state.db, state.files, batch, claim, told=told)
        elif batch.state == "retrying":
            exams.retry(state.db, batch, claim, told=told)
        elif batch.state == "undoing":
            exams.take_back(state.db, batch, claim, told=told)
    except exams.Lost:
        return
    except Refusal as refusal:
        exams.abandon(state.db, batch, claim, str(refusal))
    except Exception as error:
        # the traceback's values may name a person: only what kind
        log.error("import %s failed: %s", batch.id, type(error).__name__)
        exams.abandon(state.db, batch, claim, N_("Something unexpected happened. What is filed stays; please try again."))


class _Teller:
    """Writes down how far it is once a second, and ends the work when the house is closing."""

    def __init__(self, db: Any, batch: exams.Batch, claim: str) -> None:
        self.db, self.batch, self.claim = db, batch, claim
        self.last = monotonic()

    def __call__(self, done: int, of: int) -> None:
        if _stopping():
            raise exams.Lost
        if monotonic() - self.last >= BEAT:
            self.last = monotonic()
            exams.heartbeat(self.db, self.batch, self.claim, done)


def _stopping() -> bool:
    return app.tasks._running is None or app.tasks._running.stopping
