"""What happened and what was taken, drawn over and under a trend."""

from collections.abc import Sequence

from markupsafe import Markup

from app.core.charts.ink import INK, INK_2, JADE, JADE_WASH, SHEET, cut, line, tag, text, width_of
from app.core.charts.plot import Plot
from app.core.charts.shapes import Happening, Point, Span
from app.core.words import _

SPAN_ROW = 24
_WIDTH = 768


def happenings(plot: Plot, events: Sequence[Happening]) -> list[Markup]:
    """A dotted line at each day, its words in the first of two rows that is still free there."""
    drawn, free = [], [plot.left, plot.left]
    for event in sorted(events, key=lambda item: item.at):
        day = Point(event.at, None).day
        if not plot.first <= day.toordinal() <= plot.last:
            continue
        x = plot.x(day)
        row = 0 if free[0] <= x else 1
        y = plot.top - 32 + 17 * row if len(events) > 1 else plot.top - 32
        drawn += [
            line(f"M{x:.1f} {y + 5:.1f}V{plot.bottom:.1f}", stroke=INK_2, stroke_dasharray="2 3"),
            tag("circle", tag("title", f"{event.at[:10]} {event.text}"), cx=x, cy=y, r=3.5, fill=SHEET, stroke=INK, stroke_width=1.6),
        ]  # fmt: skip
        if free[row] <= x:
            words = cut(f"{event.at[:7]} {event.text}", _WIDTH - x - 10, 13)
            drawn.append(text(x + 8, y + 4.5, words, fill=INK))
            free[row] = x + 14 + width_of(words, 13)
    return drawn


def spans(plot: Plot, taken: Sequence[Span]) -> list[Markup]:
    """A bar for each medicine, under the years it was taken."""
    if not taken:
        return []
    y = plot.bottom + 44
    drawn = [text(plot.left, y, _("Medicines at the time"), font_weight="bold", fill=INK)]
    for i, span in enumerate(taken):
        top = y + 10 + SPAN_ROW * i
        start = min(max(plot.x(Point(span.since, None).day), plot.left), plot.right)
        end = min(max(plot.x(Point(span.until, None).day), start), plot.right) if span.until else plot.right
        drawn.append(tag("rect", x=start, y=top, width=max(end - start, 3.0), height=18, fill=JADE_WASH, stroke=JADE, stroke_width=1))
        room = _WIDTH - start - 10
        drawn.append(text(start + 8, top + 13.5, cut(span.text, room, 13), fill=INK))
    return drawn
