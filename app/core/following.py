"""Whether the record is followed just now: app/serving keeps it up to date, pages and the trouble banner read it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.core import clock
from app.core.errors import Refusal
from app.core.troubles import Trouble
from app.core.words import N_

SETTING = "replica"  # the target's address, without secrets; nothing or "" where there is no replication
HERE = "replication/to"  # in the data folder: the same, where it was set up; a backup or a replica does not carry it
LATE = timedelta(minutes=15)


@dataclass
class Following:
    """to: the target's address. since: when it was begun. whole: when all of the record, and what stands beside it, was there.

    why: what keeps it from being so, in Litestream's words, or as a refusal in the language of whoever reads it.
    """

    to: str
    since: datetime
    whole: datetime | None = None
    why: str | Refusal = ""

    @property
    def late(self) -> bool:
        return clock.now() - (self.whole or self.since) > LATE


def look(state: Any) -> Trouble | None:
    followed: Following | None = getattr(state, "following", None)
    if followed is None or not followed.late:
        return None
    return Trouble(
        "replica.late", "amber", N_("The continuous copy to %(to)s has not been complete since %(at)s: %(why)s"),
        {"to": followed.to, "at": clock.wall(clock.to_local(clock.stamp(followed.whole or followed.since))).replace("T", " "), "why": followed.why or "…"},
        for_whom="owner", act="/manage/backup",
    )
