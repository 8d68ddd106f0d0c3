"""What a file's columns are: by heading through a table of synonyms, by their whole content for day order and unit."""

import json
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from math import log
from pathlib import Path
from statistics import median

import msgspec

from app.clinic import catalogue
from app.clinic.exams.cells import date_orders, read_value
from app.clinic.exams.shapes import Column
from app.clinic.exams.tables import Table

SAMPLES = 3
ENOUGH = 0.95  # of a column's numbers must be possible under a unit for it to be the unit
NEAR, FAR = log(1.3), log(2)  # a median this far outside the usual range asks whether another unit fits
MANY = 10  # values that decide a unit by being usual in it
_SYNONYMS = Path(__file__).parent / "synonyms.json"
_NOT_IN_NAME = re.compile(r"[\s\-_－—‐·.,，、:：\\()\[\]{}（）【】*★#※△▲]+")
_BRACKETS = re.compile(r"[(\[【]([^()\[\]【】]*)[)\]】]\s*$")


class Remembered(msgspec.Struct, frozen=True):
    """What a sender's column meant the last time."""

    key: str
    meaning: str
    code: str | None
    unit: str | None
    date_order: str | None


def key_of(header: str) -> str:
    """One spelling of a heading: *γ-谷氨酰基转换酶 and r-谷氨酰基转移酶 are one."""
    plain = unicodedata.normalize("NFKC", header).casefold().strip()
    count = "#" if plain.endswith("#") and len(plain) > 1 else ""
    plain = _NOT_IN_NAME.sub("", plain) + count
    return plain.replace("γ", "r").replace("β", "b").replace("α", "a").replace("转换酶", "转移酶")


@cache
def known() -> dict[str, tuple[str, str | None]]:
    """Key of a heading → (meaning, indicator code)."""
    table = json.loads(_SYNONYMS.read_text(encoding="utf-8"))
    found: dict[str, tuple[str, str | None]] = {}
    for meaning, names in table["identity"].items():
        found |= {key_of(name): (meaning, None) for name in names}
    for indicator in catalogue.indicators().values():
        names = [indicator.zh, indicator.en, indicator.short, *table["indicators"].get(indicator.code, ())]
        names += [] if indicator.code in table["never_by_code"] else [indicator.code]
        for name in filter(None, names):
            found.setdefault(key_of(name), ("value", indicator.code))
    return found


def named(header: str) -> tuple[str, str | None, str | None]:
    """(meaning, code, what stands in brackets at the end)."""
    plain = unicodedata.normalize("NFKC", header)
    if whole := known().get(key_of(plain)):
        return *whole, None
    if brackets := _BRACKETS.search(plain):
        for name in (plain[: brackets.start()], brackets[1]):
            if inside := known().get(key_of(name)):
                return *inside, brackets[1] if name != brackets[1] else None
    return "unknown", None, None


def understand(table: Table, remembered: Mapping[str, Remembered]) -> tuple[list[Column], int]:
    """Every column with what it is and what is doubtful about it, and the number of lines. Reads the whole file once."""
    contents, lines = _contents(table)
    found: list[Column] = []
    for place, header in enumerate(table.headers):
        column = _column(place, header, contents[place], remembered.get(key_of(header)))
        if column.meaning not in ("unknown", "left_out") and any(_same(column, other) for other in found):
            column = msgspec.structs.replace(column, meaning="unknown", code=None, unit=None, doubt="twice")
        found.append(column)
    return found, lines


def _same(one: Column, other: Column) -> bool:
    return (one.meaning, one.code) == (other.meaning, other.code)


def _contents(table: Table) -> tuple[list[list[str]], int]:
    contents: list[list[str]] = [[] for _header in table.headers]
    lines = 0
    for _line, cells in table.rows():
        lines += 1
        for content, cell in zip(contents, cells, strict=True):
            if cell:
                content.append(cell)
    return contents, lines


def _column(place: int, header: str, content: list[str], before: Remembered | None) -> Column:
    meaning, code, bracketed = named(header)
    column = Column(place, header, meaning, code, seen=len(content), samples=tuple(dict.fromkeys(content[:50]))[:SAMPLES])
    if before and (before.code is None or before.code in catalogue.indicators()):
        column = msgspec.structs.replace(
            column, meaning=before.meaning, code=before.code, unit=before.unit, order=before.date_order, remembered=True
        )
    return examine(column, content, bracketed)


