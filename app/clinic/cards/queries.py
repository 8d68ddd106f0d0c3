import json
from collections import defaultdict
from datetime import timedelta

import msgspec

from app.clinic import patients
from app.clinic.cards.shapes import Card, CardType, Entitlement, Expiring, Step, spaced
from app.core import clock
from app.core.db import Database

patients.belongs("cards", alike=(), ended="closed_event_id", why="closed_reason")
patients.belongs("card_people", alike=(), ended="removed_event_id")
patients.belongs("card_entries")

SOON = 30  # days

# ── types ──

_TYPE = """
SELECT t.id, m.id AS terms_id, m.name_zh, m.name_en, m.price_fen, m.months, m.colour, m.people, t.version,
  t.retired_event_id IS NOT NULL AS retired
FROM card_types t JOIN card_terms m ON m.type_id = t.id AND m.version = t.version
"""
_INCLUDED = "SELECT id, terms_id, kind, name_zh, name_en, units FROM card_entitlements"
INCLUDED = f"{_INCLUDED} WHERE terms_id IN (SELECT value FROM json_each(:terms)) ORDER BY id"


def includes(db: Database, terms: list[int]) -> dict[int, tuple[Entitlement, ...]]:
    """What these versions include, by version."""
    found = defaultdict(list)
    for one in db.all(Entitlement, INCLUDED, terms=json.dumps(terms)):
        found[one.terms_id].append(one)
    return {id: tuple(found[id]) for id in terms}


def _whole(db: Database, kinds: list[CardType]) -> list[CardType]:
    included = includes(db, [kind.terms_id for kind in kinds])
    return [msgspec.structs.replace(kind, includes=included[kind.terms_id]) for kind in kinds]


TYPES = f"{_TYPE} ORDER BY t.retired_event_id IS NOT NULL, t.id"


def types(db: Database) -> list[CardType]:
    """All types as they are sold now, those no longer sold last."""
    return _whole(db, db.all(CardType, TYPES))


TYPE = f"{_TYPE} WHERE t.id = :id"


def get_type(db: Database, type_id: int) -> CardType | None:
    return next(iter(_whole(db, db.all(CardType, TYPE, id=type_id))), None)


SOLD = "SELECT count(*) FROM cards WHERE type_id = :type AND closed_event_id IS NULL"


def sold(db: Database, type_id: int) -> int:
    """How many cards of a type are open."""
    return db.value(SOLD, type=type_id)


# ── cards ──

_CARD = """
SELECT c.id, c.number, c.patient_id, c.type_id, c.period_id, p.terms_id, p.starts_on, m.name_zh, m.name_en, m.price_fen,
  m.colour, m.people AS most, c.opened_on, c.valid_until,
  c.closed_event_id IS NOT NULL AS closed, c.closed_reason, (SELECT at FROM events WHERE id = c.closed_event_id) AS closed_at,
  c.suspended_event_id IS NOT NULL AS suspended, c.suspended_reason,
  (SELECT at FROM events WHERE id = c.suspended_event_id) AS suspended_at,
  (SELECT max(max(s.event_id, coalesce(s.undone_event_id, 0))) FROM card_steps s WHERE s.card_id = c.id) AS seen
FROM cards c JOIN card_periods p ON p.id = c.period_id JOIN card_terms m ON m.id = p.terms_id
"""
# Somebody taken off a family card has nothing to do with it any more; a closed card stays its people's.
_HELD = """
SELECT k.card_id FROM card_people k JOIN cards o ON o.id = k.card_id
WHERE k.patient_id = :patient AND (k.removed_event_id IS NULL OR k.removed_event_id = o.closed_event_id)
"""
OF = f"{_CARD} WHERE c.id IN ({_HELD}) ORDER BY c.closed_event_id IS NOT NULL, c.id DESC"


def cards_of(db: Database, patient_id: int) -> list[Card]:
    """The open card first, then the closed ones, newest first; a family's card is each one's."""
    return db.all(Card, OF, patient=patient_id)


