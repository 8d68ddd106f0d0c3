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
    """Until none waits; what is asked for meanwhile is drawn too."""
    if not _one_at_a_time.acquire(blocking=False):
        return
    try:
        state = sweep.state
        tried: set[int] = set()
        while fresh := [id for id in reports.waiting(state.db) if id not in tried]:
            tried.add(fresh[0])
            reports.make_one(state.db, state.files, fresh[0])
    finally:
        _one_at_a_time.release()
