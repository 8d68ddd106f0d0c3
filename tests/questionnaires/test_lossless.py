"""In and out without loss: numbers as printed, members and extensions nobody knows, order; and answers through a response."""

import json
from decimal import Decimal

import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from app.clinic import questionnaires as q
from app.core import fhirjson

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-10**9, max_value=10**9) | st.integers(-(2**53), 2**53)
JSON = st.recursive(st.none() | st.booleans() | NUMBERS | TEXT, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=12)


@settings(max_examples=200, deadline=None)
@drawn(JSON)
def test_any_json(value: object) -> None:
    text = fhirjson.dumps(value)
    assert fhirjson.loads(text) == value and fhirjson.dumps(fhirjson.loads(text)) == text


PRINTED = ["1.0", "1.00", "0.10", "100", "0", "-0.5", "123456789012345678901234567890", "0.000001", "3.141592653589793238462643383279"]


@pytest.mark.parametrize("number", PRINTED)
def test_numbers_keep_the_form_they_were_printed_in(number: str) -> None:
    assert fhirjson.dumps(fhirjson.loads(f'{{"a":{number}}}')) == f'{{"a":{number}}}'


STRANGE = {
    "resourceType": "Questionnaire", "id": "x", "meta": {"tag": [{"code": "kept"}]}, "language": "en", "title": "T", "_title": {"id": "t"},
    "extension": [{"url": "urn:somebody:else", "valueDecimal": Decimal("1.50")}], "modifierExtension": [{"url": "urn:m", "valueBoolean": False}],
    "contained": [{"resourceType": "ValueSet", "id": "v", "compose": {"include": [{"system": "urn:s", "concept": [{"code": "a", "display": "A"}]}]}}],
    "nobodyKnowsThis": {"deep": [1, {"er": Decimal("2.0")}]},
    "item": [{"linkId": "a", "type": "choice", "answerValueSet": "#v", "strange": True, "extension": [{"url": "urn:z", "extension": [{"url": "y"}]}]}],
}  # fmt: skip


def test_a_definition_keeps_all_it_was_read_from() -> None:
    text = fhirjson.dumps(STRANGE)
    definition = q.read(text)
    assert fhirjson.dumps(definition.raw) == text
    assert definition.by_id["a"].raw is definition.raw["item"][0]
    assert [option.code for option in definition.by_id["a"].options] == ["a"]


VALUES = {
    "boolean": st.booleans().map(lambda value: {"valueBoolean": value}),
    "integer": st.integers(-(2**31), 2**31 - 1).map(lambda value: {"valueInteger": value}),
    "decimal": st.decimals(places=2, min_value=-10**6, max_value=10**6).map(lambda value: {"valueDecimal": value}),
    "date": st.dates().map(lambda value: {"valueDate": value.isoformat()}),
    "dateTime": st.datetimes().map(lambda value: {"valueDateTime": value.isoformat(timespec="seconds") + "+08:00"}),
    "time": st.times().map(lambda value: {"valueTime": value.isoformat(timespec="seconds")}),
    "string": TEXT.filter(bool).map(lambda value: {"valueString": value}),
    "text": TEXT.filter(bool).map(lambda value: {"valueString": value}),
    "url": TEXT.map(lambda value: {"valueUri": f"https://example.org/{value}"}),
    "open-choice": (TEXT.filter(bool).map(lambda value: {"valueString": value}) | st.just({"valueCoding": {"system": "urn:s", "code": "a"}})),
    "quantity": st.decimals(places=1, min_value=0, max_value=500).map(lambda value: {"valueQuantity": {"value": value, "unit": "kg"}}),
    "attachment": TEXT.map(lambda value: {"valueAttachment": {"contentType": "image/jpeg", "title": value}}),
}  # fmt: skip


@st.composite
def forms(draw, depth: int = 0, names: list | None = None) -> list[dict]:
    """Items of all types, in groups and repeated groups, with children of questions; their link ids have marks of paths in them."""
    names = names if names is not None else []
    items = []
    for _n in range(draw(st.integers(1, 3))):
        names.append(None)
        item = {"linkId": f"{draw(st.sampled_from(['q', '/a/', 'a[0]/', '%', '中文']))}{len(names)}"}
        if depth < 2 and draw(st.booleans()):
            item |= {"type": "group", "repeats": draw(st.booleans()), "item": draw(forms(depth + 1, names))}
        else:
            item |= {"type": draw(st.sampled_from(sorted(VALUES))), "repeats": draw(st.booleans())}
            if depth < 2 and draw(st.integers(0, 4)) == 0:
                item["item"] = draw(forms(depth + 1, names))
        items.append(item)
    return items


@settings(max_examples=60, deadline=None)
@drawn(st.data())
def test_answers_through_a_response_and_back(data) -> None:
    definition = q.read(json.dumps({"resourceType": "Questionnaire", "title": "T", "item": data.draw(forms())}))
    given: q.Given = {}
    for place in q.evaluate(definition, {}, {}).places:
        if place.within is not None and data.draw(st.booleans()):
            given = q.repeat(definition, given, place.path[: place.path.rindex("[")])
    for place in q.evaluate(definition, given, {}).places:
        if place.item.type in VALUES and data.draw(st.booleans()):
            given[place.path] = data.draw(st.lists(VALUES[place.item.type], min_size=1, max_size=3 if place.item.repeats else 1))
    state = q.evaluate(definition, given, {})
    made = q.response(definition, state, status="completed", subject=None, author=None, authored="2026-11-23")
    read = fhirjson.loads(fhirjson.dumps(made))
    assert answered(q.given_of(definition, read)) == _renumbered(answered(given)) == _renumbered(state.values)


def answered(given: q.Given) -> q.Given:
    return {path: values for path, values in given.items() if values}


def _renumbered(given: q.Given) -> q.Given:
    """FHIR has no empty repetitions: those after one move up."""
    while True:
        marks = sorted({path[: place + 1] for path in given for place, mark in enumerate(path) if mark == "]"})
        gap = next((one for one in marks if not one.endswith("[0]") and _before(one) not in marks), None)
        if gap is None:
            return given
        given = {_before(gap) + path[len(gap):] if path.startswith(gap) else path: values for path, values in given.items()}


def _before(instance: str) -> str:
    group, _bracket, number = instance[:-1].rpartition("[")
    return f"{group}[{int(number) - 1}]"
