"""The pages of a person's questionnaires: from the empty tab to the paper."""

import re

import pytest

from app.clinic import patients, questionnaires, records, responses
from tests.attachments.conftest import picture
from tests.responses.conftest import HABITS, HL7, SMOKES, asked, form, marked, option, publish

HTMX = {"HX-Request": "true"}


@pytest.fixture
def house(client):
    return client.app.state.db


@pytest.fixture
def person(house, who) -> int:
    return patients.register(house, who("desk"), patients.NewPatient("王秀英", sex="female"))


@pytest.fixture
def habits(house, who) -> questionnaires.Version:
    return publish(house, who("nurse"), HABITS)


@pytest.fixture
def nurse(sign_in):
    return sign_in("nurse")


@pytest.fixture
def base(nurse, person, habits) -> str:
    begun = nurse.post(f"/patients/{person}/questionnaires", data={"questionnaire": habits.questionnaire_id, "by": "staff", "token": "t"}, follow_redirects=False)
    assert begun.status_code == 303, begun.text
    return begun.headers["location"].removesuffix("/sitting")


def send(browser, base: str, **fields):
    return browser.post(f"{base}/answers", data={"_revision": "0", "_hand": "one", **fields}, headers=HTMX)


def test_the_tab_says_what_to_do_first(nurse, person) -> None:
    assert "填写问卷" in nurse.get(f"/patients/{person}/questionnaires").text


def test_an_answer_brings_back_what_it_changed_and_nothing_else(nurse, base) -> None:
    page = nurse.get(f"{base}/sitting").text
    assert page.count("data-item=") == 7 and "每天几支" not in page
    blocks = send(nurse, base, smokes="current")
    assert "每天几支" in blocks.text and 'name="weight"' not in blocks.text and 'id="kept"' in blocks.text


def test_a_wrong_answer_stays_typed_with_its_error_beside_it(nurse, base) -> None:
    blocks = send(nurse, base, weight="重").text
    assert "请填数字" in blocks


def test_without_scripts_the_whole_form_can_be_sent(nurse, base) -> None:
    refused = nurse.post(f"{base}/completion", data={"_revision": "0", "_hand": "x", "smokes": "current", "weight": "61"})
    assert refused.status_code == 422 and "每天几支" in refused.text and 'value="61"' in refused.text
    done = nurse.post(f"{base}/completion", data={"_revision": "1", "_hand": "x", "smokes": "current", "per_day": "3"}, follow_redirects=False)
    assert done.status_code == 303
    shown = nurse.get(base)
    assert "每天几支" in shown.text and "61" in shown.text


def test_two_pages_see_both_texts(nurse, base) -> None:
    send(nurse, base, smokes="never")
    refused = nurse.post(f"{base}/answers", data={"_revision": "0", "_hand": "two", "smokes": "current"}, headers=HTMX)
    assert refused.status_code == 409 and "从不" in refused.text and "您吸烟吗" in refused.text and 'id="questions"' in refused.text


def test_one_more_of_a_group_and_one_less(nurse, base, house) -> None:
    assert "drugs[1]/drug" in send(nurse, base, _repeat="drugs", **{"drugs[0]/drug": "氨氯地平"}).text
    assert "drugs[1]/drug" not in send(nurse, base, _drop="drugs[1]").text
    assert responses.sitting(house, 1).given["drugs[0]/drug"] == [{"valueString": "氨氯地平"}]


def test_words_of_ones_own_count_while_they_are_chosen(nurse, base, house) -> None:
    send(nurse, base, **{"symptoms": ["", "cough", "other:"], "symptoms::other": "心慌"})
    assert [next(iter(value)) for value in responses.sitting(house, 1).given["symptoms"]] == ["valueCoding", "valueString"]
    send(nurse, base, **{"symptoms": ["", "cough"], "symptoms::other": "心慌"})
    assert len(responses.sitting(house, 1).given["symptoms"]) == 1


def test_what_is_known_is_offered_and_counts_once_confirmed(nurse, base, house, person, who) -> None:
    smoking = records.section("smoking")
    records.record(house, who("doctor"), person, smoking, records.NewSmoking(status="former"))
    page = nurse.get(f"{base}/sitting").text
    assert "档案" in page and "已戒" in page
    assert responses.sitting(house, 1).given == {}
    send(nurse, base, _confirm="smokes")
    assert responses.sitting(house, 1).given["smokes"][0]["valueCoding"]["code"] == "former"
    assert responses.sitting(house, 1).taken_over["smokes"][1] == "2026-11-23"


def finish(nurse, base: str, **fields) -> None:
    done = nurse.post(f"{base}/completion", data={"_revision": "0", "_hand": "one", **fields}, follow_redirects=False)
    assert done.status_code == 303, done.text


def test_answers_go_into_the_record_with_one_tap(nurse, base, house, person) -> None:
    finish(nurse, base, smokes="current", per_day="10", wish="能走路", **{"drugs[0]/drug": "氨氯地平", "drugs[0]/dose": "5 mg"})
    page = nurse.get(base).text
    offers = re.findall(r'name="offer" value="([^"]+)"', page)
    assert len(offers) == 3
    for offer in offers:
        assert nurse.post(f"{base}/record", data={"offer": offer}, follow_redirects=False).status_code == 303
    assert [one.status for one in records.entries(house, person, records.section("smoking"))] == ["current"]
    assert [(one.drug, one.dose) for one in records.medications(house, person)] == [("氨氯地平", "5 mg")]
    assert 'name="offer"' not in nurse.get(base).text
    assert nurse.post(f"{base}/record", data={"offer": offers[0]}).status_code == 404


