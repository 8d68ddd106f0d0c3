"""What single cells say: days, sexes, ages, results. Nothing is guessed: what is not clear is None."""

import re
import unicodedata
from datetime import date

from app.clinic import catalogue
from app.clinic.exams.shapes import Order

_YEAR_FIRST = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
_TIME = re.compile(r"(.*?)[T\s]+(\d{1,2}):(\d{2})(?::\d{2}(?:\.\d+)?)?")
_PLAIN = re.compile(r"\d+(\.\d+)?")

_MALE = {"男", "男性", "m", "male", "man", "1"}
_FEMALE = {"女", "女性", "f", "female", "woman", "2"}
NOT_DONE = {"/", "\\", "--", "---", "—", "——", "未做", "未检", "未查", "未测", "弃检", "拒检", "缺检", "n/a", "na", "null", "nan"}


def plain(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFKC", text).strip()


def date_orders(text: str) -> set[Order]:
    """Every way this can be read as a day; empty where there is none."""
    day, _time = _split_time(plain(text))
    if _YEAR_FIRST.fullmatch(day) or _DIGITS.fullmatch(day):
        return {"ymd"} if _year_first(day) else set()
    found = _YEAR_LAST.fullmatch(day)
    if not found:
        return set()
    first, second, year = map(int, found.groups())
    return {order for order, d, m in (("dmy", first, second), ("mdy", second, first)) if _date(year, m, d)}


def read_day(text: str, order: Order | None) -> date | None:
    day, _time = _split_time(plain(text))
    if found := _YEAR_LAST.fullmatch(day):
        first, second, year = map(int, found.groups())
        if order not in ("dmy", "mdy"):
            return None
        return _date(year, second, first) if order == "dmy" else _date(year, first, second)
    return _year_first(day)


def read_moment(text: str, order: Order | None) -> str | None:
    """YYYY-MM-DD, or with THH:MM where the hour is written."""
    day = read_day(text, order)
    if day is None:
        return None
    time = _split_time(plain(text))[1]
    return f"{day.isoformat()}T{time}" if time else day.isoformat()


def _split_time(text: str) -> tuple[str, str]:
    found = _TIME.fullmatch(text)
    if not found or int(found[2]) > 23 or int(found[3]) > 59:
        return text, ""
    time = f"{int(found[2]):02d}:{found[3]}"
    return found[1].strip(), "" if time == "00:00" else time


def _year_first(day: str) -> date | None:
    found = _YEAR_FIRST.fullmatch(day) or _DIGITS.fullmatch(day)
    return _date(*map(int, found.groups())) if found else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_sex(text: str) -> str:
    word = plain(text).lower()
    return "male" if word in _MALE else "female" if word in _FEMALE else "unknown"


def read_age(text: str) -> int | None:
    """41, 41岁, 41.0; None for anything else, and for what nobody reaches."""
    found = re.fullmatch(r"(\d{1,3})(?:\.0+)?\s*(?:岁|周岁|y|years?)?", plain(text).lower())
    return int(found[1]) if found and int(found[1]) <= 130 else None


def read_value(text: str) -> catalogue.Reported | None:
    """None where nothing was measured."""
    if _PLAIN.fullmatch(text) and text.isascii():
        return catalogue.Reported(float(text))
    if plain(text).lower() in NOT_DONE:
        return None
    return catalogue.read(text)
