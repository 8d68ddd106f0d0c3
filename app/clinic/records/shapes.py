"""What every entry of the record says. Dates people say ("2016", "2016-05") are text; noted_on is a day."""

from datetime import date
from typing import Annotated, Literal

import msgspec

from app.clinic.records.choices import SOURCES
from app.clinic.records.rules import read_vague_date
from app.core.forms import Field

Source = Literal["patient", "family", "clinic", "elsewhere"]
Words = Annotated[str, Field(most=200)]
Long = Annotated[str, Field(most=1000)]
Vague = Annotated[str, Field(parse=read_vague_date)]
YesNo = Literal["", "yes", "no"]


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What is typed besides an entry's content. choices: field → what can be chosen."""

    choices = {}

    sensitive: bool = False
    source: Source = "patient"
    noted_on: date | None = None


class Entry(msgspec.Struct, frozen=True):
    """What is read besides an entry's content.

    at: UTC stamp. reason: why it replaced the one before. retired: 0 or 1; retired_reason: why it was taken out.
    verified_*: who checked this version, how and when (UTC); blank and None while nobody did.
    """

    id: int
    source: str
    noted_on: str
    replaces_id: int | None
    reason: str
    retired: int
    retired_reason: str
    author: str | None
    at: str
    verified_how: str
    verified_by: str | None
    verified_at: str | None

    def over(self, _day: str) -> bool:
        """No longer so on that day."""
        return False


class Part(msgspec.Struct, frozen=True):
    """A section as somebody may see it. withheld: how many sensitive entries they may not."""

    id: str
    title: str
    entries: list[Entry]
    withheld: int
    none_known: bool


SOURCE = {"source": SOURCES}
