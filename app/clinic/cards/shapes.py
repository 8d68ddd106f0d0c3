from typing import Annotated

import msgspec

from app.core.forms import Field
from app.core.words import N_, pick


def read_yuan(text: str) -> int:
    """Yuan as typed → fen."""
    whole, _, cents = text.replace("¥", "").replace("，", "").replace(",", "").strip().partition(".")
    if not (whole.isascii() and whole.isdigit() and len(whole) <= 7 and (not cents or cents.isdigit() and len(cents) <= 2)):
        raise ValueError(N_("Please enter an amount like 365 or 365.50."))
    return int(whole) * 100 + int((cents + "00")[:2])


def yuan(fen: int) -> str:
    """36550 → 365.50, 36500 → 365"""
    return f"{fen // 100}" + (f".{fen % 100:02d}" if fen % 100 else "")


def spaced(number: str) -> str:
    """86002117 → 8600 2117"""
    return f"{number[:4]} {number[4:]}"


class NewType(msgspec.Struct, frozen=True):
    """months: how long a card is valid; None for always. price is typed in yuan, kept in fen."""

    name_zh: Annotated[str, Field(most=20)]
    name_en: Annotated[str, Field(most=40)]
    price_fen: Annotated[int, Field(parse=read_yuan)]
    months: Annotated[int | None, Field(lowest=1, highest=600)] = None


class Priced(msgspec.Struct, frozen=True):
    """What has a name in both languages and a price in fen: a type, and a card sold on its terms."""

    @property
    def name(self) -> str:
        return pick(self.name_zh, self.name_en)

    @property
    def price(self) -> str:
        return yuan(self.price_fen)


class CardType(Priced, frozen=True):
    id: int
    name_zh: str
    name_en: str
    price_fen: int
    months: int | None
    version: int
    retired: int


class Card(Priced, frozen=True):
    """opened_on, valid_until: clinic dates; valid_until is the last good day, None for always. closed: 0 or 1."""

    id: int
    number: str
    patient_id: int
    type_id: int
    name_zh: str
    name_en: str
    price_fen: int
    opened_on: str
    valid_until: str | None
    closed: int
    closed_reason: str

    @property
    def shown(self) -> str:
        return spaced(self.number)

    def expired(self, today: str) -> bool:
        return not self.closed and self.valid_until is not None and self.valid_until < today


class Closing(msgspec.Struct, frozen=True):
    reason: Annotated[str, Field(most=200)]