ONE = f"{_CARD} WHERE c.id = :card AND c.id IN ({_HELD})"


def get(db: Database, patient_id: int, card_id: int) -> Card | None:
    """A card this person may use, or could until it was closed."""
    return db.one(Card, ONE, card=card_id, patient=patient_id)


BY_ID = f"{_CARD} WHERE c.id = :card"


def by_id(db: Database, card_id: int) -> Card:
    return db.one(Card, BY_ID, card=card_id)


NUMBER_OF = "SELECT number FROM cards WHERE id = :card"


def number_of(db: Database, card_id: int) -> str:
    return db.value(NUMBER_OF, card=card_id)


CURRENT = f"{_CARD} WHERE c.id = (SELECT card_id FROM card_people WHERE patient_id = :patient AND removed_event_id IS NULL)"


def current(db: Database, patient_id: int) -> Card | None:
    """The open card this person is on, valid or not."""
    return db.one(Card, CURRENT, patient=patient_id)


NUMBERS = """
SELECT k.patient_id, c.number FROM card_people k JOIN cards c ON c.id = k.card_id
WHERE k.patient_id IN (SELECT value FROM json_each(:ids)) AND k.removed_event_id IS NULL
"""


def numbers(db: Database, patient_ids: list[int]) -> dict[int, str]:
    """The open card's number of each of these people who has one, as it is read."""
    return {id: spaced(number) for id, number in db.all(tuple, NUMBERS, ids=json.dumps(patient_ids))}


PEOPLE = """
SELECT k.patient_id FROM card_people k JOIN cards c ON c.id = k.card_id
WHERE k.card_id = :card AND (k.removed_event_id IS NULL OR k.removed_event_id = c.closed_event_id)
ORDER BY k.patient_id <> c.patient_id, k.id
"""


def people(db: Database, card_id: int) -> list[int]:
    """Who is on a card, the holder first; of a closed one who was."""
    return db.all(int, PEOPLE, card=card_id)


STEPS = """
SELECT s.id, s.card_id, s.kind, s.day, s.reason, s.before, s.event_id, e.actor_id, s.undone_event_id IS NOT NULL AS undone
FROM card_steps s JOIN events e ON e.id = s.event_id WHERE s.card_id = :card ORDER BY s.id DESC
"""


def steps(db: Database, card_id: int) -> list[Step]:
    """Newest first."""
    return db.all(Step, STEPS, card=card_id)


# ── new rows ──

NEXT_CARD = "SELECT coalesce(max(id), 0) + 1 FROM cards"
NEXT_NUMBER = "SELECT coalesce(max(id), 0) + 1 FROM card_numbers"


def next_id(db: Database) -> int:
    return db.value(NEXT_CARD)


def next_number(db: Database) -> int:
    return db.value(NEXT_NUMBER)


# ── what ends soon ──

_EXPIRING = """
SELECT c.id, c.patient_id, c.number, c.valid_until,
  (SELECT max(max(s.event_id, coalesce(s.undone_event_id, 0))) FROM card_steps s
   WHERE s.card_id = c.id AND s.kind NOT IN ('suspended', 'replaced')) AS seen
FROM cards c
WHERE c.closed_event_id IS NULL AND c.valid_until >= :today AND c.valid_until <= :until
  AND c.patient_id NOT IN (SELECT id FROM patients WHERE restricted_event_id IS NOT NULL)
"""
EXPIRING = f"{_EXPIRING} ORDER BY c.id"
EXPIRING_OF = f"{_EXPIRING} AND c.patient_id IN (SELECT value FROM json_each(:patients)) ORDER BY c.id"


def expiring(db: Database, patients: list[int] | None = None) -> list[Expiring]:
    """Open cards that end within the month, everybody's or these holders'."""
    days = {"today": clock.today().isoformat(), "until": (clock.today() + timedelta(days=SOON)).isoformat()}
    if patients is None:
        return db.all(Expiring, EXPIRING, **days)
    return db.all(Expiring, EXPIRING_OF, **days, patients=json.dumps(patients))
