"""The clinic's own tablets: enrolled once by an owner, known by a long-lived cookie, put out of use at once.

On one of them somebody on shift comes back by PIN (shifts.py). On any other device every sign-in is by password.
"""

from datetime import timedelta

import msgspec

from app.clinic.staff import holding, rules
from app.clinic.staff.slowing import guessing
from app.core import clock, events, settings
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Invalid, NotFound
from app.core.words import N_

events.declare("tablet.announced", N_("Made a code to enrol the tablet %(name)s"), clinical=False)
events.declare("tablet.enrolled", N_("Enrolled the tablet %(name)s"), clinical=False)
events.declare("tablet.renamed", N_("Renamed the tablet %(name)s"), clinical=False)
events.declare("tablet.revoked", N_("Put the tablet %(name)s out of use"), clinical=False)
events.declare("tablet.restored", N_("Put the tablet %(name)s in use again"), clinical=False)

CODE_MINUTES = 15
SAME_NAME = N_("There is a tablet of this name already.")
WRONG_CODE = N_("This is not a code that is good now. Codes are good for %(minutes)s minutes.")


class Tablet(msgspec.Struct, frozen=True):
    """enrolled, revoked: 0 or 1. seen_at: a stamp, None while it was never heard of. waits_until: of a code nobody has typed yet."""

    id: int
    name: str
    enrolled: int
    revoked: int
    enrolled_at: str | None
    seen_at: str | None
    waits_until: str | None


_TABLET = """
SELECT t.id, t.name, t.enrolled_event_id IS NOT NULL AS enrolled, t.revoked_event_id IS NOT NULL AS revoked, e.at AS enrolled_at,
  t.seen_at, t.code_until AS waits_until
FROM tablets t LEFT JOIN events e ON e.id = t.enrolled_event_id
"""
ALL = f"""{_TABLET} WHERE t.enrolled_event_id IS NOT NULL OR (t.code_until > :now AND t.revoked_event_id IS NULL)
ORDER BY t.revoked_event_id IS NOT NULL, t.name, t.id"""
ONE = f"{_TABLET} WHERE t.id = :id"
BY_TOKEN = f"{_TABLET} WHERE t.token_hash = :token AND t.revoked_event_id IS NULL"
WAITING = "SELECT id, name FROM tablets WHERE code_hash = :code AND code_until > :now AND revoked_event_id IS NULL"
NAMED = "SELECT 1 FROM tablets WHERE name = :name AND id <> :id AND enrolled_event_id IS NOT NULL AND revoked_event_id IS NULL"
REPLACE_WAITING = "UPDATE tablets SET revoked_event_id = :event WHERE name = :name AND enrolled_event_id IS NULL AND revoked_event_id IS NULL"
END_SESSIONS = "UPDATE sessions SET ended_event_id = :event WHERE tablet_id = :tablet AND ended_event_id IS NULL"
END_SHIFTS = "UPDATE shifts SET ended_event_id = :event WHERE tablet_id = :tablet AND ended_event_id IS NULL"


def tablets(db: Database) -> list[Tablet]:
    """Those in use, those that wait for their code, those put out of use."""
    return db.all(Tablet, ALL, now=clock.stamp())


def tablet(db: Database, id: int) -> Tablet:
    """Raises NotFound."""
    found = db.one(Tablet, ONE, id=id)
    if found is None:
        raise NotFound()
    return found


def tablet_of(db: Database, token: str) -> Tablet | None:
    """Which tablet in use holds this cookie."""
    return db.one(Tablet, BY_TOKEN, token=rules.token_hash(token)) if token else None


def _only_one(db: Database, name: str, event_id: int, id: int = 0) -> None:
    """Two of one name could not be told apart when one of them is lost. A code nobody typed gives way."""
    if db.value(NAMED, name=name, id=id):
        raise Invalid({"name": SAME_NAME})
    db.execute(REPLACE_WAITING, name=name, event=event_id)


def announce(db: Database, actor: Actor, name: str) -> str:
    """A code that enrols the device it is typed on, once, within a quarter of an hour."""
    code = rules.new_code()
    with db.change(actor, "tablet.announced") as details:
        _only_one(db, name, details.event_id)
        details |= {"name": name, "tablet": db.insert("tablets", {
            "name": name, "code_hash": _code_hash(code), "code_until": clock.stamp(clock.now() + timedelta(minutes=CODE_MINUTES)),
            "event_id": details.event_id,
        })}
    return code


def enrol(db: Database, actor: Actor, name: str, session_token: str) -> tuple[str, str]:
    """The device in hand: (token of the new tablet, new token of the session it holds, which belongs to the tablet now)."""
    token = rules.new_token()
    with db.change(actor, "tablet.enrolled") as details:
        _only_one(db, name, details.event_id)
        id = db.insert("tablets", {
            "name": name, "token_hash": rules.token_hash(token), "event_id": details.event_id, "enrolled_event_id": details.event_id,
        })
        details |= {"name": name, "tablet": id}
        return token, holding.move_to_tablet(db, details.event_id, actor, session_token, id)


def enrol_by_code(db: Database, code: str, address: str, was: Tablet | None = None) -> str:
    """The token of the tablet that waited for this code. was: what this device was before. Raises TooMany or Invalid at `code`."""
    token = rules.new_token()
    with guessing(db, f"tablet:{address}"), db.aside():
        waiting = db.one(tuple, WAITING, code=_code_hash(code), now=clock.stamp())
        if waiting is None:
            raise Invalid({"code": (WRONG_CODE, {"minutes": CODE_MINUTES})})
        with db.change(None, "tablet.enrolled") as details:
            details |= {"tablet": waiting[0], "name": waiting[1]}
            if was:
                revoke(db, None, was.id)
            db.update("tablets", waiting[0], {
                "token_hash": rules.token_hash(token), "code_hash": None, "code_until": None, "enrolled_event_id": details.event_id,
            })
    return token


def _code_hash(code: str) -> bytes:
    return rules.token_hash("".join(filter(str.isalnum, code.upper())))


def rename(db: Database, actor: Actor, id: int, name: str) -> None:
    """Raises Invalid at `name`."""
    with db.change(actor, "tablet.renamed") as details:
        _only_one(db, name, details.event_id, id)
        details |= {"tablet": id, "name": name, "was": tablet(db, id).name}
        db.update("tablets", id, {"name": name})


def revoke(db: Database, actor: Actor | None, id: int) -> None:
    """Whoever is signed in on it is signed out at once; no PIN opens it any more."""
    with db.change(actor, "tablet.revoked") as details:
        details |= {"tablet": id, "name": tablet(db, id).name}
        db.update("tablets", id, {"revoked_event_id": details.event_id})
        db.execute(END_SESSIONS, tablet=id, event=details.event_id)
        db.execute(END_SHIFTS, tablet=id, event=details.event_id)


def restore(db: Database, actor: Actor, id: int) -> None:
    """It was found again: its cookie counts, and everybody signs in on it by password."""
    with db.change(actor, "tablet.restored") as details:
        details |= {"tablet": id, "name": tablet(db, id).name}
        db.update("tablets", id, {"revoked_event_id": None})


def set_idle_minutes(db: Database, actor: Actor, minutes: int) -> None:
    settings.put(db, actor, idle_minutes=minutes)
