"""What a chart is drawn from."""

from collections.abc import Sequence
from datetime import date

import msgspec


class Point(msgspec.Struct, frozen=True):
    """One measured value.

    at: `YYYY-MM-DD`, an hour may follow. value: None where the result is a word.
    text: as it was written, where that is not the plain number (`<2`, `阴性`).
    level: None, `low`, `normal`, `high`, `critical_low`, `critical_high` or `abnormal`.
    low, high: the range valid then; None where that side is open.
    """

    at: str
    value: float | None
    text: str = ""
    level: str | None = None
    low: float | None = None
    high: float | None = None

    @property
    def day(self) -> date:
        return date.fromisoformat(self.at[:10])

    @property
    def out(self) -> bool:
        return self.level not in (None, "normal")

    def say(self, decimals: int) -> str:
        return self.text or number(self.value, decimals)


class Line(msgspec.Struct, frozen=True):
    """One indicator's points, in any order."""

    name: str
    points: Sequence[Point]
    decimals: int = 1

    def in_order(self) -> list[Point]:
        return sorted(self.points, key=lambda point: point.at)


class Happening(msgspec.Struct, frozen=True):
    """Something that happened on a day, drawn over a trend."""

    at: str
    text: str


class Span(msgspec.Struct, frozen=True):
    """Something that went on for a while (a medicine); until None: still going on."""

    since: str
    until: str | None
    text: str


def number(value: float | None, decimals: int) -> str:
    return "—" if value is None else f"{value:.{decimals}f}"


def bounds(low: float | None, high: float | None, decimals: int) -> str:
    """A range in words: `3.9–6.1`, `≤5.2`, `≥60`, or nothing."""
    if low is not None and high is not None:
        return f"{number(low, decimals)}–{number(high, decimals)}"
    if high is not None:
        return f"≤{number(high, decimals)}"
    return "" if low is None else f"≥{number(low, decimals)}"
