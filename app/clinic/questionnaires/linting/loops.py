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
    for one in expressions:
        if one.kind != "initial":
            graph.setdefault(_stands(one), set()).update(_needs(tree, one, expressions))
    for reference, value_set in tree.contained.items():
        graph[VALUE_SET, reference] = {(VALUE_SET, name) for name in _imported(value_set) if name in tree.contained}
    return graph


def _stands(one: Expression) -> tuple[str, str]:
    link_id = one.node.link_id if one.node else ""
    return {"variable": (VARIABLE, f"%{one.name}@{link_id}"), "condition": (SHOWN, link_id)}.get(one.kind, (ANSWER, link_id))


def _needs(tree: Tree, one: Expression, expressions: list[Expression]) -> Iterator[tuple[str, str]]:
    named = formulas.named(one.text)
    yield from ((ANSWER, name) for name in named.link_ids if name in tree.by_id)
    near = [node.link_id for node in one.node.above()] if one.node else []
    declared = {(two.name, two.node.link_id if two.node else "") for two in expressions if two.kind == "variable"}
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
    index: dict[tuple[str, str], int] = {}
    low: dict[tuple[str, str], int] = {}
    path: list[tuple[str, str]] = []
    on_path: set[tuple[str, str]] = set()
    circles = []
    for start in graph:
        work = [(start, iter(()))] if start not in index else []
        while work:
            node, rest = work.pop()
            if node not in index:
                index[node] = low[node] = len(index)
                path.append(node)
                on_path.add(node)
                rest = iter(sorted(graph.get(node, ())))
            follow = _step(node, rest, index, low, on_path)
            if follow is not None:
                work += [(node, rest), (follow, iter(()))]
                continue
            if low[node] == index[node]:
                found = [path.pop()]
                while found[-1] != node:
                    found.append(path.pop())
                on_path -= set(found)
                if len(found) > 1 or node in graph.get(node, ()):
                    circles.append(found[::-1])
            if work:
                low[work[-1][0]] = min(low[work[-1][0]], low[node])
    return circles


def _step(node: tuple, rest: Iterator, index: dict, low: dict, on_path: set) -> tuple | None:
    """The next neighbour nobody has been to; the others are taken into account on the way."""
    for neighbour in rest:
        if neighbour not in index:
            return neighbour
        if neighbour in on_path:
            low[node] = min(low[node], index[neighbour])
    return None
