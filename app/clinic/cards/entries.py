"""Reading the ledger: what is left, what was written, by what."""

from app.clinic.cards.shapes import Account, Line
from app.core import clock
from app.core.db import Database

ACCOUNTS = """
SELECT n.id, n.terms_id, n.kind, n.name_zh, n.name_en, n.units, p.id AS period_id, p.starts_on, p.ends_on,
  coalesce((SELECT balance FROM card_entries x WHERE x.card_id = p.card_id AND x.period_id = p.id AND x.entitlement_id = n.id
    ORDER BY x.id DESC LIMIT 1), 0) AS left
FROM card_periods p JOIN card_entitlements n ON n.terms_id = p.terms_id
WHERE p.card_id = :card AND p.ended_event_id IS NULL ORDER BY p.starts_on, p.id, n.id
"""


def accounts(db: Database, card_id: int) -> list[Account]:
    """What a card includes and what is left of it, period by period."""
    return db.all(Account, ACCOUNTS, card=card_id)


def usable(db: Database, card_id: int) -> list[Account]:
    """Those of the period that covers today."""
    today = clock.today().isoformat()
    return [one for one in accounts(db, card_id) if one.starts_on <= today and (one.ends_on or today) >= today]


BALANCE = """
SELECT balance FROM card_entries
WHERE card_id = :card AND period_id = :period AND entitlement_id IS :entitlement ORDER BY id DESC LIMIT 1
"""


def balance(db: Database, card_id: int, period_id: int, entitlement_id: int | None) -> int:
    return db.value(BALANCE, card=card_id, period=period_id, entitlement=entitlement_id) or 0


_LINE = """
SELECT x.id, x.card_id, x.period_id, x.entitlement_id, n.kind, n.name_zh, n.name_en, x.what, x.amount, x.balance, x.day, x.patient_id,
  x.work_id, x.note, EXISTS (SELECT 1 FROM card_entries u WHERE u.undoes_id = x.id) AS undone,
  p.ended_event_id IS NOT NULL AS ended, e.actor_id
FROM card_entries x JOIN card_periods p ON p.id = x.period_id JOIN events e ON e.id = x.event_id
LEFT JOIN card_entitlements n ON n.id = x.entitlement_id
"""
LINES = f"{_LINE} WHERE x.card_id = :card ORDER BY x.id DESC LIMIT :limit OFFSET :offset"


def lines(db: Database, card_id: int, limit: int, offset: int = 0) -> list[Line]:
    """The ledger, newest first."""
    return db.all(Line, LINES, card=card_id, limit=limit, offset=offset)


LINE = f"{_LINE} WHERE x.card_id = :card AND x.id = :id"


def line(db: Database, card_id: int, entry_id: int) -> Line | None:
    return db.one(Line, LINE, card=card_id, id=entry_id)


USED_BY = f"{_LINE} WHERE x.work_id = :work AND x.what = 'used'"


def used_by(db: Database, work_id: int) -> list[Line]:
    """What a piece of work used up, given back or not."""
    return db.all(Line, USED_BY, work=work_id)


ENTRIES_OF = "SELECT id FROM card_entries x WHERE card_id = :card AND event_id = :event AND what <> 'undone' ORDER BY id DESC"


def entries_of(db: Database, card_id: int, event_id: int) -> list[int]:
    """What one step wrote, newest first."""
    return db.all(int, ENTRIES_OF, card=card_id, event=event_id)


ASKED = "SELECT coalesce(sum(amount), 0) FROM card_entries WHERE card_id = :card AND entitlement_id IS NULL"


def asked(db: Database, card_id: int) -> int:
    """What was asked for a card so far, in fen."""
    return db.value(ASKED, card=card_id)


BY_TOKEN = "SELECT id FROM card_entries WHERE token = :token"
