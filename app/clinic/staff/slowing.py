"""Whoever guesses is slowed down, across restarts: by what they guess at and by the device they do it from."""

import hashlib
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from app.clinic.staff import queries, rules
from app.core import clock, hosts, settings
from app.core.db import Database
from app.core.errors import Invalid, TooMany, Unwritable

# Guesses sent side by side must not all be judged before the first is counted.
one_guess_at_a_time = threading.Lock()
# Failures while the disk takes nothing, so that a full one is no licence to guess.
_unkept: defaultdict[bytes, list[str]] = defaultdict(list)


def who(db: Database, name: str) -> bytes:
    """A keyed hash, so the file holds no list of tried names."""
    key = settings.get(db, "secret", "")
    return hashlib.blake2b(name.encode(), key=key.encode()[:64], digest_size=16).digest()


def guesser_of(address: str, tablet_id: int | None) -> str:
    """Whose guesses are counted together: one of the clinic's tablets', or whatever else asks from there."""
    return f"device:tablet {tablet_id}" if tablet_id else f"device:{hosts.visitor(address)}"


def forgotten() -> str:
    return clock.stamp(clock.now() - rules.FORGET_AFTER)


def slow_down(db: Database, who: bytes) -> None:
    """Raises TooMany while this one has to wait."""
    count, last = queries.failures(db, who, forgotten())
    if unkept := [at for at in _unkept[who] if at > forgotten()]:
        count, last = count + len(unkept), unkept[-1]
    if wait := rules.wait_seconds(count, last, clock.now()):
        raise TooMany(wait)


def note_failure(db: Database, who: bytes) -> None:
    try:
        with db.aside():
            db.insert("failed_sign_ins", {"who": who, "at": clock.stamp()})
    except Unwritable:
        _unkept[who].append(clock.stamp())


@contextmanager
def guessing(db: Database, name: str) -> Iterator[None]:
    """Something secret is compared inside: an Invalid counts as a wrong guess of `name`, as at the sign-in."""
    key = who(db, name)
    with one_guess_at_a_time:
        slow_down(db, key)
        try:
            yield
        except Invalid:
            note_failure(db, key)
            raise
