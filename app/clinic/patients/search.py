"""Finding people: what was typed is the beginning of some key."""

import json

from msgspec.structs import replace

from app.clinic.patients.joined import in_place_of
from app.clinic.patients.keys import INSIDE, START, UNUSUAL, typed_key
from app.clinic.patients.phones import mask_phone
from app.clinic.patients.shapes import Found, Hit
from app.core.access import Actor
from app.core.db import Database

SCREEN = 12
_MOST = 100  # keys looked at per place; beyond it only "more" is said

RANGE = """
SELECT patient_id, key = :key FROM patient_keys
WHERE place = :place AND key >= :key AND key < :key || char(0x10FFFF)
ORDER BY key, patient_id LIMIT :most
"""
RECENT = """
SELECT patient_id FROM looks WHERE actor_id = :actor AND how = 'view' ORDER BY slot DESC LIMIT 50
"""
HITS = """
SELECT p.id, p.number, p.name, p.sex, p.birth_date, p.birth_about,
  coalesce((SELECT number FROM patient_phones WHERE patient_id = p.id AND retired_event_id IS NULL ORDER BY id LIMIT 1), '')
    AS phone
FROM patients p WHERE p.id IN (SELECT value FROM json_each(:ids)) AND p.withdrawn_event_id IS NULL
"""


def search(db: Database, typed: str, actor: Actor) -> Found:
    """At most a screen of people: whole matches, then beginnings, then insides; whom one saw lately first among equals."""
    key = typed_key(typed)[:80]
    if not key:
        return Found([])
    ranks, many = _ranks(db, key)
    if not ranks:
        return Found([])
    order = _order(db, ranks, actor)
    hits = {hit.id: hit for hit in db.all(Hit, HITS, ids=json.dumps(order[: SCREEN * 2]))}
    shown = [_masked(hits[id]) for id in order if id in hits][:SCREEN]
    return Found(shown, more=max(0, len(order) - SCREEN), many=many)


def scanned(db: Database, typed: str) -> int | None:
    """The one person whose card, number, document or phone is exactly this; None for names and for several."""
    key = typed_key(typed)
    if len(key) < 6 or not any(c.isdigit() for c in key):
        return None
    rows = db.all(tuple, RANGE, key=key, place=START, most=SCREEN)
    exact = list(_as_one(db, {patient_id: START for patient_id, whole in rows if whole}))
    found = db.all(Hit, HITS, ids=json.dumps(exact)) if exact else []
    return found[0].id if len(found) == 1 else None


def _ranks(db: Database, key: str) -> tuple[dict[int, int], bool]:
    """Patient → how well they match, best first; and whether there were more than looked at."""
    ranks: dict[int, int] = {}
    many = False
    for place in (START, INSIDE, UNUSUAL):
        rows = db.all(tuple, RANGE, key=key, place=place, most=_MOST)
        many = many or len(rows) == _MOST
        for patient_id, whole in rows:
            ranks.setdefault(patient_id, place * 2 + (not whole))
    return _as_one(db, ranks), many


def _as_one(db: Database, ranks: dict[int, int]) -> dict[int, int]:
    """Keys of a record that was joined to another find that one, as well as the better of both matches."""
    now = in_place_of(db, list(ranks))
    if not now:
        return ranks
    found: dict[int, int] = {}
    for patient_id, rank in ranks.items():
        person = now.get(patient_id, patient_id)
        found[person] = min(rank, found.get(person, rank))
    return dict(sorted(found.items(), key=lambda pair: pair[1]))


def _order(db: Database, ranks: dict[int, int], actor: Actor) -> list[int]:
    if len(ranks) == 1:
        return list(ranks)
    seen = db.all(int, RECENT, actor=actor.id)
    recent = {patient_id: -n for n, patient_id in enumerate(reversed(seen), 1)}
    return sorted(ranks, key=lambda id: (ranks[id], recent.get(id, 0)))


def _masked(hit: Hit) -> Hit:
    return replace(hit, phone=hit.phone and mask_phone(hit.phone))
