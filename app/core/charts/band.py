"""The range valid then, as a band that steps when the range changes."""

from itertools import pairwise

from markupsafe import Markup

from app.core.charts.ink import JADE, JADE_WASH, line, tag, text, width_of
from app.core.charts.plot import Plot
from app.core.charts.shapes import Line, bounds

_Stretch = tuple[float, float, float | None, float | None]


def draw(plot: Plot, item: Line, faint: bool = False) -> Markup:
    """Ground and dashed limits; the limits are written at the newest stretch and wherever they changed."""
    stretches = _stretches(plot, item)
    drawn = Markup("")
    for start, end, low, high in stretches:
        if low is None and high is None:
            continue
        top = plot.y(high) if high is not None else plot.top
        bottom = plot.y(low) if low is not None else plot.bottom
        drawn += tag(
            "rect", x=start, y=top, width=end - start, height=max(bottom - top, 1.0),
            fill=JADE_WASH, fill_opacity=0.62 if faint else None,
        )  # fmt: skip
        for limit in (high, low):
            if limit is not None:
                y = f"{plot.y(limit):.1f}"
                drawn += line(f"M{start:.1f} {y}H{end:.1f}", stroke=JADE, stroke_width=1.5, stroke_dasharray="6 4")
        drawn += _words(plot, item, start, end, low, high, top, bottom)
    return drawn


def _stretches(plot: Plot, item: Line) -> list[_Stretch]:
    """Each point's range holds from its day until the next that says otherwise; the first from the start."""
    stretches: list[_Stretch] = []
    for point in item.in_order():
        x = plot.x(point.day) if stretches else plot.left
        if stretches and stretches[-1][2:] == (point.low, point.high):
            continue
        if stretches:
            start, _end, low, high = stretches[-1]
            stretches[-1] = (start, x, low, high)
        stretches.append((x, plot.right, point.low, point.high))
    return stretches


def _words(
    plot: Plot, item: Line, start: float, end: float, low: float | None, high: float | None, top: float, bottom: float
) -> Markup:  # fmt: skip
    """The limits, at the first place along the band where no value stands in the way."""
    words = bounds(low, high, item.decimals)
    wide = width_of(words, 13) + 8
    if wide + 4 > end - start:
        return Markup("")
    y = top - 5 if high is not None else bottom + 15
    points = [(plot.x(p.day), plot.y(p.value)) for p in item.points if p.value is not None]
    places = [end - wide / 2, start + wide / 2, *(start + (end - start) * part for part in (0.7, 0.5, 0.3))]
    x = next((x for x in places if _free(points, x, y, wide / 2)), places[0])
    return text(x, y, words, text_anchor="middle", fill=JADE)


def _free(points: list[tuple[float, float]], x: float, y: float, half: float) -> bool:
    """Is there no value, and no line between two neighbours, across the words' box?"""
    if any(abs(px - x) < half + 6 and -18 < py - y < 8 for px, py in points):
        return False
    ordered = sorted(points)
    for (x1, y1), (x2, y2) in pairwise(ordered):
        for at in (x - half, x, x + half):
            if x1 < at < x2 and -18 < y1 + (y2 - y1) * (at - x1) / (x2 - x1) - y < 8:
                return False
    return True
