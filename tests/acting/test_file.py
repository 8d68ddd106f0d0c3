"""Answers in the person's file, and in their timeline."""

import json

from fhirclient.models.bundle import Bundle

from app.clinic import patients, responses
from app.clinic.dossiers import paper
from app.clinic.dossiers.bundle import bundle
from app.clinic.dossiers.rows import everything
from app.core import words
from tests.acting.conftest import phq


def of_type(told: dict, type: str) -> list[dict]:
    return [entry["resource"] for entry in told["entry"] if entry["resource"]["resourceType"] == type]


def test_the_bundle_has_the_questionnaire_and_the_answers_as_kept(db, who, phq9, wang, reply) -> None:
    id = reply(wang, phq9, **phq(ninth=1))
    told = bundle(everything(db, who("owner"), wang), "和平里诊所")
    Bundle(json.loads(json.dumps(told)), strict=True)
    (asked,), (answered,) = of_type(told, "Questionnaire"), of_type(told, "QuestionnaireResponse")
    assert asked["title"] == phq9.definition.raw["title"] and answered["status"] == "completed"
    assert answered["item"] == json.loads(db.value("SELECT fhir FROM responses WHERE id = :id", id=id))["item"]
    named = {entry["fullUrl"] for entry in told["entry"]}
    assert {answered["subject"]["reference"], answered["author"]["reference"]} <= named


def test_taken_out_and_unfinished_are_said_so(db, who, tired, wang, reply) -> None:
    id = reply(wang, tired, a="often", b="some")
    responses.withdraw(db, who("nurse"), wang.id, id, "另一个人的")
    begun = responses.begin(db, who("nurse"), wang, tired, "staff", token="y")
    responses.answer(db, begun, 0, {"a": ["never"]}, "zh")
    told = bundle(everything(db, who("owner"), wang), "x")
    answered = {one["status"]: one for one in of_type(told, "QuestionnaireResponse")}
    assert answered.keys() == {"entered-in-error", "in-progress"} and "never" in json.dumps(answered["in-progress"])


def test_on_paper_every_question_with_its_answer(db, who, tired, wang, reply) -> None:
    reply(wang, tired, a="often", b="some", shift="true")
    with words.speaking("zh"):
        said = dict(paper.sections(everything(db, who("owner"), wang)))["问卷"]
    assert said == [("2026-11-23 09:30", "疲倦 · 白天疲倦吗？：常常 · 晚上醒吗？：有时 · 上夜班吗？：是", "")]


def test_the_timeline_tells_answers_and_leads_to_them(db, who, sign_in, tired, wang, reply) -> None:
    assert {"responses", "answers"} <= {table for table, _column in patients.BELONGINGS}
    reply(wang, tired, a="often", b="some")
    page = sign_in("nurse").get(f"/patients/{wang.id}/timeline").text
    assert "疲倦" in page and f"/patients/{wang.id}/questionnaires" in page
