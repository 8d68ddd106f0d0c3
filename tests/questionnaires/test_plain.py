"""Plain questions: read, taken from a form, asked or not, handed in."""

import json
from decimal import Decimal

import pytest

from app.clinic import questionnaires as q

HL7 = "http://hl7.org/fhir/StructureDefinition/"


def form(*items: dict, **more) -> q.Definition:
    return q.read(json.dumps({"resourceType": "Questionnaire", "language": "en", "title": "Form", "item": list(items), **more}))


def choice(link_id: str, *codes: str, **more) -> dict:
    options = [{"valueCoding": {"system": "urn:x", "code": code, "display": code.upper()}} for code in codes]
    return {"linkId": link_id, "type": "choice", "text": link_id, "answerOption": options, **more}


def coded(code: str) -> list[dict]:
    return [{"valueCoding": {"system": "urn:x", "code": code, "display": code.upper()}}]


SMOKES = choice("smokes", "yes", "no", required=True)
MANY = {
    "linkId": "many", "type": "integer", "text": "How many?", "required": True,
    "enableWhen": [{"question": "smokes", "operator": "=", "answerCoding": {"system": "urn:x", "code": "yes"}}],
}  # fmt: skip
DRUGS = {"linkId": "drugs", "type": "group", "repeats": True, "text": "Medicine", "item": [
    {"linkId": "name", "type": "string", "text": "Name"},
    {"linkId": "dose", "type": "decimal", "text": "Dose", "enableWhen": [{"question": "name", "operator": "exists", "answerBoolean": True}]},
]}  # fmt: skip


def paths(state: q.State) -> list[str]:
    return [place.path for place in state.shown]


def test_what_is_not_asked_is_neither_required_nor_handed_in_and_returns() -> None:
    definition = form(SMOKES, MANY)
    smoker = q.evaluate(definition, {"smokes": coded("yes"), "many": [{"valueInteger": 20}]}, {})
    assert paths(smoker) == ["smokes", "many"] and not smoker.missing
    stopped = q.evaluate(definition, smoker.given | {"smokes": coded("no")}, {}, smoker)
    assert paths(stopped) == ["smokes"] and not stopped.missing
    assert stopped.kept == {"many": [{"valueInteger": 20}]}
    assert [item["linkId"] for item in handed_in(definition, stopped)["item"]] == ["smokes"]
    assert q.changed(smoker, stopped) == ["smokes", "many"]
    again = q.evaluate(definition, stopped.given | {"smokes": coded("yes")}, {}, stopped)
    assert again.values["many"] == [{"valueInteger": 20}]


def handed_in(definition: q.Definition, state: q.State) -> dict:
    return q.response(definition, state, status="completed", subject=None, author=None, authored="2026-11-23T09:30:00+08:00")


def test_a_blank_form_is_missing_what_is_required() -> None:
    state = q.evaluate(form(SMOKES, MANY), {}, {})
    assert state.missing == ("smokes",) and (state.answered, state.askable) == (0, 1)


def test_each_repetition_of_a_group_decides_for_itself() -> None:
    definition = form(DRUGS)
    given, errors, _raw = q.take(definition, q.repeat(definition, {}, "drugs"), {"drugs[0]/name": [""], "drugs[1]/name": ["aspirin"]}, "en")
    state = q.evaluate(definition, given, {})
    assert not errors and paths(state) == ["drugs[0]", "drugs[0]/name", "drugs[1]", "drugs[1]/name", "drugs[1]/dose"]
    assert len({place.anchor for place in state.places}) == len(state.places)
    assert q.drop(definition, given, "drugs[0]") == {"drugs[0]": [], "drugs[0]/name": [{"valueString": "aspirin"}]}


def test_repetitions_have_a_limit_also_inside_each_other() -> None:
    definition = form({"linkId": "o", "type": "group", "repeats": True, "item": [{"linkId": "i", "type": "group", "repeats": True, "item": [DRUGS]}]})
    given: q.Given = {}
    for _turn in range(60):
        given = q.repeat(definition, given, "o")
    assert sum(path.startswith("o[") and path.count("[") == 1 for path in given) == 50
    full = {f"o[{n}]/i[{m}]": [] for n in range(30) for m in range(30)}
    assert q.repeat(definition, full, "o[0]/i") is full and q.repeat(definition, {}, "nobody") == {}


