"""Whether two descriptions are of one person: what speaks for it, what against, and how surely. Same input, same answer.

The desk's likeness compares records that stand here. A list brings numbers of its own, and the slips of many pens: so here
names and birth dates that differ are weighed, too, and the same name with the same phone is looked at whatever the birth date.
"""

import unicodedata
from collections.abc import Iterable
from datetime import date

import msgspec

from app.clinic import patients
from app.clinic.rosters.shapes import Said
from app.core.words import N_

CERTAIN, LIKELY, DOUBTFUL = 95, 80, 30

# Code → (what it says, how surely by itself).
FOR: dict[str, tuple[str, int]] = {
    "whole_line": (N_("the whole line again"), 100),
    "document": (N_("same ID number"), 100),
    "ours": (N_("our own patient number"), 98),
    "number": (N_("same number in this list's numbering"), 96),
    "name_birth": (N_("same name and birth date"), 88),
    "sound_birth": (N_("name sounds the same, same birth date"), 62),
    "name_year": (N_("same name, same year of birth"), 62),
    "name": (N_("same name"), 45),
    "phone": (N_("same phone"), 32),
    "birth": (N_("same birth date"), 0),
}
# How surely together with the same phone, which by itself is a family's.
WITH_PHONE = {"name_birth": 94, "name_year": 88, "name": 88, "sound_birth": 85, "birth": 75}
# Code → (what it says, how much less sure).
AGAINST: dict[str, tuple[str, int]] = {
    "documents": (N_("different ID numbers"), 100),
    "names": (N_("different names"), 35),
    "births": (N_("different birth dates"), 30),
    "sexes": (N_("different sexes"), 30),
}


class Profile(msgspec.Struct, frozen=True):
    """What two descriptions are compared by. sounds: the usual spellings of the name."""

    name: str
    sounds: frozenset[str]
    sex: str
    birth: date | None
    about: bool
    document: str
    phones: frozenset[str]
    numbers: frozenset[tuple[str, str]] = frozenset()
    ours: str = ""


class Likeness(msgspec.Struct, frozen=True):
    score: int
    because: tuple[str, ...] = ()
    against: tuple[str, ...] = ()

    @property
    def certain(self) -> bool:
        return self.score >= CERTAIN and not self.against


def profile(said: Said, numbers: Iterable[tuple[str, str]]) -> Profile:
    """numbers: (system, value) under which this list knows the person."""
    numbers = frozenset(numbers)
    return Profile(
        one_name(said.name), sounds(said.name), said.sex, said.birth, said.birth_about,
        dict(said.documents).get(patients.RESIDENT_ID, ""), frozenset(one.number for one in said.phones), numbers, next(iter(said.own_numbers), ""),
    )


def one_name(name: str) -> str:
    """One spelling of a name: blanks, points, width and case do not make two people."""
    return "".join(c for c in unicodedata.normalize("NFKC", name).casefold() if c.isalnum())


def sounds(name: str) -> frozenset[str]:
    return frozenset(one.full for one in patients.spellings(name) if one.usual)


def compare(one: Profile, other: Profile) -> Likeness:
    """The surest of what speaks for it, less all that speaks against it; what is hardly likely is not alike."""
    because, against = _because(one, other), _against(one, other)
    together = [WITH_PHONE.get(code, 0) for code in because] if "phone" in because else []
    score = max([FOR[code][1] for code in because] + together, default=0) - sum(AGAINST[code][1] for code in against)
    return Likeness(score, tuple(because), tuple(against)) if score >= DOUBTFUL else Likeness(0)


def _because(one: Profile, other: Profile) -> list[str]:
    same_name = bool(one.name) and one.name == other.name
    same_phone = bool(one.phones & other.phones)
    same_birth = one.birth is not None and one.birth == other.birth and not (one.about or other.about)
    alike = bool(one.sounds & other.sounds)
    found = {
        "document": bool(one.document) and one.document == other.document,
        "ours": bool(one.ours) and one.ours == other.ours,
        "number": bool(one.numbers & other.numbers),
        "name_birth": same_name and same_birth, "sound_birth": not same_name and alike and same_birth,
        "name_year": same_name and not same_birth and _same_year(one, other),
        "name": same_name and not same_birth and not _same_year(one, other),
        "phone": same_phone, "birth": same_phone and same_birth and not same_name and not alike,
    }
    return [code for code in FOR if found.get(code)]


def _same_year(one: Profile, other: Profile) -> bool:
    """Where one of them is known by the year only."""
    return bool(one.birth and other.birth and (one.about or other.about) and abs(one.birth.year - other.birth.year) <= 1)


def _against(one: Profile, other: Profile) -> list[str]:
    return [code for code, speaks in {
        "documents": bool(one.document and other.document) and one.document != other.document,
        "names": bool(one.name and other.name) and one.name != other.name and not one.sounds & other.sounds,
        "births": _births_differ(one, other),
        "sexes": {one.sex, other.sex} == {"male", "female"},
    }.items() if speaks]


def _births_differ(one: Profile, other: Profile) -> bool:
    if not (one.birth and other.birth):
        return False
    return abs(one.birth.year - other.birth.year) > 2 if one.about or other.about else one.birth != other.birth
