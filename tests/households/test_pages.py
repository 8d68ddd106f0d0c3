"""The family's pages, as a browser sees them."""

from collections.abc import Callable
from datetime import date

import pytest
from litestar.testing import TestClient

from app.clinic import cards, households, patients, records, work
from app.core.access import Actor


@pytest.fixture
def couple(client: TestClient, who: Callable[[str], Actor]) -> tuple[int, int]:
    db, desk = client.app.state.db, who("desk")
    wife = patients.register(db, desk, patients.NewPatient("王秀英", "female", birth_date=date(1948, 3, 12), phones=("13800138000",)))
    husband = patients.register(db, desk, patients.NewPatient("李建国", "male", birth_date=date(1946, 3, 12)))
    cards.open_card(db, desk, wife, cards.types(db)[0].id)  # which makes work
    return wife, husband


def test_somebody_is_found_chosen_and_named(sign_in: Callable[[str], TestClient], couple: tuple[int, int]) -> None:
    browser, (wife, husband) = sign_in("desk"), couple
    found = browser.post(f"/patients/{wife}/family", data={"q": "李建", "find": "1"})
    assert found.status_code == 200 and f'name="other" value="{husband}"' in found.text and f'name="other" value="{wife}"' not in found.text
    assert "李建" not in str(found.url), "what was searched stands in no address"
    saved = browser.post(f"/patients/{wife}/family", data={"q": "李建", "other": husband, "relation": "spouse", "together": "on"})
    assert "丈夫" in saved.text and "同住" in saved.text
    assert "妻子" in browser.get(f"/patients/{husband}/family").text
    assert "李建国" in browser.get(f"/patients/{wife}").text


def test_a_refused_form_keeps_what_was_typed(sign_in: Callable[[str], TestClient], couple: tuple[int, int]) -> None:
    browser, (wife, husband) = sign_in("desk"), couple
    refused = browser.post(f"/patients/{wife}/family", data={"q": "李", "other": husband})
    assert refused.status_code == 422
    assert f'value="{husband}" checked' in refused.text and "请选择是什么关系" in refused.text


def test_everything_of_a_household_in_one_sitting(
    client: TestClient, sign_in: Callable[[str], TestClient], couple: tuple[int, int], who: Callable[[str], Actor],
) -> None:
    db, (wife, husband) = client.app.state.db, couple
    households.connect(db, who("desk"), wife, husband, "spouse", together=True)
    home = households.family(db, wife).household_id
    browser = sign_in("manager")
    page = browser.get(f"/households/{home}")
    assert page.status_code == 200
    for told in ("王秀英", "李建国", "李建国的妻子", "指定责任医生", "没有"):
        assert told in page.text, told
    work_id = db.value("SELECT id FROM work_items WHERE patient_id = :id", id=wife)
    done = browser.post(f"/work/{work_id}/completion", headers={"HX-Request": "true"}, data={
        "outcome": "assigned", "doctor_id": who("doctor").id, "back": f"/households/{home}"})
    assert 'id="sitting"' in done.text and "hx-swap-oob" in done.text and "补全健康档案" in done.text


def test_what_was_done_in_the_sitting_can_be_taken_back(
    client: TestClient, sign_in: Callable[[str], TestClient], couple: tuple[int, int], who: Callable[[str], Actor],
) -> None:
    db, (wife, husband) = client.app.state.db, couple
    households.connect(db, who("desk"), wife, husband, "spouse", together=True)
    home, browser = households.family(db, wife).household_id, sign_in("manager")
    back = {"back": f"/households/{home}"}
    work.record(db, who("manager"), husband, work.NewContact("phone", "reached", next_on=date(2026, 11, 24), token="t"))
    work_id = db.value("SELECT id FROM work_items WHERE patient_id = :id", id=husband)
    page = browser.post(f"/work/{work_id}/completion", data=back | {"outcome": "reached"}).text
    assert f"/work/{work_id}/reopening" in page
    page = browser.post(f"/work/{work_id}/reopening", data=back).text
    assert f"/work/{work_id}/completion" in page and f"/work/{work_id}/reopening" not in page


