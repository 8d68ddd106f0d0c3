"""Doing what a list's state says, in chunks: each is done and passed by in one transaction, and the writer is left alone in
between. Whoever runs a list holds its claim; a claim lost ends the run at the next chunk, a crash repeats the chunk at work.
"""

import json
from collections.abc import Sequence
from datetime import date
from itertools import islice
from time import perf_counter, sleep
from uuid import uuid4

import msgspec

from app.clinic import staff
from app.clinic.exams import HOLD, LEASE, Lost, Pace, Told, chunked
from app.clinic.rosters import queries
from app.clinic.rosters.columns import open_list
from app.clinic.rosters.filing import Filer, Outcome
from app.clinic.rosters.lists import crew_of
from app.clinic.rosters.matching import Earlier, Found, best
from app.clinic.rosters.reading import Reader
from app.clinic.rosters.shapes import Line, Roster, Said
from app.core import clock, events, settings
from app.core.access import Actor, Role
from app.core.db import Database
from app.core.errors import Busy, DiskFull, Refusal
from app.core.files import Files
from app.core.words import N_

events.declare(
    "roster.done",
    N_("Took the list %(file)s over: %(registered)s registered, %(joined)s known people filled in, %(waiting)s lines wait"),
    clinical=False,
)

AT_ONCE = 25  # lines compared between two rests
AT_WORK = ("comparing", "filing", "undoing")
AFTER_FAILURE = {"comparing": "read", "filing": "stopped", "undoing": "stopped"}

# ── claims ──

CLAIM = """
UPDATE rosters SET claim = :claim, leased_until = :until
WHERE id = (SELECT id FROM rosters WHERE state IN (SELECT value FROM json_each(:states))
  AND (leased_until IS NULL OR leased_until < :now) AND (:only IS NULL OR id = :only) ORDER BY id LIMIT 1)
AND NOT EXISTS (SELECT 1 FROM rosters WHERE leased_until >= :now)
"""
CLAIMED = "SELECT id FROM rosters WHERE claim = :claim"
RELEASE = "UPDATE rosters SET claim = NULL, leased_until = NULL WHERE claim = :claim"
RENEW = """
UPDATE rosters SET leased_until = :until, progress = :done WHERE id = :id AND claim = :claim AND state = :state
"""
STARTER = """
SELECT e.actor_id FROM events e WHERE e.kind IN ('roster.begun', 'roster.undoing')
  AND json_extract(e.details, '$.roster') = :roster ORDER BY e.id DESC LIMIT 1
"""


def claim(db: Database, only: int | None = None) -> tuple[Roster, str] | None:
    """The next list something is to be done with, or this one, and the claim to it; None while another one is at work."""
    claim = uuid4().hex
    now, until = clock.stamp(), clock.stamp(clock.now() + LEASE)
    with db.aside():
        if not db.execute(CLAIM, claim=claim, until=until, now=now, states=json.dumps(AT_WORK), only=only):
            return None
    return queries.roster(db, db.value(CLAIMED, claim=claim)), claim


def renew(db: Database, roster: Roster, claim: str, done: int) -> None:
    """In every chunk's transaction. Raises Lost."""
    until = clock.stamp(clock.now() + LEASE)
    if not db.execute(RENEW, id=roster.id, claim=claim, until=until, state=roster.state, done=done):
        raise Lost


def release(db: Database, claim: str) -> None:
    """Let go of what is not finished, so that the next sweep takes it up."""
    with db.aside():
        db.execute(RELEASE, claim=claim)


def abandon(db: Database, roster: Roster, claim: str, problem: str) -> None:
    """Something broke: stand where a person can look at it instead of breaking again at every sweep."""
    with db.change(starter(db, roster), "roster.failed") as details:
        renew(db, roster, claim, roster.progress)
        details |= {"file": roster.file_name, "problem": problem}
        rest(db, roster.id, AFTER_FAILURE[roster.state], problem)


def rest(db: Database, roster_id: int, state: str, problem: str = "") -> None:
    db.update("rosters", roster_id, {"state": state, "claim": None, "leased_until": None, "problem": problem})


def starter(db: Database, roster: Roster) -> Actor | None:
    """In whose name it is done: whoever wanted it last, else who brought the list."""
    id = db.value(STARTER, roster=roster.id) or roster.actor_id
    member = staff.get(db, id) if id else None
    return Actor(member.id, member.name, Role(member.role), member.language) if member else None


# ── comparing ──

