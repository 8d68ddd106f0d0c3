"""One link of the chain of events, and adding links: what every commit does.

A link is SHA-256 of the link before and of the row as JSON, [id, at, actor, kind, patient, cause, details]. It needs no
secret: whoever has a copy of the file can work it out again.
"""

from hashlib import sha256

import msgspec

from app.core.sqlite import sqlite3

LAST = "SELECT event_id, hash FROM event_chain ORDER BY event_id DESC LIMIT 1"
WRITTEN = """
SELECT id, at, actor_id, kind, patient_id, cause_id, details FROM events WHERE id >= ? AND id <= ? ORDER BY id LIMIT ?
"""
ADD = "INSERT INTO event_chain (event_id, hash) VALUES (?, ?)"
NEVER = 2**63 - 1  # no event has this number


def link_of(before: bytes, row: tuple) -> bytes:
    return sha256(before + msgspec.json.encode(row)).digest()


def add(writer: sqlite3.Connection, first: int, last: int = NEVER, limit: int = -1) -> int:
    """Chain the events from `first` on, inside the transaction that wrote them; how many these were."""
    links, before = [], (writer.execute(LAST).fetchone() or (0, b""))[1]
    for row in writer.execute(WRITTEN, (first, last, limit)):
        before = link_of(before, row)
        links.append((row[0], before))
    writer.executemany(ADD, links)
    return len(links)
