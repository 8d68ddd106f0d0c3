"""The linter: every code has a file that raises it and, repaired, does not; hostile files get findings, soon and in little memory."""

import json
from pathlib import Path

import pytest

from app.clinic import questionnaires
from app.clinic.questionnaires.linting import CODES, expressions
from app.core import words

FILES = Path(__file__).parent / "lint"
LARGE = {"too-large", "too-many-values", "too-many-items", "more", "expression-too-long", "expressions-unread", "unopened", "unreadable"}
IN_A_FILE = sorted(CODES.keys() - LARGE)


def codes(findings: questionnaires.Findings) -> set[str]:
    return {one.code for one in (*findings.errors, *findings.warnings, *findings.unsupported)}


def listed(findings: questionnaires.Findings, code: str) -> tuple[questionnaires.Finding, ...]:
    """Those of a severity that have this code."""
    kind = {"error": "errors", "warning": "warnings", "unsupported": "unsupported"}[CODES[code][0]]
    return tuple(one for one in getattr(findings, kind) if one.code == code)


@pytest.mark.parametrize("code", IN_A_FILE)
def test_a_file_raises_each_code_and_repaired_does_not(code: str) -> None:
    bad, good = (questionnaires.check_file(FILES / f"{code}.{kind}.json") for kind in ("bad", "good"))
    assert listed(bad, code)
    assert code not in codes(good)
    assert good.ok, good.errors


@pytest.mark.parametrize("code", IN_A_FILE)
def test_each_finding_says_where_and_in_both_languages_what(code: str) -> None:
    for one in listed(questionnaires.check_file(FILES / f"{code}.bad.json"), code):
        assert one.path.startswith("Questionnaire")
        told = {language: one.told(language) for language in words.LANGUAGES}
        assert told["en"] != told["zh"] and "%(" not in "".join(told.values())


def test_no_file_is_left_over() -> None:
    assert {path.name for path in FILES.iterdir()} == {f"{code}.{kind}.json" for code in IN_A_FILE for kind in ("bad", "good")}


def test_the_path_leads_to_the_place() -> None:
    (found,) = questionnaires.check_file(FILES / "dangling-question.bad.json").errors
    assert (found.path, found.link_id) == ("Questionnaire.item[1].enableWhen[0].question", "how-many")
    assert found.told("en") == "“how-many: How many a day?” depends on “smoke”, and there is no such item."


def questionnaire(*items: dict, **more: object) -> str:
    return json.dumps({"resourceType": "Questionnaire", "language": "en", "status": "draft", "title": "T", **more, "item": list(items)})


def question(n: int, **more: object) -> dict:
    return {"linkId": f"q{n}", "text": "?", "type": "string"} | more


CALCULATED = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression"


def calculated(n: int, expression: str) -> dict:
    return question(n, readOnly=True, extension=[{"url": CALCULATED, "valueExpression": {"language": "text/fhirpath", "expression": expression}}])


@pytest.mark.parametrize(("code", "bad", "good"), [
    ("too-large", questionnaire(question(1)) + " " * 5_000_000, questionnaire(question(1))),
    ("too-many-values", "[" + "{}," * 500_000 + "{}]", questionnaire(question(1))),
    ("too-many-items", questionnaire(*(question(n) for n in range(5_001))), questionnaire(*(question(n) for n in range(5_000)))),
    ("more", questionnaire(*(question(n, enableWhen=1) for n in range(501))), questionnaire(*(question(n, enableWhen=1) for n in range(500)))),
    ("expression-too-long", questionnaire(calculated(1, "'" + "a" * 20_000 + "'")), questionnaire(calculated(1, "'a'"))),
], ids=["too-large", "too-many-values", "too-many-items", "more", "expression-too-long"])  # fmt: skip
def test_what_is_too_much_is_said(code: str, bad: str, good: str) -> None:
    assert code in codes(questionnaires.check(bad))
    assert code not in codes(questionnaires.check(good))


def test_expressions_are_not_read_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    text = questionnaire(calculated(1, "1"), calculated(2, "2"))
    assert "expressions-unread" not in codes(questionnaires.check(text))
    monkeypatch.setattr(expressions, "SECONDS", -1)
    assert not questionnaires.check(text).ok and "expressions-unread" in codes(questionnaires.check(text))


def test_who_works_with_it_is_asked_too(monkeypatch: pytest.MonkeyPatch) -> None:
    from app.clinic.questionnaires import linting

    def refuse(_text: str) -> None:
        raise questionnaires.Unreadable(("wrong-kind", "q1"))

    assert questionnaires.check(questionnaire(question(1))).ok
    monkeypatch.setattr(linting, "read", refuse)
    assert codes(questionnaires.check(questionnaire(question(1)))) >= {"unreadable"}
