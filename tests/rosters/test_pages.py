"""The pages: upload, columns with a preview, piles, one by one, what could not be taken over; hostile text stays text."""

import io
from datetime import date

import openpyxl
import pytest
from app.clinic import patients, rosters
from app.clinic.patients import NewPatient

from tests.rosters.conftest import HEAD, LI, WANG, csv_of

EVIL = "<img src=x onerror=alert(1)>"


def upload(browser, content: bytes, name: str = "list.csv", **fields):
    return browser.post(
        "/manage/rosters", files={"file": (name, content)}, data={"new_source": "old", **fields}, follow_redirects=False)


def compared(browser, content: bytes) -> str:
    """Uploaded, settled, and looked up as the sweep would; the list's address."""
    db, files = browser.app.state.db, browser.app.state.files
    address = upload(browser, content).headers["location"]
    assert browser.post(f"{address}/columns", data={}, follow_redirects=False).headers["location"] == address
    rosters.compare(db, files, *rosters.claim(db))
    return address


def take(browser, address: str) -> None:
    db, files = browser.app.state.db, browser.app.state.files
    assert browser.post(f"{address}/filing", follow_redirects=False).status_code == 303
    rosters.file(db, files, *rosters.claim(db))


@pytest.mark.parametrize("who", ["nurse", "owner"])
def test_the_whole_way_through_the_pages(sign_in, who) -> None:
    browser = sign_in(who)
    db, files = browser.app.state.db, browser.app.state.files
    patients.register(db, None, NewPatient("王秀英", "female", birth_date=date(1948, 3, 12)))
    assert browser.get("/manage/rosters").status_code == browser.get("/manage/rosters/new").status_code == 200
    address = upload(browser, csv_of([*WANG, "张"], [*LI, "钱"], head=[*HEAD, "推荐人"])).headers["location"]
    columns = browser.get(address).text
    assert 'name="what_6"' in columns and "138 0013 8000" in columns and 'id="preview"' in columns
    assert browser.get(f"{address}?change=0,1").text.count("<select") > columns.count("<select")
    assert browser.post(f"{address}/columns", data={"what_6": "left_out"}, follow_redirects=False).headers["location"] == address
    fragment = browser.get(f"{address}/standing", headers={"HX-Request": "true"}).text
    assert "hx-swap-oob" in fragment and "<progress" in fragment and "<html" not in fragment
    rosters.compare(db, files, *rosters.claim(db))
    ready = browser.get(address).text
    [pile] = rosters.piles(db, 1)
    assert f'value="{pile.key}"' in ready and f"{address}/filing" in ready and "88/100" in ready
    single = browser.get(f"{address}/lines?pile={pile.key}").text
    assert "Y-000001" in single and 'class="same"' in single
    browser.post(f"{address}/decisions", data={"pile": pile.key, "decision": "same"})
    assert 'name="decision" value=""' in browser.get(address).text
    take(browser, address)
    done = browser.get(address).text
    assert f"{address}/undoing" in done and rosters.counts(db, 1).joined == 1
    browser.post(f"{address}/undoing")
    rosters.take_back(db, *rosters.claim(db))
    assert browser.get(address).status_code == 200 and patients.get(db, 2) is None


def test_the_preview_follows_what_is_chosen(sign_in) -> None:
    browser = sign_in("nurse")
    address = upload(browser, csv_of(["王秀英", "3/4/1948"], head=["姓名", "生日"])).headers["location"]
    data = {"what_1": "birth", "order_1": "dmy"}
    dmy = browser.post(f"{address}/preview", data=data, headers={"HX-Request": "true"}).text
    assert "1948-04-03" in dmy and "hx-swap-oob" in dmy and "<html" not in dmy
    assert "1948-03-04" in browser.post(f"{address}/preview", data=data | {"order_1": "mdy"}, headers={"HX-Request": "true"}).text
    assert browser.post(f"{address}/preview", data={"what_1": "nonsense"}).status_code == 200


def test_a_wrong_file_keeps_the_form_and_says_why(sign_in) -> None:
    browser = sign_in("nurse")
    for content, name in ((b"", "a.csv"), (b"\x89PNG\0\0", "a.png"), (b"PK\x03\x04xx", "a.xlsx"), (csv_of(), "a.csv")):
        answer = upload(browser, content, name)
        assert answer.status_code == 422 and 'value="old"' in answer.text
        assert 'class="error"' in answer.text or "notice bad" in answer.text


