"""The small drawings that stand beside words: sparkline, due window, ring, traffic light."""

from collections.abc import Sequence
from datetime import date
from math import cos, pi, sin

from markupsafe import Markup

from app.core.charts.ink import AMBER, INK, INK_2, JADE, JADE_WASH, RED, RULE, WHITE, colour, line, svg, tag, text, triangle
from app.core.charts.shapes import Line, Point
from app.core.words import _

_WIDTH, _HEIGHT, _SHOWN = 108, 34, 24


def sparkline(points: Sequence[Point], name: str = "", decimals: int = 1) -> Markup:
    """The last values as a line over their range; empty where nothing is a number."""
    shown = [p for p in Line(name, points).in_order() if p.value is not None][-_SHOWN:]
    if not shown:
        return Markup("")
    last = shown[-1]
    y = _heights(shown)
    step = (_WIDTH - 12) / max(len(shown) - 1, 1)
    xs = [3 + i * step for i in range(len(shown))] if len(shown) > 1 else [_WIDTH - 9.0]
    path = "M" + "L".join(f"{x:.1f} {y(p.value):.1f}" for x, p in zip(xs, shown, strict=True))
    label = _("%(name)s: %(values)s", name=name, values=", ".join(p.say(decimals) for p in shown))
    drawn = [_ground(last, y), line(path, stroke_width=1.6, stroke_linejoin="round") if len(shown) > 1 else ""]
    return svg("spark", _WIDTH, _HEIGHT, label, *drawn, _end(xs[-1], y(last.value), last.level))


def _heights(points: Sequence[Point]):
    """Value → y; everything shown and the last range fit."""
    last = points[-1]
    values = [p.value for p in points] + [v for v in (last.low, last.high) if v is not None]
    low, high = min(values), max(values)
    room = (high - low) or 1.0
    middle = 0.0 if high > low else 0.5
    return lambda value: 28.3 - (((value - low) / room) + middle) * 22.6


def _ground(last: Point, y) -> Markup | str:
    if last.low is None and last.high is None:
        return ""
    top = y(last.high) if last.high is not None else 0.0
    bottom = y(last.low) if last.low is not None else float(_HEIGHT)
    return tag("rect", x=0, y=top, width=_WIDTH, height=max(bottom - top, 1.0), fill=JADE_WASH)


def _end(x: float, y: float, level: str | None) -> Markup:
    if level in (None, "normal"):
        return tag("circle", cx=x, cy=y, r=3.4, fill=JADE if level else INK)
    return tag("path", d=triangle(x, y, 4.4, down=level.endswith("low")), fill=colour(level))


def due_window(show_from: str | None, due_on: str | None, show_until: str | None, today: date) -> Markup:
    """When a thing can be done, is due and stops being shown, with today's place in it."""
    days = [date.fromisoformat(day[:10]) for day in (show_from, due_on, show_until) if day]
    first, final = min([*days, today]), max([*days, today])
    span = max((final - first).days, 1)

    def x(day: date) -> float:
        return 2 + 52 * (day - first).days / span

    now = x(today)
    drawn = [line("M2 11H54M2 8v6M54 8v6", stroke=RULE, stroke_width=1.5)]
    late = False
    if due_on:
        due = date.fromisoformat(due_on[:10])
        late = today > due
        begin = x(due) if late else x(date.fromisoformat(show_from[:10])) if show_from else 2.0
        bar = {"stroke": RED, "stroke_width": 4} if late else {"stroke": INK_2, "stroke_width": 2}
        drawn += [line(f"M{min(begin, now):.1f} 11H{now:.1f}", **bar), line(f"M{x(due):.1f} 7v8", stroke_width=2)]
    drawn.append(tag("path", d=f"M{now - 4:.1f} 1h8l-4 6z", fill=RED if late else INK))
    return svg("window", 56, 16, _window_words(show_from, due_on, show_until, today), *drawn)


def _window_words(show_from: str | None, due_on: str | None, show_until: str | None, today: date) -> str:
    said = [
        _("from %(day)s", day=show_from[5:10]) if show_from else "",
        _("due %(day)s", day=due_on[5:10]) if due_on else "",
        _("shown until %(day)s", day=show_until[5:10]) if show_until else "",
        _("today %(day)s", day=today.isoformat()[5:]),
    ]
    return ", ".join(part for part in said if part)


def ring(done: int, total: int, label: str = "") -> Markup:
    """How much of a whole is done."""
    part = min(max(done / total, 0.0), 1.0) if total else 0.0
    drawn = [tag("circle", cx=22, cy=22, r=18, fill="none", stroke=RULE, stroke_width=5)]
    if part >= 1:
        drawn = [tag("circle", cx=22, cy=22, r=18, fill="none", stroke=JADE, stroke_width=5)]
    elif part > 0:
        angle = 2 * pi * part
        end = f"{22 + 18 * sin(angle):.2f} {22 - 18 * cos(angle):.2f}"
        drawn.append(line(f"M22 4A18 18 0 {int(part > 0.5)} 1 {end}", stroke=JADE, stroke_width=5))
    words = f"{done}/{total}"
    drawn.append(text(22, 26.5, words, 13 if len(words) < 5 else 10, text_anchor="middle", font_weight="bold", fill=INK))
    return svg("ring", 44, 44, label or words, *drawn)


_LIGHTS = {
    "act": [
        tag("circle", cx=20, cy=20, r=18, fill=RED),
        line("M20 9v14M20 29v1.5", stroke=WHITE, stroke_width=4.5, stroke_linecap="round"),
    ],
    "watch": [
        tag("circle", cx=20, cy=20, r=17, fill=WHITE, stroke=AMBER, stroke_width=2.5),
        tag("path", d="M20 3a17 17 0 0 0 0 34z", fill=AMBER),
    ],
    "off": [tag("circle", cx=20, cy=20, r=17, fill=WHITE, stroke=RULE, stroke_width=2.5)],
    "fine": [
        tag("circle", cx=20, cy=20, r=17, fill=WHITE, stroke=JADE, stroke_width=2.5),
        line("M11.5 20.5l6 6 11.5-12.5", stroke=JADE, stroke_width=4, stroke_linecap="round", stroke_linejoin="round"),
    ],
}


def light(kind: str) -> Markup:
    """A traffic light for paper, `act`, `watch`, `fine` or `off`: each differs without its colour too."""
    return svg("light", 40, 40, "", *_LIGHTS[kind])