def test_answers_make_the_way_to_a_response_and_back() -> None:
    definition = form(SMOKES, MANY, DRUGS)
    given = {"smokes": coded("yes"), "many": [{"valueInteger": 3}], "drugs[0]": [], "drugs[0]/name": [{"valueString": "a"}],
             "drugs[0]/dose": [{"valueDecimal": Decimal("7.50")}], "drugs[1]": [], "drugs[1]/name": [{"valueString": "b"}]}  # fmt: skip
    assert q.given_of(definition, handed_in(definition, q.evaluate(definition, given, {}))) == given


TYPED = [
    ("integer", {}, "20", {"valueInteger": 20}),
    ("integer", {}, "２０", {"valueInteger": 20}),
    ("integer", {}, "2.5", "Please enter a whole number."),
    ("integer", {}, "1,000", "Please enter a number."),
    ("decimal", {}, "7.0", {"valueDecimal": Decimal("7.0")}),
    ("decimal", {}, "NaN", "Please enter a number."),
    ("decimal", {}, "1e999999", "Please enter a number."),
    ("decimal", {"extension": [{"url": f"{HL7}maxDecimalPlaces", "valueInteger": 1}]}, "7.05", "At most 1 decimal places."),
    ("decimal", {"extension": [{"url": f"{HL7}maxValue", "valueInteger": 10}]}, "11", "Not above 10."),
    ("decimal", {"extension": [{"url": f"{HL7}minValue", "valueDecimal": 0.5}]}, "0.4", "Not below 0.5."),
    ("date", {}, "2026年11月2日", {"valueDate": "2026-11-02"}),
    ("date", {"extension": [{"url": f"{HL7}maxValue", "valueDate": "2026-01-01"}]}, "2026-01-02", "Not after 2026-01-01."),
    ("date", {}, "soon", "Please enter a date like 2026-11-21."),
    ("dateTime", {}, "2026-11-02T09:30", {"valueDateTime": "2026-11-02T09:30:00+08:00"}),
    ("dateTime", {}, "2026-11-02", {"valueDateTime": "2026-11-02"}),
    ("time", {}, "9:30", {"valueTime": "09:30:00"}),
    ("time", {}, "25:00", "Please enter a time like 09:30."),
    ("boolean", {}, "false", {"valueBoolean": False}),
    ("boolean", {}, "maybe", "Please choose one of these."),
    ("string", {"maxLength": 3}, "abcd", "At most 3 characters."),
    ("text", {}, "two\nlines", {"valueString": "two\nlines"}),
    ("url", {}, "https://example.org/a", {"valueUri": "https://example.org/a"}),
    ("url", {}, "javascript:alert(1)", "Please enter an address that begins with http:// or https://."),
    ("choice", {"answerOption": [{"valueCoding": {"code": "a"}}]}, "b", "Please choose one of these."),
    ("choice", {"answerOption": [{"valueString": "often"}]}, "often", {"valueString": "often"}),
    ("open-choice", {"answerOption": [{"valueCoding": {"code": "a"}}]}, "other:mine", {"valueString": "mine"}),
    ("quantity", {"extension": [{"url": f"{HL7}questionnaire-unit", "valueCoding": {"code": "kg", "display": "kg"}}]}, "70.5",
     {"valueQuantity": {"value": Decimal("70.5"), "unit": "kg", "code": "kg"}}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "more", "text", "becomes"), TYPED, ids=[f"{kind} {text}" for kind, _m, text, _b in TYPED])
def test_what_is_typed(kind: str, more: dict, text: str, becomes: dict | str) -> None:
    definition = form({"linkId": "a", "type": kind, "text": "A", **more})
    given, errors, raw = q.take(definition, {"a": [{"valueString": "before"}]}, {"a": [text]}, "en")
    if isinstance(becomes, dict):
        assert given["a"] == [becomes] and not errors and not raw
    else:
        assert errors == {"a": becomes} and raw == {"a": [text]} and given["a"] == []


def test_only_what_is_on_the_page_is_taken_and_blank_is_an_answer() -> None:
    definition = form(SMOKES, choice("which", "a", "b", repeats=True))
    before = {"smokes": coded("yes"), "which": coded("a")}
    given, _errors, _raw = q.take(definition, before, {"which": [""], "token": ["x"], "smokes.unit": ["y"]}, "en")
    assert given == {"smokes": coded("yes"), "which": []}


