"""Rows of consultations, and what is typed besides their sections."""

from datetime import date
from typing import Annotated

import msgspec

from app.clinic.records import named
from app.core.forms import Field


class Encounter(msgspec.Struct, frozen=True):
    """at: wall time it began. by: who began it. signer, signed_at: blank while nobody signed. withdrawn: taken back, 0 or 1."""

    id: int
    patient_id: int
    at: str
    by: str
    begun_by: int | None
    signer: str
    signed_at: str
    withdrawn: int
    withdrawn_reason: str

    @property
    def day(self) -> str:
        return self.at[:10]

    @property
    def signed(self) -> bool:
        return bool(self.signed_at)

    @property
    def is_open(self) -> bool:
        return not self.signed and not self.withdrawn


class Text(msgspec.Struct, frozen=True):
    """A section's words. body: field → as typed; blank fields are left out. hand: the page that saved it, n: its count. saved_at: UTC."""

    section: str
    revision: int
    body: dict[str, str]
    hand: str
    n: int
    staff_id: int
    by: str
    saved_at: str


class Assessment(msgspec.Struct, frozen=True):
    """certainty: FHIR's verificationStatus. record: to be written among the conditions when it is signed."""

    n: int
    text: str
    code: str = ""
    certainty: str = "provisional"
    condition_id: int | None = None
    record: bool = False

    @property
    def plain(self) -> str:
        """As the person would say it, in the reader's language, where the words are the catalogue's own for this code."""
        known = named(self.code) if self.code else None
        own = known and self.text in (known.zh, known.en, known.plain_zh, known.plain_en)
        return known.plain if own else self.text


class Promise(msgspec.Struct, frozen=True):
    n: int
    what: str
    due_on: str

    @property
    def day(self) -> date:
        return date.fromisoformat(self.due_on)


class Addendum(msgspec.Struct, frozen=True):
    """at: UTC."""

    id: int
    text: str
    by: str
    at: str


class NewAddendum(msgspec.Struct, frozen=True):
    text: Annotated[str, Field(most=4000)]
    password: Annotated[str, Field(most=200)]
    token: Annotated[str, Field(most=64)] = ""
