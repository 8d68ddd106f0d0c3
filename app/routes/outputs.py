"""What leaves from a list: on paper, as labels, as a file. Each time is written down before it goes."""

from typing import Annotated, Any, Literal

import msgspec
from litestar import Request
from litestar.response import Response, Stream

from app.clinic import lists
from app.core import charts, clock, spreadsheets
from app.core.access import Actor, May
from app.core.db import Database
from app.core.errors import Invalid
from app.core.forms import Field, Form, bind, blank
from app.core.words import N_, _
from app.routes.lists import asked, sent, view_of
from app.routes.web import Fields, Page, TheActor, TheDb, get, page, post

MOST_PRINTED, MOST_LABELS = 1000, 480  # people at once
SHEETS = {"24": (24, N_("24 labels of 70 × 37 mm")), "21": (21, N_("21 labels of 63.5 × 38.1 mm"))}


class Printing(msgspec.Struct, frozen=True):
    what: Literal["list", "labels"] = "list"
    sheet: Literal["24", "21"] = "24"
    first: Annotated[int, Field(lowest=1, highest=24)] = 1


@get("/patients/output", needs=May.FIND_PATIENTS, slow=True)
def new(request: Request, db: TheDb, actor: TheActor) -> Page:
    return _new(db, actor, view_of(asked(request), actor), blank(Printing, sheet="24", first=1))


def _new(db: Database, actor: Actor, view: lists.View, form: Form, status: int = 200) -> Page:
    return page(
        "lists/output.html", view=view, form=form, said=lists.sentence(db, view), n=lists.count(db, view), status=status,
        shown=lists.columns(view, actor), sheets=[(code, _(label)) for code, (_n, label) in SHEETS.items()],
        most_printed=MOST_PRINTED, most_labels=MOST_LABELS,
    )


@post("/patients/prints", needs=May.REGISTER)
def print_it(request: Request, db: TheDb, actor: TheActor, data: Fields) -> Page:
    """The list or its labels as a page for the browser's printer, names and numbers in full."""
    view, form = sent(data, actor), bind(Printing, data)
    form.attempt(_check)
    if not form.ok:
        return _new(db, actor, view, form, 422)
    labels = form.value.what == "labels"
    people = lists.ids(db, view, MOST_LABELS if labels else MOST_PRINTED)
    lists.note(db, actor, "list.labelled" if labels else "list.printed", view, len(people))
    request.app.state.looks.note_all(actor.id, people, "print")
    return (_labels if labels else _list)(db, actor, view, people, form.value)


def _check(chosen: Printing) -> None:
    places = SHEETS[chosen.sheet][0]
    if chosen.first > places:
        raise Invalid({"first": (N_("This sheet has %(n)s labels."), {"n": places})})


def _list(db: Database, actor: Actor, view: lists.View, people: list[int], _chosen: Printing) -> Page:
    shown = lists.columns(view, actor)
    lines = [line for rows in lists.rows_of(db, people) for line in lists.lines(db, rows, shown, masked=False)]
    return page(
        "lists/sheet.html", view=view, lines=lines, heads=[_(one.label) for one in shown],
        labelled=shown[-1].name == "tags", said=lists.sentence(db, view), at=clock.wall().replace("T", " "),
    )


def _labels(db: Database, actor: Actor, view: lists.View, people: list[int], chosen: Printing) -> Page:
    shown = [lists.COLUMNS[name] for name in ("who", "born", "card")]
    lines = [line for rows in lists.rows_of(db, people) for line in lists.lines(db, rows, shown, masked=False)]
    places = [None] * (chosen.first - 1) + lines
    size = SHEETS[chosen.sheet][0]
    return page(
        "lists/labels.html", view=view, sheet=chosen.sheet, charts=charts,
        sheets=[places[at : at + size] for at in range(0, len(places), size)],
    )


# ── files ──

FORMATS = {
    "csv": (spreadsheets.CSV_TYPE, spreadsheets.csv_pieces),
    "xlsx": (spreadsheets.XLSX_TYPE, lambda rows: spreadsheets.xlsx_pieces(rows, _("People"))),
}


@post("/patients/exports", needs=May.EXPORT)
def export(request: Request, db: TheDb, actor: TheActor, data: Fields) -> Response[Any]:
    """The whole list, sent while it is read: a row needs no more memory at the end than at the beginning."""
    view = sent(data, actor)
    kind = "xlsx" if data.get("format") == "xlsx" else "csv"
    people = lists.ids(db, view)
    lists.note(db, actor, "list.exported", view, len(people), format=kind.upper())
    request.app.state.looks.note_all(actor.id, people, "export")
    media_type, pieces = FORMATS[kind]
    return Stream(
        pieces(lists.table(db, actor, view, people)), media_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="people-{clock.today()}.{kind}"'},
    )


handlers = [new, print_it, export]
