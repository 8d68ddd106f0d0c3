"""Who may be the person about to be registered."""

import json
from collections.abc import Iterable

from app.clinic.patients import queries
from app.clinic.patients.documents import RESIDENT_ID
from app.clinic.patients.keys import typed_key
from app.clinic.patients.pinyin import spellings
from app.clinic.patients.shapes import Likeness, NewPatient
from app.core.db import Database
from app.core.words import N_

MOST = 5

DOCUMENT, PHONE, NAME, PINYIN = N_("same ID number"), N_("same phone"), N_("same name and birth date"), N_("name sounds the same, same birth date")
UNDATED = N_("same name, birth date not known")
_WEIGHT = {DOCUMENT: 16, NAME: 8, PHONE: 4, UNDATED: 2, PINYIN: 1}

SAME_PHONE = """
SELECT patient_id FROM patient_phones
WHERE number IN (SELECT value FROM json_each(:numbers)) AND retired_event_id IS NULL LIMIT 20
"""
SAME_NAME = """
SELECT DISTINCT k.patient_id, p.name FROM patient_keys k JOIN patients p ON p.id = k.patient_id
WHERE k.place IN (0, 2) AND k.key IN (SELECT value FROM json_each(:keys))
  AND (p.birth_date = :born OR ((:about OR p.birth_about) AND substr(p.birth_date, 1, 4) = substr(:born, 1, 4)))
LIMIT 20
"""
SAME_NAME_UNDATED = """
SELECT k.patient_id, p.name FROM patient_keys k JOIN patients p ON p.id = k.patient_id
WHERE k.place = 0 AND k.key = :key AND (:born IS NULL OR p.birth_date IS NULL) LIMIT 20
"""


def likely(db: Database, new: NewPatient, besides: int = 0) -> list[Likeness]:
    """At most five people like the new one, likeliest first. besides: the person being edited."""
    because: dict[int, set[str]] = {}
    documents = [value for system, value in new.identifiers if system == RESIDENT_ID]
    _note(because, queries.holders(db, RESIDENT_ID, documents).values(), DOCUMENT)
    _note(because, db.all(int, SAME_PHONE, numbers=json.dumps(new.phones)), PHONE)
    for patient_id, name in _namesakes(db, new):
        _note(because, [patient_id], NAME if typed_key(name) == typed_key(new.name) else PINYIN)
    _note(because, _undated(db, new), UNDATED)
    because.pop(besides, None)
    people = queries.get_many(db, list(because))
    numbers = queries.phones_of(db, list(because))
    found = [Likeness(one, numbers.get(id, ""), _strongest(because[id]), DOCUMENT in because[id]) for id, one in people.items()]
    return sorted(found, key=lambda one: -sum(_WEIGHT[why] for why in one.because))[:MOST]


def _namesakes(db: Database, new: NewPatient) -> list[tuple[int, str]]:
    if not (new.name and new.birth_date):
        return []
    keys = [typed_key(new.name), *(one.full for one in spellings(new.name) if one.usual)]
    return db.all(tuple, SAME_NAME, keys=json.dumps(keys), born=new.birth_date.isoformat(), about=new.birth_about)


def _undated(db: Database, new: NewPatient) -> list[int]:
    key, born = typed_key(new.name), new.birth_date and new.birth_date.isoformat()
    return [id for id, name in db.all(tuple, SAME_NAME_UNDATED, key=key, born=born) if key and typed_key(name) == key]


def _note(because: dict[int, set[str]], ids: Iterable[int], why: str) -> None:
    for id in ids:
        because.setdefault(id, set()).add(why)


def _strongest(because: set[str]) -> tuple[str, ...]:
    return tuple(sorted(because, key=lambda why: -_WEIGHT[why]))
