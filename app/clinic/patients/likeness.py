"""How alike two people are: what speaks for one person, what against, and how much. Same input, same answer."""

from datetime import date

import msgspec

from app.clinic.patients.keys import typed_key
from app.clinic.patients.pinyin import spellings
from app.core.words import N_

DOCUMENT, PHONE, NAME, PINYIN = N_("same ID number"), N_("same phone"), N_("same name and birth date"), N_("name sounds the same, same birth date")
UNDATED = N_("same name, birth date not known")
OTHER_DOCUMENT, OTHER_SEX = N_("another ID number"), N_("another sex")

# Points of a hundred. Our own: the same document settles it, a name with its birth date nearly does, a phone is a family's.
POINTS = {DOCUMENT: 100, NAME: 70, PINYIN: 45, PHONE: 25, UNDATED: 25, OTHER_SEX: -30, OTHER_DOCUMENT: -50}
LISTED = 40


class Facts(msgspec.Struct, frozen=True):
    """What is compared. documents: (system, number)."""

    name: str
    sex: str
    birth_date: date | None
    birth_about: bool
    phones: frozenset[str]
    documents: frozenset[tuple[str, str]]


def score(because: tuple[str, ...]) -> int:
    return max(0, min(100 if DOCUMENT in because else 99, sum(POINTS[why] for why in because)))


def speaks_for(because: tuple[str, ...]) -> bool:
    """Worth a look, whatever speaks against it."""
    return any(POINTS[why] > 0 for why in because)


def because(one: Facts, other: Facts) -> tuple[str, ...]:
    """What speaks for it, the strongest first, then what speaks against it."""
    found = [DOCUMENT] if one.documents & other.documents else []
    found += [PHONE] if one.phones & other.phones else []
    found += _by_name(one, other)
    if {one.sex, other.sex} == {"male", "female"}:
        found.append(OTHER_SEX)
    if not one.documents & other.documents and {kind for kind, _n in one.documents} & {kind for kind, _n in other.documents}:
        found.append(OTHER_DOCUMENT)
    return tuple(sorted(found, key=lambda why: -POINTS[why]))


def _by_name(one: Facts, other: Facts) -> list[str]:
    same = bool(one.name) and typed_key(one.name) == typed_key(other.name)
    if one.birth_date is None or other.birth_date is None:
        return [UNDATED] if same else []
    if not _same_birth(one, other):
        return []
    return [NAME] if same else [PINYIN] if _sound_alike(one.name, other.name) else []


def _same_birth(one: Facts, other: Facts) -> bool:
    if one.birth_about or other.birth_about:
        return one.birth_date.year == other.birth_date.year
    return one.birth_date == other.birth_date


def _sound_alike(one: str, other: str) -> bool:
    """The usual reading of one of them is a reading of the other."""
    ways = [spellings(name) if name else [] for name in (one, other)]
    every, usual = ([{way.full for way in mine if way.usual or not only} for mine in ways] for only in (False, True))
    return bool(usual[0] & every[1] or every[0] & usual[1])
