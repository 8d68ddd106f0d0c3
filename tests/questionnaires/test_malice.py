"""What somebody builds who means harm: none of it holds the house up, and none of it is a page of error."""

import json
import time

import pytest

from app.clinic import questionnaires
from app.clinic.questionnaires import key
from app.clinic.questionnaires.building import scoring
from app.clinic.questionnaires.dependence import dissect, spelt
from app.core import fhirpath
from app.routes.trial import tried

HL7 = "http://hl7.org/fhir/StructureDefinition/"
CALCULATED = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression"
HARD = {
    "quotes": "'" + "\\'" * 200_000, "brackets": "where(" * 100_000, "links": "item.where(linkId" * 50_000, "few": "'" + "\\'" * 4_900,
    "fewer": "where(" * 1_600,
}  # fmt: skip


def form(**item) -> str:
    return json.dumps({"resourceType": "Questionnaire", "status": "draft", "language": "zh", "title": "t", "item": [{"linkId": "a", "text": "q"} | item]})


@pytest.mark.parametrize("kind", HARD)
def test_no_expression_is_hard_to_look_over(kind):
    begun = time.process_time()
    dissect(HARD[kind])
    spelt(HARD[kind], {"a-b"})
    scoring._ID.findall(HARD[kind])
    assert time.process_time() - begun < 1


@pytest.mark.parametrize("kind", ["quotes", "brackets"])
def test_nor_to_try(kind):
    begun = time.process_time()
    tried(form(type="string", readOnly=True, extension=[{"url": CALCULATED, "valueExpression": {"expression": HARD[kind]}}]), {}, "zh")
    assert time.process_time() - begun < 2


WRONG = [
    {"extension": [{"url": f"{HL7}minValue", "valueQuantity": {"value": "abc"}}]}, {"initial": [{"valueTime": 5}], "readOnly": True},
    {"initial": [{"valueAttachment": "x"}]}, {"initial": [{"valueQuantity": {"value": {}}}]}, {"answerOption": [{"valueCoding": {"code": ["x"]}}]},
    {"extension": [{"url": f"{HL7}questionnaire-unitOption", "valueCoding": "x"}]}, {"initial": [{"valueBoolean": "x"}]},
]  # fmt: skip


@pytest.mark.parametrize("kind", ["integer", "quantity", "time", "attachment", "boolean"])
@pytest.mark.parametrize("wrong", WRONG, ids=range(len(WRONG)))
def test_a_value_that_is_none_is_told_and_not_met_later(kind, wrong):
    made = tried(form(type=kind, **wrong), {"a": "5"}, "zh")
    assert made.sheet is None and not made.findings.ok


def test_what_fhir_allows_beside_a_value_stays():
    chosen = {"valueCoding": {"code": "1", "display": "x", "userSelected": True}}
    assert tried(form(type="choice", answerOption=[chosen]), {"a": "1"}, "zh").sheet.state.answered == 1


@pytest.mark.parametrize("link", ["_x", "_go", "_revision", "_hand", "x::other", "x.unit", "g[0]", "%5F", "a]/b", "../..", "[end]"])
@pytest.mark.parametrize("kind", ["string", "integer", "quantity"])
def test_a_question_can_be_answered_whatever_its_link_id(link, kind):
    made = tried(form(type=kind, linkId=link), {key(link): "5"}, "zh")
    assert made.sheet.state.answered == 1 and questionnaires.link_of(key(link)) == link


def test_a_unit_is_not_taken_for_an_answer_to_another_question():
    assert key("a.unit") != f"{key('a')}.unit"


def test_an_answer_many_times_as_large_as_what_it_is_about_is_not_taken():
    large = {"resourceType": "QuestionnaireResponse", "item": [{"linkId": f"l{n}", "answer": [{"valueString": "x" * 1000}]} for n in range(300)]}
    once, often = (fhirpath.evaluate(large, [fhirpath.Ask(f"item.take({n}).select(%resource)")])[0] for n in (1, 5))
    assert once.values == [large] and not often.values and often.problem


@pytest.mark.parametrize("kind", [[], {}, 1, None])
def test_a_type_that_is_no_word_is_unreadable(kind):
    with pytest.raises(questionnaires.Unreadable):
        questionnaires.read(form(type=kind))
