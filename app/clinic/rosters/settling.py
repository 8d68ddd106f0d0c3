"""What the columns of a list are, as a person says: checked, remembered for its source, and the comparison wanted."""

from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from app.clinic import exams
from app.clinic.rosters import queries
from app.clinic.rosters.columns import contents_of, examine, open_list
from app.clinic.rosters.lists import expect
from app.clinic.rosters.shapes import MANY, MEANINGS, Column, Roster
from app.core import clock, events
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Invalid
from app.core.files import Files
from app.core.words import N_

events.declare("roster.mapped", N_("Settled what the columns of the list %(file)s are"), clinical=False)


class Choice(msgspec.Struct, frozen=True):
    """What a person says a column is."""

    place: int
    what: str
    order: str = ""


def settle_columns(
    db: Database, actor: Actor | None, files: Files, roster_id: int, choices: Sequence[Choice],
    meant: Mapping[tuple[str, str], int | None], ages_on: date | None = None,
) -> None:
    """Take what a person chose, remember it for this source, and want the comparison. Raises Invalid by `what_3`, `order_3`."""
    roster = expect(db, roster_id, "read", "comparing", "ready")
    columns = chosen(files, roster, choices)
    check(columns)
    with db.change(actor, "roster.mapped") as details:
        expect(db, roster_id, "read", "comparing", "ready")
        details["file"] = roster.file_name
        _remember(db, roster.source_id, columns, details.event_id)
        _remember_names(db, roster.source_id, meant, details.event_id)
        db.execute(FORGET, roster=roster_id)
        db.update("rosters", roster_id, {
            "columns": msgspec.json.encode(columns).decode(), "ages_on": ages_on.isoformat() if ages_on else None,
            "state": "comparing", "next_line": 0, "progress": 0, "claim": None, "leased_until": None, "problem": "",
        })


FORGET = "DELETE FROM roster_lines WHERE roster_id = :roster"  # compared only: nothing of it is anybody's yet


def chosen(files: Files, roster: Roster, choices: Sequence[Choice]) -> list[Column]:
    """The columns as somebody says they are."""
    contents, _lines = contents_of(open_list(files.read(roster.file_hash)))
    by_place = {choice.place: choice for choice in choices}
    return [
        _apply(column, by_place[column.place], contents[column.place]) if column.place in by_place else column
        for column in roster.all_columns
    ]


def _apply(column: Column, choice: Choice, content: list[str]) -> Column:
    if choice.what not in MEANINGS:
        raise Invalid({f"what_{column.place}": N_("Please choose one of these.")})
    order = choice.order if choice.order in ("dmy", "mdy") else None
    changed = msgspec.structs.replace(column, meaning=choice.what, order=order, doubt=None, remembered=False)
    return examine(changed, content, clock.today())


def check(columns: Sequence[Column]) -> None:
    wrong: dict[str, str] = {}
    taken: dict[str, Column] = {}
    for column in columns:
        if column.order == "ask":
            wrong[f"order_{column.place}"] = N_("Please say whether the day or the month stands first.")
        if column.meaning not in MANY and taken.setdefault(column.meaning, column) is not column:
            wrong[f"what_{column.place}"] = N_("Two columns cannot both be this.")
    if not {"name", "document"} & taken.keys():
        wrong[""] = N_("Please say which column is the name, or the ID number: without either nobody can be registered.")
    if wrong:
        raise Invalid(wrong)


RETIRE = """
UPDATE roster_mappings SET retired_event_id = :event WHERE source_id = :source AND heading = :heading AND retired_event_id IS NULL
"""
RETIRE_NAME = """
UPDATE roster_names SET retired_event_id = :event
WHERE source_id = :source AND role = :role AND written = :written AND retired_event_id IS NULL
"""


def _remember(db: Database, source_id: int, columns: Sequence[Column], event_id: int) -> None:
    before = queries.remembered(db, source_id)
    seen: set[str] = set()
    for column in columns:
        heading, old = exams.key_of(column.header), before.get(exams.key_of(column.header))
        if not heading or heading in seen or (old and (old.meaning, old.date_order) == (column.meaning, column.order)):
            continue
        seen.add(heading)
        db.execute(RETIRE, source=source_id, heading=heading, event=event_id)
        if column.meaning != "unknown":
            db.insert("roster_mappings", {
                "source_id": source_id, "heading": heading, "meaning": column.meaning, "date_order": column.order, "event_id": event_id,
            })


def _remember_names(db: Database, source_id: int, meant: Mapping[tuple[str, str], int | None], event_id: int) -> None:
    before = queries.meant(db, source_id)
    for (role, written), staff_id in meant.items():
        if (role, written) in before and before[role, written] == staff_id:
            continue
        db.execute(RETIRE_NAME, source=source_id, role=role, written=written, event=event_id)
        db.insert("roster_names", {"source_id": source_id, "role": role, "written": written, "staff_id": staff_id, "event_id": event_id})
