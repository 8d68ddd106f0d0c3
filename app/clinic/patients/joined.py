"""Which numbers are one person's: who went into whom, and who somebody was before."""

import json

import msgspec

from app.core.db import Database

LIVE = "SELECT gone_id FROM merges WHERE undone_event_id IS NULL AND gone_id IN (SELECT value FROM json_each(:ids))"
SURVIVORS = """
WITH RECURSIVE way (start, id) AS (
  SELECT value, value FROM json_each(:ids)
  UNION SELECT way.start, m.kept_id FROM way JOIN merges m ON m.gone_id = way.id AND m.undone_event_id IS NULL
)
SELECT way.start, way.id FROM way JOIN patients p ON p.id = way.id WHERE p.withdrawn_event_id IS NULL
"""
IDS_OF = """
WITH RECURSIVE back (id) AS (
  SELECT :id UNION SELECT m.gone_id FROM back JOIN merges m ON m.kept_id = back.id AND m.undone_event_id IS NULL
)
SELECT id FROM back ORDER BY id <> :id, id
"""


def ids_of(db: Database, patient_id: int) -> list[int]:
    """This person's id and those of the records that were joined to theirs: what may never be edited is read through all of them."""
    return db.all(int, IDS_OF, id=patient_id)


def survivors(db: Database, ids: list[int]) -> dict[int, int]:
    """Each id → whose record it is now; without those who were taken out."""
    return dict(db.all(tuple, SURVIVORS, ids=json.dumps(ids)))


def survivor(db: Database, patient_id: int) -> int | None:
    """Into whose record this one went; None for anybody else."""
    now = survivors(db, [patient_id]).get(patient_id)
    return None if now == patient_id else now


def in_place_of(db: Database, ids: list[int]) -> dict[int, int]:
    """Of these only those who went into another's record, and into whose: nearly always nobody."""
    gone = db.all(int, LIVE, ids=json.dumps(ids))
    return survivors(db, gone) if gone else {}


class Merge(msgspec.Struct, frozen=True):
    """Two records that are one now, or were. gone_number, kept_number: as printed."""

    id: int
    gone_id: int
    kept_id: int
    gone_number: str
    kept_number: str
    event_id: int
    at: str
    by: str
    undone: int


_MERGE = """
SELECT m.id, m.gone_id, m.kept_id, g.number AS gone_number, k.number AS kept_number, m.event_id, e.at,
  coalesce(s.name, '') AS by, m.undone_event_id IS NOT NULL AS undone
FROM merges m JOIN patients g ON g.id = m.gone_id JOIN patients k ON k.id = m.kept_id
JOIN events e ON e.id = m.event_id LEFT JOIN staff s ON s.id = e.actor_id
"""
ONE = f"{_MERGE} WHERE m.id = :id"
OF = f"{_MERGE} WHERE m.kept_id = :id AND m.undone_event_id IS NULL ORDER BY m.id DESC"
NEWEST = f"{_MERGE} ORDER BY m.id DESC LIMIT :most"


def merge_of(db: Database, merge_id: int) -> Merge | None:
    return db.one(Merge, ONE, id=merge_id)


def merges_into(db: Database, patient_id: int) -> list[Merge]:
    """The joinings that made this record what it is, the last first: they are undone in that order."""
    return db.all(Merge, OF, id=patient_id)


def merges(db: Database, most: int = 20) -> list[Merge]:
    """The last ones of the house, undone ones too."""
    return db.all(Merge, NEWEST, most=most)