def examine(column: Column, content: list[str], bracketed: str | None = None) -> Column:
    """Settle day order and unit from the whole column, or say what is doubtful."""
    if column.meaning in ("date", "birth"):
        order = day_order(content)
        if order == "ask" and column.order in ("dmy", "mdy"):
            order = column.order
        return msgspec.structs.replace(column, order=order, doubt="date_order" if order == "ask" else None)
    if column.meaning != "value":
        return column
    unit, doubt = unit_in(column, content, bracketed)
    return msgspec.structs.replace(column, unit=unit, doubt=doubt)


def day_order(content: list[str]) -> str:
    """ymd, dmy or mdy as the whole column says; ask where each would do, or where they contradict each other."""
    possible = [orders for text in dict.fromkeys(content) if (orders := date_orders(text)) and "ymd" not in orders]
    if not possible:
        return "ymd"
    common = set.intersection(*possible)
    return common.pop() if len(common) == 1 else "ask"


def unit_in(column: Column, content: list[str], bracketed: str | None) -> tuple[str | None, str | None]:
    """(unit as reported or None for the catalogue's own, doubt). What a person chose before is only checked."""
    indicator = column.indicator
    numbers = [found.value for text in content if (found := read_value(text)) and found.value is not None]
    stated = catalogue.unit_of(indicator, bracketed) if bracketed else None
    if column.remembered:
        return column.unit, _likely(indicator, column.unit, numbers)
    if stated:
        unit = None if stated.unit == indicator.printed else stated.unit
        return unit, _likely(indicator, unit, numbers)
    if bracketed and not known().get(key_of(bracketed)) and re.search(r"/|%|10|mol|g|U", bracketed):
        return None, "unit_unknown"
    if not numbers:
        return None, _fasting(column)
    return _unit_from(indicator, numbers)


def _unit_from(indicator: catalogue.Indicator, numbers: list[float]) -> tuple[str | None, str | None]:
    """The catalogue's own, unless the values are usual in one other only. Where both could be, it stays unclear:
    one very ill person is no other unit.
    """
    own = _distance(indicator, None, numbers)
    others = {unit.unit: _distance(indicator, unit.unit, numbers) for unit in indicator.units if unit.factor != 1}
    if own is not None and own <= FAR:
        if own > NEAR and len(numbers) >= MANY and 0 in others.values():
            return None, "unit_unclear"
        return None, "fasting" if indicator.code == "GLU" else None
    fitting = [unit for unit, far in others.items() if far is not None and far <= FAR]
    if not fitting:
        return None, None if own is not None else "unlikely"
    if len(numbers) >= MANY and (usual := [unit for unit in fitting if others[unit] == 0]):
        fitting = usual
    if len(fitting) == 1 and (own is None or len(numbers) >= MANY):
        return fitting[0], "unit_from_values"
    return None, "unit_unclear"


def _distance(indicator: catalogue.Indicator, unit: str | None, numbers: list[float]) -> float | None:
    """How far outside the usual range the column's median is, in orders of size; None where the values are impossible."""
    own = _in_own(indicator, unit, numbers)
    possible = sum(catalogue.plausible(indicator, value) is None for value in own)
    if not own or possible < ENOUGH * len(own):
        return None
    middle, (low, high) = median(own), _usual(indicator)
    if middle <= 0:
        return 0.0
    return max(0.0, log(low / middle) if low else 0.0, log(middle / high) if high else 0.0)


def _usual(indicator: catalogue.Indicator) -> tuple[float | None, float | None]:
    """The widest of its ranges; an end is open where one range leaves it open."""
    ranges = [r for r in indicator.ranges if r.on and r.kind != "qualitative"]
    lows, highs = [r.low for r in ranges], [r.high for r in ranges]
    return (
        min(lows) if lows and None not in lows else None,
        max(highs) if highs and None not in highs else None,
    )


def _likely(indicator: catalogue.Indicator, unit: str | None, numbers: list[float]) -> str | None:
    return "unlikely" if numbers and _distance(indicator, unit, numbers) is None else None


def _fasting(column: Column) -> str | None:
    return "fasting" if column.code == "GLU" else None


def _in_own(indicator: catalogue.Indicator, unit: str | None, numbers: list[float]) -> list[float]:
    if unit is None:
        return numbers
    known_unit = catalogue.unit_of(indicator, unit)
    return [catalogue.to_own(number, known_unit) for number in numbers] if known_unit else []
