"""Shapes of people: rows out, input in."""

from datetime import date
from typing import Literal

import msgspec

from app.core.words import N_

Sex = Literal["male", "female", "unknown"]
SEXES = {"female": N_("Female"), "male": N_("Male"), "unknown": N_("Not known")}


class Patient(msgspec.Struct, frozen=True):
    """birth_date: YYYY-MM-DD; where only the year is known (birth_about) the middle of that year."""

    id: int
    number: str
    name: str
    name_is_number: int
    sex: str
    birth_date: str | None
    birth_about: int
    address: str
    language: str
    doctor_id: int | None
    manager_id: int | None
    version: int

    @property
    def born(self) -> date | None:
        return date.fromisoformat(self.birth_date) if self.birth_date else None


class Consent(msgspec.Struct, frozen=True):
    """given_by: the person, or who signed for them."""

    text_version: str
    how: str
    given_on: str
    given_by: str


class NewPatient(msgspec.Struct, frozen=True):
    """name: blank for the nameless, whose number then stands for it. identifiers: (system, value)."""

    name: str
    sex: str = "unknown"
    birth_date: date | None = None
    birth_about: bool = False
    phones: tuple[str, ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()
    address: str = ""
    language: str = "zh"
    doctor_id: int | None = None
    manager_id: int | None = None
    consent: Consent | None = None


class Hit(msgspec.Struct, frozen=True):
    """One found person. phone: masked."""

    id: int
    number: str
    name: str
    sex: str
    birth_date: str | None
    birth_about: int
    phone: str


class Found(msgspec.Struct, frozen=True):
    """At most a screen of hits, right first. more: how many were left out; many: at least that many."""

    hits: list[Hit]
    more: int = 0
    many: bool = False


class Likeness(msgspec.Struct, frozen=True):
    """A person who may be the one being registered. because: words' ids, the strongest first."""

    patient: Patient
    phone: str
    because: tuple[str, ...]


class Row(msgspec.Struct, frozen=True):
    """A line of the patient list."""

    id: int
    number: str
    name: str
    sex: str
    birth_date: str | None
    birth_about: int
    phone: str | None
    doctor_id: int | None
    manager_id: int | None
