"""Units: converting both ways, spelling, and how a number is printed."""

import re
import unicodedata

from app.clinic.catalogue.shapes import Indicator, Range, Unit
from app.clinic.catalogue.written import said

NBSP = "\u00a0"
_SAME = {"iu/l": "u/l", "℃": "cel", "°c": "cel", "c": "cel", "bpm": "/min", "次/分": "/min", "次/min": "/min",
         "°f": "f", "℉": "f", "公斤": "kg", "厘米": "cm"}


def spelled(unit: str) -> str:
    """One spelling for the many ways a unit is written: ×10⁹/L, 10^9/L, 10*9/l are one."""
    plain = unicodedata.normalize("NFKC", unit).replace("μ", "u").replace("µ", "u").lower()
    plain = re.sub(r"[\s×*^·]|\{[^}]*\}", "", plain).replace("x10", "10").replace("10e", "10")
    return _SAME.get(plain, plain)


def unit_of(indicator: Indicator, written: str | None) -> Unit | None:
    """The unit meant by what was written; nothing written means the catalogue's own."""
    own = Unit(indicator.printed, 1.0)
    if not written or spelled(written) in (spelled(indicator.printed), spelled(indicator.unit)):
        return own
    return next((unit for unit in indicator.units if spelled(unit.unit) == spelled(written)), None)


def to_own(value: float, unit: Unit) -> float:
    """A value in another unit, in the catalogue's; exact where nothing is to be converted."""
    if unit.factor == 1.0 and unit.offset == 0.0:
        return value
    own = float(f"{(value - unit.offset) / unit.factor:.6g}")
    return own if unit.decimals is None else _half_up(own, unit.decimals)


def number(indicator: Indicator, value: float, comparator: str | None = None) -> str:
    """As printed: the indicator's decimals, more only where rounding would cross a limit."""
    limits = _limits(indicator)
    for decimals in range(indicator.decimals, indicator.decimals + 3):
        text = f"{_half_up(value, decimals):.{decimals}f}"
        if all(_side(float(text), limit) == _side(value, limit) for limit in limits):
            break
    return (comparator or "").replace("<=", "≤").replace(">=", "≥") + text


def _half_up(value: float, decimals: int) -> float:
    # repr first: 2.675 is 2.674999… in binary, and a person would round it up
    scaled = float(f"{abs(value) * 10**decimals:.9g}")
    whole = int(scaled + 0.5)
    return (whole if value >= 0 else -whole) / 10**decimals


def _limits(indicator: Indicator) -> list[float]:
    ends = [indicator.critical_low, indicator.critical_high]
    for r in indicator.ranges:
        ends += [r.low, r.limit if r.limit is not None else r.high]
    return [end for end in ends if end is not None]


def _side(value: float, limit: float) -> int:
    return (value > limit) - (value < limit)


def quantity(indicator: Indicator, value: float | None, text: str | None = None, comparator: str | None = None) -> str:
    """Number and unit, held together; plain words in the reader's language."""
    if value is None:
        return said(text) if text else "—"
    return NBSP.join(filter(None, [number(indicator, value, comparator), indicator.printed]))


def plain(end: float) -> str:
    return f"{end:g}"


def range_text(range: Range) -> str:
    """3.9–6.0, <140, ≤26, ≥60; empty for a range in words."""
    if range.limit is not None and range.low is None:
        return f"<{plain(range.limit)}"
    return ends_text(range.low, range.high)


def ends_text(low: float | None, high: float | None) -> str:
    if low is not None and high is not None:
        decimals = max(len(plain(end).partition(".")[2]) for end in (low, high))
        return f"{low:.{decimals}f}–{high:.{decimals}f}"
    if high is not None:
        return f"≤{plain(high)}"
    return f"≥{plain(low)}" if low is not None else ""
