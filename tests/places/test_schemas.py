"""Every schema that was ever released, with rows in it, becomes today's and keeps them.

tests/fixtures/schemas holds, for each released migration, what the schema then said anew of each table, index and trigger (not
the migration's own statements, so that one that is edited later is noticed), and rows of an invented clinic of the last of them. An earlier
schema gets what of these rows fits it.
"""

from functools import cache
from pathlib import Path

import pytest

from app.core import migrations, settings
from app.core.db import Database
from app.core.migrations import statements
from app.core.sqlite import sqlite3
from app.main import open_clinic

FOLDER = Path(__file__).parent.parent / "fixtures" / "schemas"
RELEASED = sorted(path.stem for path in FOLDER.glob("[0-9]*.sql"))
SCHEMA = "SELECT type || ' ' || name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT GLOB '*sqlite_*'"
GONE = "-- gone: "
# What earlier versions kept in columns that are gone, from what is there now.
FORMERLY = {
    ("card_types", "name_zh"): "'卡' || id", ("card_types", "name_en"): "'Card ' || id",
    ("card_types", "price_fen"): "id * 100", ("card_types", "months"): "id",
}


def schema(upto: str) -> dict[str, str]:
    """`table patients`: CREATE TABLE …, as it was after this migration."""
    found: dict[str, str] = {}
    for name in RELEASED[: RELEASED.index(upto) + 1]:
        text = (FOLDER / f"{name}.sql").read_text(encoding="utf-8")
        for line in text.splitlines():
            if line.startswith(GONE):
                del found[line.removeprefix(GONE)]
        for statement in statements(text):
            statement = statement[statement.index("CREATE"):].rstrip(";")
            words = statement.removeprefix("CREATE ").replace("UNIQUE ", "", 1).replace("VIRTUAL ", "", 1).split(maxsplit=2)
            found[words[0].lower() + " " + words[1].strip('"')] = statement  # SQLite quotes what was renamed
    return found


def made(path: Path | str, objects: dict[str, str]) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous = off")
    for name, sql in objects.items():
        if name.startswith("table "):
            connection.execute(sql)
    return connection


@cache
def clinic() -> sqlite3.Connection:
    """The rows, in the last released schema."""
    connection = made(":memory:", schema(RELEASED[-1]))
    for statement in statements((FOLDER / "rows.sql").read_text(encoding="utf-8")):
        connection.execute(statement)
    return connection


def released(path: Path, upto: str) -> dict[str, list[dict]]:
    """A file as that version left it: its schema, the rows that fit it, the migrations it has had. Returns its rows."""
    objects = schema(upto)
    connection = made(path, objects)
    connection.execute("PRAGMA journal_mode = wal")
    connection.execute("BEGIN")
    for table in [name.split()[1] for name in objects if name.startswith("table ")]:
        put_rows(connection, table)
    while lost := connection.execute("PRAGMA foreign_key_check").fetchall():
        for table, rowid, *_ in lost:  # some tables have no rowid to tell their rows by
            connection.execute(f"DELETE FROM {table}{' WHERE rowid = ' + str(rowid) if rowid else ''}")
    for name, sql in objects.items():
        if not name.startswith("table "):
            connection.execute(sql)
    connection.execute("CREATE TABLE _sqlite_migrations (id INTEGER PRIMARY KEY, migration_set TEXT, name TEXT, applied_at TEXT)")
    for name in RELEASED[: RELEASED.index(upto) + 1]:
        connection.execute("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('yihe', ?, '2026-11-21')", [name])
    connection.execute("COMMIT")
    rows = everything(connection)
    connection.close()
    return rows


def put_rows(connection: sqlite3.Connection, table: str) -> None:
    columns = [row[1] for row in connection.execute(f"SELECT * FROM pragma_table_info('{table}')")]
    now = {row[1] for row in clinic().execute(f"SELECT * FROM pragma_table_info('{table}')")}
    given = {column: FORMERLY.get((table, column), column) for column in columns if column in now or (table, column) in FORMERLY}
    # an event of what was not there yet would be told of rows that are missing
    which = "kind NOT LIKE 'card%'" if table == "events" and not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'cards'").fetchone() else "1"
    for row in clinic().execute(f"SELECT {', '.join(given.values())} FROM {table} WHERE {which}") if now else []:
        try:
            connection.execute(f"INSERT INTO {table} ({', '.join(given)}) VALUES ({', '.join('?' * len(row))})", row)
        except sqlite3.IntegrityError:
            pass  # this version wanted it otherwise


def everything(connection: sqlite3.Connection) -> dict[str, list[dict]]:
    found = {}
    for table, in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB '*sqlite_*'").fetchall():
        rows = connection.execute(f"SELECT * FROM {table}")
        names = [column[0] for column in rows.description]
        found[table] = [dict(zip(names, row, strict=True)) for row in rows]
    return found


@pytest.mark.parametrize("upto", RELEASED)
def test_it_becomes_todays_with_its_rows(upto, tmp_path):
    before = released(tmp_path / "clinic.db", upto)
    assert len(before["events"]) > 15 and {table for table, rows in before.items() if not rows} <= {"looks", "unmaskings"}
    db = Database(tmp_path / "clinic.db")
    db.writer.execute("PRAGMA synchronous = off")
    migrations.migrate(db)
    assert dict(db.writer.execute(SCHEMA)) == todays()
    assert db.writer.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert db.writer.execute("PRAGMA foreign_key_check").fetchall() == []
    assert lost(before, everything(db.writer)) == {}
    db.close()


def test_a_row_that_is_lost_would_be_noticed(tmp_path):
    before = released(tmp_path / "clinic.db", RELEASED[-1])
    after = {table: [dict(row) for row in rows] for table, rows in before.items()}
    after["allergies"].pop()
    after["patients"][0]["name"] = "另一个人"
    assert lost(before, after).keys() == {"allergies", "patients"}


def lost(before: dict[str, list[dict]], after: dict[str, list[dict]]) -> dict[str, dict]:
    """By table, one row that is not there as it was, in the columns that both versions have."""
    found = {}
    for table, rows in before.items():
        columns = sorted(rows[0].keys() & after[table][0].keys()) if rows and after.get(table) else []
        there = {repr([row[column] for column in columns]) for row in after.get(table, [])}
        for row in rows:
            if not columns or repr([row[column] for column in columns]) not in there:
                found[table] = row
    return found


@cache
def todays() -> dict[str, str]:
    db = sqlite3.connect(":memory:", isolation_level=None)
    for path in sorted(migrations.FOLDER.glob("[0-9]*.sql")):
        for statement in statements(path.read_text(encoding="utf-8")):
            db.execute(statement)
    found = dict(db.execute(SCHEMA))
    db.close()
    return found


def test_released_migrations_still_make_what_they_made():
    """A migration that was released is never edited: the files out there have had it as it was."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    for name in RELEASED:
        for statement in statements((migrations.FOLDER / f"{name}.sql").read_text(encoding="utf-8")):
            db.execute(statement)
        assert dict(db.execute(SCHEMA)) == schema(name), name
    db.close()


def test_the_clinic_opens_on_the_oldest_and_the_newest_of_them(tmp_path):
    for upto in (RELEASED[0], RELEASED[-1]):
        folder = tmp_path / upto
        folder.mkdir()
        released(folder / "clinic.db", upto)
        db = open_clinic(folder)
        assert settings.get(db, "secret") and (folder / "snapshots").is_dir()
        db.close()
