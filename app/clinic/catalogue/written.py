"""Results as people and laboratories write them: `＜０.5`, `阴性(-)`, `1+`, `5,2`, `12.3↑`."""

import math
import re
import unicodedata

from app.clinic.catalogue.shapes import Reported
from app.core.words import N_, _

_COMPARATORS = {"<": "<", ">": ">", "<=": "<=", ">=": ">=", "≤": "<=", "≥": ">=", "≦": "<=", "≧": ">="}
_NUMBER = re.compile(
    r"(?P<comparator><=|>=|[<>≤≥≦≧])?\s*"
    r"(?P<number>-?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+,\d{1,2}|\d*\.\d+|\d+\.?)(?:[eE][+-]?\d+)?)"
    r"\s*(?:\((?P<words>[^()]*)\))?\s*(?:[↑↓*]+|(?<=\s)[HL])?"
)
_PLUS = re.compile(r"\(?([1-4]\+|\+{1,4})\)?")
_NEGATIVE = {"阴性", "阴", "-", "(-)", "neg", "negative", "未检出", "未见", "无反应性", "nonreactive", "non-reactive", "none"}
_WEAK = {"±", "+-", "+/-", "(±)", "弱阳性", "弱阳", "可疑", "trace", "微量", "weakly positive"}
_POSITIVE = {"阳性", "阳", "强阳性", "pos", "positive", "检出", "有反应性", "reactive"}


def read(written: str) -> Reported | None:
    """A number, words, or both; None where nothing was written.

    A comma before exactly three digits parts thousands; before one or two it is a decimal comma.
    """
    text = tidy(written)
    if not text:
        return None
    if found := _NUMBER.fullmatch(text):
        value = _number(found["number"])
        if math.isfinite(value):
            comparator = _COMPARATORS.get(found["comparator"] or "")
            return Reported(value, comparator, found["words"] or None)
    return Reported(text=text)


def tidy(written: str) -> str:
    """Full-width signs and digits made plain, space folded."""
    return " ".join(unicodedata.normalize("NFKC", written).replace("−", "-").split())


def _number(digits: str) -> float:
    if re.fullmatch(r"-?\d+,\d{1,2}", digits):
        return float(digits.replace(",", "."))
    return float(digits.replace(",", ""))


_PLAIN = {
    "阴性": N_("negative"), "阳性": N_("positive"), "弱阳性": N_("weakly positive"),
    "negative": N_("negative"), "positive": N_("positive"), "weakly positive": N_("weakly positive"),
}


def said(text: str) -> str:
    """A result in words, for the reader: the plain ones in their language, all others as they were written."""
    known = _PLAIN.get(text.lower())
    return _(known) if known else text


def sign(text: str | None) -> str | None:
    """"neg", "weak" or "pos" of a result in words; None where it says something else."""
    if text is None:
        return None
    plain = tidy(text).lower()
    inside = re.findall(r"\(([^()]*)\)", plain)
    words = [plain, re.sub(r"\s*\([^()]*\)", "", plain), *(word.strip() for word in inside)]
    for name, known in (("neg", _NEGATIVE), ("weak", _WEAK), ("pos", _POSITIVE)):
        if any(word in known for word in words):
            return name
    return "pos" if any(_PLUS.fullmatch(word) for word in words if word) else None
