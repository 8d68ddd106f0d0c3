"""Once per clinic day: look at everybody's tags and cards again, because time alone changes ages and windows."""

from typing import Any

from app.clinic import staff, tags, work
from app.core import clock, settings
from app.tasks import huey, sweep

HOUR = 3


@sweep.step
def look(state: Any) -> None:
    if clock.local_now().hour < settings.get(state.db, "nightly_hour", HOUR):
        return
    if claimed := work.claim(state.db, "nightly"):
        run(claimed)


@huey.task()
def run(claimed: str) -> None:
    db = sweep.state.db
    staff.drop_old_drafts(db)
    tags.reevaluate(db)
    work.ask_to_renew(db)
    work.finish(db, "nightly", claimed)
