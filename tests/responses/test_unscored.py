"""A score that could not be worked out is never silently absent: staff are told on its page, in the list and in the timeline."""

import pytest

from app.clinic import patients, questionnaires, responses
from tests.responses.conftest import SDC, asked, both, form, option

SLEEP = asked("sleep", "choice", "睡得不好吗？", "Do you sleep badly?", answerOption=[option("0", "不", "No", 0), option("1", "是", "Yes", 1)])
BROKEN, SLOW, EMPTY, GOOD = "(1 | 2) + 1", "(1).repeat($this + 1).count()", "iif(false, 1, {})", "1 + 1"


def total(expression: str) -> dict:
    return {"linkId": "total", "type": "integer", "readOnly": True, **both("总分", "Total"), "extension": [
        {"url": "urn:yihe:score", "valueBoolean": True},
        {"url": f"{SDC}calculatedExpression", "valueExpression": {"language": "text/fhirpath", "expression": expression}},
    ]}  # fmt: skip


def complete(db, who, expression: str) -> tuple[int, int]:
    """(person, response)."""
    person = patients.register(db, who("desk"), patients.NewPatient("王秀英", "female"))
    id = questionnaires.begin(db, who("owner"), form(SLEEP, total(expression)))
    questionnaires.publish(db, who("owner"), id, 1)
    version = next(one for one in questionnaires.current(db) if one.questionnaire_id == id)
    response = responses.begin(db, None, patients.get(db, person), version, "patient")
    responses.answer(db, response, 0, {"sleep": ["1"]}, "zh")
    responses.complete(db, None, response)
    return person, response


@pytest.fixture
def db(client):
    return client.app.state.db


@pytest.mark.parametrize("expression", [BROKEN, SLOW], ids=["broken", "slow"])
def test_what_went_wrong_is_said_wherever_staff_look(db, who, sign_in, expression):
    person, id = complete(db, who, expression)
    nurse = sign_in("nurse")
    html = nurse.get(f"/patients/{person}/questionnaires/{id}").text
    assert "没能得出结果" in html and "总分" in html and "计算公式出错了" in html
    assert "其中有结果没能算出" in nurse.get(f"/patients/{person}/questionnaires").text
    assert "其中有结果没能算出" in nurse.get(f"/patients/{person}/timeline").text


def test_no_result_from_these_answers_is_said_calmly(db, who, sign_in):
    person, id = complete(db, who, EMPTY)
    nurse = sign_in("nurse")
    html = nurse.get(f"/patients/{person}/questionnaires/{id}").text
    assert "凭这些回答得不出结果" in html and "计算公式出错了" not in html
    assert "没能算出" not in nurse.get(f"/patients/{person}/questionnaires").text


def test_where_all_was_worked_out_nothing_is_said(db, who, sign_in):
    person, id = complete(db, who, GOOD)
    assert "没能得出结果" not in sign_in("nurse").get(f"/patients/{person}/questionnaires/{id}").text
    assert "extension" not in responses.fhir(db, id)
