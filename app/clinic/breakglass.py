"""Break-glass: somebody whose role does not show sensitive entries opens one person's for an hour, because they must.

They write why. It lets them read and nothing else, it is on the owner's Today until the owner has taken note, and every page
opened meanwhile is written down. They may end it before its time; nobody can make it longer.
"""

from collections.abc import Collection
from datetime import timedelta
from typing import Annotated

import msgspec

from app.clinic import patients
from app.core import clock, events
from app.core.access import Actor, May
from app.core.db import Database
from app.core.errors import Forbidden, Invalid, NotFound, Refusal
from app.core.forms import Field
from app.core.words import N_

OPENED, CLOSED, NOTED = "breakglass.opened", "breakglass.closed", "breakglass.noted"
events.declare(OPENED, N_("Broke the glass to read the sensitive entries for an hour: %(reason)s"), clinical=True)
events.declare(CLOSED, N_("Closed the sensitive entries again"), clinical=True)
events.declare(NOTED, N_("Took note that %(name)s had read the sensitive entries"), clinical=False)
patients.belongs("breakglass")

LASTS = timedelta(hours=1)
SHORTEST_REASON = 6
SHOWN = 100
LOOKS_SHOWN = 200


class NewOpening(msgspec.Struct, frozen=True):
    reason: Annotated[str, Field(most=500)]


class Opening(msgspec.Struct, frozen=True):
    """Times are UTC stamps. closed_at: when it was ended early. noted_at: when an owner took note of it."""

    id: int
    patient_id: int
    patient: str
    number: str
    staff_id: int
    who: str
    role: str
    reason: str
    opened_at: str
    ends_at: str
    closed_at: str | None
    noted_at: str | None
    noted_by: str | None

    @property
    def until(self) -> str:
        return min(self.closed_at or self.ends_at, self.ends_at)


_OPENINGS = """
SELECT b.id, b.patient_id, p.name AS patient, p.number, b.staff_id, s.name AS who, s.role, b.reason, b.opened_at, b.ends_at,
  c.at AS closed_at, n.at AS noted_at, o.name AS noted_by
FROM breakglass b JOIN patients p ON p.id = b.patient_id JOIN staff s ON s.id = b.staff_id
  LEFT JOIN events c ON c.id = b.ended_event_id
  LEFT JOIN events n ON n.id = b.acknowledged_event_id LEFT JOIN staff o ON o.id = n.actor_id
"""
STANDING = f"""{_OPENINGS}
WHERE b.staff_id = :staff AND b.patient_id = :patient AND b.ends_at > :now AND b.opened_at <= :now AND b.ended_event_id IS NULL
ORDER BY b.ends_at DESC LIMIT 1
"""
ONE = f"{_OPENINGS} WHERE b.id = :id"
NEW = f"{_OPENINGS} WHERE b.acknowledged_event_id IS NULL ORDER BY b.id DESC"
OLD = f"{_OPENINGS} WHERE b.acknowledged_event_id IS NOT NULL ORDER BY b.id DESC LIMIT :most"
WAITING = "SELECT count(*) FROM breakglass WHERE acknowledged_event_id IS NULL"


def standing(db: Database, actor: Actor, patient_id: int) -> Opening | None:
    """What this actor has open of this person now."""
    return db.one(Opening, STANDING, staff=actor.id, patient=patient_id, now=clock.stamp())


def fresh(db: Database) -> list[Opening]:
    """Of which no owner has taken note yet, the newest first."""
    return db.all(Opening, NEW)


def noted(db: Database) -> list[Opening]:
    return db.all(Opening, OLD, most=SHOWN)


def waiting(db: Database, actor: Actor) -> int:
    """How many wait for this owner; nobody else is told."""
    return db.value(WAITING) if actor.may(May.SEE_AUDIT) else 0


def may_break(actor: Actor) -> bool:
    """Who sees care, but not what is sensitive."""
    return actor.may(May.SEE_CLINICAL) and not actor.may(May.SEE_SENSITIVE)


def open_for_an_hour(db: Database, actor: Actor, patient_id: int, new: NewOpening) -> int:
    """From now on. What stands open already is not opened twice. Raises Forbidden, NotFound or Invalid."""
    if not may_break(actor):
        raise Forbidden()
    if len(new.reason) < SHORTEST_REASON:
        raise Invalid({"reason": N_("Please write it so that the owner understands it.")})
    with db.aside():
        if open_now := standing(db, actor, patient_id):
            return open_now.id
        with db.change(actor, OPENED, patient_id) as details:
            if patients.get(db, patient_id) is None:
                raise NotFound()
            details["reason"] = new.reason
            return db.insert("breakglass", {
                "patient_id": patient_id, "staff_id": actor.id, "reason": new.reason, "opened_at": clock.stamp(),
                "ends_at": clock.stamp(clock.now() + LASTS), "event_id": details.event_id,
            })


def close(db: Database, actor: Actor, patient_id: int) -> None:
    """Before its time, by whom it was opened. Raises NotFound where nothing is open."""
    with db.change(actor, CLOSED, patient_id) as details:
        open_now = standing(db, actor, patient_id)
        if open_now is None:
            raise NotFound()
        db.update("breakglass", open_now.id, {"ended_event_id": details.event_id})


def take_note(db: Database, actor: Actor, id: int) -> None:
    """An owner has read who, whom and why. Raises NotFound, or Refusal where it is done."""
    one = db.one(Opening, ONE, id=id)
    if one is None:
        raise NotFound()
    with db.change(actor, NOTED, one.patient_id) as details:
        one = db.one(Opening, ONE, id=id)
        if one.noted_at:
            raise Refusal(N_("Somebody has taken note of this already."))
        details["name"] = one.who
        db.update("breakglass", id, {"acknowledged_event_id": details.event_id})


# ── what was looked at ──

class Look(msgspec.Struct, frozen=True):
    """at: UTC, to the minute. place: the path after the person's address."""

    breakglass_id: int
    at: str
    place: str


WRITE_LOOK = """
INSERT INTO breakglass_looks (breakglass_id, at, place) VALUES (:id, :at, :place) ON CONFLICT DO NOTHING
"""
LOOKS = "SELECT breakglass_id, at, place FROM breakglass_looks WHERE breakglass_id = :id ORDER BY at LIMIT :most"
DURING = """
SELECT staff_id, opened_at, min(ends_at, coalesce((SELECT at FROM events WHERE id = ended_event_id), ends_at)) FROM breakglass
WHERE patient_id = :patient
"""


def write_looks(db: Database, seen: Collection[Look]) -> None:
    with db.aside():
        for one in seen:
            db.execute(WRITE_LOOK, id=one.breakglass_id, at=one.at, place=one.place)


def looks(db: Database, id: int) -> list[Look]:
    return db.all(Look, LOOKS, id=id, most=LOOKS_SHOWN)


def periods(db: Database, patient_id: int) -> list[tuple[int, str, str]]:
    """(staff id, from, until) of every opening of this person, UTC."""
    return db.all(tuple, DURING, patient=patient_id)
