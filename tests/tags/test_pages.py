"""The pages: a person's tags, the rules, the builder; with and without htmx."""

import pytest

from app.clinic import observations, patients, tags
from app.clinic.observations import NewValue
from app.core.access import Actor, Role

OWNER = Actor(1, "安", Role.OWNER, "zh")
NEW = {"name_zh": "心率快", "name_en": "Fast heart", "level": "amber", "source": "林医生",
       "all.0.what": "indicator:HR", "all.0.take": "latest", "all.0.op": "ge", "all.0.value": "100", "all.0.n": "6", "all.0.unit": "months"}


@pytest.fixture
def file(client):
    return client.app.state.db


@pytest.fixture
def patient(file):
    found = patients.get(file, patients.register(file, OWNER, patients.NewPatient(name="王秀英", sex="female", birth_date=None)))
    return found


@pytest.fixture
def grown(file):
    from datetime import date

    found = patients.get(file, patients.register(
        file, OWNER, patients.NewPatient(name="李德福", sex="male", birth_date=date(1950, 3, 1))))
    observations.record(file, OWNER, found, "2026-11-20", [NewValue("SBP", 152), NewValue("DBP", 94), NewValue("HR", 104)])
    return found


def test_a_persons_tags_say_why(sign_in, grown) -> None:
    page = sign_in("nurse").get(f"/patients/{grown.id}/tags").text
    assert "血压 1 级偏高" in page and "最近一次收缩压" in page and "152" in page and "第 1 版" in page and "中国高血压防治指南" in page


def test_the_same_page_in_english_offers_a_reader_nothing_to_change(sign_in, grown) -> None:
    page = sign_in("reader").get(f"/patients/{grown.id}/tags").text
    assert "Blood pressure grade 1" in page and "Take off" not in page and "Put a tag" not in page


def test_label_and_take_off(sign_in, file, patient) -> None:
    nurse = sign_in("nurse")
    assert nurse.post(f"/patients/{patient.id}/tags", data={"label": "容易跌倒", "reason": ""}).status_code == 422
    answer = nurse.post(f"/patients/{patient.id}/tags", data={"label": "容易跌倒", "reason": "跌过一次"}, follow_redirects=False)
    assert answer.status_code == 303
    (tag,) = tags.current(file, patient.id)
    path = f"/patients/{patient.id}/tags/{tag.id}/removal"
    assert nurse.post(path, data={"reason": ""}).status_code == 422
    assert nurse.post(path, data={"reason": "好了"}, follow_redirects=False).status_code == 303
    assert tags.current(file, patient.id) == []
    assert "跌过一次；好了" in nurse.get(f"/patients/{patient.id}/tags").text


def test_another_persons_tag_cannot_be_reached(sign_in, file, patient, grown) -> None:
    tag = tags.current(file, grown.id)[0]
    answer = sign_in("nurse").post(f"/patients/{patient.id}/tags/{tag.id}/removal", data={"reason": "x"})
    assert answer.status_code == 404 and tag.code in {one.code for one in tags.current(file, grown.id)}


def test_a_held_tag_and_its_release(sign_in, file, grown) -> None:
    nurse = sign_in("nurse")
    tag = next(one for one in tags.current(file, grown.id) if one.code == "bp_grade_1")
    nurse.post(f"/patients/{grown.id}/tags/{tag.id}/removal", data={"reason": "家庭血压正常"})
    page = nurse.get(f"/patients/{grown.id}/tags").text
    assert "不给此人打的标签" in page and "家庭血压正常" in page
    (hold,) = tags.holds(file, grown.id)
    path = f"/patients/{grown.id}/tags/holds/{hold.id}/release"
    assert nurse.post(path, data={"reason": ""}).status_code == 422
    assert nurse.post(path, data={"reason": "又高了"}, follow_redirects=False).status_code == 303
    assert tags.holds(file, grown.id) == []


