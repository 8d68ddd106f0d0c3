"""Lists of people: upload, what the columns are and how lines will be read, taking over with progress, taking back."""

from contextlib import suppress
from datetime import date
from typing import Annotated, Any

import msgspec
from litestar import Request
from litestar.params import FromPath, QueryParameter
from litestar.response import Response

from app.clinic import patients, rosters, staff
from app.core.access import May, Role
from app.core.errors import Invalid, NotFound, Refusal
from app.core.forms import Field, Form, bind, blank
from app.core.words import N_, _
from app.routes.exams import strokes
from app.routes.web import Fields, Page, TheActor, TheDb, Uploads, get, go, page, post

PAGE = 30
HOME = "/manage/rosters"


class Upload(msgspec.Struct, frozen=True):
    """source: one of those known; new_source: where a list comes from for the first time."""

    source: Annotated[str, Field(most=100)] = ""
    new_source: Annotated[str, Field(most=100)] = ""


class Plan(msgspec.Struct, frozen=True):
    ages_on: date | None = None


@get(HOME, needs=May.IMPORT, slow=True)
def index(db: TheDb, number: Annotated[int, QueryParameter(name="page")] = 1) -> Page:
    found, number = rosters.rosters(db, max(number, 1)), max(number, 1)
    shown = [(one, rosters.counts(db, one.id)) for one in found[:PAGE]]
    return page("rosters/index.html", shown=shown, more=len(found) > PAGE, number=number)


@get(f"{HOME}/new", needs=May.IMPORT)
def new(db: TheDb) -> Page:
    return page("rosters/new.html", form=blank(Upload), names=names(db))


@post(HOME, needs=May.IMPORT)
def create(request: Request, db: TheDb, actor: TheActor, uploads: Uploads) -> Page | Response:
    form = bind(Upload, {name: [v for v in given if isinstance(v, str)] for name, given in uploads.items()})
    file = next((one for one in uploads.get("file", []) if not isinstance(one, str)), None)

    def read(given: Upload) -> int:
        content = file.file.read(rosters.LARGEST_FILE + 1) if file else b""
        if not content:
            raise Invalid({"file": N_("Please choose a file.")})
        source = given.new_source or given.source
        return rosters.upload(db, actor, request.app.state.files, file.filename or "?", content, source)

    roster_id = form.attempt(read)
    if roster_id is None:
        return page("rosters/new.html", "upload-form", form=form, names=names(db), status=422)
    return go(request, f"{HOME}/{roster_id}")


@get(HOME + "/{roster_id:int}", needs=May.IMPORT, slow=True)
def show(request: Request, db: TheDb, roster_id: FromPath[int], change: Annotated[str, QueryParameter(name="change")] = "") -> Page:
    roster = found(db, roster_id)
    if roster.state == "read" or (change and roster.state in ("comparing", "ready")):
        return columns_page(request, db, roster, blank(Plan, ages_on=roster.ages_on), [], change)
    return standing(db, roster)


@get(HOME + "/{roster_id:int}/standing", needs=May.IMPORT, slow=True)
def progress(db: TheDb, roster_id: FromPath[int]) -> Page:
    return standing(db, found(db, roster_id))


@post(HOME + "/{roster_id:int}/preview", needs=May.IMPORT)
def look(request: Request, db: TheDb, roster_id: FromPath[int], data: Fields) -> Page:
    """How the first lines will be read with what is chosen now; nothing is kept."""
    roster = found(db, roster_id)
    return columns_page(request, db, roster, bind(Plan, data), choices(roster, data), "", 200, "preview")


@post(HOME + "/{roster_id:int}/columns", needs=May.IMPORT)
def settle(request: Request, db: TheDb, actor: TheActor, roster_id: FromPath[int], data: Fields) -> Page | Response:
    roster, form = found(db, roster_id), bind(Plan, data)
    chosen = choices(roster, data)
    done = form.attempt(lambda plan: rosters.settle_columns(
        db, actor, request.app.state.files, roster_id, chosen, meant(data), plan.ages_on
    ) or True)
    if done is None:
        return columns_page(request, db, roster, form, chosen, "", 422)
    return go(request, f"{HOME}/{roster_id}")


@post(HOME + "/{roster_id:int}/filing", needs=May.IMPORT)
def begin(request: Request, db: TheDb, actor: TheActor, roster_id: FromPath[int]) -> Response:
    rosters.begin(db, actor, roster_id)
    return go(request, f"{HOME}/{roster_id}")


@post(HOME + "/{roster_id:int}/stop", needs=May.IMPORT)
def stop(request: Request, db: TheDb, actor: TheActor, roster_id: FromPath[int]) -> Response:
    rosters.stop(db, actor, roster_id)
    return go(request, f"{HOME}/{roster_id}")


@post(HOME + "/{roster_id:int}/removal", needs=May.IMPORT)
def drop(request: Request, db: TheDb, actor: TheActor, roster_id: FromPath[int]) -> Response:
    rosters.drop(db, actor, roster_id)
    return go(request, HOME)


