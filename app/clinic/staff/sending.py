"""A form that arrives twice is taken once: a double tap, a retry over bad Wi-Fi, a restart between the saving and the answer.

Every form carries a key made for it. Whatever a request changes first is written together with the key, in one
transaction, so that there is never one without the other.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta

from app.core import clock
from app.core.db import Database
from app.core.events import Event

KEPT_DAYS = 3

_being_sent: ContextVar[bytes | None] = ContextVar("being_sent", default=None)

KEEP = "INSERT INTO sent_forms (digest, at, event_id) VALUES (:digest, :at, :event) ON CONFLICT DO NOTHING"
SENT = "SELECT e.patient_id FROM sent_forms f JOIN events e ON e.id = f.event_id WHERE f.digest = :digest"
FORGET = "DELETE FROM sent_forms WHERE digest = :digest"
DROP_OLD = "DELETE FROM sent_forms WHERE at < :before"


@contextmanager
def sending(digest: bytes) -> Iterator[None]:
    """What changes inside belongs to this form."""
    mark = _being_sent.set(digest)
    try:
        yield
    finally:
        _being_sent.reset(mark)


def keep_sent(db: Database, heard: Sequence[Event]) -> None:
    """Inside every write, before its commit."""
    if digest := _being_sent.get():
        db.execute(KEEP, digest=digest, at=clock.stamp(), event=heard[0].id)


def taken(db: Database, digest: bytes) -> tuple[int | None] | None:
    """Whether this form was taken: (the patient it was about, if any), or None."""
    return db.one(tuple, SENT, digest=digest)


def forget_sent(db: Database, digest: bytes) -> None:
    """It may be sent once more: it was refused half way, or its answer cannot be given by anything but doing it."""
    if taken(db, digest):
        with db.aside():
            db.execute(FORGET, digest=digest)


def drop_old_sent(db: Database) -> int:
    """Nobody's tablet retries for days."""
    with db.aside():
        return db.execute(DROP_OLD, before=clock.stamp(clock.now() - timedelta(days=KEPT_DAYS)))
