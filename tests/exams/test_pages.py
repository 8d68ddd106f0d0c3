"""The pages: upload, columns, what it would do, result, tray; in both languages and with hostile text."""

import re

import pytest
from app.clinic import exams, patients

from tests.exams.conftest import LINES, csv_of

HEAD = ["体检号", "姓名", "性别", "出生日期", "体检日期", "总胆固醇", "血钾", "<script>alert(1)</script>"]
SENT = [
    ["A1", "张伟", "男", "1971-02-03", "2026-11-20", "5.31", "45", "7"],
    ["A2", "李四", "女", "1980-01-01", "2026-11-20", "7.2", "4.1", "=HYPERLINK(1)"],
    ["A3", "<img src=x onerror=alert(1)>", "男", "1950-01-01", "", "6.1", "4.2", ""],
]


def upload(browser, content: bytes, name: str = "centre.csv", **fields):
    return browser.post(
        "/manage/imports", files={"file": (name, content)}, data={"new_sender": "centre", **fields}, follow_redirects=False)


def brought(browser, content: bytes, **plan) -> str:
    """Upload, settle, rehearse and file as the sweep would; the batch's address."""
    db, files = browser.app.state.db, browser.app.state.files
    address = upload(browser, content).headers["location"]
    browser.post(f"{address}/columns", data=plan)
    exams.rehearse(db, files, *exams.claim(db))
    browser.post(f"{address}/filing")
    exams.file(db, files, *exams.claim(db))
    return address


@pytest.mark.parametrize("who", ["nurse", "owner"])
def test_the_whole_way_through_the_pages(sign_in, who) -> None:
    browser = sign_in(who)
    db, files = browser.app.state.db, browser.app.state.files
    assert browser.get("/manage/imports").status_code == browser.get("/manage/imports/new").status_code == 200
    address = upload(browser, csv_of(*LINES)).headers["location"]
    columns = browser.get(address)
    assert columns.status_code == 200 and "红细胞压积" in columns.text and 'name="unit_6"' in columns.text
    assert browser.get(f"{address}?change=4,0").text.count("<select") > columns.text.count("<select")
    answer = browser.post(f"{address}/columns", data={"create_patients": "on", "what_7": "=FPG"}, follow_redirects=False)
    assert answer.headers["location"] == address
    assert "<progress" in browser.get(address).text
    exams.rehearse(db, files, *exams.claim(db))
    ready = browser.get(address)
    assert ready.status_code == 200 and f"{address}/filing" in ready.text
    browser.post(f"{address}/filing")
    fragment = browser.get(f"{address}/standing", headers={"HX-Request": "true"})
    assert "hx-swap-oob" in fragment.text and "<progress" in fragment.text and "<html" not in fragment.text
    exams.file(db, files, *exams.claim(db))
    done = browser.get(address).text
    assert f"{address}/undoing" in done and "/recalls/" in done and "15" in done
    browser.post(f"{address}/undoing")
    exams.take_back(db, *exams.claim(db))
    assert browser.get(address).status_code == 200 and patients.get(db, 1) is None


def test_a_wrong_file_keeps_the_form_and_says_why(sign_in) -> None:
    browser = sign_in("nurse")
    for content, name in ((b"", "a.csv"), (b"\x89PNG\0\0", "a.png"), (b"PK\x03\x04xx", "a.xlsx")):
        answer = upload(browser, content, name)
        assert answer.status_code == 422 and 'value="centre"' in answer.text and 'class="error"' in answer.text or "notice bad" in answer.text
    assert upload(browser, csv_of(*LINES), new_sender="").status_code == 422
    assert upload(browser, b"id,GLU\n" + b"1,5\n" * (6 * 2**20)).status_code in (413, 422)


def test_columns_that_need_an_answer_come_back_with_what_was_chosen(sign_in) -> None:
    browser = sign_in("nurse")
    address = upload(browser, csv_of(["1", "05/06/2017", "5.1"], head=["id", "体检日期", "血糖"])).headers["location"]
    answer = browser.post(f"{address}/columns", data={"what_2": "=FPG", "unit_2": "mmol/L", "order_1": ""})
    assert answer.status_code == 422 and re.search(r'value="=FPG" selected', answer.text)
    assert browser.post(f"{address}/columns", data={"order_1": "dmy"}, follow_redirects=False).status_code == 303


def test_the_tray_explains_itself_and_shows_text_as_text(sign_in) -> None:
    browser = sign_in("nurse")
    db = browser.app.state.db
    patients.register(db, None, patients.NewPatient("张伟"))
    address = brought(browser, csv_of(*SENT, head=HEAD), create_patients="on")
    tray = browser.get("/manage/tray").text
    assert "<script>alert" not in tray and "&lt;script&gt;alert(1)&lt;/script&gt;" in tray
    batch = exams.batch(db, int(address.rsplit("/", 1)[1]))
    assert set(batch.why) == {"implausible", "unknown_column", "no_date"}
    for reason in batch.why:
        page = browser.get(f"/manage/tray/{batch.id}?reason={reason}")
        assert page.status_code == 200 and "<img src=x" not in page.text
    answer = browser.post(f"/manage/tray/{batch.id}/column", data={"what_7": "=HBA1C"}, follow_redirects=False)
    assert answer.headers["location"] == address
    assert exams.claim(db)[0].state == "retrying"


def test_a_slip_is_given_registered_or_put_away(sign_in) -> None:
    browser = sign_in("nurse")
    db = browser.app.state.db
    known = patients.register(db, None, patients.NewPatient("张伟", "male"))
    brought(browser, csv_of(*SENT[:2], SENT[2][:4] + ["2026-11-20", *SENT[2][5:]], head=HEAD))
    first, second, third = exams.waiting(db, 1)
    page = browser.get("/manage/tray/1?reason=unknown_person")
    assert page.status_code == 200 and f'name="patient_id" value="{known}"' in page.text and 'class="same"' in page.text
    wrong = browser.post(f"/manage/tray/slips/{first.id}/person", data={"person": "no such"})
    assert wrong.status_code == 422 and 'class="error"' in wrong.text
    assert browser.post(f"/manage/tray/slips/{first.id}/person", data={"person": "Y-000001"}, follow_redirects=False).status_code == 303
    assert browser.post(f"/manage/tray/slips/{second.id}/registration", follow_redirects=False).status_code == 303
    assert browser.post(f"/manage/tray/slips/{third.id}/dismissal", data={"why": ""}).status_code == 422
    assert browser.post(f"/manage/tray/slips/{third.id}/dismissal", data={"why": "x"}, follow_redirects=False).status_code == 303
    assert browser.post(f"/manage/tray/slips/{third.id}/dismissal", data={"why": "x"}).status_code == 404
    assert browser.post("/manage/tray/1/dismissal", data={"why": "", "reason": "implausible", "place": "6"}).status_code == 422
    assert browser.post("/manage/tray/1/dismissal", data={"why": "x", "reason": "implausible", "place": "6"}, follow_redirects=False).status_code == 303
    assert exams.batch(db, 1).why.get("implausible") is None
