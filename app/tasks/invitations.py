"""Questionnaires given out to many: whoever the list names now is asked, and who is not done reminded, some at a time."""

import logging
from time import sleep
from typing import Any
from urllib.parse import parse_qs

import app.tasks
from app.clinic import invitations, lists
from app.core.forms import bind
from app.tasks import huey, sweep

log = logging.getLogger("yihe.tasks")
sweep.wake_on("asking.made", "asking.reminded")
_began_with: Any = None
BREATH = 0.02  # seconds: whoever waits for the writer has it in between


@sweep.step
def look(state: Any) -> None:
    global _began_with
    if _began_with is not state:  # the first sweep of this house: what a crash left half done need not wait for its lease
        invitations.free(state.db)
        _began_with = state
    if one := invitations.claim(state.db):
        give_out(one.id)
    if one := invitations.claim_reminding(state.db):
        remind(one.id)


@huey.task()
def give_out(asking_id: int) -> None:
    db = sweep.state.db
    one = invitations.asking(db, asking_id)
    try:
        people = lists.ids(db, bind(lists.View, parse_qs(one.query)).value)
        people.sort(reverse=True)
        while not _stopping():
            if not invitations.give_to_some(db, one, people):
                invitations.finish(db, one)
                break
        invitations.release(db, asking_id)
    except Exception as error:
        # the traceback's values may name a person: only what kind
        log.error("giving out %s failed: %s", asking_id, type(error).__name__)  # tried again when its lease is over
        return
    if not _stopping():
        look(sweep.state)


@huey.task()
def remind(asking_id: int) -> None:
    db, after = sweep.state.db, 0
    one = invitations.asking(db, asking_id)
    try:
        while not _stopping() and after is not None:
            after = invitations.remind_some(db, one, after)
            sleep(BREATH)
        if after is not None:
            invitations.release(db, asking_id)
    except Exception as error:
        log.error("reminding of %s failed: %s", asking_id, type(error).__name__)  # tried again when its lease is over


def _stopping() -> bool:
    return app.tasks._running is None or app.tasks._running.stopping
