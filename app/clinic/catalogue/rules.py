"""Judging a result: the same input, the same answer; no database, no clock, no language.

A level is given only where it is certain: for `<2`, for an unknown sex, for glucose of which
nobody said whether it was fasting, every reading that is possible must agree.
"""

from app.clinic.catalogue.shapes import ADULT, Indicator, Judgement, Level, Range
from app.clinic.catalogue.written import sign

NO_JUDGEMENT = Judgement()


def judge(
    indicator: Indicator, value: float | None = None, text: str | None = None,
    comparator: str | None = None, *, sex: str, age: int | None,
) -> Level | None:
    return judgement(indicator, value, text, comparator, sex=sex, age=age).level


def judgement(
    indicator: Indicator, value: float | None = None, text: str | None = None,
    comparator: str | None = None, *, sex: str, age: int | None,
) -> Judgement:
    """The level and the range behind it. sex: male, female, unknown; age: whole years when taken."""
    if age is None or age < ADULT:
        return NO_JUDGEMENT
    ranges = applying(indicator, sex, age)
    if value is None or (text and indicator.in_words):
        return Judgement(_in_words(ranges, text))
    measured = Measured(value, comparator)
    ranges = [range for range in ranges if range.kind != "qualitative"]
    level = _agreed(_against(measured, range) for range in ranges)
    level = _critical(indicator, measured) or level
    return Judgement(level, *_ends(ranges, level))


def applying(indicator: Indicator, sex: str, age: int) -> list[Range]:
    """The ranges that may hold for this person; none if one possible reading has no range."""
    found: dict[Range, None] = {}
    for possible in (sex,) if sex in ("male", "female") else ("male", "female"):
        mine = [r for r in indicator.ranges if r.on and r.sex in ("any", possible) and r.covers(age)]
        if not mine:
            return []
        found |= dict.fromkeys(mine)
    return list(found)


class Measured:
    """A number that may be known only as `<2` or `>1000`; no quantity here is below zero."""

    def __init__(self, value: float, comparator: str | None) -> None:
        self.value = value
        self.reaches_up = comparator in (">", ">=")
        self.reaches_down = comparator in ("<", "<=")
        self.touches = comparator not in ("<", ">")

    def below(self, limit: float) -> bool:
        if self.reaches_up:
            return False
        return self.value < limit or (not self.touches and self.value == limit)

    def above(self, limit: float) -> bool:
        if self.reaches_down:
            return limit < 0
        return self.value > limit or (not self.touches and self.value == limit)

    def at_most(self, limit: float) -> bool:
        return not self.reaches_up and self.value <= limit

    def at_least(self, limit: float) -> bool:
        return limit <= 0 if self.reaches_down else self.value >= limit


def _against(measured: Measured, range: Range) -> Level | None:
    if range.low is not None and measured.below(range.low):
        return "low"
    if _too_high(measured, range):
        return "high"
    enough = range.low is None or measured.at_least(range.low)
    return "normal" if enough and _not_too_high(measured, range) else None


def _too_high(measured: Measured, range: Range) -> bool:
    if range.limit is not None:
        return measured.at_least(range.limit)
    return range.high is not None and measured.above(range.high)


def _not_too_high(measured: Measured, range: Range) -> bool:
    if range.limit is not None:
        return measured.below(range.limit)
    return range.high is None or measured.at_most(range.high)


def _agreed(levels) -> Level | None:
    said = set(levels)
    return said.pop() if len(said) == 1 else None


def _critical(indicator: Indicator, measured: Measured) -> Level | None:
    if indicator.critical_low is not None and measured.at_most(indicator.critical_low):
        return "critical_low"
    if indicator.critical_high is not None and measured.at_least(indicator.critical_high):
        return "critical_high"
    return None


def _in_words(ranges: list[Range], text: str | None) -> Level | None:
    said = sign(text)
    if said is None or not any(range.expected == "neg" for range in ranges):
        return None
    return "normal" if said == "neg" else "abnormal"


def _ends(ranges: list[Range], level: Level | None) -> tuple[float | None, float | None]:
    """Normal: what all readings share. Outside: the widest, since it is outside all of them."""
    if not ranges or (level is None and len(ranges) > 1):
        return None, None
    lows = [range.low for range in ranges]
    highs = [range.high for range in ranges]
    narrow = level == "normal"
    low = None if None in lows and not narrow else _pick(lows, max if narrow else min)
    high = None if None in highs and not narrow else _pick(highs, min if narrow else max)
    return low, high


def _pick(ends: list[float | None], choose) -> float | None:
    known = [end for end in ends if end is not None]
    return choose(known) if known else None


def plausible(indicator: Indicator, value: float) -> str | None:
    """None: believable. "soft": ask again. "hard": impossible, a slip or a wrong unit."""
    for name in ("hard", "soft"):
        low, high = getattr(indicator, name)
        if (low is not None and value < low) or (high is not None and value > high):
            return name
    return None
