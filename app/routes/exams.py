"""Results from files: upload, what the columns are, what it would do, filing with progress, taking back."""

from datetime import date
from typing import Annotated, Any

import msgspec
from litestar import Request
from litestar.params import FromPath, QueryParameter
from litestar.response import Response

from app.clinic import catalogue, exams, work
from app.core.access import May
from app.core.errors import Invalid, NotFound
from app.core.forms import Field, Form, bind, blank
from app.core.words import N_, _
from app.routes.web import Fields, Page, TheActor, TheDb, Uploads, get, go, page, post

PAGE = 30
STROKES = 110


class Upload(msgspec.Struct, frozen=True):
    """sender: one of those known; new_sender: somebody who sends for the first time."""

    sender: Annotated[str, Field(most=100)] = ""
    new_sender: Annotated[str, Field(most=100)] = ""


class Plan(msgspec.Struct, frozen=True):
    create_patients: bool = False
    work_from: date | None = None


@get("/manage/imports", needs=May.IMPORT, slow=True)
def index(db: TheDb, number: Annotated[int, QueryParameter(name="page")] = 1) -> Page:
    found = exams.batches(db, max(number, 1))
    return page(
        "exams/index.html", batches=found[:PAGE], more=len(found) > PAGE, number=max(number, 1), waiting=exams.waiting_values(db)
    )


@get("/manage/imports/new", needs=May.IMPORT)
def new(db: TheDb) -> Page:
    return page("exams/new.html", form=blank(Upload), names=names(db))


@post("/manage/imports", needs=May.IMPORT)
def create(request: Request, db: TheDb, actor: TheActor, uploads: Uploads) -> Page | Response:
    form = bind(Upload, {name: [v for v in given if isinstance(v, str)] for name, given in uploads.items()})
    file = next((one for one in uploads.get("file", []) if not isinstance(one, str)), None)

    def read(given: Upload) -> int:
        content = file.file.read(exams.LARGEST_FILE + 1) if file else b""
        if not content:
            raise Invalid({"file": N_("Please choose a file.")})
        sender = given.new_sender or given.sender
        if not sender:
            raise Invalid({"new_sender": N_("Please say who sent it.")})
        return exams.upload(db, actor, request.app.state.files, file.filename or "?", content, sender)

    batch_id = form.attempt(read)
    if batch_id is None:
        return page("exams/new.html", "upload-form", form=form, names=names(db), status=422)
    return go(request, f"/manage/imports/{batch_id}")


@get("/manage/imports/{batch_id:int}", needs=May.IMPORT, slow=True)
def show(db: TheDb, batch_id: FromPath[int], change: Annotated[str, QueryParameter(name="change")] = "") -> Page:
    batch = found(db, batch_id)
    if batch.state == "read" or (change and batch.state == "ready"):
        return columns_page(batch, blank(Plan, create_patients=bool(batch.create_patients), work_from=batch.work_from), {}, change)
    return standing(db, batch)


@get("/manage/imports/{batch_id:int}/standing", needs=May.IMPORT, slow=True)
def progress(db: TheDb, batch_id: FromPath[int]) -> Page:
    return standing(db, found(db, batch_id))


@post("/manage/imports/{batch_id:int}/columns", needs=May.IMPORT)
def settle(request: Request, db: TheDb, actor: TheActor, batch_id: FromPath[int], data: Fields) -> Page | Response:
    form, chosen = bind(Plan, data), choices(found(db, batch_id), data)
    files = request.app.state.files
    done = form.attempt(lambda plan: exams.settle_columns(
        db, actor, files, batch_id, chosen, plan.create_patients, plan.work_from
    ))
    if done is None:
        return columns_page(found(db, batch_id), form, {choice.place: choice for choice in chosen}, "", 422)
    return go(request, f"/manage/imports/{batch_id}")


@post("/manage/imports/{batch_id:int}/filing", needs=May.IMPORT)
def begin(request: Request, db: TheDb, actor: TheActor, batch_id: FromPath[int]) -> Response:
    exams.begin(db, actor, batch_id)
    return go(request, f"/manage/imports/{batch_id}")


