"""Backups: wanted each night, made and proved one after the other in a process of their own, tried again where a place was not there."""

import threading
from time import monotonic
from typing import Any

import app.tasks
from app.clinic import backups
from app.tasks import huey, sweep

SETTLING = 600  # seconds after the start: a box that is switched on in the morning first serves those who wait for it
_one_at_a_time = threading.Lock()
_began: tuple[Any, float] = (None, 0.0)

sweep.wake_on("backup.wanted")


@sweep.step
def look(state: Any) -> None:
    global _began
    if _began[0] is not state:
        _began = (state, monotonic())
    if monotonic() - _began[1] >= SETTLING:
        backups.want_nightly(state.db)
    if backups.due(state.db) and not _one_at_a_time.locked():
        make()


@huey.task()
def make() -> None:
    if not _one_at_a_time.acquire(blocking=False):
        return
    state = sweep.state
    try:
        for run in backups.due(state.db):
            if _stopping():
                return
            backups.do(state.db, state.folder, run, _stopping)
    finally:
        _one_at_a_time.release()


def _stopping() -> bool:
    return app.tasks._running is None or app.tasks._running.stopping
