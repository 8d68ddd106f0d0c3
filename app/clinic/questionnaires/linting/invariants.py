"""FHIR's own rules for a Questionnaire: que-0 to que-13."""

import re

from app.clinic.questionnaires.linting.opening import ROOT
from app.clinic.questionnaires.linting.tree import Node, Tree, objects, placed

NAME = re.compile(r"[A-Z]\w{0,254}", re.ASCII)
MAY_HAVE_OPTIONS = set("choice open-choice decimal integer date dateTime time string quantity".split())
MAY_HAVE_LENGTH = set("boolean decimal integer string text url open-choice".split())


def look(tree: Tree) -> None:
    name = tree.raw.get("name")
    if isinstance(name, str) and name and not NAME.fullmatch(name):
        tree.notes.add("que-0", f"{ROOT}.name", "", name=name)
    for node in tree.nodes:
        if node.link_id and tree.by_id[node.link_id] is not node:
            tree.note("que-2", node, "linkId", name=node.link_id)
        if node.type == "display":
            _display(tree, node)
        _nested(tree, node)
        _options(tree, node)
        _conditions(tree, node)


def _display(tree: Tree, node: Node) -> None:
    for code, members in {"que-3": ["code"], "que-6": ["required", "repeats"], "que-9": ["readOnly"]}.items():
        for name in members:
            if name in node.raw:
                tree.note(code, node, name, id=node.link_id)


def _nested(tree: Tree, node: Node) -> None:
    inner = objects(node.raw, "item")
    if node.type == "group" and not inner:
        tree.note("que-1", node, id=node.link_id)
    elif node.type == "display" and inner:
        tree.note("que-1", node, "item", id=node.link_id)


def _options(tree: Tree, node: Node) -> None:
    raw, options = node.raw, node.raw.get("answerOption")
    if options and raw.get("answerValueSet"):
        tree.note("que-4", node, id=node.link_id)
    if (options or raw.get("answerValueSet")) and node.type not in MAY_HAVE_OPTIONS:
        tree.note("que-5", node, id=node.link_id, type=node.type)
    if raw.get("initial") and node.type in ("group", "display"):
        tree.note("que-8", node, "initial", id=node.link_id, type=node.type)
    if "maxLength" in raw and node.type not in MAY_HAVE_LENGTH:
        tree.note("que-10", node, "maxLength", id=node.link_id, type=node.type)
    if options and raw.get("initial"):
        tree.note("que-11", node, "initial", id=node.link_id)
    if len(objects(raw, "initial")) > 1 and not node.repeats:
        tree.note("que-13", node, "initial", id=node.link_id)


def _conditions(tree: Tree, node: Node) -> None:
    conditions = list(placed(node.raw, "enableWhen"))
    for place, one in conditions:
        if one.get("operator") == "exists" and "answerBoolean" not in one and any(name.startswith("answer") for name in one):
            tree.note("que-7", node, place, id=node.link_id)
    if len(conditions) > 1 and "enableBehavior" not in node.raw:
        tree.note("que-12", node, id=node.link_id)