@post(HOME + "/{roster_id:int}/undoing", needs=May.IMPORT)
def undo(request: Request, db: TheDb, actor: TheActor, roster_id: FromPath[int]) -> Response:
    rosters.undo(db, actor, roster_id)
    return go(request, f"{HOME}/{roster_id}")


# ── parts ──

def found(db: Any, roster_id: int) -> rosters.Roster:
    roster = rosters.roster(db, roster_id)
    if roster is None:
        raise NotFound()
    return roster


def names(db: Any) -> list[tuple[str, str]]:
    return [(source.name, source.name) for source in rosters.sources(db)]


def choices(roster: rosters.Roster, data: dict[str, Any]) -> list[rosters.Choice]:
    """Of the columns the form asked about."""
    chosen = []
    for column in roster.all_columns:
        what, order = _text(data, f"what_{column.place}"), _text(data, f"order_{column.place}")
        if what or order:
            chosen.append(rosters.Choice(column.place, what or column.meaning, order))
    return chosen


def meant(data: dict[str, Any]) -> dict[tuple[str, str], int | None]:
    """Who is meant by the names of doctors and managers: `who_n` a member of staff, 0 nobody here, blank not said."""
    said = {}
    for name in data:
        if name.startswith("who_") and (who := _text(data, name)).isdecimal():
            role, _mark, written = _text(data, f"for_{name[4:]}").partition(" ")
            if role in rosters.CREW and written:
                said[role, written] = int(who) or None
    return said


def _text(data: dict[str, Any], name: str) -> str:
    given = data.get(name, "")
    return str(given[-1] if isinstance(given, list) and given else given)[:200]


def columns_page(
    request: Request, db: Any, roster: rosters.Roster, form: Form, chosen: list[rosters.Choice], change: str, status: int = 200, *blocks: str,
) -> Page:
    """The columns; those that are doubtful, or asked for, can be changed."""
    asked = {int(place) for place in change.split(",") if place.isascii() and place.isdigit()}
    picked = {choice.place: choice for choice in chosen}
    doubtful = [c for c in roster.all_columns if c.doubt or c.meaning == "unknown" or c.place in asked or c.place in picked]
    people = [] if blocks else [one for one in rosters.written(db, request.app.state.files, roster, roster.all_columns) if not one.known]
    return page(
        "rosters/columns.html", *blocks, status=status, roster=roster, form=form, chosen=picked, doubtful=doubtful,
        clear=[c for c in roster.all_columns if c not in doubtful], meanings=[(id, _(told)) for id, told in rosters.MEANINGS.items()],
        orders=rosters.ORDERS, doubts=rosters.DOUBTS, change=change, people=people, crew=crew(db),
        others=[] if blocks else rosters.other_sheets(request.app.state.files, roster),
        **lines_read(request, roster, picked, form),
    )


def crew(db: Any) -> dict[str, list[tuple[str, str]]]:
    return {role: [(str(one.id), one.name) for one in staff.with_role(db, Role(kind))] for role, kind in rosters.CREW.items()}


def lines_read(request: Request, roster: rosters.Roster, picked: dict[int, rosters.Choice], form: Form) -> dict[str, Any]:
    """How the first lines are read with what is chosen, and of which columns the order of days is asked."""
    files, columns = request.app.state.files, roster.all_columns
    with suppress(Refusal):
        columns = rosters.chosen(files, roster, list(picked.values())) if picked else columns
    return {
        "lines": rosters.preview(files, roster, columns, form.value.ages_on if form.value else None),
        "used": {column.meaning for column in columns}, "heads": {c.place: c.header for c in columns},
        "unclear": [c for c in columns if c.order == "ask" or (c.order and c.place in picked and picked[c.place].order)],
        "cells_why": rosters.CELLS, "lines_why": rosters.LINES,
    }


def standing(db: Any, roster: rosters.Roster) -> Page:
    counts = rosters.counts(db, roster.id)
    gone = roster.state == "undone"
    people = patients.get_many(db, rosters.kept(db, roster.id)) if gone and counts.registered else {}
    return page(
        "rosters/show.html", "standing", roster=roster, counts=counts, piles=rosters.piles(db, roster.id) if not gone else [],
        stayed=list(people.values()), busy=BUSY.get(roster.state, ""), total=total(roster, counts), likely=rosters.LIKELY,
        certain=rosters.CERTAIN, pro=rosters.FOR, con=rosters.AGAINST, lines_why=rosters.LINES, may_decide=rosters.may,
        strokes=strokes(max(counts.lines, 1), filed=counts.registered + counts.joined, tray=counts.waiting + counts.unreadable,
                        refused=counts.skipped, duplicate=counts.known),
    )


def total(roster: rosters.Roster, counts: rosters.Counts) -> int:
    """Of how many lines what is being done is told."""
    done = counts.registered + counts.joined + counts.known
    return {"comparing": roster.lines, "filing": counts.decided + done, "undoing": done + counts.undone}.get(roster.state, 0)


BUSY = {
    "comparing": N_("Looking every line up among the people here"), "filing": N_("Taking over"), "undoing": N_("Taking the list back"),
}

handlers = [index, new, create, show, progress, look, settle, begin, stop, drop, undo]
