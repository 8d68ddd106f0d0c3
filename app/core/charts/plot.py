"""The ground a trend is drawn on: where a day and a value stand, the ticks, the gaps."""

from collections.abc import Sequence
from datetime import date
from math import ceil, floor, log10
from statistics import median_low

import msgspec

from app.core.charts.shapes import Line, Point

_LONGEST_SILENCE = 180  # days; shorter pauses are never drawn as a gap


class Plot(msgspec.Struct, frozen=True):
    """The drawing area in user units and what its edges mean (days as ordinals)."""

    left: float
    right: float
    top: float
    bottom: float
    first: int
    last: int
    low: float
    high: float

    def x(self, day: date) -> float:
        return self.left + (self.right - self.left) * (day.toordinal() - self.first) / (self.last - self.first)

    def y(self, value: float) -> float:
        return self.bottom - (self.bottom - self.top) * (value - self.low) / (self.high - self.low)


def days(lines: Sequence[Line], until: str | None) -> tuple[int, int]:
    """The first and last ordinal drawn: a little more than the points, never nothing."""
    seen = [point.day.toordinal() for item in lines for point in item.points]
    first, last = min(seen), max([*seen, date.fromisoformat(until[:10]).toordinal()] if until else seen)
    margin = max((last - first) // 50, 30 if last == first else 3)
    return first - margin, last + margin


def ticks(values: Sequence[float]) -> list[float]:
    """Four to eight round numbers around the values, evenly apart."""
    low, high = min(values), max(values)
    if high == low:
        low, high = low - (abs(low) or 1.0) * 0.1, high + (abs(high) or 1.0) * 0.1
    rough = (high - low) / 5
    power = 10.0 ** floor(log10(rough))
    step = next(power * m for m in (1, 2, 5, 10) if power * m >= rough)
    start, end = floor(low / step), ceil(high / step)
    return [n * step for n in range(start, end + 1)]


def places(step: float) -> int:
    """Decimals a tick needs so that neighbours differ."""
    return max(0, -floor(log10(step) + 1e-9)) if step < 1 else 0


def breaks(points: Sequence[Point]) -> list[int]:
    """Positions before which the line stops: a silence about twice as long as is usual for this line."""
    apart = [(b.day - a.day).days for a, b in zip(points, points[1:], strict=False)]
    if len(apart) < 2:
        return []
    usual = median_low(apart)
    return [i + 1 for i, days_ in enumerate(apart) if days_ > max(1.9 * usual, _LONGEST_SILENCE)]


def calendar(plot: Plot) -> list[tuple[date, str]]:
    """(day, label) of the ticks below: Januaries, or months where the plot spans under two years."""
    first, last = date.fromordinal(plot.first), date.fromordinal(plot.last)
    if (last - first).days > 730:
        return [(date(year, 1, 1), str(year)) for year in range(first.year, last.year + 1)]
    months = [divmod(n, 12) for n in range(first.year * 12 + first.month - 1, last.year * 12 + last.month)]
    return [(date(year, month + 1, 1), f"{year}-{month + 1:02d}") for year, month in months]
