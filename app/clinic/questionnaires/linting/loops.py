"""What waits for itself: conditions, calculations, variables and value sets that lead back to where they began."""

from collections.abc import Iterator
from typing import Any

from app.clinic.questionnaires.linting import formulas
from app.clinic.questionnaires.linting.expressions import Expression
from app.clinic.questionnaires.linting.tree import Node, Tree, objects, string

Graph = dict[tuple[str, str], set[tuple[str, str]]]
SHOWN, ANSWER, VARIABLE, VALUE_SET = "shown", "answer", "variable", "value set"


def look(tree: Tree, expressions: list[Expression]) -> None:
    graph = _graph(tree, expressions)
    for circle in _circles(graph):
        names = list(dict.fromkeys(name for _what, name in circle))
        node = next((tree.by_id[name] for what, name in circle if what in (SHOWN, ANSWER) and name in tree.by_id), None)
        told = " → ".join([*names, names[0]])
        if node:
            tree.note("loop", node, names=told)
        else:
            tree.notes.add("loop", "Questionnaire", names=told)


def _graph(tree: Tree, expressions: list[Expression]) -> Graph:
    """An item is shown if its parent is and its condition says so; an answer counts if its item is shown."""
    graph: Graph = {}
    for name, node in tree.by_id.items():
        shown = graph.setdefault((SHOWN, name), set())
        graph.setdefault((ANSWER, name), set()).add((SHOWN, name))
        if node.parent and node.parent.link_id:
            shown.add((SHOWN, node.parent.link_id))
        shown |= {(ANSWER, question) for row in objects(node.raw, "enableWhen") if (question := string(row, "question")) in tree.by_id}
    declared = {(one.name, one.node.link_id if one.node else "") for one in expressions if one.kind == "variable"}
    for one in expressions:
        if one.kind != "initial":
            graph.setdefault(_stands(one), set()).update(_needs(tree, one, declared))
    for reference, value_set in tree.contained.items():
        graph[VALUE_SET, reference] = {(VALUE_SET, name) for name in _imported(value_set) if name in tree.contained}
    return graph


def _stands(one: Expression) -> tuple[str, str]:
    link_id = one.node.link_id if one.node else ""
    return {"variable": (VARIABLE, f"%{one.name}@{link_id}"), "condition": (SHOWN, link_id)}.get(one.kind, (ANSWER, link_id))


def _needs(tree: Tree, one: Expression, declared: set[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    named = formulas.named(one.text)
    yield from ((ANSWER, name) for name in named.link_ids if name in tree.by_id)
    near = [node.link_id for node in one.node.above()] if one.node else []
    for name in named.variables:
        place = next((link_id for link_id in [*near, ""] if (name, link_id) in declared), None)
        if place is not None:
            yield VARIABLE, f"%{name}@{place}"


def _imported(value_set: dict[str, Any]) -> Iterator[str]:
    for part in objects(value_set.get("compose"), "include"):
        found = part.get("valueSet")
        yield from (name for name in found if isinstance(name, str)) if isinstance(found, list) else ()


def _circles(graph: Graph) -> list[list[tuple[str, str]]]:
    """Tarjan's strongly connected components, with a stack of its own: a file may be as deep as it likes."""
    walk = _Walk(graph)
    for start in graph:
        if start not in walk.index:
            walk.begin(start)
    return walk.circles


class _Walk:
    """index: the order in which a node was come to. low: the earliest that can be reached from it. path: not yet in a component."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.index: dict[tuple[str, str], int] = {}
        self.low: dict[tuple[str, str], int] = {}
        self.path: list[tuple[str, str]] = []
        self.on_path: set[tuple[str, str]] = set()
        self.circles: list[list[tuple[str, str]]] = []

    def begin(self, start: tuple[str, str]) -> None:
        work = [self._come_to(start)]
        while work:
            node, rest = work[-1]
            follow = self._step(node, rest)
            if follow is not None:
                work.append(self._come_to(follow))
                continue
            work.pop()
            self._leave(node)
            if work:
                above = work[-1][0]
                self.low[above] = min(self.low[above], self.low[node])

    def _come_to(self, node: tuple[str, str]) -> tuple[tuple[str, str], Iterator[tuple[str, str]]]:
        self.index[node] = self.low[node] = len(self.index)
        self.path.append(node)
        self.on_path.add(node)
        return node, iter(sorted(self.graph.get(node, ())))

    def _step(self, node: tuple[str, str], rest: Iterator[tuple[str, str]]) -> tuple[str, str] | None:
        """The next neighbour nobody has been to; the others are taken into account on the way."""
        for neighbour in rest:
            if neighbour not in self.index:
                return neighbour
            if neighbour in self.on_path:
                self.low[node] = min(self.low[node], self.index[neighbour])
        return None

    def _leave(self, node: tuple[str, str]) -> None:
        """If nothing earlier can be reached, what is on the path from here on is a component."""
        if self.low[node] != self.index[node]:
            return
        found = [self.path.pop()]
        while found[-1] != node:
            found.append(self.path.pop())
        self.on_path -= set(found)
        if len(found) > 1 or node in self.graph.get(node, ()):
            self.circles.append(found[::-1])
