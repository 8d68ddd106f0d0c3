"""Telephone numbers as kept, shown and masked; and masked names."""

import unicodedata

from app.core.errors import Refusal
from app.core.words import N_

_NOISE = " \t-‐–—()（）.·/"


def read_phone(text: str) -> str:
    """Digits only, a foreign country code with its plus; +86 is home and falls away."""
    plain = "".join(c for c in unicodedata.normalize("NFKC", text) if c not in _NOISE and not c.isspace())
    if plain.startswith("00") and len(plain) > 10:
        plain = "+" + plain[2:]
    plain = plain.removeprefix("+86")
    digits = plain.removeprefix("+")
    if not (digits.isascii() and digits.isdigit()):
        raise Refusal(N_("A phone number is digits only."))
    if not 7 <= len(digits) <= 15:
        raise Refusal(N_("A phone number has 7 to 15 digits; this has %(n)s."), n=len(digits))
    mobile = plain.startswith("1") or len(digits) > 11 and not plain.startswith(("+", "0"))  # no landline begins with 1
    if mobile and len(digits) != 11:
        raise Refusal(N_("A mobile number has 11 digits; this has %(n)s."), n=len(digits))
    return plain


def show_phone(number: str) -> str:
    """13800138000 → 138 0013 8000; 01062751234 → 010 6275 1234"""
    if len(number) == 11 and number[0] == "1":
        return f"{number[:3]} {number[3:7]} {number[7:]}"
    if number.startswith("0") and len(number) in (10, 11, 12):
        area = 3 if number[1] in "12" else 4
        local = number[area:]
        return f"{number[:area]} {local[:-4]} {local[-4:]}"
    if len(number) == 8 and number.isdigit():
        return f"{number[:4]} {number[4:]}"
    return number


def mask_phone(number: str) -> str:
    """13800138000 → 138****8000"""
    return f"{number[:3]}****{number[-4:]}" if len(number) >= 10 else "****" + number[-2:]


def mask_name(name: str) -> str:
    """王秀英 → 王**, Mary Ann Smith → M*** A*** S***; the nameless stay as they are called, by their number."""
    if name.startswith("Y-") and name[2:].isdigit():
        return name
    if name.isascii():
        return " ".join(word[0] + "***" for word in name.split())
    return name[:1] + "*" * min(len(name) - 1, 3)
