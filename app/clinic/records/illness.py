"""Conditions, allergies, medicines, notes."""

from datetime import date
from typing import Annotated, Literal

import msgspec

from app.clinic.records.choices import CERTAINTIES, SEVERITIES, STATUSES
from app.clinic.records.rules import read_icd10
from app.clinic.records.shapes import SOURCE, Entry, Long, Source, Vague, Words
from app.core.forms import Field


class NewCondition(msgspec.Struct, frozen=True):
    choices = {"status": STATUSES, "certainty": CERTAINTIES, **SOURCE}

    text: Words
    code: Annotated[str, Field(parse=read_icd10)] = ""
    onset: Vague = ""
    status: Literal["active", "resolved"] = "active"
    certainty: Literal["confirmed", "suspected"] = "confirmed"
    note: Long = ""
    sensitive: bool = False
    source: Source = "clinic"
    noted_on: date | None = None


class NewAllergy(msgspec.Struct, frozen=True):
    choices = {"severity": SEVERITIES, **SOURCE}

    substance: Words
    reaction: Words = ""
    severity: Literal["unknown", "mild", "moderate", "severe"] = "unknown"
    since: Vague = ""
    source: Source = "patient"
    noted_on: date | None = None


class NewMedication(msgspec.Struct, frozen=True):
    choices = SOURCE

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

    choices = SOURCE

    text: Annotated[str, Field(most=10_000)]
    sensitive: bool = False
    source: Source = "clinic"
    noted_on: date | None = None


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