def test_rules_are_listed_with_counts_and_sources(sign_in, grown) -> None:
    page = sign_in("reader").get("/manage/rules").text
    assert "Blood pressure grade 1" in page and "WS/T 428-2013" in page and "unverified" in page and "New rule" not in page


def test_a_rule_reads_in_both_languages_and_dry_runs(sign_in, grown) -> None:
    page = sign_in("doctor").get("/manage/rules/bp_grade_1").text
    assert "最近一次收缩压" in page and "latest Systolic blood pressure" in page and "李**" in page
    assert sign_in("doctor").get("/manage/rules/none").status_code == 404


def test_switching_needs_the_right_and_works(sign_in, file, grown) -> None:
    assert sign_in("nurse").post("/manage/rules/bp_grade_1/switch", data={"on": "0"}).status_code == 403
    sign_in("doctor").post("/manage/rules/bp_grade_1/switch", data={"on": "0"})
    assert "bp_grade_1" not in {tag.code for tag in tags.current(file, grown.id)}


def test_building_a_rule_row_by_row(sign_in, file, grown) -> None:
    doctor = sign_in("doctor")
    assert doctor.get("/manage/rules/new").status_code == 200
    more = doctor.post("/manage/rules/draft", data=NEW | {"change": "add any"}).text
    assert 'name="any.0.what"' in more and 'value="100"' in more
    fewer = doctor.post("/manage/rules/draft", data=NEW | {"change": "drop all.0"}).text
    assert 'name="all.0.what"' not in fewer
    tried = doctor.post("/manage/rules/draft", data=NEW | {"change": "try"}, headers={"HX-Request": "true"}).text
    assert "近 6 个月内最近一次心率 ≥100" in tried and 'hx-swap-oob="true"' in tried and "<html" not in tried
    answer = doctor.post("/manage/rules", data=NEW, follow_redirects=False)
    assert answer.headers["location"] == "/manage/rules/own_fast_heart"
    rule = tags.rule(file, "own_fast_heart")
    assert (rule.is_on, rule.origin, rule.version) == (0, "clinic", 1)
    doctor.post("/manage/rules/own_fast_heart/switch", data={"on": "1"})
    assert "own_fast_heart" in {tag.code for tag in tags.current(file, grown.id)}
    page = doctor.get("/manage/rules/own_fast_heart/edit").text
    assert 'value="indicator:HR" selected' in page and 'value="100"' in page
    doctor.post("/manage/rules", data=NEW | {"code": "own_fast_heart", "all.0.value": "110"})
    assert tags.rule(file, "own_fast_heart").version == 2
    assert "own_fast_heart" not in {tag.code for tag in tags.current(file, grown.id)}


@pytest.mark.parametrize(("changed", "said"), [
    ({"all.0.value": "abc"}, "请填数字。"), ({"all.0.what": ""}, "请从中选一个。"), ({"all.0.op": "between", "all.0.value": "9"}, "请填两个数"),
    ({"all.0.n": "99999"}, "120"), ({"name_zh": ""}, "这一项要填。"), ({"all.0.what": "indicator:NOPE"}, "NOPE"), ({"source": ""}, "这一项要填。"),
])
def test_what_is_wrong_is_said_beside_it_and_nothing_typed_is_lost(sign_in, file, changed, said) -> None:
    answer = sign_in("doctor").post("/manage/rules", data=NEW | changed)
    assert answer.status_code == 422 and said in answer.text
    assert len([rule for rule in tags.rules(file) if rule.origin == "clinic"]) == 0
    if "name_zh" not in changed:
        assert "心率快" in answer.text


def test_shipped_rules_are_copied_not_edited(sign_in) -> None:
    doctor = sign_in("doctor")
    copy = doctor.get("/manage/rules/obesity/edit").text
    assert 'name="code" value=""' in copy and "肥胖（本诊所）" in copy and 'value="28"' in copy
    assert doctor.get("/manage/rules/central_obesity/edit").status_code == 404  # more than three groups can say
    assert doctor.post("/manage/rules", data=NEW | {"code": "obesity"}).status_code == 404
