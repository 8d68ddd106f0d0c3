"""Bar code and QR code as drawings, so that they print as sharp as the paper allows."""

from markupsafe import Markup

from app.core.charts.ink import svg, tag, text

_BLACK, _WHITE = "#000000", "#ffffff"
_QUIET = 10  # modules of empty margin either side, Code 128's minimum


def barcode(content: str, label: bool = True) -> Markup:
    """Code 128, with the content written underneath. Content: printable ASCII."""
    # Imported when needed: the library is large and most pages draw no bar code.
    from reportlab.graphics.barcode.code128 import Code128

    code = Code128(content)
    code.validate()
    if not code.valid:
        raise ValueError("Code 128 takes printable ASCII only")
    code.encode()
    code.decompose()
    x, bars = _QUIET, []
    for step in code.decomposed:  # capital: bar, small: space; A–D: one to four modules
        size = ord(step.upper()) - ord("A") + 1
        if step.isupper():
            bars.append(f"M{x} 0h{size}v44h-{size}z")
        x += size
    width, height = x + _QUIET, 60 if label else 44
    drawn = [tag("rect", width=width, height=height, fill=_WHITE), tag("path", d="".join(bars), fill=_BLACK)]
    if label:
        drawn.append(text(width / 2, 57, content, 12, text_anchor="middle", fill=_BLACK))
    return svg("barcode", width, height, content, *drawn)


def qr(content: str, label: str = "") -> Markup:
    """A QR code with its quiet zone."""
    import segno

    rows = [bytes(row) for row in segno.make(content, micro=False, error="m").matrix_iter(border=4)]
    runs = "".join(_runs(y, row) for y, row in enumerate(rows))
    size = len(rows)
    drawn = [tag("rect", width=size, height=size, fill=_WHITE), tag("path", d=runs, fill=_BLACK)]
    return svg("qr", size, size, label or content, *drawn)


def _runs(y: int, row: bytes) -> str:
    """Dark modules of a row, neighbours joined so that no hairline shows between them."""
    path, x = "", 0
    while (x := row.find(1, x)) >= 0:
        end = row.find(0, x)
        path += f"M{x} {y}h{end - x}v1h-{end - x}z"
        x = end
    return path
