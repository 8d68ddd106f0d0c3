"""The versioned data files: loaded once, cross-checked before anybody may use them."""

from collections import Counter
from functools import cache
from pathlib import Path

import msgspec

from app.clinic.catalogue.shapes import Category, Indicator, Range

FOLDER = Path(__file__).parent / "data"


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: str
    categories: list[Category]
    indicators: list[Indicator]


class BadCatalogue(Exception):
    pass


@cache
def load() -> File:
    file = msgspec.json.decode((FOLDER / "indicators.json").read_bytes(), type=File)
    if problems := faults(file):
        raise BadCatalogue("; ".join(problems))
    return file


@cache
def indicators() -> dict[str, Indicator]:
    return {indicator.code: indicator for indicator in load().indicators}


@cache
def categories() -> dict[str, Category]:
    return {category.code: category for category in load().categories}


def version() -> str:
    return load().version


def faults(file: File) -> list[str]:
    """Everything wrong with the file, one line each; an empty list is a sound catalogue."""
    known = {category.code for category in file.categories}
    twice = Counter(i.code for i in file.indicators) + Counter(c.code for c in file.categories)
    found = [f"{code}: defined twice" for code, count in twice.items() if count > 1]
    for category in file.categories:
        if not (category.zh and category.en):
            found.append(f"category {category.code}: a name is missing")
    for indicator in file.indicators:
        found += [f"{indicator.code}: {fault}" for fault in _of_indicator(indicator, known)]
    return found


def _of_indicator(indicator: Indicator, known: set[str]) -> list[str]:
    found = []
    if indicator.category not in known:
        found.append(f"unknown category {indicator.category}")
    if not (indicator.zh.strip() and indicator.en.strip()):
        found.append("a name is missing")
    if not 0 <= indicator.decimals <= 4:
        found.append("decimals outside 0-4")
    if any(unit.factor <= 0 for unit in indicator.units):
        found.append("a unit's factor is not above zero")
    if len({unit.unit for unit in indicator.units} | {indicator.printed}) <= len(indicator.units):
        found.append("a unit stands twice")
    for range in indicator.ranges:
        found += _of_range(range)
    found += _of_limits(indicator)
    return found


def _of_range(range: Range) -> list[str]:
    found = []
    if not (range.source and range.status):
        found.append("a range without source or status")
    if range.low is not None and range.high is not None and range.low >= range.high:
        found.append(f"range {range.low}-{range.high} is upside down")
    if range.limit is not None and (range.high is None or range.limit <= range.high):
        found.append(f"limit {range.limit} is not above the last normal value {range.high}")
    if (range.kind == "qualitative") != (range.expected is not None):
        found.append("words expected without a qualitative range, or the reverse")
    if range.kind != "qualitative" and range.low is None and range.high is None:
        found.append("a range without ends")
    return found


def _of_limits(indicator: Indicator) -> list[str]:
    found = []
    for name, (low, high) in {"soft": indicator.soft, "hard": indicator.hard}.items():
        if low is not None and high is not None and low >= high:
            found.append(f"{name} limits are upside down")
    for inner, outer, sign in zip(indicator.soft, indicator.hard, (1, -1), strict=True):
        if inner is not None and outer is not None and (inner - outer) * sign < 0:
            found.append("a soft limit lies beyond the hard one")
    if indicator.soft != (None, None) and not indicator.plausible_source:
        found.append("plausible limits without a source")
    critical = (indicator.critical_low, indicator.critical_high)
    if critical != (None, None) and not indicator.critical_source:
        found.append("a critical limit without a source")
    return found
