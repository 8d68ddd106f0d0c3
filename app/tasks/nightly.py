"""Once per clinic day: look at everybody's tags and cards again, because time alone changes ages and windows."""

from typing import Any

from app.clinic import invitations, staff, tags, work
from app.core import clock, settings
from app.tasks import huey, sweep

HOUR = 3


@sweep.step
def look(state: Any) -> None:
    if clock.local_now().hour < settings.get(state.db, "nightly_hour", HOUR):
        return
    if claimed := work.claim(state.db, "nightly"):
        run(claimed)


sweep.wake_on("rules.asked")


@sweep.step
def look_at_rules(state: Any) -> None:
    """A questionnaire brought rules: everybody is looked at once, for whoever answered it before."""
    if newest := tags.newest(state.db):
        event, day = newest
        if claimed := work.claim(state.db, f"rules {event}", day):
            run_rules(f"rules {event}", claimed)


@huey.task()
def run_rules(name: str, claimed: str) -> None:
    db = sweep.state.db
    tags.reevaluate(db)
    work.finish(db, name, claimed)


@huey.task()
def run(claimed: str) -> None:
    db = sweep.state.db
    staff.drop_old_drafts(db)
    staff.drop_old_sent(db)
    invitations.forget_guests(db)
    tags.reevaluate(db)
    work.ask_to_renew(db)
    work.finish(db, "nightly", claimed)
