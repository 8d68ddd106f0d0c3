"""Identity documents: the 18-digit resident ID of the People's Republic (GB 11643-1999)."""

import unicodedata
from datetime import date

import msgspec

from app.core.errors import Refusal
from app.core.words import N_

RESIDENT_ID = "resident_id"

# ISO 7064 MOD 11-2
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


class ResidentId(msgspec.Struct, frozen=True):
    number: str
    sex: str
    birth_date: date


def compact(text: str) -> str:
    """Full-width digits, spaces, hyphens and a small x are how people type it."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return "".join(c for c in plain if not c.isspace() and c not in "-‐–—·.")


def read_resident_id(text: str, today: date) -> ResidentId:
    """The document as typed or scanned; a Refusal names what is wrong with it."""
    number = compact(text)
    if len(number) != 18:
        raise Refusal(N_("An ID number has 18 characters; this has %(n)s."), n=len(number))
    if not (number[:17].isascii() and number[:17].isdigit() and number[17] in "0123456789X"):
        raise Refusal(N_("An ID number is 17 digits and then a digit or X."))
    born = _birth_date(number[6:14])
    if born is None or born > today or born.year < 1880:
        raise Refusal(N_("The birth date in this ID number does not exist: %(digits)s."), digits=number[6:14])
    if check_character(number[:17]) != number[17]:
        raise Refusal(N_("The last character does not fit the others: one of the digits is wrong."))
    return ResidentId(number, "male" if int(number[16]) % 2 else "female", born)


def check_character(first17: str) -> str:
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first17, strict=True))
    return _CHECKS[total % 11]


def mask_document(number: str) -> str:
    """110105194912310021 → 1101**********0021"""
    return number[:4] + "*" * (len(number) - 8) + number[-4:] if len(number) > 8 else "*" * len(number)


def _birth_date(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
