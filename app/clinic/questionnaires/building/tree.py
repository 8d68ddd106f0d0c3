"""The items of a questionnaire as a tree: where one stands, and what a button does to it.

Everything here changes the resource it is given; `edits` hands it a copy.
"""

import copy
import re
from collections.abc import Iterator

import msgspec

from app.clinic.questionnaires.building.kinds import KINDS, control_of, kind_of, turn

MOST_ITEMS = 1000
DEEPEST = 8
PLAIN = re.compile(r"[a-z](\d{1,6})")


class Place(msgspec.Struct):
    """Where an item stands. above: the groups it is in, outermost first. number: as people count the questions, "2.1"."""

    item: dict
    siblings: list
    at: int
    above: tuple[dict, ...]
    number: str

    @property
    def link_id(self) -> str:
        return str(self.item.get("linkId", ""))


def places(resource: dict, above: tuple[dict, ...] = (), number: str = "") -> Iterator[Place]:
    """Every item in reading order, but for the small print inside a question."""
    siblings = (above[-1] if above else resource).get("item")
    if not isinstance(siblings, list):
        return
    nth = 0
    for at, item in enumerate(siblings):
        if isinstance(item, dict) and control_of(item) != "help":
            nth += 1
            here = f"{number}.{nth}" if number else str(nth)
            yield Place(item, siblings, at, above, here)
            yield from places(resource, (*above, item), here)


def find(resource: dict, link_id: str) -> Place | None:
    return next((place for place in places(resource) if place.link_id == link_id), None) if link_id else None


def numbers(resource: dict) -> dict[str, str]:
    """How people count the questions, by link id."""
    return {place.link_id: place.number for place in places(resource)}


def add(resource: dict, kind: str, after: str = "") -> str:
    """A new item behind the open one, at the end of an open group, else at the end; its link id."""
    if kind not in KINDS or sum(1 for _place in places(resource)) >= MOST_ITEMS:
        return after
    item = {"linkId": _fresh(resource, {"group": "g", "score": "s"}.get(kind, "q")), "type": "string"}
    turn(item, kind)
    place = find(resource, after)
    if place is None:
        resource.setdefault("item", []).append(item)
    elif kind_of(place.item) == "group" and kind != "group" and len(place.above) < DEEPEST:
        place.item.setdefault("item", []).append(item)
    else:
        place.siblings.insert(place.at + 1, item)
    return item["linkId"]


def move(place: Place, by: int) -> None:
    there = place.at + by
    if 0 <= there < len(place.siblings):
        place.siblings.insert(there, place.siblings.pop(place.at))


def into(place: Place) -> None:
    """Into the group that stands just before it."""
    group = _group_before(place)
    if group is not None:
        group.setdefault("item", []).append(place.siblings.pop(place.at))


def can_go_in(place: Place) -> bool:
    return _group_before(place) is not None


def _group_before(place: Place) -> dict | None:
    before = place.siblings[place.at - 1] if place.at else None
    return before if isinstance(before, dict) and kind_of(before) == "group" and len(place.above) < DEEPEST else None


def out(resource: dict, place: Place) -> None:
    """Out of its group, to stand just behind it."""
    if not place.above:
        return
    around = (place.above[-2] if len(place.above) > 1 else resource)["item"]
    del place.siblings[place.at]
    around.insert(next(n for n, one in enumerate(around) if one is place.above[-1]) + 1, place.item)
    if not place.siblings:
        del place.above[-1]["item"]


def duplicate(resource: dict, place: Place) -> str:
    """The same once more, under link ids of its own; what refers to its own parts goes along."""
    twin = copy.deepcopy(place.item)
    place.siblings.insert(place.at + 1, twin)
    renamed: dict[str, str] = {}
    for item in [twin, *(one.item for one in places(twin))]:
        was = str(item.get("linkId", ""))
        item["linkId"] = renamed[was] = _fresh(resource, was[:1] if PLAIN.fullmatch(was) else "q")
    for item in [twin, *(one.item for one in places(twin))]:
        for condition in item.get("enableWhen") or []:
            condition["question"] = renamed.get(condition.get("question"), condition.get("question"))
    return twin["linkId"]


def remove(resource: dict, place: Place) -> str:
    """Take it out; the link id to open instead."""
    del place.siblings[place.at]
    if not place.siblings:
        del (place.above[-1] if place.above else resource)["item"]
    left = place.siblings[min(place.at, len(place.siblings) - 1)] if place.siblings else (place.above or ({},))[-1]
    return str(left.get("linkId", ""))


def _fresh(resource: dict, letter: str) -> str:
    """A link id nobody has had here: answers of other versions keep meaning what they meant."""
    taken = [int(match[1]) for place in places(resource) if (match := PLAIN.fullmatch(place.link_id))]
    return f"{letter}{max(taken, default=0) + 1}"
