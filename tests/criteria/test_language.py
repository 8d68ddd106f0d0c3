"""Reading, checking and saying criteria."""

import json
from datetime import date

import pytest

from app.clinic import criteria, questionnaires
from app.clinic.criteria import AllOf, AnyOf, Fact, Not, Window
from app.core import words
from app.core.errors import Invalid

SBP = Fact("indicator", "ge", 140.0, "SBP", "latest")
DBP = Fact("indicator", "ge", 90.0, "DBP", "latest")
FACT = '{"is":"fact","field":"indicator","code":"SBP","take":"latest","op":"ge","value":140}'


def total(op="ge", value=10.0, code="phq9/total", take="latest") -> Fact:
    return Fact("score", op, value, code, take)


def change(**parts) -> Fact:
    import msgspec
    return msgspec.structs.replace(SBP, **parts)


@pytest.mark.parametrize(("fact", "place"), [
    (Fact("colour", "eq", "red"), "field"), (change(code="NOPE"), "code"), (change(code=None), "code"), (change(take=None), "take"),
    (change(value=None), "value"), (change(value="high"), "value"), (change(value=float("inf")), "value"), (change(value=float("nan")), "value"),
    (change(op="between"), "value"), (change(op="between", value=(2.0, 1.0)), "value"), (change(op="range", value=(1.0,)), "value"),
    (change(op="in", value=()), "value"), (change(op="in", value=tuple(range(30))), "value"), (change(op="exists"), "value"),
    (change(within=Window(-1, "days")), "within"), (change(within=Window(121, "months")), "within"),
    (change(take="count", op="missing", value=None), "op"), (Fact("age", "ge", 65.0, take="max"), "take"),
    (Fact("age", "ge", 65.0, within=Window(1, "days")), "within"), (Fact("age", "ge", 65.0, "x"), "code"),
    (total(code="phq9"), "code"), (total(code="/total"), "code"), (total(op="ge", value="mild"), "value"), (total(op="eq", value=""), "value"),
    (total(op="in", value=("mild", 2.0)), "value"), (total(op="eq", value="mild", take="max"), "take"), (total(op="eq", value="x" * 201), "value"),
    (Fact("sex", "ge", "male"), "op"), (Fact("sex", "eq", "other"), "value"), (Fact("condition", "exists"), "code"),
    (Fact("condition", "exists", code="%"), "code"), (Fact("condition", "eq", "I10", "I10"), "op"), (Fact("card", "exists", code="1;"), "code"),
])
def test_problems_are_named_by_their_place(fact, place) -> None:
    assert list(criteria.problems(fact)) == [place]
    assert list(criteria.problems(AllOf((SBP, Not(AnyOf((fact,))))))) == [f"of.1.of.of.0.{place}"]
    for code in words.LANGUAGES:
        with words.speaking(code):
            assert all(criteria.problems(fact).values())


def test_empty_groups_too_many_and_too_deep_are_refused() -> None:
    assert criteria.problems(AnyOf(())) == {"": "A group needs at least one condition."}
    assert "" in criteria.problems(AllOf((SBP,) * 41)) and not criteria.problems(AllOf((SBP,) * 40))
    deep = SBP
    for _ in range(7):
        deep = Not(deep)
    assert "" in criteria.problems(deep)


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"is":"some"}', FACT[:-1], FACT.replace('"op"', '"opp"'), "[" * 5000,
                                  '{"is":"not","of":' * 3000, FACT.replace("140", '{"sql":"1"}')])
def test_what_is_no_criterion_is_refused(text) -> None:
    with pytest.raises(Invalid):
        criteria.parse(text)


def test_json_goes_round() -> None:
    tree = AllOf((SBP, AnyOf((DBP, change(within=Window(3, "months"), take="mean"))), Not(Fact("sex", "in", ("male",)))))
    assert criteria.parse(criteria.dump(tree)) == tree


def test_values_are_bound_never_written() -> None:
    nasty = "x' OR '1'='1"
    statement = criteria.compile(Fact("tag", "exists", code=nasty))
    assert nasty not in statement.sql and nasty in statement.params.values()


