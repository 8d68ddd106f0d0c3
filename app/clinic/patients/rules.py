"""Judgements about people: same input, same answer."""

import unicodedata
from datetime import date

import msgspec

from app.clinic.patients.shapes import Somebody
from app.core.errors import Refusal
from app.core.forms import read_date
from app.core.words import N_

MIDDLE_OF_YEAR = (7, 1)
OLDEST = 130
# Under 14 the law asks a parent or guardian (Personal Information Protection Law, article 31).
OF_AGE = 14


class Birth(msgspec.Struct, frozen=True):
    """about: only the year is known."""

    on: date
    about: bool = False


def read_birth(text: str, today: date) -> Birth:
    """A date as people type it, or only a year: 1948-03-12, 1948年3月12日, 1948."""
    plain = unicodedata.normalize("NFKC", text).strip().removeprefix("约").removesuffix("年").strip()
    birth = Birth(about(int(plain)), True) if len(plain) == 4 and plain.isdigit() and plain > "1000" else Birth(read_date(text))
    if birth.on.year > today.year or (birth.on > today and not birth.about):
        raise Refusal(N_("This birth date is in the future."))
    if birth.on.year < today.year - OLDEST:
        raise Refusal(N_("This birth date is too long ago."))
    return birth


def age(patient: Somebody, on: date) -> int | None:
    return patient.age(on)


def about(year: int) -> date:
    """The date that stands for "about that year"."""
    return date(year, *MIDDLE_OF_YEAR)


def number_of(patient_id: int) -> str:
    return f"Y-{patient_id:06d}"
