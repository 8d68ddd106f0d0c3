"""Birth dates as years of spreadsheets have left them. What does not say one day, or at least one year, is not read."""

import re
import unicodedata
from datetime import date, timedelta

from app.clinic import patients
from app.clinic.exams import date_orders, read_day
from app.core.errors import Refusal

# A day as a number of days, as spreadsheets keep it; five digits, so that a year is never taken for one.
_SERIAL = re.compile(r"([1-4]\d{4})(?:\.0+)?")
_SERIAL_ZERO = date(1899, 12, 30)
_SHORT_FIRST = re.compile(r"(\d{2})([-/.年])(\d{1,2})[-/.月](\d{1,2})日?")
_SHORT_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})[-/.](\d{2})")
_SIX = re.compile(r"(\d{2})(\d{2})(\d{2})")
_MONTH_ONLY = re.compile(r"(\d{4})[-/.年](\d{1,2})月?|(\d{4})(0[1-9]|1[0-2])")
_LUNAR = re.compile(r"农历|阴历|[(（]阴[)）]|lunar")
_MONTHS = {name: n for n, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_NAMED = re.compile(r"(?:(\d{1,2})[-\s,]*([a-z]{3})[a-z]*|([a-z]{3})[a-z]*[-\s.]*(\d{1,2}))[-\s,.]+(\d{4}|\d{2})")
_CHINESE = dict(zip("〇零一二三四五六七八九", "00123456789", strict=True))


def tidy_day(text: str, today: date) -> str:
    """A written day in a spelling whose order can be judged, with its century; what is no day comes back as it is."""
    plain = unicodedata.normalize("NFKC", text).strip().casefold().rstrip(".")
    plain = re.sub(r"\s*([-/.年月日])\s*", r"\1", plain).removesuffix("生")
    plain = _without_numerals(plain)
    if found := _SERIAL.fullmatch(plain):
        return (_SERIAL_ZERO + timedelta(days=int(found[1]))).isoformat()
    if found := _NAMED.fullmatch(plain):
        month, year = _MONTHS.get(found[2] or found[3]), _century(found[5], today)
        return f"{year}-{month}-{found[1] or found[4]}" if month and year else text
    if (found := _SHORT_FIRST.fullmatch(plain)) and (year := _century(found[1], today)) and int(found[1]) > 31:
        return f"{year}-{found[3]}-{found[4]}"
    if (found := _SHORT_LAST.fullmatch(plain)) and (year := _century(found[4], today)) and int(found[4]) > 31:
        return f"{found[1]}-{found[3]}-{year}"
    if (found := _SIX.fullmatch(plain)) and int(found[1]) > 31 and (year := _century(found[1], today)):
        return f"{year}-{found[2]}-{found[3]}"
    return plain


def _century(written: str, today: date) -> str:
    """Only where the other century is still to come."""
    if len(written) == 4:
        return written
    return f"{today.year // 100 - 1}{written}" if int(written) > today.year % 100 else ""


def _without_numerals(plain: str) -> str:
    """一九四八年三月十二日 → 1948年3月12日"""
    if not re.match(r"[〇零一二三四五六七八九]{4}年", plain):
        return plain
    ten = re.sub(r"([二三])?十([一二三四五六七八九])?", lambda m: f"{_CHINESE.get(m[1], '1')}{_CHINESE.get(m[2], '0')}", plain)
    return "".join(_CHINESE.get(c, c) for c in ten)


def orders_of(text: str, today: date) -> set:
    return date_orders(tidy_day(text, today))


def read_birth(text: str, order: str | None, today: date) -> patients.Birth | str:
    """The day of birth, a year that is marked as about, or why it cannot be read."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    if _LUNAR.search(plain):
        return "lunar"
    tidy = tidy_day(text, today)
    if order == "ask" and date_orders(tidy) - {"ymd"}:
        return "order"
    try:
        if day := read_day(tidy, order):
            return patients.read_birth(day.isoformat(), today)
        if re.fullmatch(r"\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])", tidy):
            return "two_digits"  # 200312 may be December 2003 or a day in March 2020
        if found := _MONTH_ONLY.fullmatch(tidy):
            return patients.read_birth(found[1] or found[3], today)
        return patients.read_birth(tidy, today)
    except (Refusal, ValueError):
        return "birth" if not re.fullmatch(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{1,2}|\d{6}", tidy) else "two_digits"
