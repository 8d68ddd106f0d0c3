"""At the sign-in: the code from the phone after the password, or a recovery code, each taken once."""

import secrets
import unicodedata
from datetime import timedelta

import msgspec
import pyotp

from app.clinic.staff import carrying, holding, queries, rules
from app.clinic.staff.slowing import guesser_of, note_failure, one_guess_at_a_time, slow_down, who
from app.core import clock, events
from app.core.access import Actor, Role
from app.core.db import Database
from app.core.errors import Invalid
from app.core.words import N_

events.declare("second_step.recovered", N_("Used a recovery code at the sign-in"), clinical=False)

SECONDS = 30
HALF_WAY = timedelta(minutes=5)
WRONG = N_("This code is not right, or it was used already. Wait for the next one.")

MINE = "SELECT id, secret, last_step FROM second_steps WHERE staff_id = :staff AND ended_event_id IS NULL"
TAKE = "UPDATE second_steps SET last_step = :step WHERE id = :id AND last_step < :step AND ended_event_id IS NULL"
KNOWN = "SELECT 1 FROM recovery_codes WHERE second_step_id = :id AND hash = :hash AND ended_event_id IS NULL"
USE = "UPDATE recovery_codes SET ended_event_id = :event WHERE second_step_id = :id AND hash = :hash AND ended_event_id IS NULL"


class Armed(msgspec.Struct, frozen=True):
    """secret: sealed. last_step: the half minute of the newest code that was taken."""

    id: int
    secret: bytes
    last_step: int


def armed(db: Database, staff_id: int) -> Armed | None:
    return db.one(Armed, MINE, staff=staff_id)


def has_second_step(db: Database, staff_id: int) -> bool:
    return armed(db, staff_id) is not None


def half_way(db: Database, staff_id: int) -> str:
    """What the device carries between the password and the code. A new password makes it worthless."""
    return carrying.seal(db, "half way", _fingerprint(db, staff_id), staff_id, HALF_WAY)


def half_way_in(db: Database, half: str) -> int | None:
    """Whose password was right here a moment ago."""
    told = carrying.unseal(db, "half way", half)
    return told[0] if told and not queries.get(db, told[0]).disabled and told[1] == _fingerprint(db, told[0]) else None


def take_code(
    db: Database, half: str, code: str, device: str, address: str, old_token: str = "", tablet_id: int | None = None,
) -> str | None:
    """A session for who shows a right code after the right password; None where the password is asked anew. Raises TooMany, or Invalid at `code`."""
    staff_id = half_way_in(db, half)
    if staff_id is None:
        return None
    keys = [who(db, f"code:{staff_id}"), who(db, guesser_of(address, tablet_id))]
    with one_guess_at_a_time:
        for key in keys:
            slow_down(db, key)
        if not _right(db, staff_id, code):
            for key in keys:
                note_failure(db, key)
            raise Invalid({"code": WRONG})
    return holding.start(db, staff_id, holding.Entry(device, old_token, tablet_id), keys[0])


def _right(db: Database, staff_id: int, code: str) -> bool:
    """Taken, if it is: neither kind is right a second time."""
    one = armed(db, staff_id)
    if one is None:  # taken off since the password
        return True
    secret = carrying.decrypt(db, f"secret {staff_id}", one.secret)
    step = fits(secret.decode(), code) if secret else None
    if step is not None:
        with db.aside():
            return db.execute(TAKE, id=one.id, step=step) == 1
    return _recovered(db, staff_id, one.id, code_hash(db, one.id, code))


def _recovered(db: Database, staff_id: int, id: int, hash: bytes) -> bool:
    if db.value(KNOWN, id=id, hash=hash) is None:
        return False
    member = queries.get(db, staff_id)
    actor = Actor(member.id, member.name, Role(member.role), member.language)
    with db.change(actor, "second_step.recovered") as details:
        details["staff"] = staff_id
        return db.execute(USE, id=id, hash=hash, event=details.event_id) == 1


def code_hash(db: Database, id: int, code: str) -> bytes:
    """Sixty bits that nobody chose: a keyed hash is enough."""
    return who(db, f"recovery:{id}:{''.join(filter(str.isalnum, code.upper()))}")


def fits(secret: str, code: str) -> int | None:
    """The half minute this code belongs to: this one, the one before or the one after."""
    plain = "".join(unicodedata.normalize("NFKC", code).split())
    if len(plain) != 6 or not plain.isascii() or not plain.isdigit():
        return None
    now, totp = int(clock.now().timestamp()) // SECONDS, pyotp.TOTP(secret)
    return next((step for step in (now, now - 1, now + 1) if secrets.compare_digest(totp.generate_otp(step), plain)), None)


def _fingerprint(db: Database, staff_id: int) -> str:
    return rules.token_hash(queries.password_hash(db, staff_id)).hex()
