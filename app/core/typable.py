"""A key as people can copy it by hand: sixteen groups of four characters, each with a check of its own.

A group holds two bytes and four bits that follow from these and from the group's place, so a mistyped or misplaced group is
found and named. The letters leave out I, L, O and U; what looks like a digit is read as one.
"""

import unicodedata
from hashlib import sha256

from app.core.errors import Refusal
from app.core.words import N_

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})
GROUP, BYTES = 4, 2


class Mistyped(Refusal):
    """group: which one, counted from 1."""

    def __init__(self, group: int) -> None:
        super().__init__(N_("Group %(group)s is not as on the sheet."), group=group)
        self.group = group


def groups(key: bytes) -> list[str]:
    return [_group(place, key[at : at + BYTES]) for place, at in enumerate(range(0, len(key), BYTES))]


def _group(place: int, two: bytes) -> str:
    number = int.from_bytes(two, "big") << 4 | _check(place, two)
    return "".join(LETTERS[number >> shift & 31] for shift in (15, 10, 5, 0))


def _check(place: int, two: bytes) -> int:
    return sha256(bytes([place]) + two).digest()[0] & 15


def read(text: str, size: int) -> bytes:
    """The key of so many bytes that was typed, with any blanks and dashes. Raises Mistyped, or Refusal when there is too little or too much."""
    letters, key = plain(text), b""
    for place in range(size // BYTES):
        key += _two(place, letters[place * GROUP :][:GROUP])
    if len(letters) != size // BYTES * GROUP:
        raise Refusal(N_("The sheet has %(n)s groups of four characters."), n=size // BYTES)
    return key


def plain(text: str) -> str:
    """What was typed as it stands on the sheet, without blanks and dashes."""
    letters = unicodedata.normalize("NFKC", text).upper().translate(ALIKE)
    return "".join(c for c in letters if not c.isspace() and c not in "-–—_.·")


def _two(place: int, letters: str) -> bytes:
    if len(letters) < GROUP:
        raise Refusal(N_("The sheet has more groups: group %(group)s is missing."), group=place + 1)
    if not set(letters) <= set(LETTERS):
        raise Mistyped(place + 1)
    number = 0
    for letter in letters:
        number = number << 5 | LETTERS.index(letter)
    two = (number >> 4).to_bytes(BYTES, "big")
    if _check(place, two) != number & 15:
        raise Mistyped(place + 1)
    return two
