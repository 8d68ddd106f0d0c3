"""Series → SVG: our own drawings, the same on screen, in print and in the PDF.

Every function returns one `<svg>` as Markup, made of presentation attributes and eight literal inks
(the stylesheet ties each to its token, so the dark theme needs no second drawing). Shape comes before
colour: round or square is in range, a triangle is out. Words are in the reader's language.
"""

from app.core.charts.codes import barcode, qr
from app.core.charts.ink import image
from app.core.charts.scale import scale
from app.core.charts.shapes import Happening, Line, Point, Span, bounds, number
from app.core.charts.small import due_window, light, ring, sparkline
from app.core.charts.tally import tally
from app.core.charts.trend import trend

__all__ = [
    "Happening", "Line", "Point", "Span", "barcode", "bounds", "due_window", "image", "light", "number", "qr",
    "ring", "scale", "sparkline", "tally", "trend",
]  # fmt: skip
