"""Drawing the reports that were asked for, one after the other, so that pages stay quick."""

import threading
from typing import Any

from app.clinic import reports
from app.tasks import huey, sweep

sweep.wake_on("healthreport.wanted", "healthreport.retried")

_one_at_a_time = threading.Lock()
_began_with: Any = None


@sweep.step
def look(state: Any) -> None:
    global _began_with
    if _began_with is not state:  # the first sweep of this house: what a crash left half drawn need not wait for its lease
        reports.free(state.db)
        _began_with = state
    if reports.waiting(state.db) and not _one_at_a_time.locked():
        draw()


@huey.task()
def draw() -> None:
    """One report, then come again if more wait: stopping the house waits for one drawing at most."""
    if not _one_at_a_time.acquire(blocking=False):
        return
    state = sweep.state
    try:
        for id in reports.waiting(state.db)[:1]:
            reports.make_one(state.db, state.files, id)
    finally:
        _one_at_a_time.release()
    if reports.waiting(state.db):
        draw()
