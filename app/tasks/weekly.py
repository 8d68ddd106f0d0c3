"""Once per clinic week: look whether people are registered twice."""

from datetime import timedelta
from typing import Any

from app.clinic import patients, work
from app.core import clock, settings
from app.tasks import huey, nightly, sweep


@sweep.step
def look(state: Any) -> None:
    if clock.local_now().hour < settings.get(state.db, "nightly_hour", nightly.HOUR):
        return
    monday = clock.today() - timedelta(days=clock.today().weekday())
    if claimed := work.claim(state.db, "weekly", monday.isoformat()):
        run(claimed)


@huey.task()
def run(claimed: str) -> None:
    db = sweep.state.db
    patients.look_through(db)
    work.finish(db, "weekly", claimed)
