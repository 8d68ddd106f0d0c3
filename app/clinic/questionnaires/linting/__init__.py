"""The linter: whatever somebody calls a questionnaire, looked over. Any file gets a list of findings, never a traceback.

`check` takes what is in a file, `check_file` the file. Bounded in memory and time: a file is measured before it is read, expressions
are only read (elsewhere, where they can be stopped) and never run, and no more than a few hundred findings are kept.
"""

from pathlib import Path
from typing import Any

from app.clinic.questionnaires.linting import conditions, expressions, features, invariants, loops, options, own, shape, wording
from app.clinic.questionnaires.linting.codes import CODES
from app.clinic.questionnaires.linting.findings import Finding, Findings, Notes
from app.clinic.questionnaires.linting.opening import ROOT, open_json
from app.clinic.questionnaires.linting.tree import Tree
from app.clinic.questionnaires.reading import DEEPEST, LARGEST, MOST_ITEMS, read
from app.clinic.questionnaires.shapes import Unreadable

__all__ = ["CODES", "Finding", "Findings", "check", "check_file"]


def check_file(path: Path) -> Findings:
    """Reads no more of a file than may be in one: it could be endless."""
    notes = Notes()
    try:
        if not path.is_file():
            raise FileNotFoundError(2, "not a file")
        with path.open("rb") as source:
            return check(source.read(4 * LARGEST + 1))
    except OSError as problem:
        notes.add("unopened", ROOT, reason=problem.strerror or problem)
    return notes.findings()


def check(content: str | bytes) -> Findings:
    """Everything there is to say of a file's content."""
    notes = Notes()
    opened = open_json(content, notes)
    if opened is not None and _is_a_questionnaire(opened.raw, notes):
        shape.look_over(opened, notes)
        tree = Tree(opened.raw, notes)
        if _of_a_size(tree, notes):
            _meaning(tree)
            _last_word(content, notes)
    return notes.findings()


def _is_a_questionnaire(raw: Any, notes: Notes) -> bool:
    if not isinstance(raw, dict):
        notes.add("not-an-object", ROOT)
    elif raw.get("resourceType") != ROOT:
        notes.add("wrong-resource", ROOT, name=raw.get("resourceType") or "?")
    else:
        return True
    return False


def _of_a_size(tree: Tree, notes: Notes) -> bool:
    if len(tree.nodes) > MOST_ITEMS:
        notes.add("too-many-items", ROOT, most=MOST_ITEMS)
        return False
    for node in tree.nodes:
        if node.path.count(".item[") > DEEPEST:
            tree.note("items-too-deep", node, id=node.link_id, most=DEEPEST)
            return False
    return True


def _meaning(tree: Tree) -> None:
    invariants.look(tree)
    options.look(tree)
    conditions.look(tree)
    found = expressions.look(tree)
    loops.look(tree, found)
    features.look(tree)
    own.look(tree, found)
    wording.look(tree)


def _last_word(content: str | bytes, notes: Notes) -> None:
    """Who is to work with it is asked too, in case something was overlooked here."""
    if not notes.findings().ok:
        return
    try:
        read(content.decode("utf-8-sig") if isinstance(content, bytes) else content.removeprefix("\ufeff"))
    except Unreadable as problem:
        notes.add("unreadable", ROOT, reason=problem)
