"""Where every item stands: once, or once in each repetition of its group.

A questionnaire without repeated groups has one layout for ever; with them, one for each number of repetitions, and few are met.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from app.clinic.questionnaires.shapes import Definition, Given, Item, Place, key

MOST_REPEATED = 50
MOST_PLACES = 2_000  # repeated groups in repeated groups multiply

Counts = tuple[tuple[str, int], ...]


class Layout(msgspec.Struct, frozen=True, eq=False):
    """places: in reading order. paths_of: where each link id stands. order: whatever decides about a place comes before it."""

    places: tuple[Place, ...]
    by_path: dict[str, Place]
    paths_of: dict[str, tuple[str, ...]]
    order: tuple[Place, ...] = ()

    def nearest(self, link_id: str, path: str) -> tuple[str, ...]:
        """Where `path` finds this question: in its own repetition first, else everywhere it stands."""
        paths = self.paths_of.get(link_id, ())
        within = path
        while len(paths) > 1 and "]" in within:
            within = within[: within.rindex("]") + 1]
            beside = tuple(one for one in paths if one.startswith(f"{within}/") or one == within)
            if beside:
                return beside
            within = within[: within.rindex("[")]
        return paths


def layout(definition: Definition, given: Given) -> Layout:
    return _layout(definition, _counts(given))


def _counts(given: Given) -> Counts:
    """How often each group is there: one more than the highest of its numbers."""
    found: dict[str, int] = {}
    for path in given:
        if "[" in path:
            for mark in re.finditer(r"\[(\d{1,3})\]", path):
                group = path[: mark.start()]
                found[group] = max(found.get(group, 0), min(int(mark[1]) + 1, MOST_REPEATED))
    return tuple(sorted(found.items()))


@lru_cache(128)
def _layout(definition: Definition, counts: Counts) -> Layout:
    places = tuple(_places(definition.items, dict(counts), "", "", None, 0))
    paths: dict[str, list[str]] = {}
    for place in places:
        paths.setdefault(place.item.link_id, []).append(place.path)
    laid = Layout(places, {place.path: place for place in places}, {link: tuple(found) for link, found in paths.items()})
    return msgspec.structs.replace(laid, order=tuple(_ordered(laid)))


def _ordered(laid: Layout) -> Iterator[Place]:
    """Parents and the questions of conditions first. What stands in a circle comes last, as it is read."""
    waits = {place.path: _deciding(laid, place) for place in laid.places}
    freed: dict[str, list[str]] = {}
    for path, others in waits.items():
        for other in others:
            freed.setdefault(other, []).append(path)
    ready = [path for path, others in waits.items() if not others]
    done: set[str] = set()
    for path in ready:  # grows while it is walked
        done.add(path)
        yield laid.by_path[path]
        for other in freed.get(path, ()):
            waits[other].discard(path)
            if not waits[other]:
                ready.append(other)
    yield from (place for place in laid.places if place.path not in done)


def _deciding(laid: Layout, place: Place) -> set[str]:
    asked = {path for row in place.item.conditions for path in laid.nearest(row.question, place.path)}
    return (asked | ({place.parent} if place.parent else set())) - {place.path}


def _places(items: tuple[Item, ...], counts: dict[str, int], prefix: str, turn: str, parent: str | None, depth: int) -> Iterator[Place]:
    for item in items:
        path, anchor = prefix + key(item.link_id), f"q-{item.number}{turn}"
        if item.type == "group" and item.repeats:
            for n in range(counts.get(path, 1)):
                one = f"{path}[{n}]"
                yield Place(one, item, depth, parent, item.number, f"{anchor}-{n}", n)
                yield from _places(item.children, counts, f"{one}/", f"{turn}-{n}", one, depth + 1)
        else:
            yield Place(path, item, depth, parent, item.number, anchor)
            yield from _places(item.children, counts, prefix, turn, path, depth + 1)


def repeat(definition: Definition, given: Given, group: str) -> Given:
    """The answers with one more repetition of this group (`g`, not `g[0]`), as far as is sensible."""
    places = layout(definition, given).places
    found = [place for place in places if place.within is not None and _group(place.path) == group]
    if not found or len(found) >= MOST_REPEATED or len(places) >= MOST_PLACES:
        return given
    return {f"{group}[0]": [], **given, f"{group}[{len(found)}]": []}


def drop(definition: Definition, given: Given, instance: str) -> Given:
    """The answers without this repetition (`g[1]`); those after it move up. The last one is emptied."""
    place = layout(definition, given).by_path.get(instance)
    if place is None or place.within is None:
        return given
    group, gone = _group(instance), place.within
    left: Given = {}
    for path, values in given.items():
        n = _number(path, group)
        if n is None or n < gone:
            left[path] = values
        elif n > gone:
            left[f"{group}[{n - 1}]" + path[len(f"{group}[{n}]"):]] = values
    return left


def _group(instance: str) -> str:
    return instance[: instance.rindex("[")]


def _number(path: str, group: str) -> int | None:
    """Which repetition of the group this path is in."""
    if not path.startswith(f"{group}["):
        return None
    return int(path[len(group) + 1:].partition("]")[0])