def test_a_code_of_two_systems_is_sent_with_its_system() -> None:
    options = [{"valueCoding": {"system": "a", "code": "1"}}, {"valueCoding": {"system": "b", "code": "1"}}]
    definition = form({"linkId": "x", "type": "choice", "text": "X", "answerOption": options})
    assert [option.code for option in definition.by_id["x"].options] == ["a|1", "b|1"]
    assert q.take(definition, {}, {"x": ["b|1"]}, "en")[0] == {"x": [{"valueCoding": {"system": "b", "code": "1"}}]}


def test_none_of_these_stands_alone() -> None:
    none = {"valueCoding": {"code": "none"}, "extension": [{"url": f"{HL7}questionnaire-optionExclusive", "valueBoolean": True}]}
    definition = form({"linkId": "x", "type": "choice", "repeats": True, "text": "X", "answerOption": [{"valueCoding": {"code": "a"}}, none]})
    assert not q.take(definition, {}, {"x": ["none"]}, "en")[1]
    assert q.take(definition, {}, {"x": ["a", "none"]}, "en")[1]


OPERATORS = [
    ({"operator": "exists", "answerBoolean": True}, True, False), ({"operator": "exists", "answerBoolean": False}, False, True),
    ({"operator": "=", "answerInteger": 5}, True, False), ({"operator": "!=", "answerInteger": 5}, False, False),
    ({"operator": ">", "answerInteger": 4}, True, False), ({"operator": "<", "answerInteger": 4}, False, False),
    ({"operator": ">=", "answerInteger": 5}, True, False), ({"operator": "<=", "answerInteger": 4}, False, False),
    ({"operator": "!=", "answerInteger": 4}, True, False), ({"operator": "<", "answerInteger": 6}, True, False),
]  # fmt: skip


@pytest.mark.parametrize(("row", "at_five", "at_none"), OPERATORS, ids=[" ".join(map(str, row.values())) for row, _a, _b in OPERATORS])
def test_operators(row: dict, at_five: bool, at_none: bool) -> None:
    definition = form({"linkId": "a", "type": "integer"}, {"linkId": "b", "type": "string", "enableWhen": [{"question": "a", **row}]})
    assert ("b" in paths(q.evaluate(definition, {"a": [{"valueInteger": 5}]}, {}))) is at_five
    assert ("b" in paths(q.evaluate(definition, {}, {}))) is at_none


def test_all_and_any() -> None:
    rows = [{"question": "a", "operator": "exists", "answerBoolean": True}, {"question": "b", "operator": "exists", "answerBoolean": True}]
    two = {"linkId": "a", "type": "string"}, {"linkId": "b", "type": "string"}
    for behaviour, seen in (("all", False), ("any", True)):
        definition = form(*two, {"linkId": "c", "type": "string", "enableWhen": rows, "enableBehavior": behaviour})
        assert ("c" in paths(q.evaluate(definition, {"a": [{"valueString": "x"}]}, {}))) is seen


def test_conditions_chain_whichever_way_they_stand() -> None:
    """In the page's order and against it; a circle opens nothing and ends."""
    def row(n: int, of: int) -> dict:
        return {"linkId": f"q{n}", "type": "boolean", "enableWhen": [{"question": f"q{of}", "operator": "=", "answerBoolean": True}]}
    yes = {f"q{n}": [{"valueBoolean": True}] for n in range(400)}
    backwards = form(*[row(n, n + 1) for n in range(399)], {"linkId": "q399", "type": "boolean"})
    assert len(q.evaluate(backwards, yes, {}).shown) == 400
    assert not q.evaluate(backwards, yes | {"q399": []}, {}).values
    assert not q.evaluate(form(row(0, 1), row(1, 0)), yes, {}).shown


def test_initial_values_count_until_something_is_said() -> None:
    definition = form({"linkId": "a", "type": "integer", "initial": [{"valueInteger": 2}]})
    assert q.evaluate(definition, {}, {}).values == {"a": [{"valueInteger": 2}]}
    assert q.evaluate(definition, {"a": []}, {}).values == {}


