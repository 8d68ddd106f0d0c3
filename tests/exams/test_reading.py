import io
import zipfile
from datetime import date, datetime

import pytest
from app.clinic.exams import open_table
from app.core.errors import Refusal

from tests.exams.conftest import HEAD, LINES, csv_of, xlsx_of


def rows(content: bytes) -> list[list[str]]:
    return [cells for _line, cells in open_table(content).rows()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_any_usual_encoding_and_delimiter_says_the_same(encoding: str, delimiter: str) -> None:
    content = csv_of(*LINES, encoding=encoding, delimiter=delimiter)
    assert open_table(content).headers == HEAD
    assert rows(content) == LINES


def test_a_workbook_is_read_by_its_content_with_days_numbers_and_formulas_without_result() -> None:
    content = xlsx_of(["id", "体检日期", "总胆固醇", "血糖"], [1, datetime(2017, 10, 12), 4.430000000000001, "=C2+1"],
                      [2, date(2017, 10, 13), 5, None])
    assert rows(content) == [["1", "2017-10-12", "4.43", "=C2+1"], ["2", "2017-10-13", "5", ""]]


def test_titles_above_the_header_and_blank_lines_are_passed_over() -> None:
    content = "市中心医院体检结果,,\n\nid,性别,血糖\n\n1,男,5.1\n".encode()
    assert open_table(content).headers == ["id", "性别", "血糖"]
    assert rows(content) == [["1", "男", "5.1"]]


def test_control_characters_are_taken_out_and_html_stays_text() -> None:
    content = "id,姓名,血糖\n1,<b>x</b>\u200b,5\n".encode()
    assert rows(content) == [["1", "<b>x</b>", "5"]]


def bomb() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        for n in range(4):
            archive.writestr(f"xl/worksheets/sheet{n}.xml", b" " * (90 * 2**20))
    return content.getvalue()


def with_entity() -> bytes:
    good, content = zipfile.ZipFile(io.BytesIO(xlsx_of(["id", "血糖"], [1, 5]))), io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in good.namelist():
            inside = good.read(name)
            if name.endswith("sheet1.xml"):
                inside = b'<!DOCTYPE x [<!ENTITY a "b">]>' + inside
            archive.writestr(name, inside)
    return content.getvalue()


HOSTILE = {
    "nothing": (b"", "empty"), "blank": (b" \n \n", "empty"), "picture": (b"\x89PNG\r\n\x1a\n\0\0\0", "no text"),
    "old Excel": (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "old Excel"),
    "broken zip": (b"PK\x03\x04" + b"x" * 90, "damaged"),
    "cut workbook": (xlsx_of(["id", "血糖"], [1, 5])[:-40], "damaged"),
    "a zip of something": (b"", "no Excel workbook"), "zip bomb": (b"", "too large"), "entities": (b"", "damaged"),
    "10,000 columns": ((",".join(f"c{n}" for n in range(10_000)) + "\n").encode(), "columns"),
    "a wide workbook": (b"", "columns"),
    "one column": ("只有一列\n1\n2\n".encode(), "no table"),
    "a huge cell": (f"id,血糖\n1,{'9' * 5000}\n".encode(), "longer than"),
    "a cell beyond what CSV takes": (f"id,血糖\n1,{'9' * 200_000}\n".encode(), "CSV"),
    "more cells than headings": (b"id,GLU\n1,5,6\n", "more cells"),
    "21 MB": (b"id,GLU\n" + b"1,5\n" * (21 * 2**18), "20 MB"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_table_gets_one_clear_sentence(name: str) -> None:
    content, says = HOSTILE[name]
    if name == "a zip of something":
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("hello.txt", "x")
        content = packed.getvalue()
    elif name == "zip bomb":
        content = bomb()
    elif name == "entities":
        content = with_entity()
    elif name == "a wide workbook":
        content = xlsx_of([f"c{n}" for n in range(550)], [1, 2])
    with pytest.raises(Refusal, match=says):
        list(open_table(content).rows())


def test_a_workbook_whose_inside_was_changed_gets_one_too() -> None:
    content = bytearray(xlsx_of(["id", "血糖"], [1, 5]))
    content[30 + int.from_bytes(content[26:28], "little") + int.from_bytes(content[28:30], "little")] = 0  # where its first part begins
    with pytest.raises(Refusal, match="damaged"):
        open_table(bytes(content))
