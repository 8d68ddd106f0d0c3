"""Questions and scores in the rule builder: what a row can be about, and a row about one option of a question."""

from collections.abc import Iterator
from urllib.parse import quote, unquote

from app.clinic import criteria
from app.clinic.criteria import Fact, Window
from app.clinic.questionnaires import Item
from app.core.words import language

COUNTED = ("decimal", "integer", "quantity")


def whats() -> list[tuple[str, list[tuple[str, str]]]]:
    """Of each questionnaire its scores, then its questions: (title, [(value, name)])."""
    found: dict[str, list[tuple[str, str]]] = {}
    for scored in (True, False):
        for code, asked in criteria.answers.KNOWN.items():
            if asked.live and asked.item.score is scored:
                found.setdefault(asked.title.said(language())[0], []).extend(_of_item(code, asked.item))
    return [(title, options) for title, options in sorted(found.items()) if options]


def _of_item(code: str, item: Item) -> Iterator[tuple[str, str]]:
    """One for the number where it has one; else one for every option."""
    text, words = item.text.said(language())[0] or item.link_id, criteria.answers.choices(item)
    if item.type in COUNTED or (item.score and not words) or any(option.ordinal is not None for option in item.options):
        yield f"{'score' if item.score else 'answer'}:{code}", text
    else:
        for choice in words:
            yield f"chosen:{_row(code, choice)}", f"{text} = {criteria.answers.choice_name(code, choice)}"


def _row(code: str, choice: str) -> str:
    return f"{code}={quote(choice, safe='')}"


def fact(what: str, op: str, within: Window | None) -> Fact:
    """Yes and no are kept as 1 and 0, what an option or a score says as its word."""
    code, _equals, choice = what.rpartition("=")
    item = criteria.answers.KNOWN[code].item if code in criteria.answers.KNOWN else None
    value = float(choice == "true") if item and item.type == "boolean" else unquote(choice)
    return Fact("score" if item and item.score else "answer", "ne" if op in ("ne", "missing") else "eq", value, code or None, "latest", within)


def chosen(fact: Fact) -> str | None:
    """The row's words where it asks for an option rather than a number."""
    field = criteria.FIELDS[fact.field]
    word = field.word(fact) if field.kind == "answer" else None
    return None if word is None else _row(fact.code or "", word)
