"""What is wrong with the backups, said over every page."""

from datetime import UTC, datetime
from typing import Any

from app.clinic.backups import queries
from app.clinic.backups.actions import is_put_away
from app.clinic.backups.shapes import age_hours
from app.core import troubles
from app.core.db import Database
from app.core.troubles import Trouble
from app.core.words import N_

OLDEST = 36  # hours a proved backup may be old
SETTLING = 24  # hours in which a new clinic is not reminded
PAGE = "/manage/backup"
SINCE = "SELECT applied_at FROM _sqlite_migrations WHERE name = '030_backups'"


def look(state: Any) -> list[Trouble]:
    db: Database = state.db
    found = [one for one in (too_old(db), parted(db)) if one]
    if age_hours(since(db)) < SETTLING:
        return found
    if not queries.elsewhere(db):
        words = N_("Backups lie only on this machine's own disk: if it breaks or is stolen, they are gone too. Choose a USB stick or another machine.")
        found.append(Trouble("backup.here", "amber", words, for_whom="owner", act=PAGE))
    if not is_put_away(db, state.folder):
        words = N_("The recovery sheet is not put away in print yet. Without it no backup can be opened on another machine.")
        found.append(Trouble("backup.sheet", "amber", words, for_whom="owner", act=PAGE))
    return found


def too_old(db: Database) -> Trouble | None:
    newest = queries.newest_proved(db)
    hours = age_hours(newest.proved_at if newest else since(db))
    if hours < OLDEST:
        return None
    if newest is None:
        return Trouble("backup.never", "red", N_("There is no proved backup of this clinic yet."), act=PAGE)
    return Trouble("backup.old", "red", N_("The last proved backup is %(days)s days old."), {"days": f"{hours / 24:.1f}"}, act=PAGE)


def parted(db: Database) -> Trouble | None:
    """For the owner, who alone may know of it; until the next backup, and in the audit for good."""
    newest = queries.newest_proved(db)
    if newest is None or not newest.proven.parted:
        return None
    words = N_("The audit is not the one that the backup %(before)s holds. If the clinic was restored from something older since, that is why. If not, somebody changed it from outside: keep that backup, and show this to whoever looks after this computer.")
    return Trouble("backup.parted", "red", words, {"before": newest.proven.parted}, "owner", "/manage/audit")


def since(db: Database) -> str:
    """When this clinic's file learnt to keep backups."""
    return datetime.fromisoformat(db.value(SINCE)).replace(tzinfo=UTC).isoformat()


troubles.watch("backup", look)
