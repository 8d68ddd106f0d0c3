"""Lines ready to be written: fifty of them make a page, so its template only prints."""

import msgspec
from markupsafe import Markup

from app.clinic import patients, tags
from app.clinic.lists.columns import Column
from app.clinic.lists.shapes import Row
from app.core import clock
from app.core.db import Database

PLAIN, DIGITS = Markup(""), Markup(' class="num"')


class Line(msgspec.Struct, frozen=True):
    """A person on a list. cells: (attributes of the cell, text) of every column but the tags, which stand last."""

    id: int
    number: str
    name: str
    cells: list[tuple[Markup, str]]
    tags: list[tags.Tag]
    masked: bool


def lines(db: Database, rows: list[Row], shown: list[Column], masked: bool) -> list[Line]:
    """masked: names and numbers as passers-by may read them."""
    today = clock.today()
    labels = tags.current_of(db, [row.id for row in rows]) if any(one.name == "tags" for one in shown) else {}
    read = [
        (DIGITS if one.digits else PLAIN, one.read(db, rows, today), one.mask if masked else one.show)
        for one in shown if one.name != "tags"
    ]
    return [
        Line(row.id, row.number, patients.mask_name(row.name) if masked else row.name,
             [(css, _cell(texts.get(row.id), change)) for css, texts, change in read], labels.get(row.id, []), masked)
        for row in rows
    ]


def _cell(text: str | None, change) -> str:
    return change(text) if text and change else text or ""
