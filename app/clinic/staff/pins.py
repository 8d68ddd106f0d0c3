"""PINs: six digits by which somebody on shift comes back to one of the clinic's tablets.

A PIN is hashed like a password, and before that keyed with a file beside the clinic's: whoever has the file alone cannot try a
million PINs.
"""

import hmac
import secrets
import unicodedata
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from app.clinic.staff import actions, rules
from app.clinic.staff.slowing import one_guess_at_a_time
from app.core import events, secret_files
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Invalid
from app.core.words import N_

events.declare("staff.pin_changed", N_("Changed a PIN"), clinical=False)

DIGITS = 6
KEY_BYTES = 32
DATES = ("%y%m%d", "%d%m%y", "%m%d%y", "%Y%m")
LOVED = {"520131", "131452", "147258", "258369", "159753", "147852", "369258", "142536", "121314", "168168", "168888", "518888", "102030"}

HASH = "SELECT pin_hash FROM staff WHERE id = :id"
SET = "UPDATE staff SET pin_hash = :hash WHERE id = :id"


def read_pin(text: str) -> str | None:
    """Six digits however they were typed, or None: then it may be a password."""
    plain = unicodedata.normalize("NFKC", text).strip()
    return plain if len(plain) == DIGITS and plain.isascii() and plain.isdigit() else None


def is_easy(pin: str) -> bool:
    """What people try first: runs, repeats, days of birth, numbers that sound nice."""
    digits = [int(one) for one in pin]
    steps = {(after - before) % 10 for before, after in zip(digits, digits[1:], strict=False)}
    repeats = len(set(pin)) < 3 or len(steps) == 1 or pin[:3] == pin[3:] or pin == pin[::-1] or pin[0::2] == pin[1::2]
    return repeats or pin in LOVED or any(_is_day(pin, form) for form in DATES)


def _is_day(pin: str, form: str) -> bool:
    try:
        return 1900 <= datetime.strptime(pin, form).year <= 2099  # noqa: DTZ007
    except ValueError:
        return False


def set_pin(db: Database, actor: Actor, password: str, pin: str, again: str) -> None:
    """Own PIN, by password and typed twice. Raises TooMany, or Invalid at `password`, `pin` or `again`."""
    plain = read_pin(pin)
    if plain is None:
        raise Invalid({"pin": N_("Six digits, please.")})
    if is_easy(plain):
        raise Invalid({"pin": N_("This is too easy to guess: no runs, no repeats, no birthdays.")})
    if read_pin(again) != plain:
        raise Invalid({"again": N_("These are not the same six digits.")})
    actions.prove(db, actor, password)
    hashed = rules.hash_password(_keyed(_key(db), actor.id, plain))
    with db.change(actor, "staff.pin_changed") as details:
        details["staff"] = actor.id
        db.execute(SET, id=actor.id, hash=hashed)


def has_pin(db: Database, staff_id: int) -> bool:
    return db.value(HASH, id=staff_id) is not None


def is_pin_of(db: Database, staff_id: int, pin: str) -> bool:
    key = secret_files.read(_path(db))
    return key is not None and rules.verify(db.value(HASH, id=staff_id), _keyed(key, staff_id, pin))


def _keyed(key: bytes, staff_id: int, pin: str) -> str:
    return hmac.new(key, f"{staff_id}:{pin}".encode(), sha256).hexdigest()


def _path(db: Database) -> Path:
    return db.path.parent / "keys" / "pin.key"


def _key(db: Database) -> bytes:
    """Made when the first PIN is. If it is ever lost, PINs open nothing and passwords still do."""
    with one_guess_at_a_time:
        key = secret_files.read(_path(db))
        if key is None:
            secret_files.write(_path(db), key := secrets.token_bytes(KEY_BYTES))
        return key
