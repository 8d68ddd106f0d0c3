import json

from app.clinic.cards.shapes import Card, CardType, spaced
from app.core.db import Database

_TYPE = """
SELECT id, name_zh, name_en, price_fen, months, version, retired_event_id IS NOT NULL AS retired FROM card_types
"""

TYPES = f"{_TYPE} ORDER BY retired_event_id IS NOT NULL, id"


def types(db: Database) -> list[CardType]:
    """All types, those no longer sold last."""
    return db.all(CardType, TYPES)


TYPE = f"{_TYPE} WHERE id = :id"


def get_type(db: Database, type_id: int) -> CardType | None:
    return db.one(CardType, TYPE, id=type_id)


_CARD = """
SELECT c.id, c.number, c.patient_id, c.type_id, t.name_zh, t.name_en, c.price_fen, c.opened_on, c.valid_until,
  c.closed_event_id IS NOT NULL AS closed, c.closed_reason
FROM cards c JOIN card_types t ON t.id = c.type_id
"""

OF = f"{_CARD} WHERE c.patient_id = :patient ORDER BY c.closed_event_id IS NOT NULL, c.id DESC"


def cards_of(db: Database, patient_id: int) -> list[Card]:
    """The open card first, then the closed ones, newest first."""
    return db.all(Card, OF, patient=patient_id)


CURRENT = f"{_CARD} WHERE c.patient_id = :patient AND c.closed_event_id IS NULL"


def current(db: Database, patient_id: int) -> Card | None:
    """The open card, expired or not."""
    return db.one(Card, CURRENT, patient=patient_id)


NUMBERS = """
SELECT patient_id, number FROM cards
WHERE patient_id IN (SELECT value FROM json_each(:ids)) AND closed_event_id IS NULL
"""


def numbers(db: Database, patient_ids: list[int]) -> dict[int, str]:
    """The open card's number of each of these people who has one, as it is read."""
    return {id: spaced(number) for id, number in db.all(tuple, NUMBERS, ids=json.dumps(patient_ids))}


NEXT_ID = "SELECT coalesce(max(id), 0) + 1 FROM cards"


def next_id(db: Database) -> int:
    return db.value(NEXT_ID)
