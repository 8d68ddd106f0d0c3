"""What a person decides: whole piles of one likeness, single lines, and what could not be taken over."""

import json

from app.clinic import patients
from app.clinic.rosters import queries
from app.clinic.rosters.lists import expect
from app.clinic.rosters.shapes import Line, Pile
from app.core import clock, events
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Conflict, Invalid, NotFound
from app.core.words import N_

events.declare("roster.decided", N_("Decided about %(n)s lines of the list %(file)s"), clinical=False)
events.declare("roster.settled", N_("Looked at what could not be taken over from line %(line)s of the list %(file)s"), clinical=False)

OPEN = ("ready", "stopped", "done")
DECISIONS = ("new", "same", "skip", "")  # blank: taken back, the lines wait again

SETTLE = "UPDATE roster_lines SET settled_event_id = :event WHERE id IN (SELECT value FROM json_each(:ids)) AND settled_event_id IS NULL"
WITH_CELL = """
SELECT DISTINCT l.id FROM roster_lines l, json_each(l.left_cells) c
WHERE l.roster_id = :roster AND l.left_cells <> '[]' AND l.settled_event_id IS NULL
  AND l.outcome IN ('registered', 'joined', 'known')
"""


def pile(db: Database, roster_id: int, key: str) -> Pile:
    """By its key in an address."""
    found = next((one for one in queries.piles(db, roster_id) if one.key == key), None)
    if found is None:
        raise NotFound(N_("Somebody has decided about these lines already."))
    return found


def may(one: Pile | Line, decision: str) -> bool:
    """Nobody nameless and unnumbered is registered, and what is like nobody cannot be the same."""
    if decision == "same":
        return bool(one.because)
    return not (decision == "new" and one.reason in ("nobody", "formula"))


def decide_pile(db: Database, actor: Actor | None, roster_id: int, key: str, decision: str) -> int:
    """The same for all lines of a pile; how many there were."""
    if decision not in DECISIONS:
        raise Invalid({"decision": N_("Please choose one of these.")})
    with db.change(actor, "roster.decided") as details:
        roster, one = expect(db, roster_id, *OPEN), pile(db, roster_id, key)
        if not may(one, decision):
            raise Invalid({"decision": N_("Please choose one of these.")})
        n = db.execute(
            queries.DECIDE_PILE, decision=decision or None, roster=roster_id, because=one.because, against=one.against, here=one.here,
            reason=one.reason,
        )
        details |= {"file": roster.file_name, "roster": roster_id, "n": n, "decision": decision}
    return n


def decide(db: Database, actor: Actor | None, line_id: int, decision: str, patient_id: int | None = None) -> None:
    """About one line; for `same` whom it is about, where that is not the likeliest."""
    with db.change(actor, "roster.decided") as details:
        line = queries.line(db, line_id)
        if line is None:
            raise NotFound()
        roster = expect(db, line.roster_id, *OPEN)
        if line.outcome is not None:
            raise Conflict(N_("This line has been taken over meanwhile."))
        if decision not in DECISIONS or not (may(line, decision) or patient_id):
            raise Invalid({"decision": N_("Please choose one of these.")})
        if patient_id is not None and patients.get(db, patient_id) is None:
            raise NotFound()
        changes = {"decision": decision or None}
        if decision == "same" and patient_id is not None:
            changes |= {"alike_id": patient_id, "alike_line": None}
        db.update("roster_lines", line_id, changes)
        details |= {"file": roster.file_name, "roster": roster.id, "n": 1, "line": line.line, "decision": decision}


def settle(db: Database, actor: Actor | None, line_id: int) -> None:
    """Somebody looked at what could not be taken over from a line."""
    line = queries.line(db, line_id)
    if line is None or line.outcome is None:
        raise NotFound()
    roster = queries.roster(db, line.roster_id)
    with db.change(actor, "roster.settled") as details:
        details |= {"file": roster.file_name, "roster": roster.id, "line": line.line}
        db.execute(SETTLE, event=details.event_id, ids=json.dumps([line_id]))
