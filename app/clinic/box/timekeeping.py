"""Whether the box's clock can be right, judged by the last entry; and an owner's word about it."""

from datetime import datetime
from typing import Any

from app.clinic import staff
from app.core import clock, events
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Invalid
from app.core.troubles import Trouble
from app.core.words import N_

events.declare("clock.confirmed", N_("Said what time it is: %(says)s"), clinical=False)

NEWEST = "SELECT at FROM events ORDER BY id DESC LIMIT 1"


def keep_time(db: Database) -> None:
    """At start, before anything is written: by the newest entry as it was filed, not by the latest date in the file."""
    newest = db.value(NEWEST)
    clock.begin(datetime.fromisoformat(newest) if newest else None)


def look(_state: Any) -> Trouble | None:
    says = clock.doubted()
    if says is None:
        clock.believe(clock.now())
        return None
    shown = {"says": shown_as(says), "counts": shown_as(clock.now())}
    return Trouble("clock.wrong", "red", N_(
        "The box's clock says %(says)s, which cannot be right. Yihe counts on from the last entry: what is written now carries %(counts)s."
    ), shown, act="/manage/health")


def shown_as(at: datetime) -> str:
    return clock.to_local(clock.stamp(at)).strftime("%Y-%m-%d %H:%M")


def confirm(db: Database, actor: Actor, at: datetime) -> None:
    """It is `at` now, whatever the box's clock says. From here on time is counted. Raises Invalid for a time that cannot be."""
    if at < clock.RELEASED:
        raise Invalid({"day": N_("This day is past: the program itself is younger.")})
    clock.believe(at)
    with db.change(actor, "clock.confirmed") as details:
        details["says"] = shown_as(at)
        staff.end_future(db, details.event_id)
