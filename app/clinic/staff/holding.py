"""Sessions: one device and one member of staff. Only the hash of its token is kept, and each sign-in, switch and PIN makes a new one."""

from contextlib import suppress
from datetime import timedelta

import msgspec

from app.clinic.staff import queries, rules
from app.clinic.staff.presence import Held
from app.clinic.staff.slowing import forgotten
from app.core import clock, events
from app.core.access import Actor, Role
from app.core.db import Database
from app.core.errors import NotFound, Unwritable
from app.core.words import N_

events.declare("staff.signed_in", N_("Signed in"), clinical=False)
events.declare("staff.switched", N_("Went on with a tablet by PIN"), clinical=False)
events.declare("session.unlocked", N_("Unlocked the screen by PIN"), clinical=False)

HELD = """
SELECT staff.id, staff.name, staff.role, staff.language, sessions.id, sessions.tablet_id,
  coalesce(sessions.active_at, sessions.started_at), sessions.locked_at
FROM sessions JOIN staff ON staff.id = sessions.staff_id
WHERE sessions.token_hash = :token AND sessions.ended_event_id IS NULL AND sessions.ends_at > :now
  AND staff.disabled_event_id IS NULL AND sessions.handed_to IS NULL
  AND (sessions.tablet_id IS NULL OR sessions.tablet_id = (SELECT id FROM tablets WHERE token_hash = :tablet AND revoked_event_id IS NULL))
"""
LOCK = "UPDATE sessions SET locked_at = coalesce(locked_at, :now) WHERE id = :id"
GO_ON = """
UPDATE sessions SET token_hash = :new, active_at = :now, locked_at = NULL
WHERE token_hash = :old AND staff_id = :staff AND ended_event_id IS NULL AND handed_to IS NULL
"""
END_TOKEN = "UPDATE sessions SET ended_event_id = :event WHERE token_hash = :token AND ended_event_id IS NULL"
TABLET_OF = "SELECT tablet_id FROM sessions WHERE id = :id AND ended_event_id IS NULL"
TO_TABLET = "UPDATE sessions SET tablet_id = :tablet, token_hash = :new WHERE token_hash = :old AND ended_event_id IS NULL"
FORGET_FAILURES = "DELETE FROM failed_sign_ins WHERE who = :who OR at < :old"
BEGIN_SHIFT = """
INSERT INTO shifts (tablet_id, staff_id, ends_at, event_id)
SELECT tablet_id, staff_id, ends_at, :event FROM sessions WHERE id = :session AND tablet_id IS NOT NULL
"""
END_SHIFT = """
UPDATE shifts SET ended_event_id = :event WHERE staff_id = :staff AND tablet_id = :tablet AND ended_event_id IS NULL
"""


END_FUTURE = "UPDATE sessions SET ended_event_id = :event WHERE ends_at > :latest AND ended_event_id IS NULL"
END_FUTURE_SHIFTS = "UPDATE shifts SET ended_event_id = :event WHERE ends_at > :latest AND ended_event_id IS NULL"


def held(db: Database, token: str, tablet_token: str = "") -> Held | None:
    """The live session behind this token. One of a tablet counts only beside that tablet's own cookie."""
    row = db.one(tuple, HELD, token=rules.token_hash(token), tablet=rules.token_hash(tablet_token), now=clock.stamp())
    return Held(Actor(row[0], row[1], Role(row[2]), row[3], row[4]), *row[5:]) if row else None


class Entry(msgspec.Struct, frozen=True):
    """device: what the browser calls itself. old_token: of the session that ends. until: None for a whole shift, by password."""

    device: str
    old_token: str = ""
    tablet_id: int | None = None
    until: str | None = None


def start(db: Database, staff_id: int, entry: Entry, forgive: bytes = b"") -> str:
    """A session for this member, who has proved who they are; its token. forgive: whose wrong guesses are forgotten."""
    token, member = rules.new_token(), queries.get(db, staff_id)
    actor = Actor(member.id, member.name, Role(member.role), member.language)
    ends = entry.until or clock.stamp(clock.now() + timedelta(hours=rules.SESSION_HOURS))
    with db.change(actor, "staff.switched" if entry.until else "staff.signed_in") as details:
        db.execute(END_TOKEN, token=rules.token_hash(entry.old_token), event=details.event_id)
        details["session"] = db.insert("sessions", {
            "token_hash": rules.token_hash(token), "staff_id": staff_id, "device": entry.device[:200], "started_at": clock.stamp(),
            "ends_at": ends, "tablet_id": entry.tablet_id, "active_at": clock.stamp(),
        })
        if entry.until is None:
            begin_shift(db, details.event_id, staff_id, details["session"], entry.tablet_id)
        db.execute(FORGET_FAILURES, who=forgive, old=forgotten())
    return token


def begin_shift(db: Database, event_id: int, staff_id: int, session_id: int, tablet_id: int | None) -> None:
    """Who signed in by password on a tablet may come back to it by PIN until that session would end."""
    db.execute(END_SHIFT, event=event_id, staff=staff_id, tablet=tablet_id)
    db.execute(BEGIN_SHIFT, event=event_id, session=session_id)


def move_to_tablet(db: Database, event_id: int, actor: Actor, token: str, tablet_id: int) -> str:
    """The session of a device that was enrolled belongs to that tablet now: its new token. Inside a change."""
    new = rules.new_token()
    if not db.execute(TO_TABLET, old=rules.token_hash(token), new=rules.token_hash(new), tablet=tablet_id):
        raise NotFound()
    begin_shift(db, event_id, actor.id, actor.session_id, tablet_id)
    return new


def go_on(db: Database, actor: Actor, token: str) -> str:
    """The screen of this very session is opened again, under a new token. Raises NotFound.

    Where the disk takes nothing the old token stays: they proved who they are, and reading goes on.
    """
    new = rules.new_token()
    with suppress(Unwritable):
        with db.change(actor, "session.unlocked"):
            if not db.execute(GO_ON, old=rules.token_hash(token), new=rules.token_hash(new), staff=actor.id, now=clock.stamp()):
                raise NotFound()
        return new
    return token


def end_future(db: Database, event_id: int) -> None:
    """Sessions begun while the clock was ahead would live as much longer. Inside a change, after it was put right."""
    for end in (END_FUTURE, END_FUTURE_SHIFTS):
        db.execute(end, event=event_id, latest=clock.stamp(clock.now() + timedelta(hours=rules.SESSION_HOURS)))


def lock(db: Database, session_id: int) -> None:
    """Its screen shows nothing until somebody proves who they are."""
    with db.aside():
        db.execute(LOCK, id=session_id, now=clock.stamp())


def tablet_of_session(db: Database, session_id: int | None) -> int | None:
    return db.value(TABLET_OF, id=session_id) if session_id else None
