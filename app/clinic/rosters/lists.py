"""A list's way in: read, shown as it will be read, then filed or taken back. The state row says what is to be done."""

from collections.abc import Sequence
from datetime import date

import msgspec

from app.clinic import exams, staff
from app.clinic.rosters import queries
from app.clinic.rosters.cells import person_of
from app.clinic.rosters.columns import contents_of, open_list, understand
from app.clinic.rosters.reading import Reader
from app.clinic.rosters.shapes import Column, Roster, Said, Source, Written
from app.core import clock, events
from app.core.access import Actor, Role
from app.core.db import Database
from app.core.errors import Conflict, NotFound, Refusal, TooLarge
from app.core.files import Files
from app.core.words import N_

events.declare("roster.uploaded", N_("Uploaded the list %(file)s from %(source)s, %(lines)s lines"), clinical=False)
events.declare("roster.begun", N_("Began to take the list %(file)s over"), clinical=False)
events.declare("roster.stopped", N_("Stopped taking the list %(file)s over"), clinical=False)
events.declare("roster.dropped", N_("Put the list %(file)s away; nothing of it was taken over"), clinical=False)
events.declare("roster.undoing", N_("Began to take the list %(file)s back"), clinical=False)
events.declare("roster.failed", N_("The list %(file)s could not be taken over: %(problem)s"), clinical=False)

MOST_LINES = 50_000
MOST_NAMES = 60  # of doctors and managers a list may bring to be told who is meant
CREW = {"doctor": Role.DOCTOR, "manager": Role.HEALTH_MANAGER}
PREVIEW = 8


def upload(db: Database, actor: Actor | None, files: Files, name: str, content: bytes, source: str = "") -> int:
    """Read a list and recognise its columns; the new list's id. Raises Refusal with one sentence.

    Without a source's name: where a list with the same headings last came from, else the file's own name.
    """
    table = open_list(content)
    headings = msgspec.json.encode([exams.key_of(header) for header in table.headers if header]).decode()
    source = source.strip()[:100] or queries.source_by_headings(db, headings) or name.rsplit(".", 1)[0][:100] or "?"
    known = queries.source(db, source)
    columns, lines = understand(table, queries.remembered(db, known.id) if known else {}, clock.today())
    if not lines:
        raise Refusal(N_("The file has headings but no lines."))
    if lines > MOST_LINES:
        raise TooLarge(N_("The file has more than %(most)s lines. Please send it in parts."), most=MOST_LINES)
    kept = files.put(content)
    with db.change(actor, "roster.uploaded") as details:
        known = known or Source(db.insert("roster_sources", {"name": source, "event_id": details.event_id}), source)
        details |= {"file": name[:200], "source": known.name, "lines": lines}
        return db.insert("rosters", {
            "source_id": known.id, "file_name": name[:200], "file_hash": kept, "state": "read", "lines": lines,
            "columns": msgspec.json.encode(columns).decode(), "headings": headings, "event_id": details.event_id,
        })


# ── who is meant, and how the first lines will be read ──

def crew_of(db: Database, source_id: int) -> dict[tuple[str, str], int | None]:
    """(role, name as written) → who is meant: whoever is called so here, and what somebody said of this source."""
    own = {(role, person_of(member.name)): member.id for role, kind in CREW.items() for member in staff.with_role(db, kind)}
    present = {member.id for kind in CREW.values() for member in staff.with_role(db, kind)}
    return own | {key: id for key, id in queries.meant(db, source_id).items() if id is None or id in present}


def written(db: Database, files: Files, roster: Roster, columns: Sequence[Column]) -> list[Written]:
    """The names a list writes for doctors and managers, those that nobody here bears first."""
    crew, found = crew_of(db, roster.source_id), []
    contents, _lines = contents_of(open_list(files.read(roster.file_hash)))
    for column in columns:
        if column.meaning in CREW:
            names = [person_of(cell) for cell in contents[column.place]]
            for name in [name for name in dict.fromkeys(names) if name][:MOST_NAMES]:
                key = (column.meaning, name)
                found.append(Written(column.meaning, name, names.count(name), crew.get(key), key in crew))
    return sorted(found, key=lambda one: (one.known, one.role, -one.lines))


def preview(files: Files, roster: Roster, columns: Sequence[Column], ages_on: date | None) -> list[tuple[int, Said, str, list[str]]]:
    """(line, as it will be read, why not, cells) of the first lines."""
    reader, found = Reader(columns, clock.today(), ages_on), []
    for line, cells in open_list(files.read(roster.file_hash)).rows():
        said = reader.read(cells)
        found.append((line, said, reader.reason(said, cells), cells))
        if len(found) == PREVIEW:
            break
    return found


def other_sheets(files: Files, roster: Roster) -> list[str]:
    """Sheets of the workbook beside the first, which alone is read."""
    return exams.sheets(files.read(roster.file_hash))[1:]


# ── what is to be done ──

def begin(db: Database, actor: Actor | None, roster_id: int) -> None:
    """Want what is decided to be filed, or the continuation after a stop; the sweep does it."""
    _move(db, actor, roster_id, ("ready", "stopped", "done"), "filing", "roster.begun")


def stop(db: Database, actor: Actor | None, roster_id: int) -> None:
    """No further chunk: what is filed stays, and can be continued or taken back."""
    _move(db, actor, roster_id, ("filing",), "stopped", "roster.stopped")


def drop(db: Database, actor: Actor | None, roster_id: int) -> None:
    _move(db, actor, roster_id, ("read", "comparing", "ready"), "dropped", "roster.dropped")


def undo(db: Database, actor: Actor | None, roster_id: int) -> None:
    """Want everything this list brought taken back; the sweep does it."""
    _move(db, actor, roster_id, ("done", "stopped"), "undoing", "roster.undoing")


def _move(db: Database, actor: Actor | None, roster_id: int, states: tuple[str, ...], to: str, kind: str) -> None:
    with db.change(actor, kind) as details:
        roster = expect(db, roster_id, *states)
        details |= {"file": roster.file_name, "roster": roster_id}
        db.update("rosters", roster_id, {"state": to, "claim": None, "leased_until": None, "problem": "", "progress": 0})


def expect(db: Database, roster_id: int, *states: str) -> Roster:
    """Raises NotFound, or Conflict when somebody else has moved it on."""
    roster = queries.roster(db, roster_id)
    if roster is None:
        raise NotFound()
    if roster.state not in states:
        raise Conflict(N_("Somebody was faster: this file has moved on. Please look at how it stands now."))
    return roster
