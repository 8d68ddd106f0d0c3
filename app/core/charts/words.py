"""Results that are words (阴性, 1+): one row for each word, a mark on the day."""

from collections.abc import Sequence

from markupsafe import Markup

from app.core.charts.ink import INK, RULE, SHEET, colour, cut, line, svg, tag, text, triangle, width_of
from app.core.charts.plot import Plot, calendar, days
from app.core.charts.shapes import Line, Point

_WIDTH, _ROW, _ROWS, _LABEL = 768, 34, 8, 150


def row_chart(item: Line, title: str, until: str | None = None) -> Markup:
    """At most eight rows, those out of order on top; further words share the last."""
    points = item.in_order()
    rows = _rows(points)
    left = 12 + max(min(width_of(row, 13), _LABEL) for row in rows)
    first, last = days([item], until)
    plot = Plot(left, _WIDTH - 12.0, 12.0, 12.0 + _ROW * len(rows), first, last, 0.0, 1.0)
    drawn: list[Markup] = []
    for i, row in enumerate(rows):
        y = plot.top + _ROW * (i + 0.5)
        drawn.append(line(f"M{left:.1f} {y:.1f}H{plot.right:.1f}", stroke=RULE))
        drawn.append(text(left - 8, y + 4.5, cut(row, _LABEL, 13), text_anchor="end", fill=INK))
    drawn += _days(plot)
    for point in points:
        row = min(rows.index(point.text) if point.text in rows else _ROWS - 1, _ROWS - 1)
        drawn.append(_mark(point, plot.x(point.day), plot.top + _ROW * (row + 0.5)))
    return svg("trend", _WIDTH, plot.bottom + 30, title, *drawn)


def _rows(points: Sequence[Point]) -> list[str]:
    """Distinct words, newest first, those out of order before the others."""
    seen = dict.fromkeys(p.text for p in reversed(points))
    out = {p.text for p in points if p.out}
    return sorted(seen, key=lambda word: word not in out)[:_ROWS]


def _mark(point: Point, x: float, y: float) -> Markup:
    told = tag("title", f"{point.at[:10]} {point.text}")
    if point.out:
        return tag("path", told, d=triangle(x, y, 5.2), fill=colour(point.level), stroke=SHEET, stroke_width=1)
    return tag("circle", told, cx=x, cy=y, r=3.8, fill=INK, stroke=SHEET, stroke_width=1)


def _days(plot: Plot) -> list[Markup]:
    drawn, free = [], plot.left - 10
    for day, label in calendar(plot):
        x, wide = plot.x(day), width_of(label, 13)
        if plot.left <= x <= plot.right - wide / 2 and x - wide / 2 > free:
            drawn.append(line(f"M{x:.1f} {plot.bottom:.1f}v5"))
            drawn.append(text(x, plot.bottom + 19, label, text_anchor="middle"))
            free = x + wide / 2 + 6
    return drawn
