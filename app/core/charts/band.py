"""The range valid then, as a band that steps when the range changes."""

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
        drawn += _words(item, start, end, low, high, top, bottom)
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


def _words(item: Line, start: float, end: float, low: float | None, high: float | None, top: float, bottom: float) -> Markup:
    words = bounds(low, high, item.decimals)
    if width_of(words, 13) + 12 > end - start:
        return Markup("")
    y = top - 5 if high is not None else bottom + 15
    return text(end - 6, y, words, text_anchor="end", fill=JADE)