def test_corrected_taken_out_and_put_back_from_its_page(nurse, base) -> None:
    finish(nurse, base, smokes="never")
    assert nurse.post(f"{base}/correction", data={"reason": ""}).status_code == 422
    again = nurse.post(f"{base}/correction", data={"reason": "听错了"}, follow_redirects=False).headers["location"].removesuffix("/sitting")
    assert "听错了" in nurse.get(f"{again}/sitting").text
    finish(nurse, again, smokes="former")
    assert again in nurse.get(base).text and "已戒" in nurse.get(again).text
    assert nurse.post(f"{again}/withdrawal", data={"reason": "录错人"}, follow_redirects=False).status_code == 303
    assert "录错人" in nurse.get(again).text
    assert nurse.post(f"{again}/restoration", follow_redirects=False).status_code == 303
    assert "录错人" not in nurse.get(again).text


def test_a_photo_answers_a_question_and_stands_with_the_attachments(nurse, person, house, who) -> None:
    version = publish(house, who("nurse"), form(SMOKES, asked("photo", "attachment", "拍一张药盒", "A photo of the box"), name="photos"))
    begun = nurse.post(f"/patients/{person}/questionnaires", data={"questionnaire": version.questionnaire_id, "by": "staff"}, follow_redirects=False)
    base = begun.headers["location"].removesuffix("/sitting")
    refused = nurse.post(f"{base}/files", data={"_path": "photo", "_revision": "0", "_hand": "one"}, files={"file": ("x.jpg", b"no photo", "image/jpeg")}, headers=HTMX)
    assert "照片" in refused.text and responses.sitting(house, 1).given == {}
    kept = nurse.post(f"{base}/files", data={"_path": "photo", "_revision": "0", "_hand": "one"}, files={"file": ("x.jpg", picture(), "image/jpeg")}, headers=HTMX)
    assert f"/patients/{person}/attachments/1/small" in kept.text
    finish(nurse, base, smokes="never")
    assert f"/patients/{person}/attachments/1" in nurse.get(base).text


def test_on_paper_blank_and_filled(nurse, base, person, habits) -> None:
    blank = nurse.get(f"/patients/{person}/questionnaires/blank/{habits.code}").text
    assert "您吸烟吗" in blank and "□" in blank and "每天几支" in blank
    finish(nurse, base, smokes="never", wish="<script>alert(1)</script>")
    filled = nurse.get(f"{base}/paper").text
    assert "从不" in filled and "<script>alert" not in filled and "&lt;script&gt;" in filled


def test_from_paper_the_day_is_its_own(nurse, person, habits, house) -> None:
    begun = nurse.post(f"/patients/{person}/questionnaires", data={"questionnaire": habits.questionnaire_id, "by": "paper"}, follow_redirects=False)
    base = begun.headers["location"].removesuffix("/sitting")
    assert "纸" in nurse.get(f"{base}/sitting").text
    late = nurse.post(f"{base}/completion", data={"_revision": "0", "_hand": "x", "smokes": "never", "_answered_at": "2027-01-01"})
    assert late.status_code == 422
    finish(nurse, base, smokes="never", _answered_at="2026-11-20")
    assert responses.get(house, 1).completed_at == "2026-11-20"


def test_who_may_only_read_fills_in_nothing(sign_in, base, person) -> None:
    reader = sign_in("reader")
    assert reader.get(f"/patients/{person}/questionnaires").status_code == 200
    assert reader.get(f"{base}/sitting").status_code == 403


def test_what_a_delicate_score_means_is_for_a_person_to_say(nurse, person, house) -> None:
    phq = questionnaires.by_code(house, "phq-9")
    begun = nurse.post(f"/patients/{person}/questionnaires", data={"questionnaire": phq.questionnaire_id, "by": "staff"}, follow_redirects=False)
    base = begun.headers["location"].removesuffix("/sitting")
    asked_now = [item for item in phq.definition.by_id.values() if item.asked]
    finish(nurse, base, **{item.link_id: item.options[-1].code for item in asked_now})
    meaning = next(one.band.meaning.said("zh")[0] for one in responses.scored(phq.definition, responses.answers(house, 1)) if one.band)
    assert meaning in nurse.get(base).text
    assert meaning not in nurse.get(f"{base}/paper").text and "27" in nurse.get(f"{base}/paper").text


@pytest.mark.parametrize("control", ["table", "htable"])
def test_a_table_has_its_questions_as_rows(nurse, house, who, person, control) -> None:
    drawn = marked((f"{HL7}questionnaire-itemControl", {"valueCodeableConcept": {"coding": [{"code": control}]}}))
    answers = [option(code, zh, en) for code, zh, en in [("0", "没有", "No"), ("1", "有时", "Sometimes"), ("2", "经常", "Often")]]
    rows = [asked(f"row{n}", "choice", f"第 {n} 项", f"Row {n}", answerOption=answers) for n in (1, 2)]
    made = publish(house, who("nurse"), form(asked("grid", "group", "近两周", "Two weeks", item=rows, **drawn), asked("apart", "choice", "另外", "Apart", answerOption=answers), name=control))
    begun = nurse.post(f"/patients/{person}/questionnaires", data={"questionnaire": made.questionnaire_id, "by": "staff", "token": control}, follow_redirects=False)
    page = nurse.get(begun.headers["location"]).text
    drawn_so = {path: "tabled" in names for names, path in re.findall(r'class="question ([^"]*)" data-item="(\w+)"', page)}
    assert drawn_so == {"grid": False, "row1": True, "row2": True, "apart": False}


def test_a_form_with_numbers_of_its_own_is_not_numbered_twice_on_paper(nurse, person) -> None:
    blank = nurse.get(f"/patients/{person}/questionnaires/blank/findrisc").text
    assert '<td class="no">1.</td><td><b>年龄' in blank
