"""Rows of enableWhen: do they name a question that comes before, ask it something it can answer, and can they ever be true together?"""

from datetime import date
from decimal import Decimal
from typing import Any

from app.clinic.questionnaires.linting import options
from app.clinic.questionnaires.linting.tree import Node, Tree, chosen, extension, placed, string

ORDERED = {"integer", "decimal", "date", "dateTime", "time", "quantity", "string", "text", "url"}
LIKE = {"integer": {"Decimal"}, "decimal": {"Integer"}, "url": {"String"}, "choice": {"String", "Integer", "Date", "Time"}, "open-choice": {"Integer", "Date", "Time"}}
ASKS_NOTHING = ("group", "display")


def look(tree: Tree) -> None:
    never: set[str] = set()
    for node in tree.nodes:
        rows = [(f"{place}", row) for place, row in placed(node.raw, "enableWhen")]
        for place, row in rows:
            _row(tree, node, place, row)
        if rows and _never(tree, rows, node, never):
            tree.note("unreachable", node, id=node.link_id)
            never.add(node.link_id)
        elif node.parent and node.parent.link_id in never:
            never.add(node.link_id)


def _row(tree: Tree, node: Node, place: str, row: dict[str, Any]) -> None:
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
    _answer(tree, node, place, row, question)


def _answer(tree: Tree, node: Node, place: str, row: dict[str, Any], question: Node) -> None:
    kind, value = chosen(row, "answer") or ("", None)
    takes = set(options.TAKES.get(question.type, ())) | LIKE.get(question.type, set())
    if kind and takes and kind not in takes:
        tree.note(
            "wrong-answer-type", node, f"{place}.answer{kind}", id=node.link_id, name=tree.called(question.link_id), type=question.type, found=f"answer{kind}",
        )  # fmt: skip
        return
    if string(row, "operator") in ("=", "!=") and not _offered(tree, row, question):
        known = {options.identity(*one)[-1] for one in options.values(tree, question) or ()}
        said = options.identity(kind, value)
        code = "other-system" if said[-1] in known else "not-an-option"
        tree.note(code, node, f"{place}.answer{kind}", id=node.link_id, name=tree.called(question.link_id), value=said[-1])


def _offered(tree: Tree, row: dict[str, Any], question: Node) -> bool:
    """Whether the question can be answered so, as far as anybody can tell."""
    known, said = options.values(tree, question), chosen(row, "answer")
    if not known or not said or question.type == "open-choice":
        return True
    return any(options.identity(*one) == options.identity(*said) or _same_code(one, *said) for one in known)


def _same_code(option: tuple[str, Any], kind: str, value: Any) -> bool:
    """Either may leave the system out; words may stand for a code."""
    if kind == "Coding" and option[0] == "Coding":
        codes = {options.identity(*one)[1] for one in (option, (kind, value))}
        return len(codes) == 1 and not (string(value, "system") and string(option[1], "system"))
    return kind == "String" and option[0] == "Coding" and value in (option[1].get("display"), option[1].get("code"))


# ── can it ever be true? ──


def _never(tree: Tree, rows: list[tuple[str, dict[str, Any]]], node: Node, never: set[str]) -> bool:
    if string(node.raw, "enableBehavior") == "any":
        return all(_dead(tree, row, never) for _place, row in rows)
    return any(_dead(tree, row, never) for _place, row in rows) or _contradict(tree, [row for _place, row in rows])


def _dead(tree: Tree, row: dict[str, Any], never: set[str]) -> bool:
    """One row that no answer makes true: its question is never asked, or cannot have such a value."""
    question, operator = tree.by_id.get(string(row, "question")), string(row, "operator")
    if question is None or (operator == "exists" and row.get("answerBoolean") is False):
        return False
    if question.link_id in never or (operator == "=" and not _offered(tree, row, question)):
        return True
    low, high = (_bound(question, name) for name in ("minValue", "maxValue"))
    value = _comparable(chosen(row, "answer"))
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


def _contradict(tree: Tree, rows: list[dict[str, Any]]) -> bool:
    """All must hold, of one answer to one question, and cannot."""
    of: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        question = tree.by_id.get(string(row, "question"))
        if question and not any(one.repeats for one in question.above()):
            of.setdefault(question.link_id, []).append(row)
    return any(_cannot(tree.by_id[name], group) for name, group in of.items() if len(group) > 1)


def _cannot(question: Node, rows: list[dict[str, Any]]) -> bool:
    said = [(string(row, "operator"), chosen(row, "answer") or ("", None)) for row in rows]
    equals = {options.identity(*answer) for operator, answer in said if operator == "="}
    unequal = {options.identity(*answer) for operator, answer in said if operator == "!="}
    exists = {answer[1] is True for operator, answer in said if operator == "exists"}
    asked = any(operator not in ("exists", "!=") for operator, _answer in said)
    if len(equals) > 1 or equals & unequal or len(exists) > 1 or (False in exists and asked):
        return True
    lows = [(value, operator == ">") for operator, answer in said if operator in (">", ">=", "=") and (value := _comparable(answer)) is not None]
    highs = [(value, operator == "<") for operator, answer in said if operator in ("<", "<=", "=") and (value := _comparable(answer)) is not None]
    return any(_empty(low, high, question) for low in lows for high in highs if type(low[0]) is type(high[0]))


def _empty(low: tuple[Any, bool], high: tuple[Any, bool], question: Node) -> bool:
    """Nothing lies between; of whole numbers nothing lies between 3 and 4 either."""
    if low[0] == high[0]:
        return low[1] or high[1]
    return low[0] > high[0] or (question.type == "integer" and low[1] and high[1] and high[0] - low[0] <= 1)
