"""One indicator (or a pair) over the years."""

from collections.abc import Sequence
from itertools import pairwise

from markupsafe import Markup

from app.core.charts import band, overlay
from app.core.charts.ink import AMBER, INK, INK_2, RULE, SHEET, colour, cut, line, svg, tag, text, triangle, width_of
from app.core.charts.plot import Plot, breaks, calendar, days, places, ticks
from app.core.charts.shapes import Happening, Line, Point, Span, number
from app.core.charts.words import row_chart
from app.core.words import _, ngettext

_WIDTH = 768
_END = 112  # room right of the plot for the last value
_MANY = 150  # more points than this: only those out of range and the last keep their mark


def trend(
    lines: Sequence[Line], unit: str = "", happenings: Sequence[Happening] = (), spans: Sequence[Span] = (),
    title: str = "", until: str | None = None, height: int = 250,
) -> Markup:  # fmt: skip
    """Values over time with the range valid then, what happened, and the medicines of the time.

    Words instead of numbers are drawn as rows. height: of the drawing area alone. Empty when there is nothing to draw.
    """
    lines = [item for item in lines if item.points]
    if not lines:
        return Markup("")
    if not any(point.value is not None for item in lines for point in item.points):
        return row_chart(lines[0], title or lines[0].name, until)
    plot, marks = _ground(lines, happenings, until, height)
    drawn = [band.draw(plot, item, faint=i > 0) for i, item in enumerate(lines)]
    drawn += _grid(plot, marks, unit) + _years(plot) + overlay.happenings(plot, happenings)
    for i, item in enumerate(lines):
        drawn += _curve(plot, item, unit, square=i > 0)
    drawn += _ends(plot, lines) + overlay.spans(plot, spans)
    whole = plot.bottom + 28 + (24 + overlay.SPAN_ROW * len(spans) if spans else 0)
    return svg("trend", _WIDTH, whole, _title(lines, title), *drawn)


def _title(lines: Sequence[Line], title: str) -> str:
    points = [point for item in lines for point in item.points]
    names = title or ", ".join(item.name for item in lines)
    count = max(len(item.points) for item in lines)
    first, last = min(p.at for p in points)[:7], max(p.at for p in points)[:7]
    return ngettext("%(name)s, %(first)s to %(last)s, %(n)s measurement",
                    "%(name)s, %(first)s to %(last)s, %(n)s measurements",
                    count, name=names, first=first, last=last)  # fmt: skip


def _ground(lines: Sequence[Line], happenings: Sequence[Happening], until: str | None, height: int) -> tuple[Plot, list[float]]:
    points = [point for item in lines for point in item.points]
    values = [v for p in points for v in (p.value, p.low, p.high) if v is not None]
    marks = ticks(values)
    decimals = places(marks[1] - marks[0])
    left = 10 + max(width_of(number(mark, decimals), 13) for mark in (marks[0], marks[-1]))
    first, last = days(lines, until)
    top = 26.0 + 18 * min(len(happenings), 2)
    return Plot(max(left, 36.0), _WIDTH - _END, top, top + height, first, last, marks[0], marks[-1]), marks


def _grid(plot: Plot, marks: Sequence[float], unit: str) -> list[Markup]:
    decimals = places(marks[1] - marks[0])
    drawn = [text(0, plot.top - 10, unit)] if unit else []
    for mark in marks:
        y = plot.y(mark)
        drawn.append(line(f"M{plot.left:.1f} {y:.1f}H{plot.right:.1f}", stroke=RULE))
        drawn.append(text(plot.left - 8, y + 4.5, number(mark, decimals), text_anchor="end"))
    return drawn


def _years(plot: Plot) -> list[Markup]:
    """Ticks at each January (or month); a label in the middle of its stretch, where it fits."""
    bottom = plot.bottom
    drawn = [line(f"M{plot.left:.1f} {bottom:.1f}H{plot.right:.1f}", stroke=INK_2)]
    stops = calendar(plot)
    edges = [max(plot.x(day), plot.left) for day, _label in stops] + [plot.right]
    free = plot.left - 2
    for (day, label), start, end in zip(stops, edges, edges[1:], strict=False):
        if start > plot.left and plot.x(day) < plot.right:
            drawn.append(line(f"M{start:.1f} {bottom:.1f}v5", stroke=INK_2))
        half = width_of(label, 13) / 2
        middle = (start + end) / 2
        if middle - half >= free and middle + half <= plot.right + 14:
            drawn.append(text(middle, bottom + 19, label, text_anchor="middle"))
            free = middle + half + 6
    return drawn


