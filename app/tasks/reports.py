"""Drawing the reports that were asked for, one after the other, so that pages stay quick."""

import threading
from typing import Any

from app.clinic import reports
from app.tasks import huey, sweep

sweep.wake_on("healthreport.wanted", "healthreport.retried")

_one_at_a_time = threading.Lock()


@sweep.step
def look(state: Any) -> None:
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
