"""The builder's edits: what a form does not know stays, what it writes can be asked, scored and taken back."""

import copy
from typing import Any

import pytest

from app.clinic import questionnaires
from app.clinic.questionnaires import building
from app.core import fhirjson

SHIPPED = questionnaires.library()
CONTEXT = {"patient": {"resourceType": "Patient", "gender": "female"}, "today": "2026-11-23"}


class Bench:
    """A questionnaire on the bench; `do` presses a button with what is typed."""

    def __init__(self, resource: dict[str, Any] | None = None) -> None:
        self.resource = resource or building.blank("睡眠", "Sleep", "patient")

    def do(self, at: str, change: str = "", **typed: Any) -> str:
        edited = building.edit(self.resource, at, {name.replace("__", "."): value for name, value in typed.items()}, change)
        assert not edited.errors, edited.errors
        self.resource = edited.resource
        return edited.at

    def ids(self) -> list[str]:
        return [place.link_id for place in building.places(self.resource)]

    def state(self, **answers: str) -> questionnaires.State:
        definition = questionnaires.read(fhirjson.dumps(self.resource))
        given, errors, _raw = questionnaires.take(definition, {}, {name: [value] for name, value in answers.items()}, "en")
        assert not errors
        return questionnaires.evaluate(definition, given, CONTEXT)

    def findings(self) -> questionnaires.Findings:
        return questionnaires.check(fhirjson.dumps(self.resource))


@pytest.fixture
def snoring() -> Bench:
    """Two questions, the second only after "often" to the first, and their score in two ranges."""
    bench = Bench()
    first = bench.do("", "add one")
    bench.do(first, text_zh="您打鼾吗", text_en="Do you snore?")
    bench.do(first, option__0__zh="从不", option__0__en="Never", option__0__score="0")
    bench.do(first, option__1__zh="经常", option__1__en="Often", option__1__score="２")
    second = bench.do(first, "add yesno")
    bench.do(second, "when", text_zh="口干吗", text_en="Dry mouth?")
    bench.do(second, when__0__question=first, when__0__op="=", when__0__answer="2", boxes=["required"], required="on")
    score = bench.do(second, "add score")
    bench.do(score, "band", text_zh="总分", text_en="Total", way="sum", of=[first, second], boxes=["whole"])
    bench.do(score, "band", band__0__high="1", band__0__meaning_zh="正常", band__0__meaning_en="Fine", band_source="林医生")
    bench.do(score, band__1__meaning_zh="高", band__1__meaning_en="High", band__1__level="amber", band__1__work_zh="打电话", band__1__work_en="Call",
             band__1__days="2", boxes=["band.1.tag"], **{"band__1__tag": "on"})
    return bench


def test_what_was_built_branches_and_scores(snoring: Bench) -> None:
    hidden, asked = snoring.state(q1="1"), snoring.state(q1="2", q2="true")
    assert [place.path for place in hidden.shown] == ["q1", "s3"] and not hidden.missing
    assert snoring.state(q1="2").missing == ("q2",)
    assert [(int(one.value), one.band.meaning.said("en")[0]) for one in (hidden.scores[0], asked.scores[0])] == [(0, "Fine"), (3, "High")]


def test_what_was_built_is_clean_in_both_languages(snoring: Bench) -> None:
    found, definition = snoring.findings(), questionnaires.read(fhirjson.dumps(snoring.resource))
    assert not found.errors and not found.warnings and definition.languages == ("zh", "en")
    band = definition.scores[0].bands[1]
    assert (band.low, band.level, band.tag, band.work.days, band.work.title.said("en")[0]) == (2, "amber", True, 2, "Call")


@pytest.mark.parametrize("code", sorted(SHIPPED))
def test_writing_back_what_was_opened_changes_nothing(code: str) -> None:
    resource = fhirjson.loads(SHIPPED[code].fhir)
    for link_id in ["", *(place.link_id for place in building.places(resource))]:
        raw = building.opened(resource, link_id)
        ticked = {name: text for name, text in raw.items() if text not in ("", []) or not _a_box(name)}
        edited = building.edit(resource, link_id, ticked | {"boxes": [name for name in raw if _a_box(name)]})
        assert not edited.errors and edited.resource == resource and not edited.lost, link_id


def _a_box(name: str) -> bool:
    return name in ("required", "whole") or name.endswith(".tag")


def test_a_shipped_sum_is_shown_as_one_and_not_as_a_formula() -> None:
    resource = fhirjson.loads(SHIPPED["phq-9"].fhir)
    score = next(place.link_id for place in building.places(resource) if building.kind_of(place.item) == "score")
    raw = building.opened(resource, score)
    assert raw["way"] == "sum" and len(raw["of"]) == 9 and raw["whole"] == "on"


def test_moving_into_and_out_of_a_group() -> None:
    bench = Bench()
    group = bench.do("", "add group")
    after = bench.do("", "add words")
    bench.do(after, f"into {after}")
    assert building.numbers(bench.resource) == {group: "1", after: "1.1"}
    bench.do(after, f"out {after}")
    bench.do(after, f"up {after}")
    assert bench.ids() == [after, group] and "item" not in building.find(bench.resource, group).item
    bench.do(after, f"up {after}")
    assert bench.ids() == [after, group]


