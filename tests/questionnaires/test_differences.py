"""What changed between two versions: every change has a sentence, and nothing has one that did not change."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from app.clinic import questionnaires
from app.core import words

HL7, OURS = "http://hl7.org/fhir/StructureDefinition/", "urn:yihe:"
CALCULATED = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression"
LIBRARY = sorted((Path(__file__).parents[2] / "app/clinic/questionnaires/library").glob("*.json"))


def zh(text: str) -> dict:
    return {"extension": [{"url": f"{HL7}translation", "extension": [{"url": "lang", "valueCode": "zh"}, {"url": "content", "valueString": text}]}]}


def option(code: str, text: str, score: int) -> dict:
    return {"valueCoding": {"code": code, "display": text}, "extension": [{"url": f"{HL7}ordinalValue", "valueDecimal": score}]}


def band(code: str, low: int, high: int) -> dict:
    return {"url": f"{OURS}band", "extension": [
        {"url": "code", "valueCode": code}, {"url": "low", "valueDecimal": low}, {"url": "high", "valueDecimal": high},
        {"url": "level", "valueCode": "none"}, {"url": "meaning", "valueString": f"{code} result"},
    ]}  # fmt: skip


FORM: dict[str, Any] = {
    "resourceType": "Questionnaire", "language": "en", "status": "draft", "title": "Habits", "_title": zh("习惯"), "item": [
        {"linkId": "smokes", "text": "Do you smoke?", "_text": zh("您吸烟吗？"), "type": "choice",
         "answerOption": [option("no", "No", 0), option("yes", "Yes", 1)]},
        {"linkId": "many", "text": "How many?", "type": "integer", "enableWhen": [
            {"question": "smokes", "operator": "=", "answerCoding": {"code": "yes"}}]},
        {"linkId": "group", "text": "More", "type": "group", "item": [
            {"linkId": "a", "text": "A", "type": "string"}, {"linkId": "b", "text": "B", "type": "string"}, {"linkId": "c", "text": "C", "type": "string"}]},
        {"linkId": "total", "text": "Total", "type": "decimal", "readOnly": True, "extension": [
            {"url": f"{OURS}score", "valueBoolean": True}, band("low", 0, 4), band("high", 5, 9),
            {"url": CALCULATED, "valueExpression": {"language": "text/fhirpath", "expression": "1"}}]},
    ],
}  # fmt: skip
SMOKES, MANY, GROUP, TOTAL = (["item", n] for n in range(4))


def told(*changes: tuple[list, Any], language: str = "en") -> list[str]:
    """The sentences after setting these places to these values (None: taken out)."""
    new = copy.deepcopy(FORM)
    for place, value in changes:
        at = new
        for step in place[:-1]:
            at = at[step]
        if value is None:
            del at[place[-1]]
        else:
            at[place[-1]] = value
    old, read = questionnaires.define(copy.deepcopy(FORM)), questionnaires.define(json.loads(json.dumps(new)))
    return [one.told(language) for one in questionnaires.differences(old, read)]


@pytest.mark.parametrize(("place", "value", "sentences"), [
    (["title"], "Your habits", ["New words (English): “Habits” is now “Your habits”"]),
    (["_title"], zh("生活习惯"), ["New words (中文): “习惯” is now “生活习惯”"]),
    (["_title"], None, ["New words (中文): “习惯” is now “—”"]),
    (["copyright"], "Free", ["Its licence, or how far its words were checked, is another."]),
    (["extension"], [{"url": f"{OURS}use", "valueCode": "staff"}], ["Others fill it in now: staff, before the patient."]),
    (["publisher"], "Somebody", ["Details of the questionnaire as a whole were changed."]),
    ([*SMOKES, "text"], "Smoker?", ["New words (English): “Do you smoke?” is now “Smoker?”"]),
    ([*SMOKES, "required"], True, ["“Do you smoke?” must be answered now."]),
    ([*SMOKES, "repeats"], True, ["“Do you smoke?” was: Choose one. Now: Choose several."]),
    ([*MANY, "repeats"], True, ["“How many?” takes several answers now."]),
    ([*MANY, "type"], "string", ["“How many?” was: A number. Now: A few words."]),
    ([*SMOKES, "answerOption", 1, "valueCoding", "display"], "Yes, I do", ["New words (English): “Yes” is now “Yes, I do”"]),
    ([*SMOKES, "answerOption", 1, "extension", 0, "valueDecimal"], 2, ["“Do you smoke?”: “Yes” counts 2 now, before 1."]),
    ([*SMOKES, "answerOption", 1, "valueCoding", "system"], "urn:x", ["“Do you smoke?”: “Yes” has another code or mark."]),
    ([*SMOKES, "answerOption"], [option("no", "No", 0)], ["“Do you smoke?” no longer offers “Yes”."]),
    ([*SMOKES, "answerOption"], [option("yes", "Yes", 1), option("no", "No", 0)], ["The options of “Do you smoke?” stand in another order."]),
    ([*SMOKES, "answerOption", 1], option("often", "Often", 1), ["“Do you smoke?” no longer offers “Yes”.", "“Do you smoke?” offers “Often” now."]),
    ([*SMOKES, "answerOption", 1, "initialSelected"], True, ["“Do you smoke?” begins with something else."]),
    ([*MANY, "enableWhen", 0, "operator"], "!=", ["“How many?” is asked under other conditions."]),
    ([*MANY, "extension"], [{"url": f"{HL7}maxValue", "valueInteger": 99}], ["“How many?” takes other values, or in other units."]),
    ([*MANY, "extension"], [{"url": f"{OURS}record", "valueCode": "smoking.amount"}], ["“How many?” belongs elsewhere in the record."]),
    ([*MANY, "extension"], [{"url": f"{OURS}alarm", "extension": [{"url": "above", "valueDecimal": 40}]}],
     ["“How many?” calls a person at other answers, or for something else."]),
    ([*MANY, "readOnly"], True, ["“How many?” is shown in another way."]),
    ([*MANY, "definition"], "urn:x", ["Details of “How many?” were changed."]),
    ([*TOTAL, "extension", 3, "valueExpression", "expression"], "2", ["“Total” is worked out differently."]),
    ([*TOTAL, "extension", 2, "extension", 2, "valueDecimal"], 12, ["“Total”: the result “high result” is 5–12 now, before 5–9."]),
    ([*TOTAL, "extension", 2, "extension", 3, "valueCode"], "red",
     ["“Total”: the result “high result” leads to something else, or rests on something else."]),
    ([*TOTAL, "extension", 2, "extension", 0, "valueCode"], "top",
     ["“Total”: the result “high result” is no longer there.", "“Total”: the result “high result” is new."]),
    ([*GROUP, "item", 1], {"linkId": "d", "text": "D", "type": "string"}, ["Taken out: “B”", "New: “D”"]),
])  # fmt: skip
def test_a_change_has_its_sentence(place: list, value: Any, sentences: list[str]) -> None:
    assert told((place, value)) == sentences


def test_only_what_moved_is_said_to_have_moved() -> None:
    a, b, c = FORM["item"][2]["item"]
    assert told(([*GROUP, "item"], [c, a, b])) == ["Moved: “C”"]
    assert told(([*GROUP, "item"], [b, a, c])) in (["Moved: “A”"], ["Moved: “B”"])
    assert told(([*GROUP, "item"], [a, b]), (["item"], [*FORM["item"][:2], {**FORM["item"][2], "item": [a, b]}, FORM["item"][3], c])) == ["Moved: “C”"]


def test_an_item_is_called_in_the_readers_language() -> None:
    assert told(([*SMOKES, "required"], True), language="zh") == ["“您吸烟吗？”改为必答。"]


def test_every_sentence_is_translated() -> None:
    changes = ([*SMOKES, "required"], True), ([*MANY, "type"], "string"), (["extension"], [{"url": f"{OURS}use", "valueCode": "staff"}])
    assert not {*told(*changes)} & {*told(*changes, language="zh")}


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: path.stem)
def test_nothing_changed_from_a_version_to_itself(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    same = questionnaires.define(json.loads(text)), questionnaires.define(json.loads(text))
    assert questionnaires.differences(*same) == []


def test_5000_questions_in_reverse_are_compared_soon() -> None:
    items = [{"linkId": f"q{n}", "text": "?", "type": "string"} for n in range(5000)]
    old, new = (questionnaires.define({"resourceType": "Questionnaire", "status": "draft", "item": each}) for each in (items, items[::-1]))
    with words.speaking("zh"):
        assert len(questionnaires.differences(old, new)) == 4999
