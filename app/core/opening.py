"""Opening the clinic's file: to write, or only to read where the disk takes nothing."""

from pathlib import Path

from app.core import faults
from app.core.errors import Unwritable
from app.core.sqlite import sqlite3

STATEMENTS = 512  # kept prepared per connection; the house has some hundreds, sqlite3 keeps 128

_WRITER = """
PRAGMA journal_mode = wal; PRAGMA synchronous = full; PRAGMA foreign_keys = on;
PRAGMA busy_timeout = 5000; PRAGMA recursive_triggers = on; PRAGMA trusted_schema = off;
PRAGMA secure_delete = on; PRAGMA cache_size = -16000; PRAGMA temp_store = memory;
"""
_READER = "PRAGMA query_only = on; PRAGMA trusted_schema = off; PRAGMA cache_size = -2000; PRAGMA temp_store = memory;"


def writer(path: Path) -> tuple[sqlite3.Connection, bool]:
    """The connection that writes; and whether the file is frozen: then it refuses to.

    Beside a file on a disk that takes nothing SQLite cannot make the log's index that it wants for reading, so it is told that
    nothing will change. Only while no log is left beside the file, for that would not be seen. Raises sqlite3.Error.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        connection = _connect(path)
        connection.executescript(_WRITER)
        return connection, False
    except sqlite3.OperationalError as error:
        log = path.with_name(f"{path.name}-wal")
        if not isinstance(faults.of(error), Unwritable) or not path.exists() or (log.exists() and log.stat().st_size):
            raise
        return reader(path, frozen=True), True


def reader(path: Path, frozen: bool) -> sqlite3.Connection:
    connection = _connect(f"{path.absolute().as_uri()}?mode=ro{'&immutable=1' if frozen else ''}")
    connection.executescript(_READER)
    return connection


def _connect(path: Path | str) -> sqlite3.Connection:
    return sqlite3.connect(path, uri=isinstance(path, str), isolation_level=None, check_same_thread=False, cached_statements=STATEMENTS)
