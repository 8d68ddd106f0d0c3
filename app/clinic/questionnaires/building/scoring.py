"""Scores: what a score adds up, as FHIRPath that this file writes and reads back.

`ordinal()` gives the points of a chosen answer. A number counts as itself, yes as one. Whatever else stands in a score's expression was
written by hand or elsewhere and is shown as it is.
"""

import re

import msgspec

from app.clinic.questionnaires.building import extending
from app.clinic.questionnaires.building.kinds import CALCULATED, kind_of
from app.clinic.questionnaires.building.tree import Place, places

ADDABLE = {"one", "several", "open", "yesno", "number", "scale", "score", "quantity"}
WAYS = ("sum", "mean", "own")
# How an answer becomes a number: its points, itself, or one for yes.
COUNTED = {
    ".ordinal()": {"one", "several", "open"}, "": {"number", "scale", "score"}, ".value": {"quantity"},
    ".select(iif($this, 1, 0))": {"yesno"},
}
_ID = re.compile(r"'((?:[^'\\]|\\.)*+)(?:'|\\?\Z)")


class Sum(msgspec.Struct, frozen=True):
    """of: link ids. whole: no score unless every one of them is answered."""

    way: str = "sum"
    of: tuple[str, ...] = ()
    whole: bool = True


def addable(resource: dict, score_id: str) -> list[Place]:
    """What a score can add up: questions with points or numbers, and scores that stand before it."""
    found = []
    for place in places(resource):
        if place.link_id == score_id:
            return found + [later for later in _after(resource, score_id) if kind_of(later.item) != "score"]
        if kind_of(place.item) in ADDABLE:
            found.append(place)
    return found


def _after(resource: dict, score_id: str) -> list[Place]:
    everything = list(places(resource))
    at = next(n for n, place in enumerate(everything) if place.link_id == score_id)
    return [place for place in everything[at + 1:] if kind_of(place.item) in ADDABLE]


def expression_of(item: dict) -> str:
    return extending.formula(item, CALCULATED)


def sum_of(resource: dict, item: dict) -> Sum | None:
    """The sum an expression is, if this file wrote it; None for any other."""
    text = expression_of(item)
    if not text:
        return Sum()
    of = tuple(dict.fromkeys(re.sub(r"\\(.)", r"\1", one) for one in _ID.findall(text)))
    for way in ("sum", "mean"):
        read = Sum(way, of, text.startswith("iif("))
        if expression(resource, read) == text:
            return read
    return None


def put_expression(item: dict, text: str) -> None:
    extending.put_formula(item, CALCULATED, text)


def expression(resource: dict, wanted: Sum) -> str:
    """Blank where nothing is chosen."""
    found = {place.link_id: place for place in places(resource)}
    of = [one for one in wanted.of if one in found]
    if not of:
        return ""
    inside = any(kind_of(group) != "group" for one in of for group in found[one].above)
    kinds = {one: kind_of(found[one].item) for one in of}
    parts = [f"{_items(some, inside)}.answer.value{how}" for how, asked in COUNTED.items() if (some := [one for one in of if kinds[one] in asked])]
    if wanted.way == "mean":
        total = parts[0] + "".join(f".combine({part})" for part in parts[1:]) + ".avg()"
    else:
        total = " + ".join(f"{part}.sum()" for part in parts)
    if not wanted.whole:
        return total
    return f"iif({_items(of, inside)}.where(answer.exists()).count() = {len(of)}, {total}, {{}})"


def _items(of: list[str], inside: bool) -> str:
    """inside: some stand under a question, where repeat(item) does not come."""
    quoted = " | ".join("'" + one.replace("\\", "\\\\").replace("'", "\\'") + "'" for one in of)
    return f"%resource.{'descendants()' if inside else 'repeat(item)'}.where(linkId in ({quoted}))"