def test_a_question_added_while_a_group_is_open_stands_in_it() -> None:
    bench = Bench()
    group = bench.do("", "add group")
    inner = bench.do(group, "add date")
    assert building.find(bench.resource, inner).number == "1.1"


def test_a_copy_refers_to_its_own_parts() -> None:
    bench = Bench()
    group = bench.do("", "add group")
    first = bench.do(group, "add yesno")
    second = bench.do(first, "add words")
    bench.do(second, "when")
    twin = bench.do(group, f"copy {group}")
    inner = [place for place in building.places(bench.resource) if place.above and place.above[0]["linkId"] == twin]
    assert len(set(bench.ids())) == 6 and inner[1].item["enableWhen"][0]["question"] == inner[0].link_id != first


def test_taking_out_can_be_undone_and_leaves_the_rest(snoring: Bench) -> None:
    before = copy.deepcopy(snoring.resource)
    edited = building.edit(snoring.resource, "q1", {}, "drop q1")
    assert edited.lost and edited.at == "q2" and snoring.resource == before
    assert any(one.link_id == "q2" for one in questionnaires.check(fhirjson.dumps(edited.resource)).errors)


def test_a_new_question_never_gets_the_name_of_one_that_went(snoring: Bench) -> None:
    snoring.do("q2", "drop q2")
    assert snoring.do("", "add words") == "q4"


@pytest.mark.parametrize(("at", "field", "typed"), [
    ("q1", "option.0.score", "two"), ("s3", "band.0.low", "1e400"), ("s3", "band.1.days", "soon"), ("q1", "alarm.above", "x"),
])
def test_what_cannot_be_read_is_named_and_the_rest_is_kept(snoring: Bench, at: str, field: str, typed: str) -> None:
    edited = building.edit(snoring.resource, at, {field: typed, "text_en": "Changed", "alarm.above": typed if at == "q1" else ""}, f"drop {at}")
    assert field in edited.errors and edited.at == at
    assert building.opened(edited.resource, at)["text_en"] == "Changed"


def test_a_condition_is_never_half_a_condition(snoring: Bench) -> None:
    number = snoring.do("s3", "add number")
    snoring.do(number, "when")
    snoring.do(number, when__0__question="q2", when__0__op="=", when__0__answer="2")
    assert snoring.resource["item"][-1]["enableWhen"] == [{"question": "q2", "operator": "=", "answerBoolean": True}]
    snoring.do(number, when__0__question="s3", when__0__op="=")
    snoring.do(number, when__0__question="s3", when__0__op=">", when__0__answer="")
    assert snoring.resource["item"][-1]["enableWhen"] == [{"question": "s3", "operator": ">", "answerDecimal": 0}]
    snoring.do(number, "when-drop 0")
    assert "enableWhen" not in snoring.resource["item"][-1]


def test_a_kind_that_takes_no_answers_lets_go_of_them_and_says_so(snoring: Bench) -> None:
    edited = building.edit(snoring.resource, "q1", {"kind": "words"})
    assert edited.lost and "answerOption" not in edited.resource["item"][0] and edited.resource["item"][0]["type"] == "string"
    assert building.edit(snoring.resource, "s3", {"kind": "words"}).resource == snoring.resource


def test_the_same_answers_are_taken_over_with_their_points(snoring: Bench) -> None:
    other = snoring.do("s3", "add one")
    snoring.do(other, "like q1")
    assert [one["extension"][0]["valueDecimal"] for one in building.find(snoring.resource, other).item["answerOption"]] == [0, 2]
    snoring.do(other, "option")
    assert building.opened(snoring.resource, other)["option.2.score"] == "4"
    snoring.do(other, "option-up 2")
    snoring.do(other, "option-drop 0")
    assert [building.opened(snoring.resource, other)[f"option.{n}.score"] for n in (0, 1)] == ["4", "2"]


def test_an_answer_without_words_goes_when_its_question_is_left() -> None:
    bench = Bench()
    at = bench.do("", "add one")
    bench.do(at, "option", option__0__zh="是", option__0__en="Yes", option__1__zh="否", option__1__en="No")
    assert len(building.find(bench.resource, at).item["answerOption"]) == 3 and bench.findings().warnings
    bench.do(at, "open ")
    assert len(building.find(bench.resource, at).item["answerOption"]) == 2
    bench.do(at, option__0__zh="", option__0__en="")
    bench.do(at, "review")
    assert len(building.find(bench.resource, at).item["answerOption"]) == 1


def test_a_code_that_came_without_words_stays() -> None:
    option = {"valueCoding": {"code": "1"}}
    bench = Bench({"resourceType": "Questionnaire", "item": [{"linkId": "a", "type": "choice", "answerOption": [option, option]}]})
    bench.do("a", "open ", option__0__zh="", option__0__en="", option__0__score="")
    assert bench.resource["item"][0]["answerOption"] == [option, option]


