"""What the ninth question says goes to a person: red for staff, in nothing that is printed for the patient."""

from datetime import date

import msgspec
import pytest

from app.clinic import patients, questionnaires, responses, tags, work
from app.clinic.dossiers import paper
from app.clinic.dossiers.rows import everything
from app.clinic.reports import gathering
from app.clinic.criteria import Fact
from app.core.access import Actor, Role
from tests.acting.conftest import phq

WORDS = ("PHQ", "第 9 题", "question 9", "抑郁", "epression", "今天要谈", "talk today", "不如死掉", "better off dead")


@pytest.fixture
def called(db, who, phq9, wang, reply):
    reply(wang, phq9, **phq(ninth=2, others=2))
    return wang


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_report_says_nothing_of_it(db, called, language) -> None:
    said = str(msgspec.to_builtins(gathering.gather(db, called, "B-1", language)))
    assert not [word for word in WORDS if word in said]


def test_a_rule_of_the_clinics_own_about_answers_is_not_in_the_report_either(db, who, called) -> None:
    new = tags.NewRule("很难过", "Very sad", "amber", "林医生")
    first = tags.make_rule(db, who("doctor"), new, Fact("answer", "ge", 1.0, "phq-9/9", "latest"))
    second = tags.make_rule(db, who("doctor"), tags.NewRule("多留心", "Look after", "amber", "林医生"), Fact("tag", "exists", code=first))
    for code in (first, second):
        tags.switch(db, who("doctor"), code, True)
    assert {first, second} <= {tag.code for tag in tags.current(db, called.id)}
    said = str(msgspec.to_builtins(gathering.gather(db, called, "B-1", "zh")))
    assert "很难过" not in said and "多留心" not in said


def test_the_persons_paper_does_not_tell_the_alarm(db, who, called) -> None:
    told = str(list(paper.sections(everything(db, who("owner"), called))))
    assert "今天由人联系" not in told and "talk today" not in told and "speaks with them today" not in told


def test_today_is_red_for_everybody_who_cares_for_people(sign_in, client, phq9_answered) -> None:
    for name in ("nurse", "manager", "doctor", "pharmacist"):
        page = sign_in(name).get("/today").text
        assert "今天必须有人联系" in page and "王秀英" in page, name
    assert "今天必须有人联系" not in sign_in("desk").get("/today").text


def test_the_banner_and_the_tags_page_lead_to_the_answers(sign_in, phq9_answered) -> None:
    patient, response = phq9_answered
    page = sign_in("nurse").get(f"/patients/{patient}/tags").text
    assert f"/patients/{patient}/questionnaires/{response}" in page and "PHQ-9 患者健康问卷：今天要谈" in page
    assert f'action="/patients/{patient}/tags/' not in page.split("PHQ-9 患者健康问卷：今天要谈")[-1].split("</li>")[0]
    assert "今天要谈" in sign_in("nurse").get(f"/patients/{patient}").text


def test_the_work_says_the_value_and_leads_to_the_answers(sign_in, phq9_answered) -> None:
    patient, response = phq9_answered
    page = sign_in("doctor").get("/today").text
    assert "有不如死掉或用某种方式伤害自己的念头 好几天" in page and f"/patients/{patient}/questionnaires/{response}" in page


@pytest.fixture
def phq9_answered(client) -> tuple[int, int]:
    db = client.app.state.db
    nurse = Actor(3, "周岚", Role.NURSE, "zh")
    wang = patients.get(db, patients.register(db, nurse, patients.NewPatient("王秀英", sex="female", birth_date=date(1981, 3, 12))))
    id = responses.begin(db, nurse, wang, questionnaires.by_code(db, "phq-9"), "staff", token="x")
    responses.answer(db, id, 0, {name: [value] for name, value in phq(ninth=1).items()}, "zh")
    responses.complete(db, nurse, id)
    assert work.open_for(db, wang.id)
    return wang.id, id
