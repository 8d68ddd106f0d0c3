"""What a page needs to draw a questionnaire with its answers: `responses/_items.html` draws each place of a sheet."""

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import msgspec

from app.clinic import questionnaires
from app.clinic.questionnaires import OTHER, Definition, Given, Place, State, Value
from app.clinic.responses.shapes import Prefill
from app.clinic.responses.typed import item_at, option_of, shown, told
from app.core.words import _

TABLES = {"table", "htable"}  # either way round in FHIR; here the questions are the rows
WIDE = 12  # options; more are a list to pull down


class Sheet(msgspec.Struct, frozen=True, dict=True):
    """errors: path → words; raw: path → what was typed there; known: what could be confirmed; taken_over: path → (source, day).

    files: where files are sent; blank where none can be. pictures: where those kept are looked at; blank where they are not shown;
    whole: they can be opened in another window.
    """

    definition: Definition
    state: State
    language: str
    errors: Mapping[str, str] = {}
    raw: Mapping[str, Sequence[str]] = {}
    known: Mapping[str, Prefill] = {}
    taken_over: Mapping[str, Sequence[str]] = {}
    files: str = ""
    pictures: str = ""
    whole: bool = True

    @cached_property
    def shown(self) -> frozenset[str]:
        return frozenset(place.path for place in self.state.shown)

    def values(self, place: Place) -> list[Value]:
        return self.state.values.get(place.path, [])

    def told(self, place: Place) -> str:
        return told(place.item, self.values(place), self.language)

    def told_known(self, place: Place) -> str:
        return told(place.item, self.known[place.path].value, self.language)

    def kind(self, place: Place) -> str:
        """How it is drawn: group, display, result, yesno, cards, list, number, date, moment, time, line, text, slider, file or none."""
        item = place.item
        if item.type in ("group", "display"):
            return item.type
        if item.read_only:
            return "result"
        if not questionnaires.answerable(item):
            return "none"
        if item.options or item.type in ("choice", "open-choice"):
            pulled = item.control in ("drop-down", "autocomplete", "lookup") or (not item.control and len(item.options) > WIDE)
            return "list" if pulled and not item.repeats else "cards"
        if item.control == "slider" and item.type in ("integer", "decimal") and item.low and item.high:
            return "slider"
        if item.type == "string" and item.control == "text-area":
            return "text"
        return KINDS[item.type]

    def tabled(self, place: Place) -> bool:
        """A row of a table: its words at the left, its answers beside each other."""
        above = item_at(self.definition, place.parent) if place.parent else None
        return above is not None and above.control in TABLES and self.kind(place) in ("cards", "yesno")

    def typed(self, place: Place) -> list[str]:
        """What stands in its fields; one blank field more where it takes several."""
        texts = list(self.raw.get(place.path, ())) or [_typed(value) for value in self.values(place)]
        return [*texts, ""] if place.item.repeats or not texts else texts

    def chosen(self, place: Place) -> set[str]:
        if place.path in self.raw:
            return set(self.raw[place.path])
        options = [option_of(place.item, value) for value in self.values(place)]
        return {option.code for option in options if option}

    def other(self, place: Place) -> str:
        """Words of one's own in an open choice."""
        typed = next((text for text in self.raw.get(place.path, ()) if text.startswith(OTHER)), "")
        own = (content for name, content in _pairs(self.values(place)) if name == "valueString" and not option_of(place.item, {name: content}))
        return typed.removeprefix(OTHER) or next(own, "")

    def unit(self, place: Place) -> str:
        """Of a quantity: the code of the unit chosen."""
        return next((content.get("code") or content.get("unit") or "" for name, content in _pairs(self.values(place)) if name == "valueQuantity"), "")

    def limit(self, place: Place, which: str) -> str:
        """The lowest or highest number, for a slider."""
        limit = getattr(place.item, which)
        return shown(next(iter(limit.values()))) if limit else ""

    def takes(self, place: Place) -> str:
        """The kinds of file, as a browser is told them."""
        return ",".join(questionnaires.files(place.item))

    def required(self, place: Place) -> bool:
        return place.path in self.state.required

    @cached_property
    def closing(self) -> dict[str, list[str]]:
        """After which place a group could be repeated once more: the last one of its last repetition."""
        last: dict[str, str] = {}
        for place in self.state.places:
            for mark in INSTANCE.finditer(place.path):
                last[place.path[: mark.start()]] = place.path
        found: dict[str, list[str]] = {}
        for group, path in reversed(last.items()):
            found.setdefault(path, []).append(group)
        return found

    def first(self, group: str) -> Place:
        """The first repetition of a group."""
        return next(place for place in self.state.places if place.path == f"{group}[0]")

    @property
    def troubles(self) -> str:
        """What could not be worked out, by its words."""
        items = [item_at(self.definition, problem.path) for problem in self.state.problems]
        return _(", ").join(dict.fromkeys(item.text.said(self.language)[0] or item.link_id for item in items if item)) or "—"


INSTANCE = re.compile(r"\[\d+\]")
KINDS = {
    "boolean": "yesno", "integer": "number", "decimal": "number", "quantity": "number", "date": "date", "dateTime": "moment", "time": "time",
    "string": "line", "url": "line", "text": "text", "attachment": "file", "reference": "none",
}  # fmt: skip


def _pairs(values: list[Value]) -> list[tuple[str, Any]]:
    return [next(iter(value.items())) for value in values]


def _typed(value: Value) -> str:
    name, content = next(iter(value.items()))
    if name == "valueBoolean":
        return "true" if content else "false"
    if name == "valueQuantity":
        return shown(content.get("value"))
    if name == "valueDateTime":
        return content[:16]
    if name == "valueTime":
        return content[:5]
    return shown(content) if not isinstance(content, dict) else content.get("code", "")


OWN = "::other"  # after a path: the field for words of one's own


def sent(data: Mapping[str, Any]) -> dict[str, list[str]]:
    """A form of `_items.html` as `take` reads it: words of one's own stand behind their mark, and only while it is chosen.

    Names that begin with _ are the page's own.
    """
    fields = {name: [str(one) for one in (value if isinstance(value, list) else [value])] for name, value in data.items() if not name.startswith("_")}
    for name in [name for name in fields if name.endswith(OWN)]:
        words, path = fields.pop(name), name.removesuffix(OWN)
        chosen = [one for one in fields.get(path, []) if one and one != OTHER]
        counts = OTHER in fields.get(path, []) or not chosen
        fields[path] = ["", *chosen, *(OTHER + text for text in words if text.strip() and counts)]
    return fields
