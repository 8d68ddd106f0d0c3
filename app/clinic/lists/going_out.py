"""What leaves the house from a list: on paper or as a file, names and numbers in full. Each time is written down."""

from collections.abc import Iterator

from app.clinic.lists import queries
from app.clinic.lists.columns import Column, columns_of_file
from app.clinic.lists.shapes import Row, View
from app.clinic.lists.telling import sentence
from app.core import clock, events
from app.core.access import Actor
from app.core.db import Database
from app.core.words import N_, _, speaking

events.declare("list.exported", N_("Took %(n)s people out as a file (%(format)s): %(filter)s"), clinical=False)
events.declare("list.printed", N_("Printed a list of %(n)s people: %(filter)s"), clinical=False)
events.declare("list.labelled", N_("Printed labels of %(n)s people: %(filter)s"), clinical=False)


def note(db: Database, actor: Actor, kind: str, view: View, n: int, **more: str) -> None:
    """Who took what out: the filter in words and as an address, and how many people."""
    with db.change(actor, kind) as details:
        told = sentence(db, view) or _("everybody")
        details |= {"n": n, "filter": told, "query": view.query(), **more}


def table(db: Database, actor: Actor, view: View, people: list[int]) -> Iterator[list[str]]:
    """Heading, then a row per person; read in handfuls."""
    shown, today, language = columns_of_file(view, actor), clock.today(), actor.language
    with speaking(language):
        heading = [_("Name"), *(_(column.label) for column in shown)]
    yield heading
    for rows in queries.rows_of(db, people):
        with speaking(language):
            cells = _cells(db, shown, rows, today)
        yield from cells


def _cells(db: Database, shown: list[Column], rows: list[Row], today) -> list[list[str]]:
    texts = [column.read(db, rows, today) for column in shown]
    return [[row.name, *(text.get(row.id, "") or "" for text in texts)] for row in rows]
