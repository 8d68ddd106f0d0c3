"""The box itself: its reserve and log in every sweep, its file once a night, and at once when something could not be read."""

import threading
from typing import Any

from app.clinic import box, work
from app.core import clock, settings
from app.tasks import huey, nightly, sweep

_one_at_a_time = threading.Lock()


@sweep.step
def tend(state: Any) -> None:
    box.tend(state)


sweep.wake_on("file.check_wanted")


@sweep.step
def look(state: Any) -> None:
    if box.waits(state.db):
        look_over("")
    elif clock.local_now().hour >= settings.get(state.db, "nightly_hour", nightly.HOUR):
        if claimed := work.claim(state.db, "file check"):
            look_over(claimed)


@huey.task()
def look_over(claimed: str) -> None:
    """claimed: the night's run, blank for one that something asked for."""
    if not _one_at_a_time.acquire(blocking=False):
        return
    try:
        box.check(sweep.state.db)
        sweep.state.troubles.look(sweep.state)
    finally:
        _one_at_a_time.release()
    if claimed:
        work.finish(sweep.state.db, "file check", claimed)
