"""Who looked at whom: one row per person, patient and ten minutes, append-only."""

from collections.abc import Iterable

import msgspec

from app.core import clock
from app.core.db import Database

WRITE = "INSERT OR IGNORE INTO looks (patient_id, actor_id, slot, at) VALUES (:patient, :actor, :slot, :at)"


def write_looks(db: Database, looks: Iterable[tuple[int, int, int]]) -> None:
    """looks: (patient_id, slot, actor_id)."""
    with db.aside():
        for patient, slot, actor in sorted(looks):
            db.execute(WRITE, patient=patient, actor=actor, slot=slot, at=clock.stamp())


class Look(msgspec.Struct, frozen=True):
    at: str
    actor: str


LOOKS = """
SELECT looks.at AS at, staff.name AS actor FROM looks JOIN staff ON staff.id = looks.actor_id
WHERE looks.patient_id = :patient ORDER BY looks.at DESC LIMIT :most
"""


def looks(db: Database, patient_id: int, most: int = 100) -> list[Look]:
    """Who looked at this person, newest first."""
    return db.all(Look, LOOKS, patient=patient_id, most=most)
