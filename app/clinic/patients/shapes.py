"""Shapes of people: rows out, input in."""

from datetime import date
from typing import Literal

import msgspec

from app.clinic.patients.background import OCCUPATIONS, PAYMENTS, SOURCES, told
from app.clinic.patients.consent import WAYS
from app.clinic.patients.phones import show_phone
from app.clinic.patients.reaching import Phone, Related
from app.core.words import N_, _

Sex = Literal["male", "female", "unknown"]
SEXES = {"female": N_("Female"), "male": N_("Male"), "unknown": N_("Not known")}


class Somebody(msgspec.Struct, frozen=True):
    """birth_date: YYYY-MM-DD; where only the year is known (birth_about) the middle of that year."""

    id: int
    number: str
    name: str
    sex: str
    birth_date: str | None
    birth_about: int

    @property
    def sex_name(self) -> str:
        return _(SEXES[self.sex])

    @property
    def born(self) -> date | None:
        return date.fromisoformat(self.birth_date) if self.birth_date else None

    @property
    def born_told(self) -> str:
        """As people say it; blank when not known."""
        if self.birth_date and self.birth_about:
            return _("about %(year)s", year=self.birth_date[:4])
        return self.birth_date or ""

    def age(self, on: date) -> int | None:
        """Whole years on that day; None without a birth date. For an "about" year it may be one off."""
        return self.born and years(self.born, on)


def years(born: date, on: date) -> int:
    """Whole years lived on that day."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


class Patient(Somebody, frozen=True):
    """no_document: said that there is none. payment: codes with a comma between. photo: the hash of its file, or blank."""

    name_is_number: int
    address: str
    language: str
    doctor_id: int | None
    manager_id: int | None
    version: int
    no_document: int
    workplace: str
    occupation: str
    payment: str
    source: str
    photo: str
    restricted: int  # asked that their data not be used

    @property
    def payments(self) -> tuple[str, ...]:
        return tuple(self.payment.split(",")) if self.payment else ()

    @property
    def occupation_told(self) -> str:
        return told(OCCUPATIONS, self.occupation)

    @property
    def payment_told(self) -> str:
        return _(", ").join(told(PAYMENTS, code) for code in self.payments)

    @property
    def source_told(self) -> str:
        return told(SOURCES, self.source)


class Consent(msgspec.Struct, frozen=True):
    """given_by: the person, or who signed for them. token: of the form; the same again records nothing. gone: taken back."""

    text_version: str
    how: str
    given_on: str
    given_by: str
    token: str = ""
    id: int = 0
    gone: int = 0

    @property
    def how_told(self) -> str:
        return WAYS.get(self.how, self.how)


class NewPatient(msgspec.Struct, frozen=True):
    """name: blank for the nameless, whose number then stands for it. identifiers: (system, value).

    phones: numbers, the first is the one to call. owners: those of them that are somebody else's. channels: (channel, allowed).
    token: of the form; the same again registers nobody.
    """

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
    no_document: bool = False
    workplace: str = ""
    occupation: str = ""
    payment: tuple[str, ...] = ()
    source: str = ""
    photo: str = ""
    owners: tuple[Phone, ...] = ()
    related: tuple[Related, ...] = ()
    channels: tuple[tuple[str, bool], ...] = ()
    token: str = ""

    @property
    def lines(self) -> tuple[Phone, ...]:
        """Each phone with whose it is."""
        owned = {one.number: one for one in self.owners}
        return tuple(owned.get(number, Phone(number)) for number in self.phones)


class Hit(Somebody, frozen=True):
    """One found person. phone: masked."""

    phone: str


class Found(msgspec.Struct, frozen=True):
    """At most a screen of hits, right first. more: how many were left out; many: at least that many."""

    hits: list[Hit]
    more: int = 0
    many: bool = False


class Likeness(msgspec.Struct, frozen=True):
    """A person who may be the one being registered. because: words' ids, the strongest first. certain: the same document.

    score: of a hundred.
    """

    patient: Patient
    phone: str
    because: tuple[str, ...]
    certain: bool = False
    score: int = 0

    @property
    def phone_told(self) -> str:
        return show_phone(self.phone)