def test_a_measured_question_has_the_code_and_unit_of_its_indicator() -> None:
    bench = Bench()
    at = bench.do("", "add number")
    bench.do(at, indicator="SBP")
    item = questionnaires.read(fhirjson.dumps(bench.resource)).items[0]
    assert item.indicator == "SBP" and item.extract and item.raw["code"][0]["code"] and item.unit["display"] == "mmHg"
    bench.do(at, indicator="")
    assert not {"code"} & building.find(bench.resource, at).item.keys() and not questionnaires.read(fhirjson.dumps(bench.resource)).items[0].extract


def test_small_print_is_told_with_its_question(snoring: Bench) -> None:
    snoring.do("q1", help_zh="睡着以后", help_en="While asleep")
    item = questionnaires.read(fhirjson.dumps(snoring.resource)).by_id["q1"]
    assert item.help.said("en")[0] == "While asleep" and not item.children and "q1-help" not in snoring.ids()
    snoring.do("q1", help_zh="", help_en="")
    assert "item" not in building.find(snoring.resource, "q1").item


def test_an_own_copy_has_a_name_of_its_own() -> None:
    resource = fhirjson.loads(SHIPPED["phq-9"].fhir)
    copied = building.own_copy(resource)
    assert copied["derivedFrom"] == [resource["url"]] and not {"url", "id", "name"} & copied.keys()
    assert building.said(copied, "title", "en", "zh").endswith("（本诊所）") and "url" in resource


@pytest.mark.parametrize("change", ["add nothing", "up", "drop nobody", "open nobody", "into 1", "option-drop x", "band-drop 99", "like q9", "½", "when-drop -1"])
def test_a_button_nobody_has_does_nothing(snoring: Bench, change: str) -> None:
    assert building.edit(snoring.resource, "q1", {}, change).resource == snoring.resource


LIST = {"resourceType": "ValueSet", "id": "often", "compose": {"include": [{"system": "urn:x", "concept": [
    {"code": "n", "display": "Never", "designation": [{"language": "zh", "value": "从不"}],
     "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/ordinalValue", "valueDecimal": 0}]},
    {"code": "o", "display": "Often"},
]}]}}  # fmt: skip


def test_answers_of_a_list_become_the_questions_own() -> None:
    asked = [{"linkId": one, "type": "choice", "text": one, "answerValueSet": "#often"} for one in ("a", "b")]
    bench = Bench({"resourceType": "Questionnaire", "language": "en", "status": "draft", "contained": [LIST], "item": asked})
    before = bench.state(a="urn:x|n").values
    bench.do("a", "own-answers")
    assert bench.resource["contained"] == [LIST], "b still points at it"
    assert bench.state(a="urn:x|n").values == before
    raw = building.opened(bench.resource, "a")
    assert (raw["option.0.en"], raw["option.0.zh"], raw["option.0.score"], raw["option.1.en"]) == ("Never", "从不", "0", "Often")
    bench.do("a", option__1__en="Always")
    bench.do("b", "own-answers")
    assert "contained" not in bench.resource and not bench.findings().errors
    assert building.opened(bench.resource, "b")["option.1.en"] == "Often"


def test_a_list_that_stands_elsewhere_is_left_alone() -> None:
    for contained in ([], [{"resourceType": "ValueSet", "id": "often"}], ["x"], [{"id": "often", "compose": {"include": ["x"]}, "expansion": 3}]):
        item = {"linkId": "a", "type": "choice", "text": "a", "answerValueSet": "#often"}
        resource = {"resourceType": "Questionnaire", "language": "en", "status": "draft", "contained": contained, "item": [item]}
        assert building.edit(resource, "a", {}, "own-answers").resource == resource


@pytest.mark.parametrize("url", [
    "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-enableWhenExpression",
    "http://hl7.org/fhir/StructureDefinition/questionnaire-enableWhenExpression",
])  # fmt: skip
def test_the_formula_a_question_is_shown_by_is_edited(snoring: Bench, url: str) -> None:
    asked = building.find(snoring.resource, "q2").item
    del asked["enableWhen"]
    long = "%resource.item.where(linkId = 'q1').answer.value.code = '2' or " + " or ".join(["1 = 2"] * 600)
    stated = {"url": url, "valueExpression": {"language": "text/fhirpath", "name": "kept", "expression": long}}
    asked["extension"] = [stated]
    was = snoring.resource
    snoring.do("q2", shown_if=building.opened(was, "q2")["shown_if"])
    assert snoring.resource == was, "a long one is not cut"
    snoring.do("q2", shown_if="%resource.item.where(linkId = 'q1').answer.value.code = '1'")
    assert [one["valueExpression"]["name"] for one in building.find(snoring.resource, "q2").item["extension"]] == ["kept"]
    shown = lambda answer: "q2" in [place.path for place in snoring.state(q1=answer).shown]  # noqa: E731
    assert shown("1") and not shown("2")
    snoring.do("q2", shown_if="(")
    assert snoring.findings().errors
    snoring.do("q2", shown_if="")
    assert "extension" not in building.find(snoring.resource, "q2").item and shown("2")
