"""Shapes of cards: rows out."""

from datetime import date
from typing import Literal

import msgspec

from app.core import clock
from app.core.words import N_, _, pick

KINDS = {"call": N_("Follow-up calls"), "consultation": N_("Consultations"), "exam": N_("Exam packages")}
Problem = Literal["closed", "suspended", "expired"]
PROBLEMS = {"closed": N_("closed"), "suspended": N_("suspended"), "expired": N_("expired")}


def yuan(fen: int) -> str:
    """36550 → 365.50, 36500 → 365, -5 → -0.05"""
    whole, cents = divmod(abs(fen), 100)
    return ("-" if fen < 0 else "") + str(whole) + (f".{cents:02d}" if cents else "")


def spaced(number: str) -> str:
    """86002117 → 8600 2117"""
    return f"{number[:4]} {number[4:]}"


class Entitlement(msgspec.Struct, frozen=True):
    """One line of what a card includes. units: of a whole period."""

    id: int
    terms_id: int
    kind: str
    name_zh: str
    name_en: str
    units: int

    @property
    def name(self) -> str:
        return pick(self.name_zh, self.name_en) if self.kind == "own" else _(KINDS[self.kind])

    @property
    def same(self) -> tuple[str, str]:
        """What makes it the same service in other terms."""
        return self.kind, self.name_zh


class Priced(msgspec.Struct, frozen=True):
    """What has a name in both languages and a price in fen: a type, and a card sold on its terms."""

    @property
    def name(self) -> str:
        return pick(self.name_zh, self.name_en)

    @property
    def price(self) -> str:
        return yuan(self.price_fen)


class CardType(Priced, frozen=True):
    """A type as it is sold now. terms_id: its newest version."""

    id: int
    terms_id: int
    name_zh: str
    name_en: str
    price_fen: int
    months: int | None
    colour: str
    people: int
    version: int
    retired: int
    includes: tuple[Entitlement, ...] = ()


# ── cards ──

class Card(Priced, frozen=True):
    """opened_on, valid_until: clinic dates; valid_until is the last good day, None for always. closed, suspended: 0 or 1.

    seen: the last event that changed it, sent back with a form to notice who was faster. most: how many people it takes.
    """

    id: int
    number: str
    patient_id: int
    type_id: int
    period_id: int
    terms_id: int
    starts_on: str
    name_zh: str
    name_en: str
    price_fen: int
    colour: str
    most: int
    opened_on: str
    valid_until: str | None
    closed: int
    closed_reason: str
    closed_at: str | None
    suspended: int
    suspended_reason: str
    suspended_at: str | None
    seen: int

    @property
    def shown(self) -> str:
        return spaced(self.number)

    @property
    def suspended_on(self) -> str:
        return clock.to_local(self.suspended_at).date().isoformat() if self.suspended_at else ""

    @property
    def closed_on(self) -> str:
        return clock.to_local(self.closed_at).date().isoformat() if self.closed_at else ""

    def expired(self, today: str) -> bool:
        return not self.closed and self.valid_until is not None and self.valid_until < today

    def problem(self, today: str) -> Problem | None:
        """Why it is not valid; None when it is."""
        if self.closed:
            return "closed"
        return "suspended" if self.suspended else "expired" if self.expired(today) else None


class Expiring(msgspec.Struct, frozen=True):
    """A card that ends soon. seen: the last event that moved its end."""

    id: int
    patient_id: int
    number: str
    valid_until: str
    seen: int

    @property
    def shown(self) -> str:
        return spaced(self.number)

    @property
    def ends_on(self) -> date:
        return date.fromisoformat(self.valid_until)


class Account(Entitlement, frozen=True):
    """An entitlement in one period of a card. left: units not used yet."""

    period_id: int
    starts_on: str
    ends_on: str | None
    left: int


class Step(msgspec.Struct, frozen=True):
    """Something that happened to a card. before: its state until then. undone: 0 or 1."""

    id: int
    card_id: int
    kind: str
    day: str
    reason: str
    before: str
    event_id: int
    actor_id: int | None
    undone: int


class Line(msgspec.Struct, frozen=True):
    """A line of the ledger. undone: whether a later one takes it back. Fen where kind is None."""

    id: int
    card_id: int
    period_id: int
    entitlement_id: int | None
    kind: str | None
    name_zh: str | None
    name_en: str | None
    what: str
    amount: int
    balance: int
    day: str
    patient_id: int | None
    work_id: int | None
    note: str
    undone: int
    ended: int
    actor_id: int | None

    @property
    def name(self) -> str:
        if self.kind is None:
            return _("Asked for")
        return pick(self.name_zh or "", self.name_en or "") if self.kind == "own" else _(KINDS[self.kind])

    @property
    def told(self) -> str:
        """The amount as it is read, always with its sign."""
        said = f"¥ {yuan(abs(self.amount))}" if self.kind is None else str(abs(self.amount))
        return ("+" if self.amount > 0 else "−") + said

    @property
    def left(self) -> str:
        return f"¥ {yuan(self.balance)}" if self.kind is None else str(self.balance)


class Scan(msgspec.Struct, frozen=True):
    """What a scanned card number says. problem: why it is not valid, in the reader's words; blank when it is."""

    card: Card
    people: list[int]
    problem: str
