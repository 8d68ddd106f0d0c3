"""The disk the clinic's folder is on: how much is left, whether it takes writing, and a reserve that is given up when it is full.

The reserve is a file of real blocks, so deleting it helps whatever else fills the disk, a runaway log or another program.
"""

import os
import shutil
from contextlib import suppress
from pathlib import Path

MB = 2**20
PIECE = bytes(MB)


def free(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def total(folder: Path) -> int:
    return shutil.disk_usage(folder).total


def writable(folder: Path) -> bool:
    """Whether the system lets us write there; Windows is asked only for the folder's own right."""
    if hasattr(os, "statvfs") and os.statvfs(folder).f_flag & os.ST_RDONLY:
        return False
    return os.access(folder, os.W_OK)


class Ballast:
    """The reserve of one folder. It is made and cut back in place; whoever copies the folder leaves it out."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "ballast"

    @property
    def size(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    def make(self, size: int) -> None:
        """As many real blocks. Raises OSError, and leaves none where they could not all be had."""
        try:
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
            with open(handle, "r+b", buffering=0) as file:
                file.truncate(size)
                _take_blocks(file, size)
        except OSError:
            self.drop()
            raise

    def drop(self) -> int:
        """Give it all up; how much that was."""
        size = self.size
        self.path.unlink(missing_ok=True)
        return size

    def cut(self, by: int) -> None:
        """Give a slice up. No more than a convenience: where the system refuses, the owner's tap does the rest."""
        with suppress(OSError):
            os.truncate(self.path, max(self.size - by, 0))


def _take_blocks(file, size: int) -> None:
    """By the system's own call where there is one; else written out, for a hole takes no room."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(file.fileno(), 0, size)
        return
    file.seek(0)
    for begin in range(0, size, MB):
        file.write(PIECE[:min(MB, size - begin)])
    os.fsync(file.fileno())
