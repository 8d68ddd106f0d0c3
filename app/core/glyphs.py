"""Which characters the fonts on paper can draw, and what stands in for those they cannot."""

import base64
import html as markup
import re
import unicodedata

from app.core.linebreak import tied

SANS, RARE, RAREST = "Yihe Sans", "Yihe Rare", "Yihe Rarest"
FAMILIES = {"sans": SANS, "rare": RARE, "rarest": RAREST}
STAND_IN = "〓"  # the printers' mark for a sort that is not in the case

_TAG = re.compile(r"(<[^>]*>)")
_DRAWING = re.compile(r'(?<=data:image/svg\+xml;base64,)[A-Za-z0-9+/=]+')
# No Chinese face has these; as powers they are written raised instead.
_RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+−", strict=True))


class Case:
    """What can be drawn, by face in the order they are tried; collects what cannot.

    coverage: face → code points.
    """

    def __init__(self, coverage: dict[str, set[int]]) -> None:
        self._coverage = coverage
        self._all = set().union(*coverage.values())
        self._raised = re.compile(f"[{''.join(c for c in _RAISED if ord(c) not in self._all)}]+")
        self.missing: set[str] = set()

    def document(self, html: str) -> str:
        """The HTML with only drawable characters, its embedded drawings too."""
        html = _DRAWING.sub(lambda found: _packed(self._drawing(_unpacked(found[0]))), html)
        parts = _TAG.split(html)
        return "".join(part if part.startswith("<") else self._raise(tied(self._drawable(part)), "<sup>", "</sup>") for part in parts)

    def _drawing(self, svg: str) -> str:
        parts = _TAG.split(svg)
        return "".join(part if part.startswith("<") else self._in_faces(self._raise(self._drawable(part), "^", "")) for part in parts)

    def _raise(self, text: str, before: str, after: str) -> str:
        return self._raised.sub(lambda run: before + "".join(_RAISED[c] for c in run[0]) + after, text)

    def _drawable(self, text: str) -> str:
        """Entities become characters first, so that none slips by; then what no face has is replaced."""
        return markup.escape("".join(map(self._one, markup.unescape(text))), quote=False)

    def _one(self, character: str) -> str:
        if ord(character) in self._all or character in "\n\t\r" or character in _RAISED:
            return character
        if _invisible(character):
            return ""
        self.missing.add(character)
        return STAND_IN

    def _in_faces(self, text: str) -> str:
        """Runs of rare characters in a span that names their face: a drawing has one family only."""
        for face, family in list(FAMILIES.items())[1:]:
            rare = "".join(sorted({c for c in text if ord(c) in self._coverage[face]}))
            if rare:
                text = re.sub(f"[{re.escape(rare)}]+", rf'<tspan font-family="{family}">\g<0></tspan>', text)
        return text


def _invisible(character: str) -> bool:
    """Joiners, marks of direction, variation selectors: nothing is lost without them."""
    return unicodedata.category(character) in ("Cf", "Cc") or 0xFE00 <= ord(character) <= 0xFE0F or 0xE0100 <= ord(character) <= 0xE01EF


def _unpacked(drawing: str) -> str:
    return base64.b64decode(drawing).decode()


def _packed(drawing: str) -> str:
    return base64.b64encode(drawing.encode()).decode()
