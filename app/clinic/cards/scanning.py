"""What a card says when it is scanned: whose it is, and why it is not valid where it is not."""

import msgspec

from app.clinic.cards import queries
from app.clinic.cards.shapes import Card, Scan, spaced
from app.core import clock
from app.core.db import Database
from app.core.words import N_, _, ours, pick


class _Number(msgspec.Struct, frozen=True):
    """A number that was or is a card's. at: when it stopped. reason: why."""

    card_id: int
    at: str | None
    reason: str


NUMBER = """
SELECT n.card_id, e.at, coalesce(s.reason, '') AS reason FROM card_numbers n
LEFT JOIN events e ON e.id = n.stopped_event_id
LEFT JOIN card_steps s ON s.card_id = n.card_id AND s.event_id = n.stopped_event_id
WHERE n.number = :number
"""


def scan(db: Database, typed: str) -> Scan | None:
    """None where it is no card's number."""
    digits = "".join(typed.split()).replace("-", "")
    if not (digits.isascii() and digits.isdigit()):
        return None
    found = db.one(_Number, NUMBER, number=digits)
    if found is None:
        return None
    card = queries.by_id(db, found.card_id)
    return Scan(card, queries.people(db, card.id), _stopped(found, card) if found.at else _problem(card))


def _stopped(number: _Number, card: Card) -> str:
    day = clock.to_local(number.at).date().isoformat()
    said = _(N_("This number stopped being valid on %(day)s (%(reason)s).") if number.reason
             else N_("This number stopped being valid on %(day)s."), day=day, reason=_word(number.reason))
    return said if card.closed else said + pick("", " ") + _("The card's number is now %(number)s.", number=card.shown)


def _problem(card: Card) -> str:
    match card.problem(clock.today().isoformat()):
        case "closed":
            return _("This card was closed on %(day)s: %(reason)s.", day=card.closed_on, reason=_word(card.closed_reason))
        case "suspended":
            return _("This card is suspended since %(day)s: %(reason)s.", day=card.suspended_on, reason=_word(card.suspended_reason))
        case "expired":
            return _("This card was valid until %(day)s.", day=card.valid_until)
    return ""


def _word(reason: str) -> str:
    return _(reason) if ours(reason) else reason
