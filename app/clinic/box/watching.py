"""What the box itself may lack: room on its disk, leave to write, a whole file, a log that can be folded in."""

from contextlib import suppress
from pathlib import Path
from typing import Any

from app.clinic.box import checking, reserve
from app.core import disk
from app.core.db import Database
from app.core.disk import MB
from app.core.errors import Damaged, DiskFails, DiskFull, Refusal, ReadOnly
from app.core.troubles import Trouble
from app.core.words import N_

PAGE = "/manage/health"
FULL, VERY_LOW, LOW = 20 * MB, 200 * MB, 1024 * MB  # left on the disk; LOW, or twice the file, which a proved backup needs
FOLD, LONG_LOG = 32 * MB, 256 * MB  # SQLite folds a log of 4 MB by itself, unless somebody reads for long

_TOUCH = "UPDATE settings SET value = value WHERE name = 'secret'"


def look_at_disk(state: Any) -> Trouble | None:
    fault, left = state.db.faults.writing, disk.free(state.folder)
    if isinstance(fault, ReadOnly) or not disk.writable(state.folder):
        return Trouble("disk.readonly", "red", N_("The disk takes nothing new: nothing can be saved, what is stored can be read. Write on paper for now."), act=PAGE)
    if isinstance(fault, DiskFull) or left < FULL:
        return Trouble("disk.full", "red", N_("The disk is full: nothing new can be saved, what is stored can be read."), act=PAGE)
    if isinstance(fault, DiskFails):
        return Trouble("disk.fails", "red", N_("The disk does not answer as it should: saving fails, what is stored can be read."), act=PAGE)
    return _low(state.db, left)


def _low(db: Database, left: int) -> Trouble | None:
    params = {"mb": left // MB}
    if left < VERY_LOW:
        return Trouble("disk.low", "red", N_("The disk is nearly full: %(mb)s MB are left."), params, act=PAGE)
    if left < max(LOW, 2 * size(db.path)):
        return Trouble("disk.low", "amber", N_("The disk is filling up: %(mb)s MB are left."), params, "owner", PAGE)
    return None


def look_at_file(state: Any) -> Trouble | None:
    faults = state.db.faults
    if not isinstance(faults.reading, Damaged | DiskFails):
        return _dangling(state.db)
    places = ", ".join(_last(state.db).places)
    if not faults.damaged:
        return Trouble("file.damaged", "red", N_("Something in the clinic's file could not be read. It is being looked over now."), act=PAGE)
    if not places:
        return Trouble("file.damaged", "red", N_("The clinic's file is damaged: nothing new is taken in, what is whole can be read. The last good backup should be restored."), act=PAGE)
    return Trouble("file.damaged", "red", N_(
        "The clinic's file is damaged (%(places)s): nothing new is taken in, what is whole can be read. The last good backup should be restored."
    ), {"places": places}, act=PAGE)


def _dangling(db: Database) -> Trouble | None:
    if not _last(db).findings:
        return None
    return Trouble("file.dangling", "amber", N_("Looking the clinic's file over found something that does not fit together."), for_whom="owner", act=PAGE)


def _last(db: Database) -> checking.Check:
    """The last looking over; an empty one before the first, and where just that cannot be read."""
    with suppress(Refusal):
        if checks := checking.last(db):
            return checks[0]
    return checking.Check(0, "", 0, False, [], [], [])


def look_at_log(state: Any) -> Trouble | None:
    long = size(log_of(state.db))
    if long < LONG_LOG:
        return None
    return Trouble("log.long", "amber", N_("Some program has been reading the clinic's file for long, so that its log cannot be folded in (%(mb)s MB)."), {"mb": long // MB}, "owner", PAGE)


def log_of(db: Database) -> Path:
    return db.path.with_name(f"{db.path.name}-wal")


def size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def tend(state: Any) -> None:
    """In every sweep: see whether writing works again, let the log not grow, keep the reserve."""
    db = state.db
    if db.faults.writing:
        if isinstance(db.faults.writing, DiskFull):
            reserve.cut_once(db, state.folder)
        _try_writing(db)
    if size(log_of(db)) > FOLD:
        db.fold_log()
    reserve.tend(db, state.folder)


def _try_writing(db: Database) -> None:
    """A real write that changes nothing: when it succeeds, the fault is over."""
    with suppress(Refusal), db.aside():
        db.execute(_TOUCH)
