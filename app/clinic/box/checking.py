"""The clinic's file looked over as a whole: is every page what it was, does every row that is pointed at exist.

It reads on a connection of its own in a thread, so pages do not wait. Only what can be made again from the rows themselves is
mended, an index; a damaged table is left as it is and no new facts go in, because they would be lost with it when the last
good copy is restored.
"""

import re
import time
from contextlib import closing

import msgspec

from app.core import clock, events, faults
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Damaged
from app.core.sqlite import sqlite3
from app.core.words import N_

events.declare("file.mended", N_("Made indexes of the clinic's file again: %(indexes)s"), clinical=False)

events.declare("file.check_wanted", N_("Asked for the clinic's file to be looked over"), clinical=False)

KEPT = 60  # two months of nights
INTEGRITY = "PRAGMA integrity_check(100)"
DANGLING = 'SELECT "table", count(*) FROM pragma_foreign_key_check() GROUP BY "table"'
PLACES = "SELECT rootpage, type, name, tbl_name FROM sqlite_schema WHERE rootpage > 0"
LAST = "SELECT id, at, seconds, damaged, findings, places, mended FROM file_checks ORDER BY id DESC LIMIT :n"
FORGET = "DELETE FROM file_checks WHERE id <= (SELECT max(id) FROM file_checks) - :kept"
_TREE = re.compile(r"^Tree (\d+) ")
_INDEX = re.compile(r"(?:missing from|entries in|entry in) index (\w+)$")


class Found(msgspec.Struct, frozen=True):
    """lines: as SQLite says them, of pages that are damaged. dangling: rows that point at nothing, which harms nobody else.

    places: the tables they lie in, as far as that is known. indexes: set when it is indexes alone.
    """

    lines: list[str] = []
    dangling: list[str] = []
    places: list[str] = []
    indexes: list[str] = []


class Check(msgspec.Struct, frozen=True):
    """One looking over as it is kept. damaged: facts are refused since."""

    id: int
    at: str
    seconds: float
    damaged: bool
    findings: list[str]
    places: list[str]
    mended: list[str]


def last(db: Database, n: int = 1) -> list[Check]:
    """The latest first."""
    return [
        Check(id, at, seconds, bool(damaged), *(msgspec.json.decode(text) for text in texts))
        for id, at, seconds, damaged, *texts in db.all(tuple, LAST, n=n)
    ]


def look_over(db: Database) -> Found:
    """Everything that is wrong with the file. Reads only; may take minutes."""
    with closing(sqlite3.connect(f"{db.path.absolute().as_uri()}?mode=ro", uri=True)) as file:
        try:
            roots = {page: (kind, name, table) for page, kind, name, table in file.execute(PLACES)}
        except sqlite3.DatabaseError as error:  # of what holds the names of all others
            return Found([str(error)])
        if lines := _lines(file, INTEGRITY):
            return _sorted_out(file, lines, roots)
        dangling = file.execute(DANGLING).fetchall()
    return Found([], [f"{rows} rows of {table} point at rows that are not there" for table, rows in dangling], sorted(table for table, _ in dangling))


def _lines(file: sqlite3.Connection, sql: str) -> list[str]:
    """What a check says. It breaks off where it stumbles over a page itself; then what it had said by then, or that alone."""
    lines = []
    try:
        for (line,) in file.execute(sql):
            lines += [part for part in line.splitlines() if part != "ok" and not part.startswith("***")]
    except sqlite3.DatabaseError as error:
        if faults.of(error) is None:
            raise
        return lines or [str(error)]
    return lines


def _sorted_out(file: sqlite3.Connection, lines: list[str], roots: dict[int, tuple[str, str, str]]) -> Found:
    """Which table each line is about, and whether an index is all that is damaged. Where none says, each table is asked."""
    named = {name: (kind, name, table) for kind, name, table in roots.values()}
    about = [_about(line, roots, named) for line in lines]
    places = {table for *_, table in about if table}
    if not places:
        places = {table for kind, table, _of in roots.values() if kind == "table" and _lines(file, f'PRAGMA quick_check("{table}")')}
    indexes = {name for _kind, name, _table in about} if all(kind == "index" for kind, *_ in about) else set()
    return Found(lines, [], sorted(places), sorted(indexes))


def _about(line: str, roots: dict[int, tuple[str, str, str]], named: dict[str, tuple[str, str, str]]) -> tuple[str, str, str]:
    """(index or table, its name, its table), blank where the line does not say."""
    unknown = ("", "", "")
    if tree := _TREE.match(line):
        return roots.get(int(tree[1]), unknown)
    if index := _INDEX.search(line):
        return named.get(index[1], unknown)
    return unknown


def want(db: Database, actor: Actor) -> None:
    """Have it looked over now, beside the pages."""
    with db.change(actor, "file.check_wanted"):
        db.faults.asked = True


def waits(db: Database) -> bool:
    """It is to be looked over now: somebody asked, or something could not be read."""
    faults = db.faults
    return faults.asked or (faults.reading is not None and not faults.damaged)


def check(db: Database) -> Check:
    """Look the file over, mend what can be, keep the result, and close the house to new facts or open it again."""
    at, began = clock.stamp(), time.monotonic()
    found, mended = look_over(db), []
    if found.indexes and _mend(db, found.indexes):
        mended, found = found.indexes, look_over(db)
    db.faults.asked = False
    judge(db, bool(found.lines))
    row = {
        "at": at, "seconds": round(time.monotonic() - began, 2), "damaged": bool(found.lines), "findings": found.lines + found.dangling,
        "places": found.places, "mended": mended,
    }
    with db.aside():
        lists = {name: msgspec.json.encode(value).decode() for name, value in row.items() if isinstance(value, list)}
        id = db.insert("file_checks", row | lists)
        db.execute(FORGET, kept=KEPT)
    return Check(id, **row)


def judge(db: Database, damaged: bool) -> None:
    db.faults.damaged = damaged
    db.faults.reading = Damaged() if damaged else None


def remember(db: Database) -> None:
    """At start: what the last looking over found still holds."""
    if checks := last(db):
        judge(db, checks[0].damaged)


def _mend(db: Database, indexes: list[str]) -> bool:
    """Make them again from their tables, all or none. False where that does not work."""
    try:
        with db.change(None, "file.mended") as details:
            details["indexes"] = ", ".join(indexes)
            for name in indexes:
                db.execute(f'REINDEX "{name}"')
    except Damaged:
        return False
    return True
