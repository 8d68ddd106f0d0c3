"""When the disk under the clinic's file fails: what SQLite and the system call it, as a refusal people can act on.

SQLite rolls the change back in every one of these cases, so nothing of it is half there.
"""

import errno
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from app.core import disk
from app.core.errors import Busy, Damaged, DiskFails, DiskFull, ReadOnly, Refusal, Unwritable
from app.core.sqlite import sqlite3

BY_NAME: dict[str, type[Refusal]] = {
    "SQLITE_FULL": DiskFull, "SQLITE_BUSY": Busy, "SQLITE_LOCKED": Busy, "SQLITE_READONLY": ReadOnly,
    "SQLITE_IOERR": DiskFails, "SQLITE_CANTOPEN": DiskFails, "SQLITE_CORRUPT": Damaged, "SQLITE_NOTADB": Damaged,
}
BY_NUMBER: dict[int, type[Refusal]] = {
    errno.ENOSPC: DiskFull, getattr(errno, "EDQUOT", errno.ENOSPC): DiskFull, errno.EROFS: ReadOnly, errno.EIO: DiskFails,
}

# Changes of the house itself, which go on in a damaged file: who wants to read must be able to sign in.
STILL = frozenset({
    "backup", "backup_key", "backup_place", "chain", "clock", "file", "reserve", "second_step", "session", "settings", "shift", "staff", "tablet",
})


def of(error: BaseException | None) -> Refusal | None:
    """The refusal an error of SQLite or of the system stands for, if it is the disk's or the lock's."""
    if isinstance(error, sqlite3.Error):
        name = "_".join((getattr(error, "sqlite_errorname", None) or "").split("_")[:2])  # SQLITE_IOERR_WRITE is one of SQLITE_IOERR
        kind = BY_NAME.get(name)
    else:
        kind = BY_NUMBER.get(error.errno) if isinstance(error, OSError) else None
    return kind() if kind else None


class Faults:
    """What the file's disk failed at last. Set by whoever stumbles over it, read by the looks of core/troubles.py.

    writing: why the last change could not be kept, until one can. reading: why something could not be read, until the file
    has been looked over and found whole. damaged: it was looked over and is not whole; facts are refused then.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.heard: Callable[[], None] = lambda: None  # called when a fault is new, by whoever stumbled: may only wake others
        self.writing: Refusal | None = None
        self.reading: Refusal | None = None
        self.damaged = False
        self.asked = False  # somebody asked for the file to be looked over
        self._changes = 0  # rows the writer had touched at the last commit

    def kept(self, changes: int) -> None:
        """A transaction was kept; only one that had rows to write shows that writing works again."""
        if changes != self._changes:
            self._changes, self.writing = changes, None

    def met(self, error: BaseException) -> Refusal | None:
        """As `of`, and remembered."""
        refusal = self._told(of(error))
        if not isinstance(refusal, Unwritable):
            return self._unreadable(refusal)
        new, self.writing = self.writing is None, refusal
        if new:
            self.heard()
        return refusal

    def met_reading(self, error: BaseException) -> Refusal | None:
        """The same for what was only to be read: there, that the connection does not write is no fault of the disk."""
        refusal = self._told(of(error))
        return None if isinstance(refusal, ReadOnly) else self._unreadable(refusal)

    def _unreadable(self, refusal: Refusal | None) -> Refusal | None:
        if isinstance(refusal, Damaged | DiskFails):
            new, self.reading = self.reading is None, refusal
            if new:
                self.heard()
        return refusal

    def _told(self, refusal: Refusal | None) -> Refusal | None:
        """SQLite calls much an input/output error: say which it is, where that is plain to see."""
        if not isinstance(refusal, DiskFails):
            return refusal
        with suppress(OSError):
            if not disk.writable(self.folder):
                return ReadOnly()
            if disk.free(self.folder) < disk.MB:
                return DiskFull()
        return refusal

    def allow(self, kind: str) -> None:
        """Raises Damaged for a fact that would go into a damaged file, which is to be restored from a copy."""
        if self.damaged and kind.partition(".")[0] not in STILL:
            raise Damaged()
