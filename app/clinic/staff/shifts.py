"""Shifts: who has signed in by password on a tablet comes back to it by name tile and PIN, for at most twelve hours.

Five wrong PINs end that: the password is asked, on this tablet, until it was right.
"""

from collections import Counter
from contextlib import suppress

import msgspec

from app.clinic.staff import actions, holding, pins, queries
from app.clinic.staff.slowing import one_guess_at_a_time
from app.core import clock, events
from app.core.access import Actor, Role
from app.core.db import Database
from app.core.errors import Invalid, NotFound, Unwritable
from app.core.words import N_

events.declare("shift.blocked", N_("Five wrong PINs on a tablet: the password is asked"), clinical=False)

MOST_WRONG = 5
_unkept: Counter[tuple] = Counter()  # wrong PINs while the disk takes nothing, by file and shift
BY_PASSWORD = N_("Please use your password here.")
WRONG = N_("This is not the PIN. After five wrong ones the password is asked.")


class Tile(msgspec.Struct, frozen=True):
    """A member of staff at a tablet, by their own id. by_pin: 0 where only the password opens."""

    id: int
    name: str
    sign_in: str
    role: str
    by_pin: int

    @property
    def role_name(self) -> str:
        return Role(self.role).label


class Shift(msgspec.Struct, frozen=True):
    id: int
    ends_at: str


_RUNNING = """
FROM shifts JOIN staff ON staff.id = shifts.staff_id JOIN tablets ON tablets.id = shifts.tablet_id
WHERE shifts.tablet_id = :tablet AND shifts.ended_event_id IS NULL AND shifts.ends_at > :now
  AND staff.disabled_event_id IS NULL AND tablets.revoked_event_id IS NULL
"""
TILES = f"""
SELECT staff.id, staff.name, staff.sign_in, staff.role, staff.pin_hash IS NOT NULL AND shifts.wrong < {MOST_WRONG} AS by_pin
{_RUNNING} ORDER BY staff.name, staff.id"""
USABLE = f"SELECT shifts.id, shifts.ends_at {_RUNNING} AND staff.id = :staff AND staff.pin_hash IS NOT NULL AND shifts.wrong < {MOST_WRONG}"
COUNT = f"UPDATE shifts SET wrong = min(wrong + 1, {MOST_WRONG}) WHERE id = :id"
FORGIVE = "UPDATE shifts SET wrong = 0 WHERE id = :id AND wrong > 0"
WRONG_ONES = "SELECT wrong FROM shifts WHERE id = :id"


def tiles(db: Database, tablet_id: int) -> list[Tile]:
    return db.all(Tile, TILES, tablet=tablet_id, now=clock.stamp())


def takes_pin(db: Database, actor: Actor) -> bool:
    """Would their PIN count on the device they act on?"""
    tablet_id = holding.tablet_of_session(db, actor.session_id)
    return tablet_id is not None and _usable(db, tablet_id, actor.id) is not None


def _usable(db: Database, tablet_id: int, staff_id: int) -> Shift | None:
    return db.one(Shift, USABLE, tablet=tablet_id, staff=staff_id, now=clock.stamp())


def check_pin(db: Database, tablet_id: int, staff_id: int, pin: str, field: str = "secret") -> Shift:
    """The shift it is right for. Raises Invalid at `field`; each wrong one is counted before anybody is told."""
    with one_guess_at_a_time:
        shift = _usable(db, tablet_id, staff_id)
        if shift is None or _unkept[db.path, shift.id] >= MOST_WRONG:
            raise Invalid({field: BY_PASSWORD})
        if pins.is_pin_of(db, staff_id, pin):
            _unkept.pop((db.path, shift.id), None)
            with suppress(Unwritable), db.aside():
                db.execute(FORGIVE, id=shift.id)
            return shift
        _count(db, shift.id, staff_id)
    raise Invalid({field: WRONG})


def _count(db: Database, shift_id: int, staff_id: int) -> None:
    try:
        with db.aside():
            db.execute(COUNT, id=shift_id)
            if db.value(WRONG_ONES, id=shift_id) == MOST_WRONG:
                with db.change(None, "shift.blocked") as details:
                    details |= {"shift": shift_id, "staff": staff_id}
    except Unwritable:
        _unkept[db.path, shift_id] += 1


def enter(db: Database, tablet_id: int, staff_id: int, pin: str, token: str, device: str) -> str:
    """By tile and PIN: one's own screen opens again, or a session of one's own takes its place; the new token."""
    shift = check_pin(db, tablet_id, staff_id, pin)
    member = queries.get(db, staff_id)
    session_id = queries.own_session(db, token, staff_id)
    if session_id is None:
        return holding.start(db, staff_id, holding.Entry(device, token, tablet_id, shift.ends_at))
    return holding.go_on(db, Actor(member.id, member.name, Role(member.role), member.language, session_id), token)


def take_back(db: Database, tablet_id: int, staff_id: int, pin: str, token: str, device: str) -> str:
    """A tablet comes back from a patient's hands by PIN: a session for who took it. Raises NotFound where nothing is handed over."""
    if not queries.handed_to(db, token):
        raise NotFound()
    shift = check_pin(db, tablet_id, staff_id, pin, "password")
    return holding.start(db, staff_id, holding.Entry(device, token, tablet_id, shift.ends_at))


def confirm(db: Database, actor: Actor, secret: str, field: str = "password") -> None:
    """It is really them who signs: their password, or their PIN on a tablet they are on shift at. Raises TooMany, or Invalid at `field`."""
    pin, tablet_id = pins.read_pin(secret), holding.tablet_of_session(db, actor.session_id)
    if pin and tablet_id:
        check_pin(db, tablet_id, actor.id, pin, field)
    else:
        actions.prove(db, actor, secret, field)
