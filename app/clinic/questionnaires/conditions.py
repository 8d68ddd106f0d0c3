"""enableWhen: is a question asked, with these answers? All seven operators, as FHIR says them."""

import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from app.clinic.questionnaires.shapes import Condition, Item, Value

_ORDER: dict[str, Callable[[Any, Any], bool]] = {">": operator.gt, "<": operator.lt, ">=": operator.ge, "<=": operator.le}
OPERATORS = ("exists", "=", "!=", *_ORDER)


def enabled(item: Item, answers: Callable[[str], list[Value]]) -> bool:
    """`answers(link id)` are those that count now: none of a question that is not asked itself."""
    if not item.conditions:
        return True
    met = (holds(condition, answers(condition.question)) for condition in item.conditions)
    return all(met) if item.every else any(met)


def holds(condition: Condition, given: list[Value]) -> bool:
    """Without an answer only "exists: false" is met; != is not, for nothing is known."""
    wanted = bare(condition.answer)
    if condition.operator == "exists":
        return bool(given) is (wanted is True)
    if condition.operator == "=":
        return any(same(value, condition.answer) for value in given)
    if condition.operator == "!=":
        return bool(given) and not any(same(value, condition.answer) for value in given)
    compare = _ORDER.get(condition.operator)
    return compare is not None and any(_ordered(compare, bare(value), wanted) for value in given)


def bare(value: Value) -> Any:
    """What stands in value[x]."""
    return next(iter(value.values()), None)


def same(one: Value, other: Value) -> bool:
    """Whether two values are the same answer; a coding without a system is the same in any."""
    left, right = bare(one), bare(other)
    if isinstance(left, dict) and isinstance(right, dict):
        return _same_element(left, right)
    if isinstance(left, dict) or isinstance(right, dict):
        return _same_word(left, right)
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    return left == right


def _same_word(left: Any, right: Any) -> bool:
    """A choice of an open-choice may have been typed: its words are the answer then."""
    coding, word = (left, right) if isinstance(left, dict) else (right, left)
    return isinstance(word, str) and word in (coding.get("code"), coding.get("display"))


def _same_element(left: dict[str, Any], right: dict[str, Any]) -> bool:
    if "value" in left or "value" in right:
        return left.get("value") == right.get("value") and _unit(left) == _unit(right)
    if "code" not in left or "code" not in right:
        return left.get("display") == right.get("display") and left.get("code") == right.get("code")
    systems = {left.get("system"), right.get("system")} - {None}
    return left["code"] == right["code"] and len(systems) < 2


def _unit(quantity: dict[str, Any]) -> Any:
    return quantity.get("code") or quantity.get("unit")


def _ordered(compare: Callable[[Any, Any], bool], left: Any, right: Any) -> bool:
    if isinstance(left, dict) and isinstance(right, dict):
        if None not in (_unit(left), _unit(right)) and _unit(left) != _unit(right):
            return False
        left, right = left.get("value"), right.get("value")
    if isinstance(left, bool) or isinstance(right, bool):
        return False
    numbers = isinstance(left, int | Decimal) and isinstance(right, int | Decimal)
    return (numbers or (isinstance(left, str) and isinstance(right, str))) and compare(left, right)
