"""The chain of events is looked over after every start and once a night, with rests, so that no page waits for it."""

from typing import Any

from app.core import chain, clock, settings, troubles
from app.core.troubles import Trouble
from app.core.words import N_
from app.tasks import huey, sweep
from app.tasks.nightly import HOUR

REST = 0.005  # seconds after a few hundred events


@sweep.step
def look(state: Any) -> None:
    if getattr(state, "chain_looked", None) is None or (_tonight(state) and state.chain_looked != clock.today()):
        state.chain_looked = clock.today()
        run()


def _tonight(state: Any) -> bool:
    return clock.local_now().hour >= settings.get(state.db, "nightly_hour", HOUR)


@huey.task()
def run() -> None:
    sweep.state.chain_faults = chain.faults(sweep.state.db, REST)


def broken(state: Any) -> Trouble | None:
    """Somebody was at the file from outside: for the owner, who alone may know of it."""
    found = getattr(state, "chain_faults", None)
    if not found:
        return None
    return Trouble(
        "chain.broken", "red",
        N_("The audit was changed from outside, in %(n)s places, first at event %(event)s. Leave the clinic's file as it is, and show this to whoever looks after this computer."),
        {"n": len(found), "event": found[0].event}, "owner", "/manage/audit",
    )


troubles.watch("chain", broken)
