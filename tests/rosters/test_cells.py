"""Single cells as years of spreadsheets have left them."""

from datetime import date

import pytest
from app.clinic.rosters import cells
from app.clinic.rosters.columns import day_order, looks_like, named
from app.clinic.rosters.days import read_birth

TODAY = date(2026, 11, 23)
BORN = date(1948, 3, 12)


@pytest.mark.parametrize("text", [
    "1948-03-12", "1948/3/12", "1948.3.12", "1948.03.12.", "19480312", "1948年3月12日", "1948年03月12日生", "一九四八年三月十二日",
    "1948-03-12 00:00", "1948/3/12 0:00:00", "１９４８－３－１２", "17604", "17604.0", "48.3.12", "480312", "48年3月12日", "12-Mar-1948",
    "March 12, 1948", "12 Mar 48", "1948 年 3 月 12 日",
])
def test_a_day_of_birth_in_its_many_shapes(text: str) -> None:
    found = read_birth(text, "ymd", TODAY)
    assert not isinstance(found, str) and (found.on, found.about) == (BORN, False)


@pytest.mark.parametrize(("text", "order"), [("12/3/1948", "dmy"), ("3/12/1948", "mdy"), ("3/12/48", "mdy")])
def test_a_day_in_an_order_of_its_own(text: str, order: str) -> None:
    assert read_birth(text, order, TODAY).on == BORN


@pytest.mark.parametrize("text", ["1948", "1948年", "约1948年", "1948.3", "1948年3月", "194803"])
def test_a_year_is_marked_as_about(text: str) -> None:
    found = read_birth(text, "ymd", TODAY)
    assert found.about and found.on.year == 1948


@pytest.mark.parametrize(("text", "why"), [
    ("农历1948.2.3", "lunar"), ("1948-2-3(阴)", "lunar"), ("2031-01-01", "birth"), ("1948-13-40", "birth"), ("########", "birth"),
    ("1.2.05", "two_digits"), ("200312", "birth"), ("1796-01-01", "birth"), ("三月", "birth"),
])
def test_what_says_no_day_is_not_guessed(text: str, why: str) -> None:
    assert read_birth(text, "ymd", TODAY) in (why, "two_digits") and isinstance(read_birth(text, "ymd", TODAY), str)


def test_the_whole_column_says_which_stands_first() -> None:
    assert day_order(["12/3/1948", "25/12/1950"], TODAY) == "dmy"
    assert day_order(["12/3/48", "12/25/50"], TODAY) == "mdy"
    assert day_order(["1/2/1948", "3/4/1950"], TODAY) == "ask"
    assert day_order(["17604", "1948-01-01"], TODAY) == "ymd"


@pytest.mark.parametrize(("text", "numbers", "more"), [
    ("13800138000", ["13800138000"], False), ("138 0013 8000", ["13800138000"], False), ("138-0013-8000", ["13800138000"], False),
    ("13800138000 13900139000", ["13800138000", "13900139000"], False), ("1380013800013900139000", ["13800138000", "13900139000"], False),
    ("13800138000/0531-85550001", ["13800138000", "053185550001"], False), ("13800138000、13900139000", ["13800138000", "13900139000"], False),
    ("010 62751234", ["01062751234"], False), ("家：62751234", ["62751234"], False), ("（0531）85550001", ["053185550001"], False),
    ("+86 138 0013 8000", ["13800138000"], False), ("1380013800", [], True), ("无", [], False), ("1.38E+10", [], True),
    ("张三代接 13800138000", ["13800138000"], True), ("12345", [], True), ("13800138000；晚上打", ["13800138000"], True),
])
def test_several_phones_in_a_cell(text: str, numbers: list[str], more: bool) -> None:
    found, left = cells.read_phones(text)
    assert ([one.number for one in found], left) == (numbers, more)


def test_whose_phone_it_is() -> None:
    found, more = cells.read_phones("13800138000(本人) 13900139000(女儿)")
    assert [(one.number, one.relation) for one in found] == [("13800138000", "self"), ("13900139000", "child")] and not more


@pytest.mark.parametrize(("text", "system", "number"), [
    ("11010519491231002X", "resident_id", "11010519491231002X"), ("11010519491231002x", "resident_id", "11010519491231002X"),
    ("１１０１０５１９４９１２３１００２ｘ", "resident_id", "11010519491231002X"), ("'110105 19491231 002X", "resident_id", "11010519491231002X"),
    ("110105491231002", "resident_id", "11010519491231002X"),
])
def test_an_id_number_however_it_is_typed(text: str, system: str, number: str) -> None:
    found, why = cells.read_document(text, TODAY)
    assert (found.system, found.number, why) == (system, number, "")


@pytest.mark.parametrize(("text", "kind", "why"), [
    ("1.10105194912310E+17", "", "excel_document"), ("110105194912310000", "", "excel_document"), ("110105194912310022", "", "document"),
    ("4711", "", "document"), ("110105491231996", "", "document"), ("A1", "军官证", "document_kind"),
])
def test_an_id_number_that_is_none_says_why(text: str, kind: str, why: str) -> None:
    assert cells.read_document(text, TODAY, kind) == (None, why)


def test_another_document_by_its_kind() -> None:
    assert cells.read_document("E12345678", TODAY, "护照")[0].system == "passport"
    assert cells.read_document("H12345678", TODAY, "港澳通行证")[0].system == "hk_macau_permit"


def test_a_number_ending_in_zeros_that_fits_is_whole() -> None:
    found = next(n for d in range(1, 29) if cells._is_whole(n := f"370102194801{d:02d}0000", TODAY))
    assert cells.read_document(found, TODAY)[0].number == found


@pytest.mark.parametrize(("text", "name", "why"), [
    ("王 秀 英", "王秀英", ""), ("欧阳　娜", "欧阳娜", ""), ("Ada  Reader", "Ada Reader", ""), ("王秀英（已故）", "王秀英", "brackets"),
    ("阿依古丽•买买提", "阿依古丽·买买提", ""), ("12345", "", "name"), ("无", "", ""), ("𠮷田 花", "𠮷田花", ""),
])
def test_names(text: str, name: str, why: str) -> None:
    assert cells.read_name(text) == (name, why)


def test_members_of_staff_are_known_without_their_titles() -> None:
    assert {cells.person_of(text) for text in ("林文清", "林文清主任", "林文清 医生", "林文清主任医师", "林文清大夫")} == {"林文清"}
    assert cells.person_of("Dr. Ruth Carter") == "ruth carter" and cells.person_of("医生") == "医生"


@pytest.mark.parametrize(("header", "meaning"), [
    ("姓 名", "name"), ("身份证号码（必填）", "document"), ("姓名/Name", "name"), ("Date of Birth", "birth"), ("会员卡号", "card"),
    ("序号", "left_out"), ("推荐人", "unknown"), ("联系电话2", "phone"), ("*手机号", "phone"),
])
def test_headings(header: str, meaning: str) -> None:
    assert named(header) == meaning


def test_a_column_without_a_known_heading_is_told_by_its_cells() -> None:
    assert looks_like(["11010519491231002X", "370102194803121234", "11010519491231002X", "11010519491231002X", "110105491231002"], TODAY) == "document"
    assert looks_like(["13800138000", "13900139000", "无", "13700137000", "136 0013 6000"], TODAY) == "phone"
    assert looks_like(["男", "女", "女"], TODAY) == "sex"
    assert looks_like(["甲", "乙", "丙"], TODAY) == ""
