"""Entries of the record. Dates people say ("2016", "2016-05") are text; noted_on is a day."""

from datetime import date
from typing import Annotated, Literal

import msgspec

from app.clinic.records.rules import read_icd10, read_vague_date
from app.core.forms import Field
from app.core.words import N_

Source = Literal["patient", "family", "clinic", "elsewhere"]
SOURCES = {
    "patient": N_("The person said so"), "family": N_("The family said so"), "clinic": N_("Found here"),
    "elsewhere": N_("From another clinic's papers"),
}  # fmt: skip
STATUSES = {"active": N_("Present"), "resolved": N_("Over")}
CERTAINTIES = {"confirmed": N_("Confirmed"), "suspected": N_("Suspected")}
SEVERITIES = {
    "unknown": N_("Severity not known"), "mild": N_("Mild"), "moderate": N_("Moderate"), "severe": N_("Severe"),
}  # fmt: skip
CHOICES = {"source": SOURCES, "status": STATUSES, "certainty": CERTAINTIES, "severity": SEVERITIES}

Words = Annotated[str, Field(most=200)]
Vague = Annotated[str, Field(parse=read_vague_date)]


class NewCondition(msgspec.Struct, frozen=True):
    text: Words
    code: Annotated[str, Field(parse=read_icd10)] = ""
    onset: Vague = ""
    status: Literal["active", "resolved"] = "active"
    certainty: Literal["confirmed", "suspected"] = "confirmed"
    note: Annotated[str, Field(most=1000)] = ""
    sensitive: bool = False
    source: Source = "clinic"
    noted_on: date | None = None


class NewAllergy(msgspec.Struct, frozen=True):
    substance: Words
    reaction: Words = ""
    severity: Literal["unknown", "mild", "moderate", "severe"] = "unknown"
    since: Vague = ""
    source: Source = "patient"
    noted_on: date | None = None


class NewMedication(msgspec.Struct, frozen=True):
    drug: Words
    dose: Words = ""
    route: Words = ""
    frequency: Words = ""
    since: Vague = ""
    until: Vague = ""
    why: Words = ""
    sensitive: bool = False
    source: Source = "patient"
    noted_on: date | None = None


class NewNote(msgspec.Struct, frozen=True):
    """text: Markdown."""

    text: Annotated[str, Field(most=10_000)]
    sensitive: bool = False
    source: Source = "clinic"
    noted_on: date | None = None


class Entry(msgspec.Struct, frozen=True):
    """What every entry says besides its content.

    at: UTC stamp. reason: why it replaced the one before. retired: 0 or 1; retired_reason: why it was taken out.
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

    def over(self, _day: str) -> bool:
        """No longer so on that day."""
        return False


class Condition(Entry, frozen=True):
    text: str
    code: str
    onset: str
    status: str
    certainty: str
    note: str
    sensitive: int

    def over(self, _day: str) -> bool:
        return self.status == "resolved"


class Allergy(Entry, frozen=True):
    substance: str
    reaction: str
    severity: str
    since: str
    sensitive: int = 0


class Medication(Entry, frozen=True):
    drug: str
    dose: str
    route: str
    frequency: str
    since: str
    until: str
    why: str
    sensitive: int

    def taken_on(self, day: str) -> bool:
        """A vague end ("2026-05") lasts to its own end."""
        return not self.until or self.until >= day[: len(self.until)]

    def over(self, day: str) -> bool:
        return not self.taken_on(day)

    @property
    def how(self) -> str:
        return " ".join(part for part in (self.dose, self.route, self.frequency) if part)


class Note(Entry, frozen=True):
    text: str
    sensitive: int


class Completeness(msgspec.Struct, frozen=True):
    """missing: words' ids."""

    percent: int
    missing: tuple[str, ...]


class Part(msgspec.Struct, frozen=True):
    """A section as somebody may see it. withheld: how many sensitive entries they may not."""

    id: str
    title: str
    entries: list[Entry]
    withheld: int
    none_known: bool