SAID = [
    (AnyOf((SBP, DBP)), "最近一次收缩压 ≥140 mmHg 或 舒张压 ≥90 mmHg", "latest Systolic blood pressure ≥140 mmHg or Diastolic blood pressure ≥90 mmHg"),
    (change(take="max", within=Window(6, "months")), "近 6 个月内最高收缩压 ≥140 mmHg", "last 6 months: highest Systolic blood pressure ≥140 mmHg"),
    (change(op="range", value=(140.0, 160.0)), "最近一次收缩压 ≥140 且 <160 mmHg", "latest Systolic blood pressure ≥140 and <160 mmHg"),
    (change(op="missing", value=None), "没有收缩压记录", "no Systolic blood pressure on record"),
    (change(take="count", op="eq", value=0.0), "收缩压的结果次数 =0", "number of Systolic blood pressure results =0"),
    (Fact("sex", "eq", "male"), "性别 为男", "Sex is male"),
    (Not(Fact("condition", "exists", code="I10")), "没有疾病 I10", "does not have the condition I10"),
    (total(), "最近一次PHQ-9：总分 ≥10", "latest PHQ-9: Total score ≥10"),
    (total("eq", "often", "phq9/q9"), "最近一次PHQ-9：第九题 为常常", "latest PHQ-9: Ninth question is often"),
    (total("missing", None), "没有回答过PHQ-9：总分", "PHQ-9: Total score not answered"),
    (Not(SBP), "不是（最近一次收缩压 ≥140 mmHg）", "not (latest Systolic blood pressure ≥140 mmHg)"),
]


@pytest.fixture(autouse=True)
def asked(monkeypatch) -> None:
    """A questionnaire with a score, its bands, and a question with options."""
    words = {"resourceType": "Questionnaire", "status": "active", "language": "en", "title": "PHQ-9", "item": [
        {"linkId": "q9", "type": "choice", "text": "Ninth question", **_chinese("text", "第九题"), "answerOption": [
            {"valueCoding": {"code": "often", "display": "often", **_chinese("display", "常常")}}]},
        {"linkId": "total", "type": "decimal", "readOnly": True, "text": "Total score", **_chinese("text", "总分"), "extension": [
            {"url": "urn:yihe:score", "valueBoolean": True}, {"url": "urn:yihe:band", "extension": [
                {"url": "low", "valueDecimal": 10}, {"url": "high", "valueDecimal": 14}, {"url": "code", "valueCode": "moderate"},
                {"url": "meaning", "valueString": "moderate", **_chinese("valueString", "中度")}]}]},
    ]}
    monkeypatch.setattr(criteria.answers, "KNOWN", {})
    criteria.answers.know("phq9", questionnaires.read(json.dumps(words)))


def _chinese(name: str, text: str) -> dict:
    return {f"_{name}": {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/translation", "extension": [
        {"url": "lang", "valueCode": "zh"}, {"url": "content", "valueString": text}]}]}}


@pytest.mark.parametrize(("item", "zh", "en"), [
    ({"code": "phq9/total", "take": "latest", "value": 12.0, "choice": None}, "2026-11-21 PHQ-9：总分 12（中度）", "2026-11-21 PHQ-9: Total score 12 (moderate)"),
    ({"code": "phq9/total", "take": "latest", "value": 27.0, "choice": None}, "2026-11-21 PHQ-9：总分 27", "2026-11-21 PHQ-9: Total score 27"),
    ({"code": "phq9/q9", "take": "latest", "value": 3.0, "choice": "often"}, "2026-11-21 PHQ-9：第九题 常常", "2026-11-21 PHQ-9: Ninth question often"),
    ({"code": "phq9/total", "take": "change", "value": -5.0}, "2026-11-21 PHQ-9：总分 变化 -5", "2026-11-21 PHQ-9: Total score changed by -5"),
    ({"code": "phq9/total", "take": "count", "value": 2}, "2026-11-21 PHQ-9：总分 答过 2 次", "2026-11-21 PHQ-9: Total score answered 2 times"),
    ({"code": "gone/x", "take": "latest", "value": 2.0, "choice": None}, "2026-11-21 gone/x 2", "2026-11-21 gone/x 2"),
])
def test_evidence_of_answers(item, zh, en) -> None:
    evidence = json.dumps({"because": [{"field": "score", "taken_at": "2026-11-21T09:00", "responses": [1], **item}]})
    for code, said in (("zh", zh), ("en", en)):
        with words.speaking(code):
            assert criteria.told(evidence) == [said]


@pytest.mark.parametrize(("criterion", "zh", "en"), SAID)
def test_sentences(criterion, zh, en) -> None:
    assert criteria.sentence(criterion, "zh") == zh
    assert criteria.sentence(criterion, "en") == en


@pytest.mark.parametrize(("window", "today", "first"), [
    (Window(0, "days"), "2026-11-21", "2026-11-21"), (Window(7, "days"), "2026-03-03", "2026-02-24"),
    (Window(1, "months"), "2026-03-31", "2026-02-28"), (Window(1, "months"), "2024-03-31", "2024-02-29"),
    (Window(12, "months"), "2024-02-29", "2023-02-28"), (Window(2, "months"), "2026-01-15", "2025-11-15"),
    (Window(1, "months"), "2026-01-31", "2025-12-31"), (Window(11, "months"), "2026-12-01", "2026-01-01"),
])
def test_first_day_of_a_window(window, today, first) -> None:
    assert criteria.first_day(window, date.fromisoformat(today)).isoformat() == first