def test_hidden_items_are_handed_in_but_not_seen_nor_missing() -> None:
    hidden = {"extension": [{"url": f"{HL7}questionnaire-hidden", "valueBoolean": True}], "required": True}
    group = {"linkId": "g", "type": "group", **hidden, "item": [{"linkId": "x", "type": "integer", "required": True, "initial": [{"valueInteger": 7}]}]}
    state = q.evaluate(form(group, {"linkId": "h", "type": "string", **hidden}, {"linkId": "a", "type": "string"}), {}, {})
    assert paths(state) == ["a"] and not state.missing and state.askable == 1 and state.values == {"x": [{"valueInteger": 7}]}


def test_what_is_inside_a_question_stands_inside_its_answer() -> None:
    definition = form({"linkId": "a", "type": "string", "item": [{"linkId": "b", "type": "string"}]})
    state = q.evaluate(definition, {"a": [{"valueString": "x"}], "b": [{"valueString": "y"}]}, {})
    inner = {"linkId": "b", "answer": [{"valueString": "y"}]}
    assert handed_in(definition, state)["item"] == [{"linkId": "a", "answer": [{"valueString": "x", "item": [inner]}]}]


def test_asked_of_one_sex() -> None:
    definition = form({"linkId": "a", "type": "string", "extension": [{"url": "urn:yihe:for-sex", "valueCode": "female"}]})
    assert paths(q.evaluate(definition, {}, {"patient": {"gender": "female"}})) == ["a"]
    assert paths(q.evaluate(definition, {}, {"patient": {"gender": "male"}})) == []


def test_words_fall_back_to_the_language_they_are_in() -> None:
    both = {"extension": [{"url": f"{HL7}translation", "extension": [{"url": "lang", "valueCode": "zh-CN"}, {"url": "content", "valueString": "吸烟吗"}]}]}
    definition = form({"linkId": "a", "type": "string", "text": "Smoke?", "_text": both}, {"linkId": "b", "type": "string", "text": "Drink?"})
    assert definition.by_id["a"].text.said("zh") == ("吸烟吗", "zh") and definition.by_id["a"].text.said("en") == ("Smoke?", "en")
    assert definition.by_id["b"].text.said("zh") == ("Drink?", "en") and definition.languages == ("en",)


UNREADABLE = [
    ("not json", "not-json"), ("[" * 10_000, "not-json"), ("[]", "not-a-questionnaire"), ('{"resourceType": "Patient"}', "not-a-questionnaire"),
    ('{"resourceType": "Questionnaire", "item": [{"type": "string"}]}', "no-link-id"),
    ('{"resourceType": "Questionnaire", "item": [{"linkId": "a", "type": "string"}, {"linkId": "a", "type": "string"}]}', "duplicate-link-id"),
    ('{"resourceType": "Questionnaire", "item": [{"linkId": "a", "type": "song"}]}', "unknown-type"),
    ('{"resourceType": "Questionnaire", "item": {"linkId": "a"}}', "wrong-kind"),
    ('{"resourceType": "Questionnaire", "item": [{"linkId": "a", "type": "string", "required": "yes"}]}', "wrong-kind"),
    ('{"resourceType": "Questionnaire", "item": [{"linkId": "a", "type": "string", "extension": [3]}]}', "wrong-kind"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code"), UNREADABLE, ids=[f"{n}-{code}" for n, (_t, code) in enumerate(UNREADABLE)])
def test_what_cannot_be_worked_with_is_refused_by_name(text: str, code: str) -> None:
    with pytest.raises(q.Unreadable) as refused:
        q.read(text)
    assert refused.value.findings[0][0] == code


def test_too_deep_is_refused() -> None:
    item = {"linkId": "0", "type": "group"}
    for n in range(1, 60):
        item = {"linkId": str(n), "type": "group", "item": [item]}
    with pytest.raises(q.Unreadable, match="too-deep"):
        form(item)


def test_link_ids_with_the_marks_of_paths() -> None:
    definition = form({"linkId": "/8302-2", "type": "string"}, {"linkId": "a[0]/b", "type": "string"}, DRUGS)
    state = q.evaluate(definition, {"a%5B0%5D/b": [{"valueString": "x"}]}, {})
    assert all(q.link_of(place.path) == place.item.link_id for place in state.places)
    assert "/8302-2" in paths(state) and q.given_of(definition, handed_in(definition, state)) == state.given
