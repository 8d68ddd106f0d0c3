"""Rows of enableWhen: do they name a question that comes before, ask it something it can answer, and can they ever be true together?"""

from datetime import date
from decimal import Decimal
from typing import Any

from app.clinic.questionnaires.linting import options
from app.clinic.questionnaires.linting.tree import Node, Tree, chosen, extension, placed, string

ORDERED = {"integer", "decimal", "date", "dateTime", "time", "quantity", "string", "text", "url"}
# What else may be compared with an answer of a type.
LIKE = {
    "integer": {"Decimal"}, "decimal": {"Integer"}, "url": {"String"}, "choice": {"String", "Integer", "Date", "Time"},
    "open-choice": {"Integer", "Date", "Time"},
}  # fmt: skip
Row = dict[str, Any]
ASKS_NOTHING = ("group", "display")


def look(tree: Tree) -> None:
    never: set[str] = set()
    offers = options.Offers(tree)
    for node in tree.nodes:
        rows = [(f"{place}", row) for place, row in placed(node.raw, "enableWhen")]
        for place, row in rows:
            _row(tree, node, place, row, offers)
        if rows and _never(tree, [row for _place, row in rows], node, never, offers):
            tree.note("unreachable", node, id=node.link_id)
            never.add(node.link_id)
        elif node.parent and node.parent.link_id in never:
            never.add(node.link_id)


def _row(tree: Tree, node: Node, place: str, row: Row, offers: options.Offers) -> None:
    name, operator = string(row, "question"), string(row, "operator")
    question = tree.by_id.get(name)
    if not name:
        return
    if question is None:
        return tree.note("dangling-question", node, f"{place}.question", id=node.link_id, name=name)
    if question.type in ASKS_NOTHING:
        return tree.note("not-a-question", node, f"{place}.question", id=node.link_id, name=tree.called(name), type=question.type)
    if question.order > node.order and node not in question.above():
        tree.note("looks-ahead", node, f"{place}.question", id=node.link_id, name=tree.called(name))
    if operator == "exists":
        return
    if operator in (">", "<", ">=", "<=") and question.type not in ORDERED and ("answerCoding" in row or question.type not in options.CHOICES):
        tree.note("wrong-operator", node, f"{place}.operator", id=node.link_id, name=tree.called(name), operator=operator, type=question.type)
    _answer(tree, node, place, row, question, offers.of(question))


def _answer(tree: Tree, node: Node, place: str, row: Row, question: Node, offer: options.Offer | None) -> None:
    kind, value = chosen(row, "answer") or ("", None)
    takes = set(options.TAKES.get(question.type, ())) | LIKE.get(question.type, set())
    if kind and takes and kind not in takes:
        tree.note(
            "wrong-answer-type", node, f"{place}.answer{kind}", id=node.link_id, name=tree.called(question.link_id), type=question.type, found=f"answer{kind}",
        )  # fmt: skip
        return
    if offer and kind and string(row, "operator") in ("=", "!=") and not offer.has(kind, value):
        said = options.identity(kind, value)
        code = "other-system" if said[-1] in offer.codes else "not-an-option"
        tree.note(code, node, f"{place}.answer{kind}", id=node.link_id, name=tree.called(question.link_id), value=said[-1])


# ── can it ever be true? ──


def _never(tree: Tree, rows: list[Row], node: Node, never: set[str], offers: options.Offers) -> bool:
    dead = (_dead(tree, row, never, offers) for row in rows)
    return all(dead) if string(node.raw, "enableBehavior") == "any" else any(dead) or _contradict(tree, rows)


def _dead(tree: Tree, row: Row, never: set[str], offers: options.Offers) -> bool:
    """One row that no answer makes true: its question is never asked, or cannot have such a value."""
    question, operator = tree.by_id.get(string(row, "question")), string(row, "operator")
    if question is None or (operator == "exists" and row.get("answerBoolean") is False):
        return False
    said, offer = chosen(row, "answer"), offers.of(question)
    if question.link_id in never or (operator == "=" and said and offer and not offer.has(*said)):
        return True
    low, high = (_bound(question, name) for name in ("minValue", "maxValue"))
    value = _comparable(said)
    if value is None:
        return False
    return _above(value, high, operator in ("=", ">=")) or _below(value, low, operator in ("=", "<=")) or _at_the_edge(value, low, high, operator)


def _above(value: Any, high: Any, concerned: bool) -> bool:
    return concerned and type(high) is type(value) and value > high


def _below(value: Any, low: Any, concerned: bool) -> bool:
    return concerned and type(low) is type(value) and value < low


def _at_the_edge(value: Any, low: Any, high: Any, operator: str) -> bool:
    return (operator == ">" and type(high) is type(value) and value >= high) or (operator == "<" and type(low) is type(value) and value <= low)


def _bound(question: Node, name: str) -> Any:
    return _comparable(chosen(extension(question.raw, f"http://hl7.org/fhir/StructureDefinition/{name}"), "value"))


def _comparable(said: tuple[str, Any] | None) -> Any:
    """A number as Decimal, a whole day as a date; None for what has no order here."""
    kind, value = said or ("", None)
    if kind in ("Integer", "Decimal") and isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Decimal(value)
    try:
        return date.fromisoformat(value) if kind == "Date" and isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        return None


def _contradict(tree: Tree, rows: list[Row]) -> bool:
    """All must hold, of one answer to one question, and cannot."""
    of: dict[str, list[Row]] = {}
    for row in rows:
        question = tree.by_id.get(string(row, "question"))
        if question and not any(one.repeats for one in question.above()):
            of.setdefault(question.link_id, []).append(row)
    return any(_cannot(tree.by_id[name], group) for name, group in of.items() if len(group) > 1)


def _cannot(question: Node, rows: list[Row]) -> bool:
    said = [(string(row, "operator"), chosen(row, "answer") or ("", None)) for row in rows]
    equals = {options.identity(*answer) for operator, answer in said if operator == "="}
    unequal = {options.identity(*answer) for operator, answer in said if operator == "!="}
    exists = {answer[1] is True for operator, answer in said if operator == "exists"}
    asked = any(operator not in ("exists", "!=") for operator, _answer in said)
    if len(equals) > 1 or equals & unequal or len(exists) > 1 or (False in exists and asked):
        return True
    lows = [(value, operator == ">") for operator, answer in said if operator in (">", ">=", "=") and (value := _comparable(answer)) is not None]
    highs = [(value, operator == "<") for operator, answer in said if operator in ("<", "<=", "=") and (value := _comparable(answer)) is not None]
    for kind in (Decimal, date):
        low, high = ([end for end in ends if type(end[0]) is kind] for ends in (lows, highs))
        if low and high and _empty(max(low), min(high, key=lambda end: (end[0], not end[1])), question):
            return True
    return False


def _empty(low: tuple[Any, bool], high: tuple[Any, bool], question: Node) -> bool:
    """Nothing lies between; of whole numbers nothing lies between 3 and 4 either."""
    if low[0] == high[0]:
        return low[1] or high[1]
    return low[0] > high[0] or (question.type == "integer" and low[1] and high[1] and high[0] - low[0] <= 1)
