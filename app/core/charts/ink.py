"""Eight inks and the few strokes every chart is made of.

Presentation attributes only: the drawing is complete without a stylesheet, so screen, paper and
PDF show the same one, and a page's content policy never meets an inline style.
"""

import base64
import unicodedata

from markupsafe import Markup, escape

INK, INK_2, SHEET = "#252e2a", "#5a625c", "#fdfbf5"
JADE, AMBER, RED = "#1a6652", "#a86400", "#b3362a"
JADE_WASH, RULE = "#dbe8dc", "#d9d0bc"
WHITE, OUT_WASH = "#ffffff", "#f3d9a8"  # paper only: the scale's ground

# The first family is the one the PDF embeds; browsers go on to what they have.
FONTS = "Yihe Sans, PingFang SC, Noto Sans SC, Noto Sans CJK SC, Microsoft YaHei, sans-serif"


def tag(name: str, /, *children: str, **attributes: object) -> Markup:
    """An element; `text_anchor=` becomes `text-anchor`, None is left out, numbers keep two decimals."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_number(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    inside = "".join(escape(child) for child in children)
    return Markup(f"<{name}{written}>{inside}</{name}>" if inside else f"<{name}{written}/>")


def _number(value: object) -> object:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else value


def svg(kind: str, width: float, height: float, label: str, *children: str) -> Markup:
    """The outer element: an image with a label, or hidden from readers where the label is empty."""
    named = {"role": "img", "aria_label": label} if label else {"aria_hidden": "true"}
    return tag(
        "svg", *children, xmlns="http://www.w3.org/2000/svg", class_=f"chart {kind}",
        viewBox=f"0 0 {_number(float(width))} {_number(float(height))}", width=width, height=height,
        font_family=FONTS, **named,
    )  # fmt: skip


def text(x: float, y: float, words: str, size: float = 13, **attributes: object) -> Markup:
    return tag("text", words, x=float(x), y=float(y), font_size=size, **{"fill": INK_2, **attributes})


def line(d: str, **attributes: object) -> Markup:
    return tag("path", d=d, fill="none", **{"stroke": INK, "stroke_width": 1, **attributes})


def width_of(words: str, size: float) -> float:
    """About how wide the words will be: a Chinese character is one em, a Latin one a bit over half."""
    return size * sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.57 for c in words)


def cut(words: str, room: float, size: float) -> str:
    """The words, shortened with … until they fit."""
    if width_of(words, size) <= room:
        return words
    while words and width_of(words, size) > room - size:
        words = words[:-1]
    return words + "…"


def colour(level: str | None) -> str:
    if level in (None, "normal"):
        return JADE
    return RED if level.startswith("critical") else AMBER


def triangle(x: float, y: float, size: float, down: bool = False) -> str:
    """The path of a triangle around (x, y)."""
    way = -1 if down else 1
    return f"M{x:.1f} {y - way * size:.1f}l{size * 1.05:.1f} {way * size * 1.8:.1f}h{-size * 2.1:.1f}z"


def image(drawing: str) -> str:
    """The drawing as an address for <img>: the PDF draws no inline <svg>."""
    return "data:image/svg+xml;base64," + base64.b64encode(drawing.encode()).decode()
