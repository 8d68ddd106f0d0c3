"""Where copies are kept outside the clinic's folder: a stick, a folder, another machine.

A place holds files by short names of its own (`yihe-20261122-020000.yihe`, `files/3f/3f9a…`). What is `put` is there whole
or not at all, and outlasts a power cut. Nothing of it is read by the clinic at work.
"""

import errno
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from io import FileIO
from pathlib import Path
from typing import Protocol

from app.core.errors import NotFound, Refusal
from app.core.words import N_

PIECE = 256 * 1024
PART = ".part"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9]+)*")


class Unreachable(Refusal):
    """The place is not there now: a stick that is not plugged in, a machine that is off. Trying again later may do."""


class NoRoom(Refusal):
    """The place is full."""

    def __init__(self) -> None:
        super().__init__(N_("The place of the backups is full."))


class Place(Protocol):
    """Whoever implements it raises Unreachable for what may be better later, NoRoom, and NotFound for a name that is not there."""

    def prepare(self) -> None:
        """Make the place for the first time; nothing else makes it, so that an unplugged stick is never taken for an empty one."""

    def names(self, folder: str = "") -> dict[str, int]:
        """The files of one folder by full name with their sizes; what is only half there is not among them. No such folder: none."""

    def put(self, name: str, pieces: Iterable[bytes]) -> int:
        """Keep the bytes under this name, replacing what stood there; returns their number. An exception from `pieces` leaves nothing."""

    def get(self, name: str) -> Iterator[bytes]:
        """The bytes in pieces, read from the place itself; it is opened before the first piece is asked for."""

    def drop(self, name: str) -> None:
        """Remove it; what is not there is removed already."""

    def close(self) -> None:
        """Let go of connections."""


def parts_of(name: str) -> list[str]:
    """The parts of a name of ours. Raises NotFound for anything that could lead out of the place."""
    parts = name.split("/")
    if not all(_NAME.fullmatch(part) for part in parts):
        raise NotFound()
    return parts


class FolderPlace:
    """A folder: on a stick, on another disk, on a share of the network."""

    MARK = "README.txt"  # what `prepare` writes; without it the folder is not ours, or its stick is not there

    def __init__(self, folder: Path, says: str = "Yihe") -> None:
        self.folder, self.says = folder, says

    def prepare(self) -> None:
        with _reaching():
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
            except FileNotFoundError as missing:  # on a drive that is not there
                raise Unreachable(N_("There is no such folder on this machine.")) from missing
        _write(self._path(self.MARK), [self.says.encode()])

    def names(self, folder: str = "") -> dict[str, int]:
        self._there()
        inside = self._path(folder) if folder else self.folder
        start = f"{folder}/" if folder else ""
        found = {}
        with _reaching(), suppress(FileNotFoundError), os.scandir(inside) as entries:
            for entry in entries:
                if entry.is_file(follow_symlinks=False) and entry.name != self.MARK and not entry.name.endswith(PART):
                    found[start + entry.name] = entry.stat().st_size
        return found

    def put(self, name: str, pieces: Iterable[bytes]) -> int:
        self._there()
        target = self._path(name)
        with _reaching():
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.parent == self.folder:  # elsewhere the same name comes again and takes its own half's place
                for left in self.folder.glob(f"*{PART}"):
                    left.unlink(missing_ok=True)
        return _write(target, pieces)

    def get(self, name: str) -> Iterator[bytes]:
        self._there()
        with _reaching():
            try:
                handle = os.open(self._path(name), os.O_RDONLY | getattr(os, "O_BINARY", 0))
            except FileNotFoundError:
                raise NotFound() from None
        return _pieces(handle)

    def drop(self, name: str) -> None:
        self._there()
        with _reaching(), suppress(FileNotFoundError):
            self._path(name).unlink()

    def close(self) -> None:
        """Nothing is held open."""

    def _path(self, name: str) -> Path:
        """In the place itself. A link that somebody put on a stick could lead to the clinic's own files, to be cleared away as old ones."""
        path = self.folder
        for part in ("", *parts_of(name)):
            path /= part
            with _reaching():
                if path.is_symlink():
                    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        return path

    def _there(self) -> None:
        if not (self.folder / self.MARK).is_file():
            raise Unreachable(N_("The place of the backups is not there: is the stick plugged in, the folder's disk switched on?"))


class FoundFolder(FolderPlace):
    """A folder somebody points at, whatever is missing in it: to read from."""

    def _path(self, name: str) -> Path:
        """By a link too, which nothing is written through."""
        return self.folder.joinpath(*parts_of(name))

    def _there(self) -> None:
        """They see it."""


def _write(target: Path, pieces: Iterable[bytes]) -> int:
    """Whole on the disk under its name when this returns, or not there. What `pieces` raises is not the place's fault."""
    half, size = target.with_name(target.name + PART), 0
    try:
        with _reaching():
            half.unlink(missing_ok=True)  # of a killed run; or a link, which must not be written through
            handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        with open(handle, "wb", buffering=0) as file:
            for piece in pieces:
                with _reaching():
                    size += _whole(file, piece)
            with _reaching():
                os.fsync(file.fileno())
        with _reaching():
            os.replace(half, target)
    finally:
        with suppress(OSError):
            half.unlink()
    keep_entry(target.parent)
    return size


def _whole(file: FileIO, piece: bytes) -> int:
    """Unbuffered, so that a full disk is met here and not when the file is closed."""
    rest = memoryview(piece)
    while rest:
        rest = rest[file.write(rest):]
    return len(piece)


def _pieces(handle: int) -> Iterator[bytes]:
    """Read from the medium, not from what the system still remembers of writing it."""
    with open(handle, "rb", buffering=0) as file:
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        while True:
            with _reaching():
                piece = file.read(PIECE)
            if not piece:
                return
            yield piece


def keep_entry(folder: Path) -> None:
    """Make a new name outlast a power cut, where folders can be opened and synced at all."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


class _reaching:
    """Errors of the disk as what can be done about them."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if not isinstance(error, OSError) or isinstance(error, FileNotFoundError):
            return
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise NoRoom() from error
        raise Unreachable(N_("The place of the backups cannot be written or read: %(why)s"), why=error.strerror or type(error).__name__) from error
