"""One process at a time: a file whose lock the system takes back however its holder ends."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


class Taken(Exception):
    """Another process holds it."""


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold the lock of this file. Raises Taken, or OSError where the file cannot be made."""
    with _opened(path) as lock:
        try:
            _take(lock)
        except OSError:
            raise Taken from None
        yield


def _opened(path: Path) -> BinaryIO:
    """On a disk that takes nothing, as it was left there: holding it needs no writing."""
    try:
        return path.open("a+b")
    except OSError as problem:
        if problem.errno != errno.EROFS or not path.exists():
            raise
        return path.open("rb")


def _take(lock: BinaryIO) -> None:
    if os.name == "nt":
        import msvcrt

        lock.seek(0)
        msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
