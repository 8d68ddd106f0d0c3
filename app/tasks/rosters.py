"""Lists of people: compared, taken over or taken back, whichever a list's state wants; one at a time."""

import logging
from typing import Any

import app.tasks
from app.clinic import exams, rosters
from app.core.errors import Refusal
from app.core.words import N_
from app.tasks import huey, sweep

log = logging.getLogger("yihe.tasks")

sweep.wake_on("roster.mapped", "roster.begun", "roster.undoing")


@sweep.step
def look(state: Any) -> None:
    if claimed := rosters.claim(state.db):
        roster, claim = claimed
        run(roster.id, claim)


@huey.task()
def run(roster_id: int, claim: str) -> None:
    state = sweep.state
    try:
        _do(state, rosters.roster(state.db, roster_id), claim)
    finally:
        rosters.release(state.db, claim)
    if not _stopping():
        look(state)


def _do(state: Any, roster: rosters.Roster, claim: str) -> None:
    try:
        if roster.state == "comparing":
            rosters.compare(state.db, state.files, roster, claim, told=_told)
        elif roster.state == "filing":
            rosters.file(state.db, state.files, roster, claim, told=_told)
        elif roster.state == "undoing":
            rosters.take_back(state.db, roster, claim, told=_told)
    except exams.Lost:
        return
    except Refusal as refusal:
        rosters.abandon(state.db, roster, claim, str(refusal))
    except Exception as error:
        # the traceback's values may name a person: only what kind
        log.error("list %s failed: %s", roster.id, type(error).__name__)
        rosters.abandon(state.db, roster, claim, N_("Something unexpected happened. What is filed stays; please try again."))


def _told(_done: int, _of: int) -> None:
    """Ends the work when the house is closing; how far it is stands in the list's row already."""
    if _stopping():
        raise exams.Lost


def _stopping() -> bool:
    return app.tasks._running is None or app.tasks._running.stopping
