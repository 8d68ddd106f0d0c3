"""Everybody of one giving out who has not filled it in yet is reminded, some at a time: nobody waits for the writer, a crash loses nothing.

Who was reminded after it was wanted is done with, so that it goes on where it stopped.
"""

from app.clinic.invitations import queries
from app.clinic.invitations.many import LEASE
from app.clinic.invitations.shapes import Asking
from app.core import clock
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import NotFound, Refusal
from app.core.words import N_

CHUNK = 50  # people per transaction: each gets an item of work
_OPEN = """
FROM asked a JOIN patients p ON p.id = a.patient_id WHERE a.asking_id = :id AND a.ended_event_id IS NULL AND a.id > :after
  AND coalesce(a.reminded_event_id, 0) < :since AND p.withdrawn_event_id IS NULL AND p.restricted_event_id IS NULL
"""
LEFT = f"SELECT count(*) {_OPEN}"
NEXT_PEOPLE = f"SELECT a.id, a.patient_id {_OPEN} ORDER BY a.id LIMIT :most"


def left(db: Database, one: Asking) -> int:
    """How many are still to be reminded; of one for which it is not wanted, how many could be."""
    return db.value(LEFT, id=one.id, after=0, since=one.reminding or 2**62)


def remind_everybody(db: Database, actor: Actor, id: int) -> None:
    """Want it; a second tap meanwhile wants nothing more."""
    one = queries.asking(db, id)
    if one is None:
        raise NotFound()
    with db.aside():
        one = queries.asking(db, id)
        if one.reminding:
            return
        n = left(db, one)
        if not n or not one.finished:
            raise Refusal(N_("There is nobody to remind."))
        with db.change(actor, "asking.reminded") as details:
            details |= {"asking": id, "title": one.both, "n": n}
            db.update("askings", id, {"remind_event_id": details.event_id, "lease_until": None})


NEXT = "SELECT id FROM askings WHERE remind_event_id IS NOT NULL AND (lease_until IS NULL OR lease_until <= :now) ORDER BY id LIMIT 1"
HOLD = "UPDATE askings SET lease_until = :until WHERE id = :id"


def claim_reminding(db: Database) -> Asking | None:
    """One whose people wait to be reminded, for the caller alone as long as the lease lasts."""
    with db.aside():
        id = db.value(NEXT, now=clock.stamp())
        if id is None:
            return None
        db.execute(HOLD, id=id, until=clock.stamp(clock.now() + LEASE))
    return queries.asking(db, id)


REMINDED = "UPDATE asked SET reminded_event_id = :event WHERE id = :id"
DONE = "UPDATE askings SET remind_event_id = NULL, lease_until = NULL WHERE id = :id"


def remind_some(db: Database, one: Asking, after: int = 0) -> int | None:
    """The next handful after this one; the last of them, or None when nobody is left. Work listens to each event."""
    with db.aside():
        some = db.all(tuple, NEXT_PEOPLE, id=one.id, after=after, since=one.reminding, most=CHUNK)
        if not some:
            db.execute(DONE, id=one.id)
            return None
        written = db.write_events(((None, "asked.reminded", patient, {"asked": id, "title": one.both}) for id, patient in some), cause=one.reminding)
        for (id, _patient), event in zip(some, written, strict=True):
            db.execute(REMINDED, id=id, event=event)
        db.execute(HOLD, id=one.id, until=clock.stamp(clock.now() + LEASE))
    return some[-1][0]
