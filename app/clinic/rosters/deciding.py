"""What a person decides: whole piles of one likeness, single lines, and what could not be taken over."""

from app.clinic import patients
from app.clinic.rosters import queries
from app.clinic.rosters.lists import expect
from app.clinic.rosters.shapes import Line, Pile
from app.core import events
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Conflict, Invalid, NotFound
from app.core.words import N_

events.declare("roster.decided", N_("Decided about %(n)s lines of the list %(file)s"), clinical=False)
events.declare("roster.settled", N_("Looked at what could not be taken over from line %(line)s of the list %(file)s"), clinical=False)
events.declare("roster.cells_settled", N_("Looked at %(n)s cells that could not be taken over from the list %(file)s"), clinical=False)

OPEN = ("ready", "stopped", "done")
DECISIONS = ("new", "same", "skip", "")  # blank: taken back, the lines wait again

SETTLE = """
UPDATE roster_lines SET left_cells = (
  SELECT json_group_array(json(c.value)) FROM json_each(roster_lines.left_cells) c WHERE json_extract(c.value, '$[1]') <> :reason)
WHERE roster_id = :roster AND left_cells <> '[]' AND outcome IN ('registered', 'joined', 'known')
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
    """Somebody looked at what could not be taken over from a line. The line itself stays readable."""
    line = queries.line(db, line_id)
    if line is None or line.outcome is None:
        raise NotFound()
    roster = queries.roster(db, line.roster_id)
    with db.change(actor, "roster.settled") as details:
        details |= {"file": roster.file_name, "roster": roster.id, "line": line.line, "cells": line.left}
        db.update("roster_lines", line_id, {"left_cells": "[]"})


def settle_cells(db: Database, actor: Actor | None, roster_id: int, reason: str) -> None:
    """Somebody looked at all that was left for one reason."""
    n = dict(queries.cell_piles(db, roster_id)).get(reason)
    if not n:
        raise NotFound(N_("Somebody has decided about these lines already."))
    with db.change(actor, "roster.cells_settled") as details:
        details |= {"file": queries.roster(db, roster_id).file_name, "roster": roster_id, "n": n, "reason": reason}
        db.execute(SETTLE, roster=roster_id, reason=reason)
