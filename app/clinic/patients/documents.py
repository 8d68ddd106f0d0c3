"""Identity documents. Each number is checked as far as the rules for it are published, and kept in its one spelling.

18-digit ID: GB 11643-1999; residence permits of people from Hong Kong, Macau and Taiwan (810000, 820000, 830000) follow it.
Hong Kong and Macau: 公安部出入境管理局, 港澳居民来往内地通行证号码规则, 2010: H or M, 8 digits for life, 2 that count renewals,
which the cards since 2013 print apart; they change, so they are left out.
Taiwan: since 2008-09-25 8 digits for life; before it 2 digits and an office's letter in brackets followed (中新社, 2008-09-11).
Foreign permanent residence: 国家移民管理局, rules of the 2023 card: 9, office, ISO 3166-1 number of the country, birth date,
sequence, MOD 11-2; the card of 2017: 3 letters and 12 digits. Passport: ICAO Doc 9303, at most 9 letters and digits.
"""

import re
import unicodedata
from datetime import date

import msgspec

from app.core.errors import Refusal
from app.core.words import N_

RESIDENT_ID, PASSPORT, HK_MACAU, TAIWAN, RESIDENCE = "resident_id", "passport", "hk_macau_permit", "taiwan_permit", "foreign_residence"
DOCUMENTS = {
    RESIDENT_ID: N_("ID card"), PASSPORT: N_("Passport"), HK_MACAU: N_("Hong Kong or Macau permit"),
    TAIWAN: N_("Taiwan permit"), RESIDENCE: N_("Foreign permanent residence"),
}  # fmt: skip

# ISO 7064 MOD 11-2
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"

_PASSPORT = re.compile(r"[A-Z0-9]{5,9}")
_HK_MACAU = re.compile(r"([HM]\d{8})(\d\d)?")
_TAIWAN = re.compile(r"(\d{8})(\d\d(\([A-Z0-9]\)|[A-Z])?)?")
_RESIDENCE_2017 = re.compile(r"[A-Z]{3}\d{12}")
_RESIDENCE_2023 = re.compile(r"9[1-6]\d{15}[\dX]")


class Document(msgspec.Struct, frozen=True):
    """sex, birth_date: where the number says them."""

    system: str
    number: str
    sex: str | None = None
    birth_date: date | None = None


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


def read_document(system: str, text: str, today: date) -> Document:
    """The number of a document of this kind, in its one spelling; a Refusal says what it should look like."""
    if system == RESIDENT_ID:
        read = read_resident_id(text, today)
        return Document(system, read.number, read.sex, read.birth_date)
    number = compact(text)
    if system == RESIDENCE:
        return _residence(number, today)
    shape, says = {
        PASSPORT: (_PASSPORT, N_("A passport number has 5 to 9 letters and digits.")),
        HK_MACAU: (_HK_MACAU, N_("H or M and then 8 digits, like H12345678.")),
        TAIWAN: (_TAIWAN, N_("This permit's number has 8 digits.")),
    }[system]
    found = shape.fullmatch(number)
    if not found or not number.isascii():
        raise Refusal(says)
    return Document(system, found[1] if shape.groups else number)


def _residence(number: str, today: date) -> Document:
    if number.isascii() and _RESIDENCE_2017.fullmatch(number):
        return Document(RESIDENCE, number)
    if not number.startswith("9") or len(number) != 18:
        raise Refusal(N_("This card's number has 18 digits and begins with 9; older cards have 3 letters and 12 digits."))
    read = read_resident_id(number, today)
    return Document(RESIDENCE, number, read.sex, read.birth_date)


def recognised(text: str) -> str | None:
    """The kind of document a number can only be of, whatever kind was chosen; None where it may be several."""
    number = compact(text)
    if not number.isascii():
        return None
    if _RESIDENCE_2017.fullmatch(number) or _RESIDENCE_2023.fullmatch(number):
        return RESIDENCE
    return RESIDENT_ID if len(number) == 18 and number[:17].isdigit() else None


def check_character(first17: str) -> str:
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first17, strict=True))
    return _CHECKS[total % 11]


def mask_document(number: str) -> str:
    """110105194912310021 → 1101**********0021; E12345678 → E1*****78"""
    ends = 4 if len(number) > 9 else 2 if len(number) > 5 else 0
    return number[:ends] + "*" * (len(number) - 2 * ends) + number[len(number) - ends:]


def _birth_date(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
