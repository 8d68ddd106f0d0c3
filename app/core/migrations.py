"""Migrations: numbered .sql files, each applied once, in order, in one transaction."""

from pathlib import Path

import sqlite_utils
from sqlite_utils import Migrations

from app.core.db import Database
from app.core.sqlite import sqlite3

FOLDER = Path(__file__).parent.parent.parent / "migrations"


class TooNew(Exception):
    """The file was written by a newer Yihe; its unknown migrations are in args."""


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
            for statement in statements(path.read_text(encoding="utf-8")):
                db.conn.execute(statement)
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
    """Bring the file up to date. Raises TooNew and changes nothing when it is ahead of us."""
    if ahead := unknown(db, folder):
        raise TooNew(*ahead)
    planned(folder).apply(sqlite_utils.Database(db.writer, recursive_triggers=False))
    db.reload_schema()
