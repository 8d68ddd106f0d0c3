"""One pass over all places: which are open, and what counts there, with what the expressions are known to come to."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

import msgspec

from app.clinic.questionnaires.conditions import bare, enabled, same
from app.clinic.questionnaires.layout import Layout
from app.clinic.questionnaires.shapes import NOT_ASKED, Given, Item, Place, Value
from app.clinic.questionnaires.taking import plain

Context = Mapping[str, Any]
WHEN, WORTH, FIRST = "when ", "calc ", "init "
AGAINST = {"male": "female", "female": "male"}


class Failed(msgspec.Struct, frozen=True):
    """An expression that came to nothing, and why; kept among the results as {"problem": …, "why": …}."""

    what: str
    why: str = ""


class Settled(msgspec.Struct, frozen=True, eq=False):
    """values: of what is open, without blanks, in reading order."""

    open: frozenset[str]
    values: Given
    calculated: Given


def settle(laid: Layout, given: Given, results: Mapping[str, Any], context: Context) -> Settled:
    opened: set[str] = set()
    values: Given = {}
    calculated: Given = {}

    def answers(place: Place, link_id: str) -> list[Value]:
        return [value for path in laid.nearest(link_id, place.path) for value in values.get(path, ())]

    for place in laid.order:
        path, item = place.path, place.item
        if place.parent is not None and place.parent not in opened:
            continue
        if not enabled(item, lambda link_id, place=place: answers(place, link_id)) or not _let(place, results, context):
            continue
        opened.add(path)
        if item.type in NOT_ASKED:
            continue
        if item.calculated:
            calculated[path] = typed(item, results.get(WORTH + path))
        if counts := _counting(place, given, calculated, results):
            values[path] = counts
    ordered = {place.path: values[place.path] for place in laid.places if place.path in values}
    return Settled(frozenset(opened), ordered, calculated)


def _let(place: Place, results: Mapping[str, Any], context: Context) -> bool:
    """Whether its expression and the person's sex allow it. An expression that failed hides nothing."""
    against = AGAINST.get(place.item.for_sex)
    if against and (context.get("patient") or {}).get("gender") == against:
        return False
    if place.item.enabled_by is None:
        return True
    found = results.get(WHEN + place.path)
    return found == [True] or failed(found) is not None


def failed(found: Any) -> Failed | None:
    return Failed(found["problem"], found.get("why", "")) if isinstance(found, dict) else None


def _counting(place: Place, given: Given, calculated: Given, results: Mapping[str, Any]) -> list[Value]:
    path, item = place.path, place.item
    if item.calculated and (item.read_only or not given.get(path)):
        return calculated[path]
    if path in given:
        return given[path]
    return list(item.initial) or [plain(option.value) for option in item.options if option.initial] or typed(item, results.get(FIRST + path))


def typed(item: Item, found: Any) -> list[Value]:
    """What an expression came to, as values of this kind of question; what cannot be one is none."""
    if not isinstance(found, list):
        return []
    values = [value for value in (_typed(item, one) for one in found) if value is not None]
    return values if item.repeats else values[:1]


def _typed(item: Item, found: Any) -> Value | None:
    if item.options or item.type in ("choice", "open-choice"):
        return _choice(item, found)
    if isinstance(found, bool):
        return {"valueBoolean": found} if item.type == "boolean" else {"valueString": str(found).lower()} if item.type in ("string", "text") else None
    if isinstance(found, int | Decimal):
        return _number(item, Decimal(found))
    if isinstance(found, str):
        name = _WORDS.get(item.type)
        return {name: found} if name and found else None
    return {"valueQuantity": found} if item.type == "quantity" and isinstance(found, dict) and "value" in found else None


_WORDS = {"string": "valueString", "text": "valueString", "url": "valueUri", "date": "valueDate", "dateTime": "valueDateTime", "time": "valueTime"}


def _number(item: Item, number: Decimal) -> Value | None:
    """Without zeroes nobody wrote, and as exact as the question takes."""
    if not number.is_finite():
        return None
    if item.decimals is not None and -int(number.as_tuple().exponent) > item.decimals:
        number = number.quantize(Decimal(1).scaleb(-item.decimals), ROUND_HALF_UP)
    if item.type == "integer":
        return {"valueInteger": int(number)} if number == number.to_integral_value() else None
    if item.type == "decimal":
        return {"valueDecimal": _short(number)}
    if item.type == "quantity":
        unit = item.units[0] if item.units else {}
        said = {"unit": unit.get("display") or unit.get("code"), "system": unit.get("system"), "code": unit.get("code")}
        return {"valueQuantity": {"value": _short(number)} | {name: each for name, each in said.items() if each}}
    return {"valueString": f"{_short(number):f}"} if item.type in ("string", "text") else None


def _short(number: Decimal) -> Decimal:
    whole = number.to_integral_value()
    return whole.quantize(Decimal(1)) if number == whole and abs(number.adjusted()) < 20 else number.normalize()


def _choice(item: Item, found: Any) -> Value | None:
    said = {"valueCoding": found} if isinstance(found, dict) else {"valueString": str(found) if isinstance(found, int | Decimal) else found}
    option = next((one for one in item.options if one.code == found or same(one.value, said)), None)
    if option:
        return plain(option.value)
    if isinstance(found, dict):
        return None if item.options else said
    return said if item.type == "open-choice" and isinstance(found, str) and found else None


@lru_cache(4096)
def _scored(item: Item) -> dict[str, list[tuple[Value, Decimal]]]:
    """The options with a score, by what an answer has of them."""
    found: dict[str, list[tuple[Value, Decimal]]] = {}
    for option in item.options:
        if option.ordinal is not None:
            found.setdefault(_mark(option.value), []).append((option.value, option.ordinal))
    return found


def _mark(value: Value) -> str:
    said = bare(value)
    return str(said.get("code", said.get("display"))) if isinstance(said, dict) else str(said)


def ordinal(item: Item, value: Value) -> Decimal | None:
    """The score of this answer, where its option has one."""
    return next((points for option, points in _scored(item).get(_mark(value), ()) if same(option, value)), None)