def test_who_lives_there_is_looked_at(client: TestClient, sign_in: Callable[[str], TestClient], couple: tuple[int, int], who) -> None:
    db, (wife, husband) = client.app.state.db, couple
    households.connect(db, who("desk"), wife, husband, "spouse", together=True)
    noted = []
    client.app.state.looks.note = lambda actor, patient: noted.append(patient)
    sign_in("nurse").get(f"/households/{households.family(db, wife).household_id}")
    assert sorted(noted) == sorted(couple)


def test_the_desk_is_told_nothing_clinical(
    client: TestClient, sign_in: Callable[[str], TestClient], couple: tuple[int, int], who: Callable[[str], Actor],
) -> None:
    db, (wife, husband) = client.app.state.db, couple
    conditions = records.section("conditions")
    records.record(db, who("doctor"), wife, conditions, conditions.new(text="原发性高血压", code="I10"))
    households.connect(db, who("desk"), husband, wife, "sibling", together=True)
    for name, told in (("desk", False), ("nurse", True)):
        page = sign_in(name).get(f"/patients/{husband}/family").text
        assert ("高血压" in page) is told, name
    assert sign_in("desk").post(f"/patients/{husband}/family/history", data={
        "relative": wife, "illness": "hypertension", "answer": "confirm"}).status_code == 403


def test_an_offer_is_confirmed_with_one_tap(
    client: TestClient, sign_in: Callable[[str], TestClient], couple: tuple[int, int], who: Callable[[str], Actor],
) -> None:
    db, (wife, husband) = client.app.state.db, couple
    conditions = records.section("conditions")
    records.record(db, who("doctor"), wife, conditions, conditions.new(text="原发性高血压", code="I10"))
    households.relate(db, who("desk"), husband, wife, "sibling")
    browser = sign_in("nurse")
    assert "1 项待问" in browser.get(f"/patients/{husband}").text
    answer = {"relative": wife, "illness": "hypertension"}
    assert "再问一次" in browser.post(f"/patients/{husband}/family/history", data=answer | {"answer": "decline"}).text
    browser.post(f"/patients/{husband}/family/history", data=answer | {"answer": "again"})
    browser.post(f"/patients/{husband}/family/history", data=answer | {"answer": "confirm"})
    [entry] = records.entries(db, husband, records.section("family_history"))
    assert entry.text == "原发性高血压"
    assert browser.post(f"/patients/{husband}/family/history", data=answer | {"answer": "x"}).status_code == 404


def test_a_household_names_pairs_takes_out_and_puts_back(
    client: TestClient, sign_in: Callable[[str], TestClient], couple: tuple[int, int], who: Callable[[str], Actor],
) -> None:
    db, (wife, husband) = client.app.state.db, couple
    households.connect(db, who("desk"), wife, husband, "", together=True)
    home, browser = households.family(db, wife).household_id, sign_in("desk")
    assert "他们是什么关系" in browser.get(f"/households/{home}").text
    page = browser.post(f"/households/{home}/kinships", data={"one": husband, "other": wife, "relation": "spouse"}).text
    assert "李建国的妻子" in page and "他们是什么关系" not in page
    stranger = patients.register(db, who("desk"), patients.NewPatient("赵一"))
    assert browser.post(f"/households/{home}/kinships", data={"one": husband, "other": stranger, "relation": "child"}).status_code == 404
    assert browser.post(f"/households/{home}/kinships", data={"one": husband, "other": wife, "relation": "queen"}).status_code == 422
    assert "已移出：李建国" in browser.post(f"/households/{home}/departures", data={"patient": husband}).text
    assert "已移出" not in browser.post(f"/households/{home}/returns", data={"patient": husband}).text
    assert browser.get("/households/999").status_code == 404
