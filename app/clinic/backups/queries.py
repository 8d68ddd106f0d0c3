"""What is known of the backups and their places."""

from pathlib import Path

from app.clinic.backups.placing import open_place
from app.clinic.backups.shapes import Kept, Run
from app.core import clock
from app.core.db import Database
from app.core.places import Place

_PLACE = """
SELECT p.id, p.kind, p.at, e.at AS since FROM backup_places p LEFT JOIN events e ON e.id = p.added_event_id
"""
STANDING = f"{_PLACE} WHERE p.removed_event_id IS NULL AND p.kind <> 'own' ORDER BY p.id"
EVERY = f"{_PLACE} ORDER BY p.id"
OWN = f"{_PLACE} WHERE p.kind = 'own'"
ONE_PLACE = f"{_PLACE} WHERE p.id = :id AND p.removed_event_id IS NULL"
ELSEWHERE = "SELECT count(*) FROM backup_places WHERE removed_event_id IS NULL AND same_disk = 0"
_RUN = """
SELECT b.id, b.place_id, w.at AS wanted_at, s.name AS by, b.not_before, b.tries, b.why, b.params, p.at AS proved_at,
  b.failed_event_id IS NOT NULL AS failed, b.cancelled_event_id IS NOT NULL AS cancelled, b.proof
FROM backups b JOIN events w ON w.id = b.wanted_event_id LEFT JOIN staff s ON s.id = w.actor_id LEFT JOIN events p ON p.id = b.proved_event_id
"""
_OPEN = "b.proved_event_id IS NULL AND b.failed_event_id IS NULL AND b.cancelled_event_id IS NULL"
ONE = f"{_RUN} WHERE b.id = :id"
OPEN = f"{_RUN} WHERE {_OPEN} AND b.place_id = :place"
DUE = f"{_RUN} WHERE {_OPEN} AND (b.not_before IS NULL OR b.not_before <= :now) ORDER BY b.id"
LAST_PROVED = f"{_RUN} WHERE b.proved_event_id IS NOT NULL AND b.place_id = :place ORDER BY b.proved_event_id DESC LIMIT 1"
LAST = f"{_RUN} WHERE b.place_id = :place ORDER BY b.id DESC LIMIT 1"
RECENT = f"{_RUN} ORDER BY b.id DESC LIMIT :limit"
NEWEST_PROVED = f"{_RUN} WHERE b.proved_event_id = (SELECT max(proved_event_id) FROM backups)"
WANTED_SINCE = "SELECT 1 FROM backups b JOIN events w ON w.id = b.wanted_event_id WHERE b.place_id = :place AND w.at >= :since"
FIRST_EVENT = "SELECT at FROM events ORDER BY id LIMIT 1"


def places(db: Database) -> list[Kept]:
    """Where backups go: the chosen places, else this machine itself."""
    return db.all(Kept, STANDING) or db.all(Kept, OWN)


def every_place(db: Database) -> list[Kept]:
    """Those of the past too."""
    return db.all(Kept, EVERY)


def goals(db: Database, data: Path) -> list[tuple[int | None, Place]]:
    """Where a backup from the terminal goes, also of a clinic that is not up to date: its file may not know of places yet."""
    if "backup_places" not in db.columns:
        return [(None, open_place(data, "own", ""))]
    return [(one.id, open_place(data, one.kind, one.at)) for one in places(db)]


def place(db: Database, id: int) -> Kept | None:
    return db.one(Kept, ONE_PLACE, id=id)


def elsewhere(db: Database) -> bool:
    """Whether one of them is on another disk than the clinic."""
    return bool(db.value(ELSEWHERE))


def run(db: Database, id: int) -> Run | None:
    return db.one(Run, ONE, id=id)


def open_run(db: Database, place_id: int) -> Run | None:
    return db.one(Run, OPEN, place=place_id)


def due(db: Database) -> list[Run]:
    return db.all(Run, DUE, now=clock.stamp())


def last(db: Database, place_id: int) -> Run | None:
    """The newest, whatever came of it."""
    return db.one(Run, LAST, place=place_id)


def last_proved(db: Database, place_id: int) -> Run | None:
    return db.one(Run, LAST_PROVED, place=place_id)


def newest_proved(db: Database) -> Run | None:
    """Of all places, also such as are used no more: it can still be restored."""
    return db.one(Run, NEWEST_PROVED)


def recent(db: Database, limit: int) -> list[Run]:
    return db.all(Run, RECENT, limit=limit)
