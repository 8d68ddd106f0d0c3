"""The items of a questionnaire as the linter walks them: whatever has the wrong shape is left out here and told of elsewhere."""

from collections.abc import Iterator
from typing import Any

import msgspec

from app.clinic.questionnaires.extensions import TRANSLATION
from app.clinic.questionnaires.linting.findings import Notes, short
from app.clinic.questionnaires.linting.opening import ROOT
from app.clinic.questionnaires.shapes import Text


def objects(raw: Any, name: str) -> list[dict[str, Any]]:
    """The objects in a list of objects."""
    found = raw.get(name) if isinstance(raw, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def placed(raw: Any, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """As `objects`, each with its place: "answerOption[2]"."""
    found = raw.get(name) if isinstance(raw, dict) else None
    for index, one in enumerate(found if isinstance(found, list) else ()):
        if isinstance(one, dict):
            yield f"{name}[{index}]", one


def string(raw: Any, name: str) -> str:
    found = raw.get(name) if isinstance(raw, dict) else None
    return found if isinstance(found, str) else ""


def extensions(raw: Any, *urls: str) -> list[dict[str, Any]]:
    return [one for one in objects(raw, "extension") if one.get("url") in urls]


def extension(raw: Any, *urls: str) -> dict[str, Any]:
    return next(iter(extensions(raw, *urls)), {})


def chosen(raw: dict[str, Any], prefix: str) -> tuple[str, Any] | None:
    """("Coding", {…}) of the value[x] or answer[x] of an element."""
    size = len(prefix)
    return next(((name[size:], raw[name]) for name in raw if name.startswith(prefix) and name[size : size + 1].isupper()), None)


def translations(beside: Any) -> Iterator[tuple[str, str]]:
    """(language, words) of what stands under an underscore; an empty translation is none."""
    for one in extensions(beside, TRANSLATION):
        lang, content = (chosen(extension(one, name), "value") for name in ("lang", "content"))
        if content and isinstance(content[1], str) and content[1].strip():
            yield main(str((lang or ("", ""))[1])), content[1]


def main(language: str) -> str:
    """zh of zh-Hans-CN."""
    return language.replace("_", "-").partition("-")[0].lower()


def _called(link_id: str, words: str) -> str:
    return short(f"{link_id}: {short(words, 40)}" if words else link_id)


class Node(msgspec.Struct, eq=False):
    """An item: where it stands, and its place in reading order."""

    raw: dict[str, Any]
    path: str
    parent: "Node | None"
    order: int

    @property
    def link_id(self) -> str:
        return string(self.raw, "linkId")

    @property
    def type(self) -> str:
        return string(self.raw, "type")

    @property
    def repeats(self) -> bool:
        return self.raw.get("repeats") is True

    def above(self) -> Iterator["Node"]:
        """The item itself, then those it stands in."""
        node: Node | None = self
        while node:
            yield node
            node = node.parent


class Tree:
    """All items in reading order; by link id the first that has it."""

    def __init__(self, raw: dict[str, Any], notes: Notes) -> None:
        self.raw, self.notes = raw, notes
        self.nodes: list[Node] = []
        self._gather(raw, ROOT, None)
        self.by_id: dict[str, Node] = {}
        for node in self.nodes:
            if node.link_id:
                self.by_id.setdefault(node.link_id, node)
        self.contained = {f"#{one['id']}": one for one in objects(raw, "contained") if isinstance(one.get("id"), str)}

    def _gather(self, raw: dict[str, Any], path: str, parent: Node | None) -> None:
        for place, one in placed(raw, "item"):
            node = Node(one, f"{path}.{place}", parent, len(self.nodes))
            self.nodes.append(node)
            self._gather(one, node.path, node)

    def note(self, code: str, node: Node, place: str = "", **params: Any) -> None:
        """`id`, where it is given, is the item in words."""
        named = {name: self.called(value) if name == "id" else value for name, value in params.items()}
        self.notes.add(code, f"{node.path}.{place}" if place else node.path, node.link_id, **named)

    def called(self, link_id: str) -> Text:
        """An item as a person knows it: its link id and how it begins, in each of its languages."""
        node = self.by_id.get(link_id)
        said = string(node.raw, "text") if node else ""
        others = dict(translations(node.raw.get("_text"))) if node else {}
        return Text(_called(link_id, said), main(string(self.raw, "language")), {language: _called(link_id, text) for language, text in others.items()})
