"""The chain of events: each bears a hash over itself and the one before it, so that no row can be changed unnoticed.

The links are written by every commit (links.py). Where the chain ends is kept outside the file as well, in keys/chain, so
that an end that was cut off is noticed.
"""

import logging
import os
import threading
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from time import sleep

import msgspec

from app.core import events
from app.core.db import Database
from app.core.errors import Refusal
from app.core.events import Event
from app.core.links import LAST, add, link_of
from app.core.words import N_

events.declare("chain.broken", N_("The end of the audit was missing: event %(until)s had been written"), clinical=False)

OLD = "SELECT event_id FROM chain_begins"
NEWEST_OLD = "SELECT coalesce(max(id), 0) FROM events WHERE id <= (SELECT event_id FROM chain_begins)"
LINK_OF = "SELECT hash FROM event_chain WHERE event_id = :id"
LINKS = "SELECT event_id, hash FROM event_chain WHERE event_id >= :first AND event_id < :until ORDER BY event_id"
ROWS = """
SELECT id, at, actor_id, kind, patient_id, cause_id, details FROM events WHERE id >= :first AND id < :until ORDER BY id
"""
NEWEST = "SELECT max(coalesce((SELECT max(id) FROM events), 0), coalesce((SELECT max(event_id) FROM event_chain), 0))"

AT_ONCE = 5_000  # old events chained in one transaction
A_LOOK = 500     # events looked over between two rests
MOST_FAULTS = 50
CUT_OFF = "had been written and is not there as it was: the end of the audit was cut off, or an older file put in its place"

log = logging.getLogger("yihe.chain")


def keep(db: Database) -> None:
    """Chain what was written before there was a chain, look whether its end is still there, and note it from now on."""
    while (since := _chained(db)) < (last := db.value(NEWEST_OLD)):
        with db.aside():
            add(db.writer, since + 1, last, AT_ONCE)
    witness = Witness(db)
    witness.compare()
    db.after(witness.note)
    witness.note([])


def _chained(db: Database) -> int:
    end = db.one(tuple, LAST)
    return end[0] if end else 0


def head(db: Database) -> tuple[int, str] | None:
    """The last event in the chain and its link in hexadecimal: enough to recognise the file by, later."""
    end = db.one(tuple, LAST)
    return (end[0], end[1].hex()) if end else None


def holds(db: Database, event_id: int, link: str) -> bool:
    """Is that end of some time still part of the chain?"""
    found = db.value(LINK_OF, id=event_id)
    return found is not None and found.hex() == link


class Witness:
    """Where the chain ended, kept in a file beside the clinic's. Behind it after a power cut, never before it."""

    def __init__(self, db: Database) -> None:
        self._db, self.path = db, witness_of(db)
        self._one_at_a_time = threading.Lock()

    def note(self, _events: list[Event]) -> None:
        """After every commit; without waiting for the disk, because an older end is as true."""
        with self._one_at_a_time:
            try:
                self._write(head(self._db))
            except OSError as problem:
                log.warning("the end of the chain could not be noted: %s", problem.strerror)

    def _write(self, end: tuple[int, str] | None) -> None:
        if end is None:
            return
        self.path.parent.mkdir(mode=0o700, exist_ok=True)
        file = os.open(self.path, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.write(file, f"{end[0]:020} {end[1]}\n".encode())
        finally:
            os.close(file)

    def compare(self) -> None:
        """What it said is kept when the file does not say so any more, and stands in the audit."""
        end = read(self.path)
        if end is None or holds(self._db, *end):
            return
        log.error("the end of the chain of events is missing: event %s had been written", end[0])
        with suppress(OSError, Refusal):  # a disk that only reads: then it is noticed at the next start too
            self.path.replace(self.path.with_name(f"{self.path.name}-{end[0]}"))
            with self._db.change(None, "chain.broken") as details:
                details["until"] = end[0]


def witness_of(db: Database) -> Path:
    return db.path.parent / "keys" / "chain"


def read(path: Path) -> tuple[int, str] | None:
    """None where there is none, or a power cut left nothing in it."""
    try:
        number, link = path.read_text("ascii").split()
        return int(number), link
    except (OSError, ValueError):
        return None


class Fault(msgspec.Struct, frozen=True):
    """what: in English, for the terminal, and says the event's number."""

    event: int
    what: str

    def __str__(self) -> str:
        return f"Event {self.event} {self.what}"


def faults(db: Database, rest: float = 0.0) -> list[Fault]:
    """What is wrong with the chain, each event by its number, at most fifty. rest: seconds after every few hundred, for the pages' sake."""
    ends = map(read, sorted(witness_of(db).parent.glob("chain*")))
    found = [Fault(end[0], CUT_OFF) for end in ends if end and not holds(db, *end)]
    return [*found, *islice(_walk(db, rest), MOST_FAULTS)]


def _walk(db: Database, rest: float) -> Iterator[Fault]:
    before, known, old, end = b"", 0, db.value(OLD), db.value(NEWEST) + 1
    for first in range(1, end, A_LOOK):
        until = min(first + A_LOOK, end)  # what is written meanwhile might stand in one of the two answers alone
        links = dict(db.all(tuple, LINKS, first=first, until=until))
        rows = {row[0]: row for row in db.all(tuple, ROWS, first=first, until=until)}
        for id in sorted(links.keys() | rows.keys()):
            if id not in rows:
                yield Fault(id, "was taken out")
            elif id not in links:
                yield Fault(id, "is not in the chain: " + ("starting Yihe adds it" if id <= old else "it was not written by Yihe"))
            elif links[id] != link_of(before, rows[id]):
                yield Fault(id, f"is not as it was written, or something was taken out between it and event {known}")
            before, known = links.get(id, before), id
        sleep(rest)
