"""What is typed about cards: a type and what it includes, and what is done with a card."""

from typing import Annotated, Literal

import msgspec

from app.core.forms import Field
from app.core.words import N_

Colour = Literal["jade", "indigo", "plum", "ochre", "slate"]
COLOURS = {"jade": N_("Green"), "indigo": N_("Blue"), "plum": N_("Plum"), "ochre": N_("Ochre"), "slate": N_("Slate")}
_WHY = N_("Please say why.")


def read_yuan(text: str) -> int:
    """Yuan as typed → fen."""
    whole, _, cents = text.replace("¥", "").replace("，", "").replace(",", "").strip().partition(".")
    if not (whole.isascii() and whole.isdigit() and len(whole) <= 7 and (not cents or cents.isdigit() and len(cents) <= 2)):
        raise ValueError(N_("Please enter an amount like 365 or 365.50."))
    return int(whole) * 100 + int((cents + "00")[:2])


class NewType(msgspec.Struct, frozen=True):
    """months: how long a card is valid; None for always. price is typed in yuan, kept in fen. people: on one card.

    The rest is what it includes: so many units of each, two of them named by the clinic.
    """

    name_zh: Annotated[str, Field(most=20)]
    name_en: Annotated[str, Field(most=40)]
    price_fen: Annotated[int, Field(parse=read_yuan)]
    months: Annotated[int | None, Field(lowest=1, highest=600)] = None
    colour: Colour = "jade"
    people: Annotated[int, Field(lowest=1, highest=12)] = 1
    calls: Annotated[int, Field(lowest=0, highest=999)] = 0
    consultations: Annotated[int, Field(lowest=0, highest=999)] = 0
    exams: Annotated[int, Field(lowest=0, highest=999)] = 0
    own_zh: Annotated[str, Field(most=20)] = ""
    own_en: Annotated[str, Field(most=40)] = ""
    own_units: Annotated[int, Field(lowest=0, highest=999)] = 0
    also_zh: Annotated[str, Field(most=20)] = ""
    also_en: Annotated[str, Field(most=40)] = ""
    also_units: Annotated[int, Field(lowest=0, highest=999)] = 0

    @property
    def includes(self) -> list[tuple[str, str, str, int]]:
        """(kind, name_zh, name_en, units) of what there is any of."""
        lines = [
            ("call", "", "", self.calls), ("consultation", "", "", self.consultations), ("exam", "", "", self.exams),
            ("own", self.own_zh, self.own_en, self.own_units), ("own", self.also_zh, self.also_en, self.also_units),
        ]
        return [line for line in lines if line[3]]


class Closing(msgspec.Struct, frozen=True):
    reason: Annotated[str, Field(most=200)]
    seen: int | None = None


class Suspension(msgspec.Struct, frozen=True):
    reason: Annotated[str, Field(most=200, required=_WHY)]
    seen: int | None = None


class Resumption(msgspec.Struct, frozen=True):
    """add_days: the days it was suspended are added to its validity."""

    add_days: bool = False
    seen: int | None = None


class Renewal(msgspec.Struct, frozen=True):
    seen: int | None = None


class Replacement(msgspec.Struct, frozen=True):
    reason: Annotated[str, Field(most=200, required=_WHY)]
    seen: int | None = None


class Upgrade(msgspec.Struct, frozen=True):
    type_id: Annotated[int, Field(required=N_("Please choose one of these."))]
    seen: int | None = None


class Use(msgspec.Struct, frozen=True):
    """token: one per form shown; the same one twice is a second tap."""

    entitlement_id: Annotated[int, Field(required=N_("Please choose one of these."))]
    note: Annotated[str, Field(most=200)] = ""
    token: Annotated[str, Field(most=64)] = ""