def test_columns_that_need_an_answer_come_back_with_what_was_chosen(sign_in) -> None:
    browser = sign_in("nurse")
    address = upload(browser, csv_of(["王秀英", "3/4/1948", "x"], head=["姓名", "生日", "推荐人"])).headers["location"]
    answer = browser.post(f"{address}/columns", data={"what_2": "address", "order_1": ""})
    assert answer.status_code == 422 and 'value="address" selected' in answer.text and "order_1" in answer.text
    assert browser.post(f"{address}/columns", data={"order_1": "dmy", "what_2": "address"}, follow_redirects=False).status_code == 303


def test_other_sheets_of_a_workbook_are_not_passed_over_silently(sign_in) -> None:
    browser, book, content = sign_in("nurse"), openpyxl.Workbook(), io.BytesIO()
    book.active.append(["姓名", "电话"])
    book.active.append(["王秀英", "13800138000"])
    book.create_sheet("去年的").append(["姓名"])
    book.save(content)
    address = upload(browser, content.getvalue(), "list.xlsx").headers["location"]
    assert "去年的" in browser.get(address).text


def test_who_is_meant_is_asked_and_remembered(sign_in) -> None:
    browser = sign_in("nurse")
    db = browser.app.state.db
    content = csv_of([*WANG, "赵医生"], head=[*HEAD, "责任医生"])
    address = upload(browser, content).headers["location"]
    assert 'value="doctor 赵"' in browser.get(address).text
    browser.post(f"{address}/columns", data={"who_1": "0", "for_1": "doctor 赵"})
    again = upload(browser, content).headers["location"]
    assert 'value="doctor 赵"' not in browser.get(again).text
    assert db.value("SELECT count(*) FROM roster_names WHERE staff_id IS NULL") == 1


def test_one_by_one_and_what_was_left(sign_in) -> None:
    browser = sign_in("nurse")
    db = browser.app.state.db
    lines = [[f"王秀英{EVIL}" if not n else "王秀英", "女", "1948-03-12", "坏的", EVIL, f"K{n}"] for n in range(25)]
    address = compared(browser, csv_of(*lines, ["", "", "", "", "13800138000", ""]))
    piles = rosters.piles(db, 1)
    assert {pile.reason for pile in piles} == {"", "nameless"} and EVIL not in browser.get(address).text
    for pile in piles:
        page = browser.get(f"{address}/lines?pile={pile.key}").text
        assert EVIL not in page
        if pile.lines > 20:
            more = rosters.of_pile(db, 1, pile, limit=20)[-1].id
            assert f"after={more}" in page and browser.get(f"{address}/lines?pile={pile.key}&after={more}").status_code == 200
    line = rosters.line_at(db, 1, 4)
    answer = browser.post(f"{address}/lines/{line.id}", data={"decision": "new", "after": "0"}, follow_redirects=False)
    assert answer.headers["location"].endswith(f"#l{line.id}") and rosters.line(db, line.id).decision == "new"
    assert browser.post(f"/manage/rosters/9/lines/{line.id}", data={"decision": "new"}).status_code == 404
    assert browser.post(f"{address}/lines/{line.id}", data={"decision": "perhaps"}).status_code == 422
    assert browser.post(f"{address}/decisions", data={"pile": "none", "decision": "same"}).status_code == 404
    take(browser, address)
    cells = browser.get(f"{address}/cells").text
    assert EVIL not in cells and "&lt;img" in cells
    assert browser.post(f"{address}/cells", data={"reason": "phone"}, follow_redirects=False).status_code == 303
    assert browser.post(f"{address}/cells", data={"reason": "phone"}).status_code == 404
    left = rosters.left(db, 1)[0]
    assert browser.post(f"{address}/lines/{left.id}/settled", data={"after": "0"}, follow_redirects=False).status_code == 303
    assert browser.post(f"/manage/rosters/9/lines/{left.id}/settled").status_code == 404


def test_who_may_not_import_sees_nothing_of_it(sign_in) -> None:
    for who in ("desk", "pharmacist", "reader"):
        browser = sign_in(who)
        assert browser.get("/manage/rosters").status_code == 403 and "/manage/rosters" not in browser.get("/manage").text