def compare(db: Database, files: Files, roster: Roster, claim: str, told: Told | None = None) -> None:
    """Look up every line among the people here and the lines before it; ends quietly when the claim is lost."""
    reader, earlier = reader_of(roster), Earlier(roster.source_id)
    rows = open_list(files.read(roster.file_hash)).rows()
    for line, cells in islice(rows, roster.next_line):
        earlier.add(line, cells, reader.read(cells))
    done = roster.next_line
    try:
        while chunk := list(islice(rows, AT_ONCE)):
            began = perf_counter()
            found = [_compared(db, roster, reader, earlier, line, cells) for line, cells in chunk]
            done += len(chunk)
            with db.aside():
                renew(db, roster, claim, done)
                db.insert_many("roster_lines", found)
                db.update("rosters", roster.id, {"next_line": done})
            if told:
                told(done, roster.lines)
            sleep((perf_counter() - began) / 2)
        with db.aside():
            renew(db, roster, claim, done)
            rest(db, roster.id, "ready")
    except Lost:
        return


def reader_of(roster: Roster) -> Reader:
    return Reader(roster.all_columns, clock.today(), date.fromisoformat(roster.ages_on) if roster.ages_on else None)


def _compared(db: Database, roster: Roster, reader: Reader, earlier: Earlier, line: int, cells: Sequence[str]) -> dict:
    said = reader.read(cells)
    reason = reader.reason(said, cells)
    found = best(db, roster.source_id, cells, said, earlier)
    earlier.add(line, cells, said)
    likeness = found.likeness
    return {
        "roster_id": roster.id, "line": line, "cells": msgspec.json.encode(cells).decode(), "reason": reason,
        "score": likeness.score, "because": " ".join(likeness.because), "against": " ".join(likeness.against),
        "alike_id": found.alike_id, "alike_line": found.alike_line, "decision": _plainly(reason, said, found),
        "left_cells": json.dumps(said.left),
    }


def _plainly(reason: str, said: Said, found: Found) -> str | None:
    """What need not be asked: who is like nobody is new, and who has the same number and the same name is the same."""
    if reason:
        return None
    if not found.likeness.because:
        return "new"
    return "same" if found.likeness.certain else None


# ── filing ──

def file(db: Database, files: Files, roster: Roster, claim: str, hold: float = HOLD, told: Told | None = None) -> None:
    """File what is decided; ends quietly when the claim is lost."""
    actor, pace = starter(db, roster), Pace(hold)
    filer = Filer(db, actor, roster, reader_of(roster), crew_of(db, roster.source_id), settings.get(db, "clinic_language", "zh"))
    total, after, done = queries.counts(db, roster.id).decided, 0, 0
    try:
        while lines := queries.decided(db, roster.id, after, pace.size):
            lines = _chunk(db, roster, claim, filer, lines, pace, done)
            after, done = lines[-1].id, done + len(lines)
            if told:
                told(done, total)
    except Lost:
        return
    with db.change(actor, "roster.done") as details:
        counts = queries.counts(db, roster.id)
        details |= {"file": roster.file_name, "roster": roster.id, "registered": counts.registered, "joined": counts.joined,
                    "waiting": counts.waiting + counts.unreadable}
        rest(db, roster.id, "done")


def _chunk(db: Database, roster: Roster, claim: str, filer: Filer, lines: list[Line], pace: Pace, done: int) -> list[Line]:
    """One transaction; where one of its lines is refused, only the first of them, and a refused one waits again."""
    try:
        with chunked(db, pace, len(lines)):
            renew(db, roster, claim, done)
            for line in lines:
                _keep(db, line, filer.file(line))
        return lines
    except (Busy, DiskFull):
        raise
    except Refusal:
        if len(lines) > 1:
            return _chunk(db, roster, claim, filer, lines[:1], pace, done)
        with db.aside():
            renew(db, roster, claim, done)
            _keep(db, lines[0], Outcome(reason="refused"))
        return lines


def _keep(db: Database, line: Line, outcome: Outcome | None) -> None:
    if outcome is None:
        return
    if outcome.reason:
        db.update("roster_lines", line.id, {"decision": None, "reason": outcome.reason})
        return
    db.update("roster_lines", line.id, {
        "outcome": outcome.outcome, "patient_id": outcome.patient_id, "left_cells": json.dumps(outcome.left),
        "before": msgspec.json.encode(outcome.before).decode() if outcome.before else None, "event_id": outcome.event_id,
    })
