"""A file's way in: read, its columns settled, rehearsed, filed in chunks, taken back. The state row says what is to be done."""

from collections.abc import Sequence
from datetime import date

import msgspec

from app.clinic import catalogue
from app.clinic.exams import queries
from app.clinic.exams.columns import examine, key_of, understand
from app.clinic.exams.shapes import MEANINGS, Batch, Column, Sender
from app.clinic.exams.tables import Table, open_table
from app.core import events
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Conflict, Invalid, NotFound, Refusal
from app.core.files import Files
from app.core.words import N_

events.declare("import.uploaded", N_("Uploaded %(file)s from %(sender)s, %(lines)s lines"), clinical=False)
events.declare("import.mapped", N_("Settled what the columns of %(file)s are"), clinical=False)
events.declare("import.begun", N_("Began to file %(file)s"), clinical=False)
events.declare("import.stopped", N_("Stopped filing %(file)s"), clinical=False)
events.declare("import.done", N_("Filed %(file)s: %(received)s results, %(filed)s filed, %(duplicate)s known, %(tray)s in the tray, %(refused)s refused"), clinical=False)
events.declare("import.dropped", N_("Put %(file)s away without filing it"), clinical=False)
events.declare("import.undoing", N_("Began to take %(file)s back"), clinical=False)
events.declare("import.undone", N_("Took %(file)s back: %(reports)s reports, %(people)s people"), clinical=False)
events.declare("import.failed", N_("%(file)s could not be filed: %(problem)s"), clinical=False)
events.declare("import.number_learnt", N_("%(sender)s knows this person as %(number)s"), clinical=False)


class Choice(msgspec.Struct, frozen=True):
    """What a person says a column is: a meaning or `=CODE`. unit: None to find it from the values."""

    place: int
    what: str
    unit: str | None = None
    order: str = ""


def upload(db: Database, actor: Actor | None, files: Files, name: str, content: bytes, sender: str = "") -> int:
    """Read a file and recognise its columns; the new batch's id. Raises Refusal with one sentence.

    Without a sender's name: whoever last sent a file with the same headings, else the file's own name.
    """
    table = open_table(content)
    headings = msgspec.json.encode([key_of(header) for header in table.headers]).decode()
    sender = sender.strip()[:100] or queries.sender_by_headings(db, headings) or name.rsplit(".", 1)[0][:100] or "?"
    known = queries.sender(db, sender)
    columns, lines = understand(table, queries.remembered(db, known.id) if known else {})
    if not lines:
        raise Refusal(N_("The file has headings but no lines."))
    kept = files.put(content)
    with db.change(actor, "import.uploaded") as details:
        known = _sender(db, sender, details.event_id)
        details |= {"file": name, "sender": known.name, "lines": lines}
        return db.insert("import_batches", {
            "sender_id": known.id, "file_name": name[:200], "file_hash": kept, "state": "read", "lines": lines,
            "columns": msgspec.json.encode(columns).decode(), "headings": headings, "event_id": details.event_id,
        })


def _sender(db: Database, name: str, event_id: int) -> Sender:
    found = queries.sender(db, name)
    if found:
        return found
    return Sender(db.insert("import_senders", {"name": name, "event_id": event_id}), name)


def settle_columns(
    db: Database, actor: Actor | None, files: Files, batch_id: int, choices: Sequence[Choice],
    create_patients: bool, work_from: date | None = None,
) -> Batch:
    """Take what a person chose, remember it for this sender, and want the rehearsal. Raises Invalid by `order_3`, `what_3`."""
    batch = expect(db, batch_id, "read", "rehearsing", "ready")
    columns = _chosen(batch.all_columns, choices, open_table(files.read(batch.file_hash)))
    _check(columns)
    with db.change(actor, "import.mapped") as details:
        details["file"] = batch.file_name
        remember(db, batch.sender_id, columns, details.event_id)
        db.update("import_batches", batch_id, {
            "columns": msgspec.json.encode(columns).decode(), "create_patients": int(create_patients),
            "work_from": work_from.isoformat() if work_from else None, "state": "rehearsing", "rehearsal": None,
            "claim": None, "leased_until": None, "problem": "",
        })
    return queries.batch(db, batch_id)


def _chosen(columns: list[Column], choices: Sequence[Choice], table: Table) -> list[Column]:
    by_place = {choice.place: choice for choice in choices}
    contents: dict[int, list[str]] = {place: [] for place in by_place if 0 <= place < len(columns)}
    for _line, cells in table.rows():
        for place, content in contents.items():
            if cells[place]:
                content.append(cells[place])
    return [
        _apply(column, by_place[column.place], contents[column.place]) if column.place in contents else column
        for column in columns
    ]


