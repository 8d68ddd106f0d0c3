"""Making the files that people asked for, one after the other, so that pages stay quick."""

import threading
from typing import Any

from app.clinic import dossiers
from app.tasks import huey, sweep

sweep.wake_on("dossier.wanted")

_one_at_a_time = threading.Lock()
_began_with: Any = None


@sweep.step
def look(state: Any) -> None:
    global _began_with
    if _began_with is not state:  # what a crash left half made need not wait for its lease
        dossiers.free(state.db)
        _began_with = state
    if dossiers.waiting(state.db) and not _one_at_a_time.locked():
        make()


@huey.task()
def make() -> None:
    if not _one_at_a_time.acquire(blocking=False):
        return
    state = sweep.state
    try:
        for id in dossiers.waiting(state.db)[:1]:
            dossiers.make_one(state.db, state.files, id)
    finally:
        _one_at_a_time.release()
    if dossiers.waiting(state.db):
        make()
