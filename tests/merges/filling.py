"""A row for a person in any table, made from what the schema says it must hold."""

import re
from itertools import count
from typing import Any

from app.core.db import Database
from app.core.sqlite import sqlite3

COLUMN = re.compile(r"(\w+) (INTEGER|TEXT|REAL|BLOB)\b(.*)", re.DOTALL)
OTHERS = {  # what a CHECK over several columns asks for
    "work_items": {"due_on": "2026-11-20", "show_from": "2026-11-20", "show_until": "2026-12-20", "role": "nurse"},
    "mistakes": {"refiled_event_id": 1},
    "encounters": {"at": "2026-11-20T09:30"},
    "attachments": {"kind": "pdf", "pages": 1},
    "breakglass": {"opened_at": "2026-11-20T01:30:00.000Z", "ends_at": "2026-11-20T02:30:00.000Z"},
    "roster_lines": {"line": lambda db: next(number), "outcome": "known"},
    "card_entries": {"balance": lambda db: 1 + (db.value("SELECT balance FROM card_entries ORDER BY id DESC LIMIT 1") or 0)},
}
number = count(1)


def fill(db: Database, table: str, person: int, **given: Any) -> int:
    """One row of `table` about this person; its rowid. given: columns that are known already."""
    row = {name: value(db) if callable(value) else value for name, value in OTHERS.get(table, {}).items()} | given
    for name, kind, rest in columns(db, table):
        if name not in row and "NOT NULL" in rest and "DEFAULT" not in rest:
            row[name] = _value(db, name, kind, rest, person)
    sql = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})"
    try:
        return db.writer.execute(sql, list(row.values())).lastrowid
    except sqlite3.IntegrityError as error:
        raise AssertionError(f"{table}: say in OTHERS what it needs: {error}; {row}") from error


def columns(db: Database, table: str) -> list[tuple[str, str, str]]:
    """(name, type, the rest of its declaration)"""
    sql = re.sub(r"--[^\n]*", "", db.value("SELECT sql FROM sqlite_schema WHERE name = :table", table=table))
    parts, depth = [""], 0
    for letter in sql.partition("(")[2].rpartition(")")[0]:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [found.groups() for part in parts if (found := COLUMN.match(part.strip()))]


def _value(db: Database, name: str, kind: str, rest: str, person: int) -> Any:
    if refers := re.search(r"REFERENCES (\w+)", rest):
        if refers[1] == "patients":
            return person
        return db.value(f"SELECT min(id) FROM {refers[1]}") or fill(db, refers[1], person)
    if choice := re.search(r"IN \(\s*(?:'([^']*)'|(\d+))", rest):
        return choice[1] if choice[1] is not None else int(choice[2])
    if "GLOB '????-??-??'" in rest or (kind == "TEXT" and name.endswith("_on")):
        return "2026-11-20"
    if kind in ("INTEGER", "REAL"):
        return 1
    if name == "at":
        return "2026-11-20T01:30:00.000Z"
    if "json_valid" in rest:
        return "{}"
    return f"{next(number):064d}" if "= 64" in rest else f"{name}-{next(number)}"
