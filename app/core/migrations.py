"""Migrations: numbered .sql files, each applied once, in order.

An update's files are applied together: all of them or none, so that the former Yihe can go on where the new one could not
begin. A copy of the file from before is kept besides.
"""

from pathlib import Path

import sqlite_utils
from sqlite_utils import Migrations

from app.core import snapshots
from app.core.db import Database
from app.core.sqlite import sqlite3

FOLDER = Path(__file__).parent.parent.parent / "migrations"


class TooNew(Exception):
    """The file was written by a newer Yihe; its unknown migrations are in args."""


class Failed(Exception):
    """The update could not change the file, which is as it was. name: the migration; copy: where the file from before stands, if anywhere."""

    def __init__(self, name: str, why: str, copy: Path | None) -> None:
        super().__init__(name, why)
        self.name, self.why, self.copy = name, why, copy


def statements(sql: str) -> list[str]:
    """Split a script into statements; triggers keep their inner semicolons."""
    found, part = [], ""
    for line in sql.splitlines(keepends=True):
        part += line
        if sqlite3.complete_statement(part):
            found.append(part.strip())
            part = ""
    if any(line.strip() and not line.strip().startswith("--") for line in part.splitlines()):
        raise ValueError(f"unfinished statement: {part.strip()[:80]}")
    return found


def planned(folder: Path = FOLDER) -> Migrations:
    """The folder's files as a migration set, named by their file names."""
    migrations = Migrations("yihe")
    for path in sorted(folder.glob("[0-9]*.sql")):
        def apply(db: sqlite_utils.Database, path: Path = path) -> None:
            try:
                for statement in statements(path.read_text(encoding="utf-8")):
                    db.conn.execute(statement)
            except (ValueError, sqlite3.Error) as problem:
                raise Failed(path.stem, str(problem), None) from problem
        migrations(name=path.stem)(apply)
    return migrations


def unknown(db: Database, folder: Path = FOLDER) -> list[str]:
    """Migrations the file has had and this Yihe does not know."""
    known = {path.stem for path in folder.glob("[0-9]*.sql")}
    applied = planned(folder).applied(sqlite_utils.Database(db.writer, recursive_triggers=False))
    return [one.name for one in applied if one.name not in known]


def pending(db: Database, folder: Path = FOLDER) -> list[str]:
    tables = sqlite_utils.Database(db.writer, recursive_triggers=False)
    return [one.name for one in planned(folder).pending(tables)]


def migrate(db: Database, folder: Path = FOLDER) -> None:
    """Bring the file up to date. Raises TooNew or Failed, and changes nothing then."""
    if ahead := unknown(db, folder):
        raise TooNew(*ahead)
    waiting = pending(db, folder)
    if not waiting:
        return
    copy = _copy(db, waiting[0]) if db.columns else None
    _apply(db, folder, waiting, copy)
    snapshots.prune(db.path.parent)
    db.reload_schema()


def _copy(db: Database, name: str) -> Path:
    try:
        return snapshots.take(db, f"before-{name}")
    except (OSError, sqlite3.Error) as problem:
        raise Failed(name, f"no copy could be made before it: {problem}", None) from problem


def _apply(db: Database, folder: Path, waiting: list[str], copy: Path | None) -> None:
    tables = sqlite_utils.Database(db.writer, recursive_triggers=False)
    try:
        with tables.atomic():
            planned(folder).apply(tables)
    except Failed as failure:
        raise Failed(failure.name, failure.why, copy) from failure
    except sqlite3.Error as problem:  # only when it was to be kept: a row that refers to nothing, a full disk
        raise Failed(waiting[-1], str(problem), copy) from problem
