"""Expressions: do they parse, and does what they name exist?"""

import time
from collections.abc import Iterator
from typing import Any

import msgspec

from app.clinic.questionnaires.extensions import HL7, SDC
from app.clinic.questionnaires.linting import formulas
from app.clinic.questionnaires.linting.opening import ROOT
from app.clinic.questionnaires.linting.tree import Node, Tree, extension, extensions, objects, placed, string
from app.core import fhirpath

# What is worked out here, by where it may stand.
KINDS = {
    f"{HL7}variable": "variable", f"{SDC}enableWhenExpression": "condition",
    f"{HL7}questionnaire-enableWhenExpression": "condition", f"{SDC}calculatedExpression": "calculated",
    f"{HL7}questionnaire-calculatedExpression": "calculated", f"{SDC}initialExpression": "initial",
    f"{HL7}questionnaire-initialExpression": "initial",
}  # fmt: skip
SECONDS = 10
NOT_ON = {"calculated": ("group", "display"), "initial": ("display",)}


class Expression(msgspec.Struct, frozen=True, eq=False):
    """One expression of FHIRPath, and the item it stands at (none: the questionnaire itself)."""

    kind: str
    text: str
    name: str
    path: str
    node: Node | None


def look(tree: Tree) -> list[Expression]:
    """All that are worked out here; what is wrong with them is noted."""
    found = list(_all(tree))
    _parse_all(tree, found)
    _name_all(tree, found)
    for node in tree.nodes:
        _together(tree, node)
    return found


def _name_all(tree: Tree, found: list[Expression]) -> None:
    """What each names must be there, where it stands."""
    declared = {id(node): _declared(node.raw) for node in tree.nodes}
    worked_out: dict[int, set[str]] = {}
    for one in found:
        if one.kind == "variable":
            worked_out.setdefault(id(one.node), set()).add(one.name)
    given = formulas.KNOWN | _launched(tree.raw)
    said_above = formulas.ELSEWHERE | _declared(tree.raw)
    foreign = _foreign(found)
    for one in found:
        if tree.notes.has("expression-broken", at=one.path):
            continue
        above = [None, *(one.node.above() if one.node else ())]
        here = given.union(*(worked_out.get(id(node), ()) for node in above))
        said = said_above.union(*(declared[id(node)] for node in above if node))
        _names(tree, one, here, said, foreign)


def _all(tree: Tree) -> Iterator[Expression]:
    yield from _of(tree, tree.raw, ROOT, None)
    for node in tree.nodes:
        yield from _of(tree, node.raw, node.path, node)


def _of(tree: Tree, raw: dict[str, Any], path: str, node: Node | None) -> Iterator[Expression]:
    link_id = node.link_id if node else ""
    for place, one in placed(raw, "extension"):
        kind = KINDS.get(string(one, "url"))
        if not kind:
            continue
        held = one.get("valueExpression")
        text = (string(held, "expression") or string(one, "valueString")).encode(errors="replace").decode()  # what cannot be sent is told of elsewhere
        language = string(held, "language") or "text/fhirpath"
        where = f"{path}.{place}"
        if not language.lower().startswith("text/fhirpath"):
            tree.notes.add("unsupported-language", where, link_id, language=language)
        elif not text.strip():
            tree.notes.add("no-expression", where, link_id)
        elif kind == "variable" and not string(held, "name"):
            tree.notes.add("variable-without-name", where, link_id)
        elif node and node.type in NOT_ON.get(kind, ()):
            tree.notes.add("expression-misplaced", where, link_id, type=node.type)
        else:
            yield Expression(kind, text, string(held, "name"), where, node)


def _parse_all(tree: Tree, found: list[Expression]) -> None:
    """Not without end: a file may be made to hold thousands that each take as long as is allowed."""
    until = time.monotonic() + SECONDS
    for one in found:
        link_id = one.node.link_id if one.node else ""
        if len(one.text) > formulas.LONGEST:
            tree.notes.add("expression-too-long", one.path, link_id, most=formulas.LONGEST)
        elif problem := fhirpath.parse(one.text):
            tree.notes.add("expression-broken", one.path, link_id, expression=one.text, problem=problem)
        if time.monotonic() > until:
            return tree.notes.add("expressions-unread", one.path, link_id)


def _names(tree: Tree, one: Expression, here: set[str], said: set[str], foreign: set[str]) -> None:
    """here: names that have a value. said: those the file gives a value to, in a way that is not worked out in this house."""
    named, link_id = formulas.named(one.text), one.node.link_id if one.node else ""
    for name in sorted(named.variables - here):
        elsewhere = name in said or name.startswith(("vs-", "ext-"))
        tree.notes.add("unsupported-variable" if elsewhere else "unknown-variable", one.path, link_id, name=name)
    for name in sorted(named.link_ids - tree.by_id.keys()) if not named.variables & foreign else ():
        tree.notes.add("dangling-expression", one.path, link_id, name=name)


def _foreign(found: list[Expression]) -> set[str]:
    """Variables that may hold another questionnaire's answers: what comes from outside, or is contained."""
    own = [one for one in found if one.kind == "variable"]
    used_by: dict[str, list[str]] = {}
    for one in own:
        for name in formulas.named(one.text).variables:
            used_by.setdefault(name, []).append(one.name)
    used = {name for one in found for name in formulas.named(one.text).variables}
    due = [*(used - {one.name for one in own} - formulas.KNOWN), *(one.name for one in own if "contained" in one.text)]
    foreign: set[str] = set()
    while due:
        if (name := due.pop()) not in foreign:
            foreign.add(name)
            due += used_by.get(name, [])
    return foreign


def _declared(raw: dict[str, Any]) -> set[str]:
    """Every name something here gives to a value, also what is not worked out in this house."""
    names = {string(one.get("valueExpression"), "name") for one in objects(raw, "extension")}
    for queries in extensions(raw, f"{SDC}sourceQueries"):
        names.add(string(queries.get("valueReference"), "reference").removeprefix("#"))
    return names - {""}


def _launched(raw: dict[str, Any]) -> set[str]:
    """What the questionnaire wants to be handed when it is opened."""
    named = [extension(launch, "name") for launch in extensions(raw, f"{SDC}launchContext")]
    return {found for name in named for found in (string(name, "valueId"), string(name.get("valueCoding"), "code")) if found}


def _together(tree: Tree, node: Node) -> None:
    """Two who decide the same thing."""
    kinds = [KINDS[string(one, "url")] for one in objects(node.raw, "extension") if string(one, "url") in KINDS]
    if "condition" in kinds and node.raw.get("enableWhen"):
        tree.note("two-conditions", node, id=node.link_id)
    for kind in ("condition", "calculated", "initial"):
        if kinds.count(kind) > 1:
            tree.note("two-expressions", node, id=node.link_id)