def _curve(plot: Plot, item: Line, unit: str, square: bool) -> list[Markup]:
    points = item.in_order()
    numbers = [p for p in points if p.value is not None]
    stops = [0, *breaks(numbers), len(numbers)]
    ink = INK_2 if square else INK
    drawn = []
    for start, end in pairwise(stops):
        path = "L".join(f"{plot.x(p.day):.1f} {plot.y(p.value):.1f}" for p in numbers[start:end])
        if end - start > 1:
            drawn.append(line("M" + path, stroke=ink, stroke_width=1.8, stroke_linejoin="round"))
    drawn += [_silence(plot, numbers[i - 1], numbers[i]) for i in stops[1:-1]]
    few = len(numbers) <= _MANY
    marked = [p for p in numbers if few or p.out or p is numbers[-1]]
    drawn += [_mark(plot, p, item, unit, ink, square) for p in marked]
    return drawn + [_word(plot, p) for p in points if p.value is None]


def _silence(plot: Plot, before: Point, after: Point) -> Markup:
    """A period without measurements is a gap, and says so where there is room."""
    left, right = plot.x(before.day) + 6, plot.x(after.day) - 6
    if right - left < 18:
        return Markup("")
    x, y = (left + right) / 2 + 4.5, plot.bottom - 12
    return text(x, y, _("not measured"), transform=f"rotate(-90 {x:.1f} {y:.1f})")


def _mark(plot: Plot, point: Point, item: Line, unit: str, ink: str, square: bool) -> Markup:
    x, y = plot.x(point.day), plot.y(point.value)
    told = tag("title", f"{point.at[:10]} {point.say(item.decimals)} {unit}".strip() + _level(point.level))
    hollow = bool(point.text)  # `<2`: somewhere beyond, not at this height
    if point.out:
        return tag("path", told, d=triangle(x, y, 5.2, point.level.endswith("low")), fill=colour(point.level), stroke=SHEET, stroke_width=1)
    if square:
        return tag("rect", told, x=x - 2.9, y=y - 2.9, width=5.8, height=5.8, fill=SHEET, stroke=ink, stroke_width=1.6)
    if hollow:
        return tag("circle", told, cx=x, cy=y, r=3.2, fill=SHEET, stroke=ink, stroke_width=1.6)
    return tag("circle", told, cx=x, cy=y, r=3.4, fill=ink, stroke=SHEET, stroke_width=1)


def _level(level: str | None) -> str:
    words = {
        "low": _("below its range"), "high": _("above its range"), "abnormal": _("not as it should be"),
        "critical_low": _("dangerously low"), "critical_high": _("dangerously high"),
    }  # fmt: skip
    return f", {words[level]}" if level in words else ""


def _word(plot: Plot, point: Point) -> Markup:
    """A result in words among numbers: a mark on the ground line."""
    x = plot.x(point.day)
    told = tag("title", f"{point.at[:10]} {point.text}")
    return tag("path", told, d=f"M{x:.1f} {plot.bottom - 6:.1f}l5 5-5 5-5-5z", fill=AMBER if point.out else INK_2)


def _ends(plot: Plot, lines: Sequence[Line]) -> list[Markup]:
    """The last value large at the line's end, with its change since the one before."""
    lasts = [(item, [p for p in item.in_order() if p.value is not None]) for item in lines]
    stops = [(item, seen, plot.y(seen[-1].value) + 6) for item, seen in lasts if seen]
    stops.sort(key=lambda stop: stop[2])
    drawn, free = [], plot.top + 4
    for item, seen, y in stops:
        y = min(max(y, free), plot.bottom - 18)
        last, x = seen[-1], plot.right + 10
        words = last.say(item.decimals)
        drawn.append(text(x, y, words, 21, font_weight="bold", fill=INK))
        drawn.append(_change(seen, item.decimals, x + width_of(words, 21) + 6, y))
        if len(lines) > 1:
            sign = "●" if item is lines[0] else "□"
            drawn.append(text(x, y + 17, f"{_brief(item.name)} {sign}", fill=INK))
        free = y + 40
    return drawn


def _brief(name: str) -> str:
    """The name, or its first word, or as much of that as there is room for."""
    room = _END - 30
    return name if width_of(name, 13) <= room else cut(name.split()[0], room, 13)


def _change(seen: Sequence[Point], decimals: int, x: float, y: float) -> Markup:
    if len(seen) < 2 or seen[-1].text or seen[-2].text:
        return Markup("")
    change = round(seen[-1].value - seen[-2].value, decimals)
    if not change:
        return Markup("")
    words = f"{'↑' if change > 0 else '↓'} {number(abs(change), decimals)}"
    if x + width_of(words, 13) > _WIDTH:
        return Markup("")
    return text(x, y - 1, words, font_weight="bold", fill=AMBER if seen[-1].out else INK_2)
