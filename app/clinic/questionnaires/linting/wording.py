"""Texts: are they there, and in both languages?"""

import re
from collections.abc import Iterator
from typing import Any

from app.clinic.questionnaires.extensions import OURS
from app.clinic.questionnaires.linting.opening import ROOT
from app.clinic.questionnaires.linting.options import codings
from app.clinic.questionnaires.linting.tree import Node, Tree, extension, main, objects, placed, string, translations
from app.core.words import LANGUAGES

_LETTERS = re.compile(r"[^\W\d_]{2}|[\u3400-\u9fff]")
_CHINESE = re.compile(r"[\u3400-\u9fff]")

# Where a text stands: its path, its link id, the words, and the languages it is translated to.
Said = tuple[str, str, str, set[str]]


def look(tree: Tree) -> None:
    for node in tree.nodes:
        if node.type not in ("group", "") and not string(node.raw, "text").strip() and not _pictured(node):
            tree.note("no-text", node, id=node.link_id)
    if not string(tree.raw, "title").strip():
        tree.notes.add("no-title", ROOT)
    if not any(node.type not in ("group", "display") for node in tree.nodes):
        tree.notes.add("no-questions", ROOT)
    said = [one for one in _all(tree) if _LETTERS.search(one[2])]
    if said:
        _translated(tree, said)


def _pictured(node: Node) -> bool:
    """A cell of a table, or a text in another form, has no words of its own."""
    return bool(node.raw.get("_text")) or bool(node.raw.get("prefix"))


def _translated(tree: Tree, said: list[Said]) -> None:
    own = main(string(tree.raw, "language"))
    if not own:
        tree.notes.add("no-language", f"{ROOT}.language")
        own = "zh" if _CHINESE.search("".join(words for _path, _link_id, words, _others in said)) else "en"
    for language in LANGUAGES:
        missing = [one for one in said if language != own and language not in one[3]]
        if missing and len(missing) == len(said):
            tree.notes.add("not-translated", ROOT, language=LANGUAGES[language], count=len(said))
            continue
        first = {words: (path, link_id) for path, link_id, words, _others in reversed(missing)}  # the same options stand under many questions
        for words, (path, link_id) in reversed(first.items()):
            tree.notes.add("translation-missing", path, link_id, language=LANGUAGES[language], text=words)


def _all(tree: Tree) -> Iterator[Said]:
    yield from _said(tree.raw, "title", ROOT, "")
    lists = set()
    for node in tree.nodes:
        yield from _said(node.raw, "text", node.path, node.link_id)
        for place, option in placed(node.raw, "answerOption"):
            yield from _option(option, f"{node.path}.{place}", node.link_id)
        reference = string(node.raw, "answerValueSet")
        for concept in codings(tree.contained.get(reference, {})) if reference not in lists else ():
            yield from _concept(concept, f"{node.path}.answerValueSet", node.link_id)
        lists.add(reference)
        for place, one in placed(node.raw, "extension"):
            yield from _led_to(one, f"{node.path}.{place}", node.link_id)


def _said(raw: dict[str, Any], name: str, path: str, link_id: str) -> Iterator[Said]:
    if string(raw, name):
        yield f"{path}.{name}", link_id, string(raw, name), {language for language, _words in translations(raw.get(f"_{name}"))}


def _option(option: dict[str, Any], path: str, link_id: str) -> Iterator[Said]:
    yield from _said(option, "valueString", path, link_id)
    if isinstance(option.get("valueCoding"), dict):
        yield from _said(option["valueCoding"], "display", f"{path}.valueCoding", link_id)


def _concept(concept: dict[str, Any], path: str, link_id: str) -> Iterator[Said]:
    designated = {main(string(one, "language")) for one in objects(concept, "designation") if string(one, "value").strip()}
    for where, _link_id, words, others in _said(concept, "display", path, link_id):
        yield where, link_id, words, others | designated


def _led_to(one: dict[str, Any], path: str, link_id: str) -> Iterator[Said]:
    """The meaning of a band, and the words of the work."""
    if one.get("url") in (f"{OURS}band", f"{OURS}alarm"):
        yield from _said(extension(one, "meaning"), "valueString", f"{path}.meaning", link_id)
        yield from _said(extension(extension(one, "work"), "title"), "valueString", f"{path}.work.title", link_id)
