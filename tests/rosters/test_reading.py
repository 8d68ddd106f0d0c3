"""A line as its columns say, and what is left where it stands."""

from datetime import date

import pytest
from app.clinic.rosters.columns import open_list, understand
from app.clinic.rosters.reading import Reader

from tests.rosters.conftest import csv_of

TODAY = date(2026, 11, 23)


def read(head: list[str], *lines: list[str], ages_on: date | None = None):
    table = open_list(csv_of(*lines, head=head))
    columns, _lines = understand(table, {}, TODAY)
    reader = Reader(columns, TODAY, ages_on)
    headers = {column.place: column.header for column in columns}
    said = [(reader.read(cells), reader.reason(reader.read(cells), cells)) for _line, cells in table.rows()]
    return [(one, reason, {headers[place]: why for place, why in one.left}) for one, reason in said]


def test_the_id_number_says_sex_and_day() -> None:
    [(said, reason, left)] = read(["姓名", "身份证"], ["王 秀英", "11010519491231002X"])
    assert (said.name, said.sex, said.birth, reason, left) == ("王秀英", "female", date(1949, 12, 31), "", {})


def test_what_contradicts_the_id_number_is_left_to_be_looked_at() -> None:
    [(said, _reason, left)] = read(["姓名", "性别", "生日", "身份证"], ["王秀英", "男", "1949-12-30", "11010519491231002X"])
    assert (said.sex, said.birth) == ("female", date(1949, 12, 31))
    assert left == {"性别": "not_as_document", "生日": "not_as_document"}


def test_cells_that_cannot_be_read_do_not_stop_a_line() -> None:
    head = ["姓名", "性别", "生日", "身份证", "电话", "年龄", "语言"]
    [(said, reason, left)] = read(head, ["王秀英（已故）", "不男不女", "三月", "1.1E+17", "12345", "很老", "火星语"])
    assert said.name == "王秀英" and reason == "" and said.birth is None and not said.phones
    assert left == {
        "姓名": "brackets", "性别": "sex", "生日": "birth", "身份证": "excel_document", "电话": "phone", "年龄": "age", "语言": "language",
    }


def test_an_age_says_a_year_only_with_its_day() -> None:
    [(said, _reason, left)] = read(["姓名", "年龄"], ["王秀英", "78岁"])
    assert said.birth is None and left == {"年龄": "age_of_no_day"}
    [(said, _reason, left)] = read(["姓名", "年龄"], ["王秀英", "78岁"], ages_on=date(2026, 1, 1))
    assert said.birth.year == 1948 and said.birth_about and not left


@pytest.mark.parametrize(("cells", "why"), [
    (["", "", ""], None), (["合计 2000 人", "", ""], "nobody"), (["共 35 人", "", ""], "nobody"), (["万人敌", "", ""], ""), (["", "13800138000", ""], "nameless"), (["", "", "下面是旧的"], "nobody"), (["=A1", "", ""], "formula"),
])
def test_who_can_be_nobody(cells: list[str], why: str | None) -> None:
    found = read(["姓名", "电话", "推荐人"], ["甲", "1", "1"], cells)
    assert [reason for _said, reason, _left in found[1:]] == ([] if why is None else [why])


def test_all_that_is_known_about_somebody() -> None:
    head = ["姓名", "证件类型", "证件号", "手机", "宅电", "单位", "职业", "医保类型", "紧急联系人", "与联系人关系", "紧急联系电话", "监护人", "备注", "病史"]
    [(said, _reason, left)] = read(head, [
        "陈小明", "护照", "E12345678", "13800138000", "62751234(妈妈)", "铁路局", "工人", "职工医保、自费", "陈大", "父亲", "13900139000",
        "陈大 13900139000", "怕打针", "哮喘",
    ])
    assert not left and said.documents == (("passport", "E12345678"),)
    assert [(one.number, one.relation) for one in said.phones] == [("13800138000", "self"), ("62751234", "parent")]
    assert (said.workplace, said.occupation, said.payment) == ("铁路局", "worker", ("employee", "self"))
    assert [(one.kind, one.name, one.relation, one.phone) for one in said.related] == [
        ("emergency", "陈大", "parent", "13900139000"), ("guardian", "陈大", "other", "13900139000"),
    ]
    assert said.note == "备注：怕打针\n\n病史：哮喘"


def test_remarks_right_of_the_last_heading_do_not_refuse_the_list() -> None:
    [(said, _reason, _left)] = read(["姓名", "电话"], ["王秀英", "13800138000", "", "搬走了"])
    assert said.name == "王秀英"
