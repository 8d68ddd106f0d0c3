"""Purposes and what they ask, from purposes.json; checked against the house when it starts."""

from functools import cached_property
from pathlib import Path

import msgspec

from app.clinic import catalogue, records
from app.core.access import May
from app.core.errors import NotFound
from app.core.words import N_, _, pick

PATIENT = {
    "name": N_("Name"), "sex": N_("Sex"), "birth_date": N_("Birth date"), "document": N_("Document"), "phone": N_("Phone"),
    "address": N_("Address"), "doctor": N_("Responsible doctor"), "consent": N_("Consent"),
}  # fmt: skip


class Both(msgspec.Struct, frozen=True):
    zh: str
    en: str

    def __str__(self) -> str:
        return pick(self.zh, self.en)


class Ask(msgspec.Struct, frozen=True, dict=True):
    """One thing to ask: exactly one of patient, section, indicator.

    fields: of the section, asked for. rows: how many entries fit on the form. needs: the field of a single entry that must be
    filled; without it any entry will do.
    """

    patient: str = ""
    section: str = ""
    indicator: str = ""
    fields: tuple[str, ...] = ()
    rows: int = 1
    needs: str = ""

    @property
    def name(self) -> str:
        """In the reader's language."""
        if self.patient:
            return _(PATIENT[self.patient])
        if self.indicator:
            return catalogue.indicators()[self.indicator].brief
        part = records.section(self.section)
        return part.label(self.needs) if self.needs else _(part.title)

    @property
    def may(self) -> May:
        """Who may answer it."""
        return May.REGISTER if self.patient else May.RECORD_CLINICAL


class Purpose(msgspec.Struct, frozen=True, dict=True):
    """days: how old a measured value may be. men: asked of men only. codes, ages: whom it is for; empty: everybody."""

    id: str
    name: Both
    source: Both
    status: str
    asks: tuple[str, ...]
    men: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    ages: tuple[int, int] | None = None
    days: int | None = None

    def asked_of(self, sex: str) -> tuple[str, ...]:
        return self.asks + self.men if sex == "male" else self.asks

    @cached_property
    def all(self) -> dict[str, Ask]:
        return {id: ASKS[id] for id in self.asks + self.men}


class _Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    asks: dict[str, Ask]
    purposes: tuple[Purpose, ...]


def _read() -> _Data:
    """What is asked must be something the house can keep."""
    data = msgspec.json.decode((Path(__file__).parent / "purposes.json").read_bytes(), type=_Data)
    for ask in data.asks.values():
        fields = records.section(ask.section).fields if ask.section else ()
        known = ask.patient in PATIENT or ask.indicator in catalogue.indicators() or set(ask.fields) <= set(fields) != set()
        if not known:
            raise ValueError(f"purposes.json asks for something unknown: {ask}")
    return data


_data = _read()
ASKS = _data.asks
PURPOSES = {one.id: one for one in _data.purposes}


def purpose(id: str) -> Purpose:
    """Raises NotFound for a purpose that does not exist."""
    found = PURPOSES.get(id)
    if found is None:
        raise NotFound()
    return found
