"""A button of the builder, or a field that was left: the questionnaire as it is then."""

import copy
from collections.abc import Mapping
from typing import Any

import msgspec

from app.clinic.questionnaires.building import acting, branching, extending, options, sheet, tree
from app.clinic.questionnaires.building.kinds import kind_of
from app.clinic.questionnaires.building.typed import Typed


class Edited(msgspec.Struct, frozen=True):
    """at: the link id to have open; blank for the whole. errors: {field: word's id}. lost: whether something went that undo can bring back."""

    resource: dict[str, Any]
    at: str
    errors: dict[str, str] = {}
    lost: bool = False


def blank(title_zh: str, title_en: str, use: str) -> dict[str, Any]:
    """A new questionnaire, in Chinese with English beside it."""
    resource = {"resourceType": "Questionnaire", "language": "zh", "status": "draft"}
    sheet.write(resource, "", Typed({"title_zh": title_zh, "title_en": title_en, "use": use}))
    return resource


def edit(resource: dict[str, Any], at: str, data: Mapping[str, Any], change: str = "") -> Edited:
    """Writes the open item's fields, then does what the button says. A field that cannot be read stops the button."""
    after, typed = copy.deepcopy(resource), Typed(data)
    before = _kept(resource, at)
    errors = sheet.write(after, at, typed)
    if errors:
        return Edited(after, at, errors)
    now, gone = _press(after, at, *change.split(" ", 1)) if change else (at, False)
    return Edited(after, now, {}, gone or (_kept(after, at) < before and not change))


def _kept(resource: dict, at: str) -> int:
    """How many answers to choose from the open item has: a change of kind takes them away."""
    place = tree.find(resource, at)
    return len(options.options(place.item)) if place else 0


def _press(resource: dict, at: str, verb: str, what: str = "") -> tuple[str, bool]:
    """The link id to open then, and whether something went."""
    if verb in ("open", "add", "review"):
        _tidy(resource, at)
    if verb == "open":
        return (what if tree.find(resource, what) else ""), False
    if verb == "add":
        return _add(resource, what, at), False
    place = tree.find(resource, what if verb in OF_ITEMS else at)
    if place is None:
        return at, False
    if verb in OF_ITEMS:
        return _move(resource, place, verb, at)
    return at, _inside(resource, place.item, verb, what)


def _tidy(resource: dict, at: str) -> None:
    """An answer without any words is gone once its question is left."""
    place = tree.find(resource, at)
    there = options.options(place.item) if place else []
    for n in reversed([n for n, one in enumerate(there) if options.is_blank(one)]):
        options.remove(place.item, n)


def _add(resource: dict, kind: str, at: str) -> str:
    """One to choose from begins with room for two answers."""
    added = tree.add(resource, kind, at)
    place = tree.find(resource, added)
    for _answer in range(2 if added != at and place else 0):
        options.add(place.item)
    return added


OF_ITEMS = {"up", "down", "into", "out", "copy", "drop"}


def _move(resource: dict, place: tree.Place, verb: str, at: str) -> tuple[str, bool]:
    if verb == "drop":
        return tree.remove(resource, place), True
    if verb == "copy":
        return tree.duplicate(resource, place), False
    if verb == "into":
        tree.into(place)
    elif verb == "out":
        tree.out(resource, place)
    else:
        tree.move(place, -1 if verb == "up" else 1)
    return at, False


def _inside(resource: dict, item: dict, verb: str, what: str) -> bool:
    """A row of the open item; whether one went."""
    n = int(what) if what.isdecimal() and len(what) < 4 else -1
    if verb == "option":
        options.add(item)
    elif verb in ("option-up", "option-down"):
        options.move(item, n, -1 if verb == "option-up" else 1)
    elif verb == "like" and (other := tree.find(resource, what)):
        options.take_over(item, other.item)
    elif verb == "own-answers":
        options.make_own(resource, item)
    elif verb == "when":
        branching.add(resource, item)
    elif verb == "band" and kind_of(item) == "score":
        acting.add_band(item)
    return _gone(item, verb, n)


def _gone(item: dict, verb: str, n: int) -> bool:
    if verb == "option-drop" and 0 <= n < len(options.options(item)):
        options.remove(item, n)
    elif verb == "when-drop" and 0 <= n < len(branching.conditions(item)):
        item["enableWhen"] = [one for m, one in enumerate(branching.conditions(item)) if m != n]
        branching.settle(item)
    elif verb == "band-drop" and 0 <= n < len(acting.bands(item)):
        band = acting.bands(item)[n]
        extending.keep(item, [one for one in item["extension"] if one is not band])
    else:
        return False
    return True
