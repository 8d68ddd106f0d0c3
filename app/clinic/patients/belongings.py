"""What belongs to a person: every table that names one, declared by the package whose table it is.

Joining two records moves all of it, the person's file tells all of it, and a test compares the list with the schema, so
that a table nobody declared is noticed.
"""

import msgspec


class Belonging(msgspec.Struct, frozen=True):
    """How the rows of one table follow their person when two records become one.

    column: the one that names the person. alike: columns in which, beside the person, no two live rows may agree.
    ended: the column that ends a live row (an event's id); of two that agree the one that moves is ended first.
    stays: rows that may never be edited, and are read through the person's earlier numbers instead.
    """

    table: str
    column: str = "patient_id"
    alike: tuple[str, ...] | None = None
    ended: str = ""
    stays: bool = False


BELONGINGS: dict[tuple[str, str], Belonging] = {}


def belongs(table: str, column: str = "patient_id", *, alike: tuple[str, ...] | None = None, ended: str = "", stays: bool = False) -> None:
    """Declare that rows of `table` name a person in `column`. Twice the same is a mistake."""
    if (table, column) in BELONGINGS:
        raise ValueError(f"{table}.{column} is declared twice")
    BELONGINGS[table, column] = Belonging(table, column, alike, ended, stays)
