import pytest
from app.clinic import catalogue
from app.clinic.exams import open_table, understand
from app.clinic.exams.cells import read_age, read_day, read_moment, read_sex
from app.clinic.exams.columns import known, named

from tests.exams.conftest import csv_of

# What one examination centre calls its columns, and what they are.
CENTRE = {
    "*天门冬氨酸氨基转换酶": "AST", "*丙氨酸氨基转换酶": "ALT", "*碱性磷酸酶": "ALP", "*r-谷氨酰基转换酶": "GGT", "*总蛋白": "TP",
    "白蛋白": "ALB", "*球蛋白": "GLB", "白球比例": "AG", "甘油三酯": "TG", "总胆固醇": "TC", "高密度脂蛋白胆固醇": "HDL",
    "低密度脂蛋白胆固醇": "LDL", "尿素": "UREA", "肌酐": "CREA", "尿酸": "UA", "乙肝表面抗原": "HBSAG", "乙肝表面抗体": "HBSAB",
    "乙肝e抗原": "HBEAG", "乙肝e抗体": "HBEAB", "乙肝核心抗体": "HBCAB", "白细胞计数": "WBC", "红细胞计数": "RBC", "血红蛋白": "HGB",
    "红细胞压积": "HCT", "红细胞平均体积": "MCV", "红细胞平均血红蛋白量": "MCH", "红细胞平均血红蛋白浓度": "MCHC",
    "红细胞体积分布宽度": "RDW_CV", "血小板计数": "PLT", "血小板平均体积": "MPV", "血小板体积分布宽度": "PDW", "血小板比积": "PCT",
    "中性粒细胞%": "NEUT_PCT", "淋巴细胞%": "LYMPH_PCT", "单核细胞%": "MONO_PCT", "嗜酸细胞%": "EOS_PCT", "嗜碱细胞%": "BASO_PCT",
    "血糖": "GLU",
}
OTHERS = {
    " γ-谷氨酰转移酶 ": "GGT", "ＡＬＴ": "ALT", "谷丙转氨酶(ALT)": "ALT", "TC [mmol/L]": "TC", "总胆固醇（mmol/L）": "TC",
    "White Blood Cell Count": "WBC", "HbA1c": "HBA1C", "空腹血糖": "FPG", "A/G": "AG", "收缩压": "SBP", "Fasting glucose": "FPG", "LDL-C": "LDL",
    "Neut%": "NEUT_PCT", "NEUT#": "NEUT", "中性粒细胞绝对值": "NEUT",
}


@pytest.mark.parametrize(("header", "code"), [*CENTRE.items(), *OTHERS.items()])
def test_headings_are_known(header: str, code: str) -> None:
    assert named(header)[:2] == ("value", code)


@pytest.mark.parametrize("header", ["", "PCT", "AG", "心电图结论", "备注"])
def test_what_could_be_two_things_or_nothing_is_not_guessed(header: str) -> None:
    assert named(header)[0] == "unknown"


def test_every_synonym_leads_to_an_indicator_of_the_catalogue() -> None:
    assert {code for meaning, code in known().values() if meaning == "value"} <= set(catalogue.indicators())


@pytest.mark.parametrize(("days", "order"), [
    (["12/10/2017", "19/10/2017"], "dmy"), (["10/12/2017", "10/19/2017"], "mdy"), (["2017-10-12", "2017/1/2"], "ymd"),
    (["2017年10月12日"], "ymd"), (["20171012"], "ymd"), (["05/06/2017", "01/02/2017"], "ask"), (["13/01/2017", "01/13/2017"], "ask"),
])  # fmt: skip
def test_day_order_is_taken_from_the_whole_column_or_asked(days: list[str], order: str) -> None:
    content = csv_of(*[[str(n), day, "5"] for n, day in enumerate(days)], head=["id", "体检日期", "血糖"])
    column = understand(open_table(content), {})[0][1]
    assert (column.meaning, column.order) == ("date", order)
    assert (column.doubt == "date_order") == (order == "ask")


@pytest.mark.parametrize(("text", "order", "moment"), [
    ("12/10/2017", "dmy", "2017-10-12"), ("12/10/2017", "mdy", "2017-12-10"), ("12/10/2017", "ask", None), ("31/02/2017", "dmy", None),
    ("２０１７－１０－１２ 08:05", "ymd", "2017-10-12T08:05"), ("2017-10-12 00:00:00", "ymd", "2017-10-12"), ("上午", "ymd", None),
])  # fmt: skip
def test_moments(text: str, order: str, moment: str | None) -> None:
    assert read_moment(text, order) == moment
    assert (read_day(text, order) is None) == (moment is None)


@pytest.mark.parametrize(("header", "cells", "code", "unit", "doubt"), [
    ("红细胞压积", ["0.479", "0.354"], "HCT", "L/L", "unit_from_values"), ("红细胞压积", ["47.9", "35"], "HCT", None, None),
    ("甘油三酯", ["110", "90", "140"] * 4, "TG", "mg/dL", "unit_from_values"), ("甘油三酯", ["20"], "TG", None, "unit_unclear"),
    ("血红蛋白", ["14.1", "12"] * 5, "HGB", "g/dL", "unit_from_values"), ("血红蛋白", ["14.1", "12"], "HGB", None, "unit_unclear"),
    ("C反应蛋白", ["0.5"] * 12, "CRP", None, None), ("肌酐", ["0.9"], "CREA", "mg/dL", "unit_from_values"), ("血钾", ["4.1", "45"], "K", None, "unlikely"),
    ("尿素", ["14", "15"] * 6, "UREA", None, "unit_unclear"), ("尿素", ["35", "30"] * 6, "UREA", "mg/dL urea", "unit_from_values"),
    ("甘油三酯(mg/dL)", ["110"], "TG", "mg/dL", None), ("甘油三酯(mg/mL)", ["1.1"], "TG", None, "unit_unknown"),
    ("甘油三酯", ["900000", "800000"], "TG", None, "unlikely"), ("血糖", ["5.1"], "GLU", None, "fasting"),
    ("尿蛋白", ["阴性", "1+"], "U_PRO", None, None), ("乙肝表面抗原", ["0.01", "41.7"], "HBSAG", None, None),
])  # fmt: skip
def test_units_follow_from_the_heading_or_the_whole_column(header, cells, code, unit, doubt) -> None:
    content = csv_of(*[[str(n), cell] for n, cell in enumerate(cells)], head=["id", header])
    column = understand(open_table(content), {})[0][1]
    assert (column.code, column.unit, column.doubt) == (code, unit, doubt)


def test_a_second_column_of_the_same_indicator_is_left_to_a_person() -> None:
    columns, _lines = understand(open_table(csv_of(["1", "5", "6"], head=["id", "血糖", "GLU"])), {})
    assert [(c.meaning, c.doubt) for c in columns] == [("id", None), ("value", "fasting"), ("unknown", "twice")]


@pytest.mark.parametrize(("text", "sex"), [("男", "male"), ("Female", "female"), ("2", "female"), ("??", "unknown"), ("", "unknown")])
def test_sex(text: str, sex: str) -> None:
    assert read_sex(text) == sex


@pytest.mark.parametrize(("text", "age"), [("41", 41), ("４１岁", 41), ("0", 0), ("41.0", 41), ("199", None), ("4个月", None), ("", None)])
def test_age(text: str, age: int | None) -> None:
    assert read_age(text) == age