def _apply(column: Column, choice: Choice, content: list[str]) -> Column:
    code = choice.what[1:] if choice.what.startswith("=") else None
    wrong = code not in catalogue.indicators() if code is not None else choice.what not in MEANINGS
    if wrong:
        raise Invalid({f"what_{column.place}": N_("Please choose one of these.")})
    order = choice.order if choice.order in ("dmy", "mdy") else None
    chosen = msgspec.structs.replace(
        column, meaning="value" if code else choice.what, code=code, unit=None, order=order, doubt=None, remembered=False
    )
    if code is None or choice.unit is None:
        return examine(chosen, content)
    unit = catalogue.unit_of(catalogue.indicators()[code], choice.unit)
    if unit is None:
        raise Invalid({f"unit_{column.place}": N_("This unit is not one of this indicator's.")})
    own = unit.unit == catalogue.indicators()[code].printed
    return examine(msgspec.structs.replace(chosen, unit=None if own else unit.unit, remembered=True), content)


def _check(columns: Sequence[Column]) -> None:
    wrong: dict[str, str] = {}
    taken: dict[tuple, Column] = {}
    for column in columns:
        if column.order == "ask":
            wrong[f"order_{column.place}"] = N_("Please say whether the day or the month stands first.")
        if column.meaning not in ("unknown", "left_out") and taken.setdefault((column.meaning, column.code), column) is not column:
            wrong[f"what_{column.place}"] = N_("Two columns cannot both be this.")
    if not any(column.meaning == "date" for column in columns):
        wrong[""] = N_("Please say which column is the day of the examination.")
    if wrong:
        raise Invalid(wrong)


RETIRE = """
UPDATE import_mappings SET retired_event_id = :event
WHERE sender_id = :sender AND heading = :heading AND retired_event_id IS NULL
"""


def remember(db: Database, sender_id: int, columns: Sequence[Column], event_id: int) -> None:
    """What a sender's columns mean from now on; what is not known is not remembered."""
    before = queries.remembered(db, sender_id)
    for column in columns:
        key = key_of(column.header)
        order = column.order if column.order != "ask" else None
        old = before.get(key)
        same = old and (old.meaning, old.code, old.unit, old.date_order) == (column.meaning, column.code, column.unit, order)
        if same or column.meaning == "unknown" or not key:
            continue
        db.execute(RETIRE, sender=sender_id, heading=key, event=event_id)
        db.insert("import_mappings", {
            "sender_id": sender_id, "heading": key, "meaning": column.meaning, "code": column.code, "unit": column.unit,
            "date_order": order, "event_id": event_id,
        })
        before[key] = None


def with_choice(files: Files, batch: Batch, choice: Choice) -> list[Column]:
    """The batch's columns with one of them as a person says. Reads the file, so not within a change."""
    columns = _chosen(batch.all_columns, [choice], open_table(files.read(batch.file_hash)))
    _check(columns)
    return columns


def begin(db: Database, actor: Actor | None, batch_id: int) -> None:
    """Want the filing, or its continuation after a stop; the sweep does it."""
    _move(db, actor, batch_id, ("ready", "stopped"), "filing", "import.begun")


def stop(db: Database, actor: Actor | None, batch_id: int) -> None:
    """No further chunk: what is filed stays, and can be continued or taken back."""
    _move(db, actor, batch_id, ("filing",), "stopped", "import.stopped")


def drop(db: Database, actor: Actor | None, batch_id: int) -> None:
    _move(db, actor, batch_id, ("read", "rehearsing", "ready"), "dropped", "import.dropped")


def undo(db: Database, actor: Actor | None, batch_id: int) -> None:
    """Want everything this file brought taken back; the sweep does it."""
    _move(db, actor, batch_id, ("done", "stopped"), "undoing", "import.undoing")


def _move(db: Database, actor: Actor | None, batch_id: int, states: tuple[str, ...], to: str, kind: str) -> None:
    with db.change(actor, kind) as details:
        batch = expect(db, batch_id, *states)
        details |= {"file": batch.file_name, "batch": batch_id}
        db.update("import_batches", batch_id, {"state": to, "claim": None, "leased_until": None, "problem": ""})


def expect(db: Database, batch_id: int, *states: str) -> Batch:
    """Raises NotFound, or Conflict when somebody else has moved it on."""
    batch = queries.batch(db, batch_id)
    if batch is None:
        raise NotFound()
    if batch.state not in states:
        raise Conflict(N_("Somebody was faster: this file has moved on. Please look at how it stands now."))
    return batch


