"""Names and numbers on the list: masked until somebody asks, and who asked is written down."""

import json
from datetime import timedelta

import pytest

from app.clinic import cards, patients
from app.core import clock
from tests.conftest import NOW

HTMX = {"HX-Request": "true"}


@pytest.fixture
def wang(house, who, register) -> int:
    id = register("王秀英", age=78, phones=("13800138000",), address="和平里 3 号",
                  identifiers=((patients.RESIDENT_ID, "370102194803120023"),))
    cards.open_card(house, who("desk"), id, cards.types(house)[0].id)
    return id


EVERYTHING = "/patients?columns=phone&columns=card&columns=document&columns=address&columns=number"


def secrets(house, wang) -> list[str]:
    return ["王秀英", "138 0013 8000", cards.current(house, wang).shown, "370102194803120023", "和平里 3 号"]


def kinds(house) -> list[str]:
    return house.all(str, "SELECT kind FROM events WHERE kind LIKE 'list.%' ORDER BY id")


@pytest.mark.parametrize(("name", "masked"), [
    ("王秀英", "王**"), ("李雷", "李*"), ("欧阳娜娜子", "欧***"), ("Ruth Carter", "R*** C***"), ("Bo", "B***"), ("", ""), ("Y-000012", "Y-000012"),
])
def test_a_masked_name_keeps_its_beginning(name, masked) -> None:
    assert patients.mask_name(name) == masked


def test_the_list_is_masked_until_the_device_is_told_otherwise(house, sign_in, wang) -> None:
    browser = sign_in("desk")
    text = browser.get(EVERYTHING).text
    assert all(one not in text for one in secrets(house, wang))
    assert "王**" in text and "138****8000" in text and "Y-000001" in text
    answer = browser.post("/patients/sitting", data={"back": "/patients?doctor=0"}, follow_redirects=False)
    assert answer.headers["location"] == "/patients?doctor=0"
    text = browser.get(EVERYTHING).text
    assert all(one in text for one in secrets(house, wang)) and "王**" not in text
    browser.post("/patients/sitting", data={"mask": "1"})
    assert "王秀英" not in browser.get("/patients").text
    assert kinds(house) == ["list.unmasked", "list.masked"]


def test_it_ends_after_an_hour_and_with_the_sign_in(house, sign_in, wang) -> None:
    browser = sign_in("desk")
    browser.post("/patients/sitting", data={"back": "//evil.example"})
    assert "王秀英" in browser.get("/patients").text
    assert "王秀英" not in sign_in("desk").get("/patients").text  # the same person at another device
    browser.post("/patients/sitting", data={"back": "//evil.example"})
    for minutes in (*range(2, 60, 3), 59):  # a screen that nobody touches locks
        with clock.stop(NOW + timedelta(minutes=minutes)):
            assert "王秀英" in browser.get("/patients").text
    with clock.stop(NOW + timedelta(minutes=61)):
        assert "王秀英" not in browser.get("/patients").text


def test_one_line_is_shown_and_noted_with_who_looked(client, house, sign_in, wang) -> None:
    browser = sign_in("desk")
    text = browser.post(f"/patients/{wang}/unmasking", data={"query": "columns=phone"}, headers=HTMX).text
    assert f'<tr id="row-{wang}" hx-swap-oob="true">' in text and "王秀英" in text and "138 0013 8000" in text and "<html" not in text
    assert kinds(house) == ["list.row_unmasked"]
    assert json.loads(house.value("SELECT details FROM events ORDER BY id DESC LIMIT 1"))["number"] == "Y-000001"
    client.app.state.looks.flush()
    assert house.value("SELECT count(*) FROM looks WHERE patient_id = ?".replace("?", str(wang))) == 1
    assert "Y-000001" in sign_in("owner").get("/manage/audit").text
    assert "名单上查看" not in browser.get(f"/patients/{wang}/timeline").text
    assert browser.post(f"/patients/{wang}/unmasking", follow_redirects=False).headers["location"] == f"/patients/{wang}"


def test_who_searches_sees_whom_they_found(sign_in, wang) -> None:
    assert "王秀英" in sign_in("desk").post("/search", data={"q": "wxy"}, headers=HTMX).text


def test_somebody_without_a_name_stands_there_by_number(sign_in, house, who) -> None:
    patients.register(house, who("desk"), patients.NewPatient(""))
    assert ">Y-000001</a>" in sign_in("desk").get("/patients").text


def test_it_leads_nowhere_else(sign_in) -> None:
    answer = sign_in("desk").post("/patients/sitting", data={"back": "//evil.example"}, follow_redirects=False)
    assert answer.headers["location"] == "/patients"


def test_who_has_a_tag_and_who_had_a_report_is_masked_too(house, who, sign_in, wang) -> None:
    from app.clinic import observations, reports
    from app.clinic.observations import NewValue
    observations.record(house, who("nurse"), patients.get(house, wang), "2026-11-20", [NewValue("SBP", 150.0), NewValue("DBP", 95.0)])
    reports.want(house, who("doctor"), wang)
    browser = sign_in("doctor")
    for shown in (False, True):
        for path in ("/reports", "/manage/rules/bp_grade_1"):
            text = browser.get(path).text
            assert ("王秀英" in text) is shown and ("王**" in text) is not shown, path
        browser.post("/patients/sitting", data={"back": "/reports"})
