"""Which questions can be answered here at all: what cannot is said and is never required, or nobody could ever hand it in."""

from app.clinic.questionnaires.shapes import Item, Place
from app.core.judging import MEDIA_TYPES


def files(item: Item) -> list[str]:
    """The kinds of file it takes, of those whose content can be judged; nothing that is only to be heard can."""
    return [kind for kind in MEDIA_TYPES.values() if not item.media or {kind, "*/*", f"{kind.partition('/')[0]}/*"} & set(item.media)]


def answerable(item: Item) -> bool:
    if item.type == "attachment":
        return bool(files(item))
    return item.asked and item.type != "reference" and (item.type != "choice" or bool(item.options))


def required(parents: dict[str, str | None], shown: tuple[Place, ...]) -> frozenset[str]:
    """What must be answered, of what can be; a group only while something in it can."""
    able = {place.path for place in shown if place.item.asked and answerable(place.item)}
    around = upward(parents, able)
    return frozenset(place.path for place in shown if place.item.required and place.path in (around if place.item.type == "group" else able))


def upward(parents: dict[str, str | None], paths: set[str]) -> set[str]:
    """These and everything they stand in."""
    found: set[str] = set()
    for path in paths:
        up: str | None = path
        while up is not None and up not in found:
            found.add(up)
            up = parents[up]
    return found
