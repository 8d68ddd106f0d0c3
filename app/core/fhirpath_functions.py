"""FHIRPath functions the library lacks, or has not right. Imported by the working process alone."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from fhirpathpy.engine import do_eval, evaluators, util
from fhirpathpy.engine.invocations import invocation_registry
from fhirpathpy.engine.nodes import ResourceNode
from fhirpathpy.engine.util import process_user_invocation_table

ORDINALS = {
    "http://hl7.org/fhir/StructureDefinition/ordinalValue", "http://hl7.org/fhir/StructureDefinition/itemWeight",
    "http://hl7.org/fhir/StructureDefinition/questionnaire-ordinalValue",
}  # fmt: skip


def _ordinals(inputs: list[Any]) -> list[Decimal]:
    """The scores of answers, codings, or what stands beside a plain value."""
    return [Decimal(score) for one in inputs if isinstance(one, dict) and (score := _ordinal(one)) is not None]


def _ordinal(element: dict[str, Any]) -> Decimal | int | None:
    for one in element.get("extension", ()):
        if one.get("url") in ORDINALS:
            return one.get("valueDecimal", one.get("valueInteger"))
    inner = (element[name] for name in element if name.startswith(("value", "_value")) and isinstance(element[name], dict))
    return next((score for score in map(_ordinal, inner) if score is not None), None)


def _answers(inputs: list[Any]) -> list[Any]:
    """All answers of these items and of those inside them."""
    return [ResourceNode.create_node(value, f"QuestionnaireResponse.item.answer.{name}") for item in inputs for name, value in _said(item)]


def _said(around: Any) -> Iterator[tuple[str, Any]]:
    if not isinstance(around, dict):
        return
    for name, value in around.items():
        if name.startswith("value"):
            yield name, value
    for inner in [*around.get("answer", ()), *around.get("item", ())]:
        yield from _said(inner)


def clock_of(request: dict[str, Any]) -> dict[str, Any]:
    """The clinic's clock in place of the machine's."""
    today, now = request["today"], request["now"]
    return process_user_invocation_table({
        "today": {"fn": lambda inputs: [today]}, "now": {"fn": lambda inputs: [now]}, "timeOfDay": {"fn": lambda inputs: [now[11:19]]},
    })  # fmt: skip


def _numbers(inputs: list[Any]) -> list[int | Decimal]:
    if not all(util.is_number(one) for one in inputs):
        raise TypeError("only numbers have a sum")
    return inputs


def _mean(inputs: list[Any]) -> list[Any]:
    return [sum(_numbers(inputs)) / Decimal(len(inputs))] if inputs else []


def _signed(ctx: dict[str, Any], data: Any, node: dict[str, Any]) -> list[Any]:
    """Also of an answer; the library takes only numbers that are written down."""
    found = [util.get_data(one) for one in do_eval(ctx, data, node["children"][0])]
    if not found:
        return []
    if len(found) > 1 or not util.is_number(found[0]):
        raise TypeError("only one number can have a sign")
    return [-found[0] if node["terminalNodeText"][0] == "-" else found[0]]


evaluators["PolarityExpression"] = _signed
TABLE = process_user_invocation_table({
    "ordinal": {"fn": _ordinals}, "weight": {"fn": _ordinals}, "answers": {"fn": _answers}, "avg": {"fn": _mean},
    "sum": {"fn": lambda inputs: [sum(_numbers(inputs))]}, "min": {"fn": lambda inputs: [min(inputs)] if inputs else []},
    "max": {"fn": lambda inputs: [max(inputs)] if inputs else []},
})  # fmt: skip
FUNCTIONS = frozenset(invocation_registry) | TABLE.keys()
