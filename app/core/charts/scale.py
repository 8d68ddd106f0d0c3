"""Where am I: one value on its range."""

from markupsafe import Markup

from app.core.charts.ink import INK, INK_2, JADE, JADE_WASH, OUT_WASH, SHEET, WHITE, svg, tag, text, width_of
from app.core.charts.shapes import Point, bounds, number
from app.core.words import _

_WIDTH, _HEIGHT, _LEFT, _RIGHT = 660, 80, 2.0, 658.0
_BESIDE = 0.6  # how much of the range's width is drawn outside it, each side


def scale(point: Point, name: str, unit: str = "", decimals: int = 1, previous: Point | None = None, whose: str = "") -> Markup:
    """The value between what lies below, in and above its range; empty without a range or a number.

    whose: what the pointer is called instead of "you", where several scales stand together.
    A value beyond the drawn ends stands at the end with an arrow pointing on.
    """
    if point.value is None or (point.low is None and point.high is None):
        return Markup("")
    start, end = _ends(point)

    def x(value: float) -> float:
        return _LEFT + (_RIGHT - _LEFT) * min(max((value - start) / (end - start), 0.0), 1.0)

    words = f"{whose} {point.say(decimals)}" if whose else _("You: %(value)s", value=point.say(decimals))
    drawn = _zones(point, x, decimals) + _pointer(point, words, x(point.value), start, end)
    if previous is not None and previous.value is not None and start <= previous.value <= end:
        drawn += _earlier(previous, x(previous.value), x(point.value), _reach(words, x(point.value)), decimals)
    return svg("scale", _WIDTH, _HEIGHT, _words(point, name, unit, decimals), *drawn)


def _words(point: Point, name: str, unit: str, decimals: int) -> str:
    said = f"{point.say(decimals)} {unit}".strip()
    return _("%(name)s: yours is %(value)s, the range is %(range)s",
             name=name, value=said, range=bounds(point.low, point.high, decimals))  # fmt: skip


def _ends(point: Point) -> tuple[float, float]:
    low, high = point.low, point.high
    if low is None:
        size = abs(high) or 1.0
        return high - size, high + size * _BESIDE
    if high is None:
        size = abs(low) or 1.0
        return low - size * _BESIDE, low + size
    size = (high - low) or abs(high) or 1.0
    return low - size * _BESIDE, high + size * _BESIDE


def _zones(point: Point, x, decimals: int) -> list[Markup]:
    left = x(point.low) if point.low is not None else _LEFT
    right = x(point.high) if point.high is not None else _RIGHT
    drawn = [_zone(left, right, JADE_WASH, _("in range"))]
    if point.low is not None:
        drawn += [_zone(_LEFT, left, OUT_WASH, _("below")), _limit(left, point.low, decimals)]
    if point.high is not None:
        drawn += [_zone(right, _RIGHT, OUT_WASH, _("above")), _limit(right, point.high, decimals)]
    return drawn


def _zone(left: float, right: float, fill: str, word: str) -> Markup:
    box = tag("rect", x=left, y=36, width=right - left, height=24, fill=fill, stroke=WHITE, stroke_width=2)
    fits = width_of(word, 13) < right - left - 6
    return box + (text((left + right) / 2, 52.5, word, fill=INK, text_anchor="middle") if fits else "")


def _limit(x: float, value: float, decimals: int) -> Markup:
    return text(x, 75, number(value, decimals), text_anchor="middle")


def _pointer(point: Point, words: str, x: float, start: float, end: float) -> list[Markup]:
    if point.value > end:
        shape = f"M{x - 1:.1f} 30l-12 -6v12z"
    elif point.value < start:
        shape = f"M{x + 1:.1f} 30l12 -6v12z"
    else:
        shape = f"M{x:.1f} 37l-7 -12h14z"
    return [
        tag("path", d=shape, fill=INK),
        text(sum(_reach(words, x)) / 2, 21, words, 17, font_weight="bold", text_anchor="middle", fill=INK),
    ]


def _reach(words: str, x: float) -> tuple[float, float]:
    """From where to where the words over the pointer go; at an end of the picture they stay inside it."""
    half = width_of(words, 17) / 2
    centre = min(max(x, _LEFT + half), _RIGHT - half)
    return centre - half, centre + half


def _earlier(previous: Point, x: float, now: float, taken: tuple[float, float], decimals: int) -> list[Markup]:
    """The value before, with its month where there is room beside today's; nothing where they are one.

    taken: from where to where the words over the pointer go.
    """
    if abs(x - now) < 5:
        return []
    dot = tag("circle", cx=x, cy=30, r=4.5, fill=SHEET, stroke=JADE if not previous.out else INK_2, stroke_width=1.6)
    words = f"{previous.at[:7]} {previous.say(decimals)}"
    wide = width_of(words, 13)
    to_left = x <= now
    edge = min(x + wide / 2, taken[0] - 8) if to_left else max(x - wide / 2, taken[1] + 8)
    if (edge - wide < _LEFT) if to_left else (edge + wide > _RIGHT):
        return [dot]
    return [dot, text(edge, 21, words, text_anchor="end" if to_left else "start")]
