"""Counting by 正, as shops here count: five strokes a character."""

from markupsafe import Markup

from app.core.charts.ink import JADE, RULE, line, svg
from app.core.words import _

STROKES = ("M{0} 4L{4} 4", "M{2} 4L{2} 23", "M{2} 13L{3} 13", "M{1} 12L{1} 23", "M{5} 23L{6} 23")
PLACES = (3, 7, 13, 21, 23, 2, 24)  # of the strokes' ends in a character
WIDTH, MOST = 35, 6  # of a character; characters drawn


def tally(done: int, left: int) -> Markup:
    """What is done in jade, what is left behind it in the colour of the rules; at most thirty strokes."""
    total = min(done + left, MOST * 5)
    strokes = [_stroke(n) for n in range(total)]
    drawn = [
        line("".join(part), stroke=ink, stroke_width=width, stroke_linecap="round")
        for part, ink, width in ((strokes[done:], RULE, 2.5), (strokes[:done], JADE, 3)) if part
    ]
    wide = max(1, -(-total // 5)) * WIDTH - 9
    return svg("tally", wide, 27, _("%(done)s of %(total)s done", done=done, total=done + left), *drawn)


def _stroke(n: int) -> str:
    left = n // 5 * WIDTH
    return STROKES[n % 5].format(*(left + place for place in PLACES))