@post("/manage/imports/{batch_id:int}/stop", needs=May.IMPORT)
def stop(request: Request, db: TheDb, actor: TheActor, batch_id: FromPath[int]) -> Response:
    exams.stop(db, actor, batch_id)
    return go(request, f"/manage/imports/{batch_id}")


@post("/manage/imports/{batch_id:int}/removal", needs=May.IMPORT)
def drop(request: Request, db: TheDb, actor: TheActor, batch_id: FromPath[int]) -> Response:
    exams.drop(db, actor, batch_id)
    return go(request, "/manage/imports")


@post("/manage/imports/{batch_id:int}/undoing", needs=May.IMPORT)
def undo(request: Request, db: TheDb, actor: TheActor, batch_id: FromPath[int]) -> Response:
    exams.undo(db, actor, batch_id)
    return go(request, f"/manage/imports/{batch_id}")


# ── parts ──

def found(db: Any, batch_id: int) -> exams.Batch:
    batch = exams.batch(db, batch_id)
    if batch is None:
        raise NotFound()
    return batch


def names(db: Any) -> list[tuple[str, str]]:
    return [(sender.name, sender.name) for sender in exams.senders(db)]


def choices(batch: exams.Batch, data: dict[str, Any]) -> list[exams.Choice]:
    """Of the columns the form asked about."""
    chosen = []
    for column in batch.all_columns:
        what, unit, order = (_text(data, f"{name}_{column.place}") for name in ("what", "unit", "order"))
        if what:
            same = what == column.choice
            chosen.append(exams.Choice(column.place, what, unit if same and unit else None, order))
        elif order:
            chosen.append(exams.Choice(column.place, column.choice, None, order))
    return chosen


def _text(data: dict[str, Any], name: str) -> str:
    given = data.get(name, "")
    return str(given[-1] if isinstance(given, list) and given else given)[:200]


def columns_page(
    batch: exams.Batch, form: Form, chosen: dict[int, exams.Choice], change: str, status: int = 200
) -> Page:
    """The columns; those that are doubtful, or asked for, can be changed."""
    asked = {int(place) for place in change.split(",") if place.isascii() and place.isdigit()}
    doubtful = [c for c in batch.all_columns if c.doubt or c.meaning == "unknown" or c.place in asked or c.place in chosen]
    return page(
        "exams/columns.html", status=status, batch=batch, form=form, chosen=chosen, doubtful=doubtful,
        clear=[c for c in batch.all_columns if c not in doubtful], meanings=meanings(), groups=groups(),
        orders=exams.ORDERS, doubts=exams.DOUBTS, change=change,
    )


def meanings() -> list[tuple[str, str]]:
    return [(name, _(told)) for name, told in exams.MEANINGS.items()]


def groups() -> list[tuple[str, list[tuple[str, str]]]]:
    """Indicators by category: (category, [(=CODE, name)])."""
    known = catalogue.indicators().values()
    return [
        (category.name, [(f"={one.code}", f"{one.name} {one.code}") for one in known if one.category == category.code])
        for category in catalogue.categories().values()
    ]


def standing(db: Any, batch: exams.Batch) -> Page:
    done = batch.state in ("done", "stopped", "undone", "retrying")
    return page(
        "exams/show.html", "standing", batch=batch, reasons=exams.REASONS, refusals=REFUSALS,
        recall=work.recall_list_of(db, batch.id) if done else None, found=exams.findings_of(db, batch.id) if done else None,
        strokes=strokes(**batch.summary()), busy=BUSY.get(batch.state, ""),
    )


BUSY = {
    "rehearsing": N_("Counting on a copy what this file would do"), "filing": N_("Filing"),
    "retrying": N_("Filing what waited in the tray"), "undoing": N_("Taking the file back"),
}
REFUSALS = {"left_out": N_("In columns you left out"), "dismissed": N_("Put away from the tray")}


def strokes(received: int, **counts: Any) -> list[tuple[str, int, int]]:
    """The ledger: (kind, first stroke, number of strokes), every kind that occurs at least one."""
    drawn, at = [], 0
    for kind in ("filed", "tray", "refused", "duplicate"):
        if n := counts[kind]:
            width = max(1, round(n / received * STROKES))
            drawn.append((kind, at, width))
            at += width + 2
    return drawn


handlers = [index, new, create, show, progress, settle, begin, stop, drop, undo]
