"""FHIR's QuestionnaireResponse: made of what counts now, and read back into answers."""

from collections.abc import Callable, Iterable
from typing import Any

from app.clinic.questionnaires import extensions as ext
from app.clinic.questionnaires.layout import Layout, layout
from app.clinic.questionnaires.shapes import Definition, Given, Item, Place, State, Value, key


def response(
    definition: Definition, state: State, *, status: str, subject: dict[str, Any] | None, author: dict[str, Any] | None, authored: str
) -> dict[str, Any]:
    """The answers as FHIR has them. What is not asked now is not in it."""
    laid = layout(definition, state.given)
    head = {"resourceType": "QuestionnaireResponse", "status": status}
    about = {"questionnaire": canonical(definition), "subject": subject, "authored": authored, "author": author}
    items = tree(laid, [path for path in state.values if path in state.open], lambda place: state.values[place.path]).items
    for node, item in _walk(items, definition):
        if item.text:
            node["text"] = item.text.original
    return head | {name: said for name, said in about.items() if said} | ({"item": items} if items else {})


def canonical(definition: Definition) -> str:
    if not definition.url:
        return ""
    return f"{definition.url}|{definition.version}" if definition.version else definition.url


def _walk(items: list[dict[str, Any]], definition: Definition) -> Iterable[tuple[dict[str, Any], Item]]:
    for node in items:
        yield node, definition.by_id[node["linkId"]]
        for inner in [node, *node.get("answer", ())]:
            yield from _walk(inner.get("item", []), definition)


class Tree:
    """A response's items while they are put together; where each path came to stand."""

    def __init__(self, laid: Layout) -> None:
        self.laid = laid
        self.items: list[dict[str, Any]] = []
        self.nodes: dict[str, dict[str, Any]] = {}
        self.steps: dict[str, tuple[int, ...]] = {}

    def node(self, path: str) -> dict[str, Any]:
        """The node of this path, with those it stands in."""
        if path in self.nodes:
            return self.nodes[path]
        place = self.laid.by_path[path]
        beside, above = self._inside(place.parent)
        made: dict[str, Any] = {"linkId": place.item.link_id}
        beside.append(made)
        self.nodes[path], self.steps[path] = made, (*above, len(beside) - 1)
        return made

    def _inside(self, parent: str | None) -> tuple[list[dict[str, Any]], tuple[int, ...]]:
        """Items of a question stand inside its first answer."""
        if parent is None:
            return self.items, ()
        node = self.node(parent)
        if self.laid.by_path[parent].item.type != "group":
            node = node.setdefault("answer", [{}])[0]
        return node.setdefault("item", []), self.steps[parent]


def tree(laid: Layout, paths: Iterable[str], values: Callable[[Place], list[Value]]) -> Tree:
    """The items of these paths, which come in reading order, with their answers."""
    made = Tree(laid)
    for path in paths:
        place = laid.by_path[path]
        node = made.node(path)
        if place.item.type != "group" and (answers := values(place)):
            node["answer"] = [dict(value) for value in answers]
    return made


def given_of(definition: Definition, said: dict[str, Any]) -> Given:
    """The answers of a response; what the questionnaire does not know is passed over."""
    given: Given = {}
    _gather(definition, said, "", given)
    return given


def _gather(definition: Definition, around: dict[str, Any], prefix: str, given: Given) -> None:
    turns: dict[str, int] = {}
    for node in ext.objects(around, "item"):
        item = definition.by_id.get(node.get("linkId", ""))
        if item is None:
            continue
        path = prefix + key(item.link_id)
        if item.type == "group" and item.repeats:
            n = turns[path] = turns.get(path, -1) + 1
            given[f"{path}[{n}]"] = []
            _gather(definition, node, f"{path}[{n}]/", given)
        elif item.type == "group":
            _gather(definition, node, prefix, given)
        else:
            answers = ext.objects(node, "answer")
            given[path] = given.get(path, []) + [value for value in map(ext.any_value, answers) if value]
            for answer in [node, *answers]:
                _gather(definition, answer, prefix, given)
