"""What a file holds, told so that two can be compared: the rows of every table and a digest of them."""

from collections.abc import Callable
from hashlib import sha256

import msgspec

from app.core.links import LAST
from app.core.sqlite import sqlite3

SCHEMA = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name"
TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY name"
ROWS = 'SELECT * FROM "{table}" NOT INDEXED'  # in the order of the table itself, whatever indexes there are
MIGRATIONS = 'SELECT name FROM "_sqlite_migrations" ORDER BY name'
INTEGRITY = "PRAGMA integrity_check(1)"
FOREIGN_KEYS = "SELECT count(*) FROM pragma_foreign_key_check()"
CHAIN = "SELECT 1 FROM sqlite_schema WHERE name = 'event_chain'"
LINK_OF = "SELECT hash FROM event_chain WHERE event_id = :event"
AT_ONCE = 2000


def digests(connection: sqlite3.Connection, told: Callable[[int, int], None]) -> dict[str, tuple[int, str]]:
    """By table; the schema with its triggers too, under a name no table has."""
    names = [name for (name,) in connection.execute(TABLES)]
    found = {"": _digest(connection.execute(SCHEMA), lambda: None)}
    for done, name in enumerate(names):
        told(done, len(names))
        quoted = ROWS.format(table=name.replace('"', '""'))
        found[name] = _digest(connection.execute(quoted), lambda done=done: told(done, len(names)))
    return found


def _digest(cursor: sqlite3.Cursor, between: Callable[[], None]) -> tuple[int, str]:
    digest, rows = sha256(), 0
    while some := cursor.fetchmany(AT_ONCE):
        digest.update(msgspec.msgpack.encode(some))
        rows += len(some)
        between()
    return rows, digest.hexdigest()


def migrations(connection: sqlite3.Connection) -> list[str]:
    return [name for (name,) in connection.execute(MIGRATIONS)]


def head(connection: sqlite3.Connection) -> tuple[int, str] | None:
    """Where the chain of events ends; None in a file that has none yet."""
    end = connection.execute(LAST).fetchone() if connection.execute(CHAIN).fetchone() else None
    return (end[0], end[1].hex()) if end else None


def holds(connection: sqlite3.Connection, end: tuple[int, str]) -> bool:
    """Does the chain still go through what was its end at some time?"""
    found = connection.execute(LINK_OF, {"event": end[0]}).fetchone() if connection.execute(CHAIN).fetchone() else None
    return found is not None and found[0].hex() == end[1]


def sound(connection: sqlite3.Connection) -> bool:
    return connection.execute(INTEGRITY).fetchone()[0] == "ok" and connection.execute(FOREIGN_KEYS).fetchone()[0] == 0
