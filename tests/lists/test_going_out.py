"""What leaves from a list: as a file, on paper, as labels; harmless to open, and written down."""

import csv
import io
import json
import zipfile

import openpyxl
import pytest

from app.clinic import lists, patients
from app.core import spreadsheets

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =cmd|' /C calc'!A0", "＝1+1", "=HYPERLINK(\"http://x\")", "'=1", "%0A=1", "|x"]


def read_csv(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def last(house) -> dict:
    """What the newest event says, but for the session it was done in."""
    told = json.loads(house.value("SELECT details FROM events ORDER BY id DESC LIMIT 1"))
    return {name: value for name, value in told.items() if name != "via"}


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_a_csv_begins_like_a_formula(text) -> None:
    [[cell]] = read_csv(b"".join(spreadsheets.csv_pieces([[text]])))
    assert cell == "'" + text


@pytest.mark.parametrize("text", ["王秀英", "2026-11-23", "138 0013 8000", "a=b", "3-4", "", "O'Neill", '"quoted", and more'])
def test_everything_else_stays_as_it_is(text) -> None:
    assert read_csv(b"".join(spreadsheets.csv_pieces([[text, "x"]]))) == [[text, "x"]]


def test_a_workbook_holds_text_and_nothing_that_runs() -> None:
    rows = [["Name", "x"], *([text, "<&>\x00\x0b"] for text in FORMULAS), ["370102194803120023", "多\n行"]]
    content = b"".join(spreadsheets.xlsx_pieces(rows, "People"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        assert archive.testzip() is None and "<f>" not in sheet and sheet.count('t="inlineStr"') == 2 * len(rows)
    found = [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows()]
    assert found == [["Name", "x"], *([text, "<&>"] for text in FORMULAS), ["370102194803120023", "多\n行"]]


def test_pieces_come_while_it_is_read() -> None:
    asked = []

    def rows():
        for n in range(2000):
            asked.append(n)
            yield [str(n)] * 20

    pieces = spreadsheets.xlsx_pieces(rows(), "x")
    next(pieces)
    assert len(asked) == 1
    assert sum(map(len, pieces)) > 1000 and len(asked) == 2000


def test_the_whole_list_is_exported_in_full_and_written_down(house, sign_in, register) -> None:
    for n in range(620):
        register(f"王{n}", age=60, phones=("13800138000",) if n == 0 else ())
    register("=cmd|' /C calc'!A0", sex="male", phones=("+85291234567",), address="<script>")
    browser = sign_in("doctor")
    answer = browser.post("/patients/exports", data={"query": "columns=phone&columns=who&columns=address", "format": "csv"})
    assert answer.headers["content-disposition"].startswith('attachment; filename="people-2026-11-23.csv"')
    table = read_csv(answer.content)
    assert table[0] == ["姓名", "编号", "性别", "年龄", "出生日期", "电话", "地址"] and len(table) == 622
    assert table[1] == ["'=cmd|' /C calc'!A0", "Y-000621", "男", "", "", "'+85291234567", "<script>"]
    assert table[-1][:2] == ["王0", "Y-000001"] and table[-1][5] == "13800138000"
    assert last(house) == {"n": 621, "filter": "全部患者", "query": "columns=phone&columns=who&columns=address", "format": "CSV"}
    answer = browser.post("/patients/exports", data={"query": "sex=male", "format": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert [cell.value for cell in sheet[2]][0] == "=cmd|' /C calc'!A0" and sheet[2][0].data_type != "f" and sheet.max_row == 2
    assert last(house)["n"] == 1 and last(house)["filter"] == "男" and last(house)["format"] == "XLSX"


@pytest.mark.parametrize(("name", "status"), [("doctor", 200), ("manager", 200), ("owner", 200), ("nurse", 403), ("desk", 403), ("reader", 403)])
def test_only_some_may_take_a_list_out(house, sign_in, register, name, status) -> None:
    register()
    assert sign_in(name).post("/patients/exports", data={"query": "", "format": "csv"}).status_code == status


def test_a_list_on_paper_stands_in_full_and_is_written_down(house, sign_in, register) -> None:
    register("王秀英", doctor="doctor", phones=("13800138000",))
    register("李雷")
    text = sign_in("desk").post("/patients/prints", data={"query": "doctor=2", "what": "list"}).text
    assert "王秀英" in text and "138 0013 8000" in text and "李雷" not in text and "和平里诊所" in text
    assert (last(house)["n"], last(house)["filter"]) == (1, "医生：林文清")


def test_labels_begin_where_the_sheet_is_free(house, sign_in, register) -> None:
    for n in range(23):
        register(f"王{n}号")
    browser = sign_in("desk")
    text = browser.post("/patients/prints", data={"query": "", "what": "labels", "sheet": "24", "first": "3"}).text
    assert text.count('class="labels of24"') == 2 and text.count('class="personlabel"') == 25 and text.count('aria-label="Y-0000') == 23
    assert last(house)["n"] == 23
    answer = browser.post("/patients/prints", data={"query": "", "what": "labels", "sheet": "21", "first": "22"})
    assert answer.status_code == 422 and "21 枚" in answer.text


def test_a_receptionists_paper_holds_nothing_clinical(house, who, sign_in, register) -> None:
    from app.clinic import tags
    id = register("王秀英")
    tags.label(house, who("nurse"), id, tags.Labelled("肝炎", "x"))
    assert "肝炎" not in sign_in("desk").post("/patients/prints", data={"query": "columns=tags&columns=phone", "what": "list"}).text
    assert "肝炎" in sign_in("nurse").post("/patients/prints", data={"query": "columns=tags", "what": "list"}).text
    assert sign_in("desk").post("/patients/prints", data={"query": "tag=肝炎", "what": "list"}).status_code == 403
    assert patients.get(house, id) and lists.count(house, lists.View(tag="肝炎")) == 1
