"""When each session was last touched, and whether its screen shows anything.

Kept in memory, so that no page waits for the writer; the sweep writes it down, so that a restart opens no screen that was closed.
"""

from datetime import datetime, timedelta

import msgspec

from app.core import clock, settings
from app.core.access import Actor
from app.core.db import Database

IDLE_MINUTES = 3
LONG_AGO = "1970-01-01T00:00:00.000Z"


class Held(msgspec.Struct, frozen=True):
    """A live session. active_at, locked_at: stamps; locked_at None while its screen was not closed on purpose."""

    actor: Actor
    tablet_id: int | None
    active_at: str
    locked_at: str | None


def idle_minutes(db: Database) -> int:
    """Minutes without a touch after which a screen shows nothing any more."""
    return settings.get(db, "idle_minutes", IDLE_MINUTES)


WRITE_SESSION = "UPDATE sessions SET active_at = :at WHERE id = :id"
WRITE_TABLET = "UPDATE tablets SET seen_at = :at WHERE id = :id"


class Presence:
    """In this process, which is the only one that serves the clinic's pages."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._touched: dict[int, str] = {}
        self._opened: dict[int, str | None] = {}
        self._seen: dict[int, str] = {}
        self._new_touches: set[int] = set()
        self._new_sights: set[int] = set()

    def touch(self, held: Held) -> None:
        """Somebody is at this screen now."""
        self._touched[held.actor.session_id] = clock.stamp()
        self._new_touches.add(held.actor.session_id)
        if held.tablet_id:
            self.see(held.tablet_id)

    def open(self, held: Held) -> None:
        """Who holds it has proved who they are; that counts at once, and also where it cannot be written down."""
        self._opened[held.actor.session_id] = held.locked_at
        self.touch(held)

    def close(self, session_id: int) -> None:
        """As if it had not been touched for long: where that its screen was closed cannot be written down."""
        self._touched[session_id] = LONG_AGO

    def see(self, tablet_id: int) -> None:
        self._seen[tablet_id] = clock.stamp()
        self._new_sights.add(tablet_id)

    def is_locked(self, held: Held) -> bool:
        """A clock that was put back locks too: better a PIN too many than a screen that stays open."""
        if held.locked_at and held.locked_at != self._opened.get(held.actor.session_id):
            return True
        last = datetime.fromisoformat(self._touched.get(held.actor.session_id, held.active_at))
        return abs(clock.now() - last) > timedelta(minutes=idle_minutes(self._db))

    def seen(self, tablet_id: int, written: str | None) -> str | None:
        """When that tablet was last heard of; written: what the file says."""
        return self._seen.get(tablet_id, written)

    def flush(self) -> None:
        """Write down what is new."""
        touches, self._new_touches = self._new_touches, set()
        sights, self._new_sights = self._new_sights, set()
        if not touches and not sights:
            return
        with self._db.aside():
            for id in touches:
                self._db.execute(WRITE_SESSION, id=id, at=self._touched[id])
            for id in sights:
                self._db.execute(WRITE_TABLET, id=id, at=self._seen[id])
