"""One way to read: every thread has its own read-only connection, found at each call.

Results are always fetched whole, so no open cursor keeps the log growing. Inside a change the same
calls read through the writer and see what it has written.
"""

import threading
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from app.core import opening
from app.core.errors import NotFound
from app.core.faults import Faults
from app.core.sqlite import sqlite3

Shape = TypeVar("Shape")


class Reading:
    """The reading half of Database."""

    writer: sqlite3.Connection
    frozen = False

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._readers: list[sqlite3.Connection] = []
        self._owner: int | None = None  # the thread that holds the writer
        self.faults = Faults(path.parent)

    def _reader(self) -> sqlite3.Connection:
        if self._owner == threading.get_ident():
            return self.writer
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = opening.reader(self.path, self.frozen)
            self._local.connection = connection
            self._readers.append(connection)
        return connection

    def _ask(self, sql: str, params: dict[str, Any]) -> tuple[list[tuple], Any]:
        """The rows, and the cursor's description of their columns."""
        try:
            cursor = self._reader().execute(sql, params)
            return cursor.fetchall(), cursor.description
        except OverflowError:  # an address with a number larger than any row's
            raise NotFound() from None
        except sqlite3.DatabaseError as error:
            if refusal := self.faults.met_reading(error):
                raise refusal from error
            raise

    def all(self, shape: type[Shape], sql: str, **params: Any) -> list[Shape]:
        """Every row as `shape`: a Struct by column name, tuple, dict, or a scalar type for one column."""
        rows, columns = self._ask(sql, params)
        if shape is tuple or not rows:
            return rows
        names = tuple(column[0] for column in columns)
        if shape is dict:
            return [dict(zip(names, row, strict=True)) for row in rows]
        if not issubclass(shape, msgspec.Struct):
            return [row[0] for row in rows]
        if names == shape.__struct_fields__:
            return [shape(*row) for row in rows]
        return [shape(**dict(zip(names, row, strict=True))) for row in rows]

    def one(self, shape: type[Shape], sql: str, **params: Any) -> Shape | None:
        """The first row as `shape`, or None."""
        rows = self.all(shape, sql, **params)
        return rows[0] if rows else None

    def value(self, sql: str, **params: Any) -> Any:
        """The first column of the first row, or None."""
        rows, _columns = self._ask(sql, params)
        return rows[0][0] if rows else None

    def copy_to(self, target: Path) -> None:
        """A consistent copy of the file, made without holding the writer."""
        copy = sqlite3.connect(target)
        try:
            self._reader().backup(copy)  # in one step: in several, every write in between would begin it anew
        finally:
            copy.close()

    def close_readers(self) -> None:
        for connection in self._readers:
            connection.close()
        self._readers.clear()
        self._local = threading.local()
