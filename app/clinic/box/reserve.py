"""The reserve on the disk: made when there is room, given up by one tap of an owner when there is none."""

from pathlib import Path

from app.clinic import staff
from app.core import disk, events, settings
from app.core.access import Actor
from app.core.db import Database
from app.core.disk import MB, Ballast
from app.core.words import N_

events.declare("reserve.given_up", N_("Gave up the reserve on the disk: %(mb)s MB"), clinical=False)

SETTING = "reserve_mb"  # unset: as much as fits the disk; 0: none
MOST = 500 * MB
SHARE = 20  # of what is free: 5 %
ROOM = 1024 * MB  # stays free beside it
SLICE = 16 * MB  # given up at once on a full disk, so that an owner can sign in and give up the rest


def wanted(db: Database, folder: Path) -> int:
    """How large it should be, in bytes; a clinic that is not set up yet has none."""
    chosen = settings.get(db, SETTING)
    if chosen is not None:
        return chosen * MB
    if staff.is_fresh(db):
        return 0
    return min(MOST, (disk.free(folder) + Ballast(folder).size) // SHARE) // MB * MB


def tend(db: Database, folder: Path) -> None:
    """Make it as large as it should be, when that leaves room; smaller it becomes at once."""
    ballast, size = Ballast(folder), wanted(db, folder)
    if not size:
        ballast.drop()
    elif abs(ballast.size - size) > size // 4 and disk.free(folder) + ballast.size > size + ROOM:
        ballast.make(size)


def cut_once(db: Database, folder: Path) -> None:
    ballast = Ballast(folder)
    if ballast.size >= wanted(db, folder) > SLICE:
        ballast.cut(SLICE)


def give_up(db: Database, actor: Actor, folder: Path) -> int:
    """Delete it first: only then is there room to write that it was done. In bytes."""
    size = Ballast(folder).drop()
    with db.change(actor, "reserve.given_up") as details:
        details["mb"] = size // MB
    return size
