"""Who may be the person about to be registered."""

import json
from collections import defaultdict

from app.clinic.patients import queries
from app.clinic.patients.documents import DOCUMENTS
from app.clinic.patients.joined import in_place_of
from app.clinic.patients.keys import typed_key
from app.clinic.patients.likeness import DOCUMENT, Facts, because, score, speaks_for
from app.clinic.patients.pinyin import spellings
from app.clinic.patients.shapes import Likeness, NewPatient
from app.core.db import Database

MOST = 5

SAME_PHONE = """
SELECT patient_id FROM patient_phones
WHERE number IN (SELECT value FROM json_each(:numbers)) AND retired_event_id IS NULL LIMIT 20
"""
SAME_NAME = """
SELECT DISTINCT k.patient_id FROM patient_keys k JOIN patients p ON p.id = k.patient_id
WHERE k.place IN (0, 2) AND k.key IN (SELECT value FROM json_each(:keys))
  AND (p.birth_date = :born OR ((:about OR p.birth_about) AND substr(p.birth_date, 1, 4) = substr(:born, 1, 4)))
LIMIT 20
"""
SAME_NAME_UNDATED = """
SELECT k.patient_id FROM patient_keys k JOIN patients p ON p.id = k.patient_id
WHERE k.place = 0 AND k.key = :key AND (:born IS NULL OR p.birth_date IS NULL) LIMIT 20
"""


def likely(db: Database, new: NewPatient, besides: int = 0) -> list[Likeness]:
    """At most five people like the new one, likeliest first. besides: the person being edited."""
    found = _candidates(db, new)
    now = in_place_of(db, sorted(found))
    ids = sorted({now.get(id, id) for id in found} - {besides})
    people, numbers, facts, mine = queries.get_many(db, ids), queries.phones_of(db, ids), facts_of(db, ids), _facts(new)
    alike = {id: because(mine, facts[id]) for id in people}
    rows = [
        Likeness(people[id], numbers.get(id, ""), why, DOCUMENT in why, score(why)) for id, why in alike.items() if speaks_for(why)
    ]
    return sorted(rows, key=lambda one: -one.score)[:MOST]


def _candidates(db: Database, new: NewPatient) -> set[int]:
    found = set(db.all(int, SAME_PHONE, numbers=json.dumps(new.phones)))
    for system, value in new.identifiers:
        found |= set(queries.holders(db, system, [value]).values()) if system in DOCUMENTS else set()
    key, born = typed_key(new.name), new.birth_date and new.birth_date.isoformat()
    if key and born:
        keys = [key, *(one.full for one in spellings(new.name) if one.usual)]
        found |= set(db.all(int, SAME_NAME, keys=json.dumps(keys), born=born, about=new.birth_about))
    return found | (set(db.all(int, SAME_NAME_UNDATED, key=key, born=born)) if key else set())


def _facts(new: NewPatient) -> Facts:
    documents = frozenset(one for one in new.identifiers if one[0] in DOCUMENTS)
    return Facts(new.name, new.sex, new.birth_date, new.birth_about, frozenset(new.phones), documents)


PHONES = """
SELECT patient_id, number FROM patient_phones
WHERE patient_id IN (SELECT value FROM json_each(:ids)) AND retired_event_id IS NULL
"""
PAPERS = """
SELECT patient_id, system, value FROM patient_identifiers
WHERE patient_id IN (SELECT value FROM json_each(:ids)) AND retired_event_id IS NULL
  AND system IN (SELECT value FROM json_each(:systems))
"""


def facts_of(db: Database, ids: list[int]) -> dict[int, Facts]:
    """What is compared of each of these people who is there."""
    phones, papers = defaultdict(set), defaultdict(set)
    for id, number in db.all(tuple, PHONES, ids=json.dumps(ids)):
        phones[id].add(number)
    for id, system, value in db.all(tuple, PAPERS, ids=json.dumps(ids), systems=json.dumps(list(DOCUMENTS))):
        papers[id].add((system, value))
    return {
        id: Facts("" if one.name_is_number else one.name, one.sex, one.born, bool(one.birth_about),
                  frozenset(phones[id]), frozenset(papers[id]))
        for id, one in queries.get_many(db, ids).items()
    }
