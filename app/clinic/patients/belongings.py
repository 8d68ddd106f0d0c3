"""What belongs to a person: every table that names one, declared by the package whose table it is.

Joining two records moves all of it, the person's file tells all of it, and a test compares the list with the schema, so
that a table nobody declared is noticed.
"""

import json
from typing import Any

import msgspec

from app.core.db import Database
from app.core.words import N_

Picture = dict[tuple[str, str], dict[str, Any]]  # (table, primary key as JSON) → the row


class Belonging(msgspec.Struct, frozen=True):
    """How the rows of one table follow their person when two records become one.

    column: the one that names the person. alike: columns in which, beside the person, no two live rows may agree.
    ended: the column that ends a live row (an event's id); of two that agree the one that moves is ended first.
    why: the column for the reason it was ended. stays: rows that may never be edited, and are read through the person's earlier numbers instead.
    """

    table: str
    column: str = "patient_id"
    alike: tuple[str, ...] | None = None
    ended: str = ""
    why: str = ""
    stays: bool = False


BELONGINGS: dict[tuple[str, str], Belonging] = {}


def belongs(
    table: str, column: str = "patient_id", *, alike: tuple[str, ...] | None = None, ended: str = "", why: str = "", stays: bool = False
) -> None:
    """Declare that rows of `table` name a person in `column`. Twice the same is a mistake."""
    if (table, column) in BELONGINGS:
        raise ValueError(f"{table}.{column} is declared twice")
    BELONGINGS[table, column] = Belonging(table, column, alike, ended, why, stays)


def moving() -> list[Belonging]:
    return [one for one in BELONGINGS.values() if not one.stays]


# ── moving everything ──

ALIKE = """
SELECT g.id, k.id FROM {table} g JOIN {table} k ON k.{column} = :kept AND k.{ended} IS NULL {agree}
WHERE g.{column} = :gone AND g.{ended} IS NULL
"""
END = "UPDATE {table} SET {ended} = :event{why} WHERE id IN (SELECT value FROM json_each(:ids))"
JOINED = N_("two records of one person were joined")
MOVE = "UPDATE OR IGNORE {table} SET {column} = :kept WHERE {column} = :gone"

Pairs = dict[str, list[tuple[int, int]]]  # table → (the row that was ended, the one that stands in its place)


def move(db: Database, gone: int, kept: int, event_id: int, first: frozenset[str] = frozenset()) -> Pairs:
    """Everything of `gone` becomes `kept`'s; inside a change.

    Of two live rows of which only one can be, the mover's is ended, or in the tables named in `first` the other. A row
    that would stand there twice as it is (the same search key) stays behind, where nobody misses it.
    """
    ended: Pairs = {}
    for one in moving():
        if one.alike is not None and one.ended:
            if pairs := _end_one_of_two(db, one, gone, kept, event_id):
                ended[one.table] = [pair[::-1] for pair in pairs] if one.table in first else pairs
                ids = [pair[0] for pair in ended[one.table]]
                why = f", {one.why} = :why" if one.why else ""
                db.execute(END.format(table=one.table, ended=one.ended, why=why), event=event_id, ids=json.dumps(ids), why=JOINED)
        db.execute(MOVE.format(table=one.table, column=one.column), gone=gone, kept=kept)
    return ended


def _end_one_of_two(db: Database, one: Belonging, gone: int, kept: int, event_id: int) -> list[tuple[int, int]]:
    agree = "".join(f"AND k.{name} IS g.{name} " for name in one.alike or ())
    sql = ALIKE.format(table=one.table, column=one.column, ended=one.ended, agree=agree)
    return db.all(tuple, sql, gone=gone, kept=kept)


# ── what the rows say, before and after ──

PRIMARY = "SELECT name FROM pragma_table_info(:table) WHERE pk ORDER BY pk"
ROWS = "SELECT * FROM {table} WHERE {column} IN (SELECT value FROM json_each(:people))"


def primary(db: Database, table: str) -> list[str]:
    return db.all(str, PRIMARY, table=table)


def picture(db: Database, people: list[int]) -> Picture:
    """Every row that moves with these people, and their own."""
    found: Picture = {}
    for one in [Belonging("patients", "id"), *moving()]:
        names = primary(db, one.table)
        for row in db.all(dict, ROWS.format(table=one.table, column=one.column), people=json.dumps(people)):
            found[one.table, json.dumps([row[name] for name in names])] = row
    return found
