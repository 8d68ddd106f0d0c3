"""Files beside the database, kept under the hash of their content.

A name given by somebody never becomes a path. A file is safely on the disk, its folder's entry too, before
anybody may write a row that names it; a row without its file cannot happen, a file without a row is harmless.
"""

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from app.core.errors import DiskFull

PIECE = 256 * 1024
_HASH = re.compile(r"[0-9a-f]{64}")


class Files:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes) -> str:
        """Store the bytes and return their hash. The same content is stored once."""
        with self.incoming() as arriving:
            arriving.write(content)
            return arriving.keep()

    @contextmanager
    def incoming(self) -> Iterator["Incoming"]:
        """A file that arrives in pieces: `write` each, then `keep` it. What is not kept is gone at the end."""
        self.folder.mkdir(parents=True, exist_ok=True)
        arriving = Incoming(self, self.folder / f"{uuid4().hex}.part")
        try:
            yield arriving
        finally:
            arriving.file.close()
            arriving.path.unlink(missing_ok=True)

    def read(self, name: str) -> bytes:
        """Raises FileNotFoundError, also for what is no hash."""
        return self._path(name).read_bytes()

    def pieces(self, name: str) -> Iterator[bytes]:
        """The same for what may be large; it is opened before the first piece is asked for."""
        file = self._path(name).open("rb")
        return _pieces(file)

    def _path(self, name: str) -> Path:
        if not _HASH.fullmatch(name):
            raise FileNotFoundError("not the hash of a file")
        return self.folder / name[:2] / name


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece


class Incoming:
    """path: where it stands while it arrives, all of it after `flush`. size: bytes so far. Raises DiskFull."""

    def __init__(self, files: Files, path: Path) -> None:
        self.files, self.path, self.size = files, path, 0
        self.file = path.open("xb")
        self._hash = sha256()

    def write(self, piece: bytes) -> None:
        with _room():
            self.file.write(piece)
        self._hash.update(piece)
        self.size += len(piece)

    def flush(self) -> None:
        """Others may now read it at its path."""
        with _room():
            self.file.flush()

    @property
    def name(self) -> str:
        """The hash of what has arrived so far, as it would be kept."""
        return self._hash.hexdigest()

    def keep(self) -> str:
        """Store it for good and return its hash: on the disk, and its folders' entries too, when this returns."""
        name = self.name
        target = self.files._path(name)
        self.flush()
        with _room():
            target.parent.mkdir(exist_ok=True)
            if not target.exists():
                os.fsync(self.file.fileno())
                self.file.close()
                os.replace(self.path, target)
        # also where it stood already: whoever put it there a moment ago may not have come this far
        for folder in (target.parent, self.files.folder, self.files.folder.parent):
            _keep_entry(folder)
        return name


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull() from error
        raise


def _keep_entry(folder: Path) -> None:
    """Make a new entry outlast a power cut; Windows keeps entries by itself and opens no folders."""
    with suppress(PermissionError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
