"""Levels, as tables: (indicator, result, sex, age, expected, source)."""

import pytest

from app.clinic import catalogue
from app.clinic.catalogue import Indicator, Range, judge, judgement

ALL = catalogue.indicators()

NUMBERS = [
    ("SBP", 139, "male", 40, "normal", "diagnosis from 140"),
    ("SBP", 139.9, "male", 40, "normal", "139.9 is below 140"),
    ("SBP", 140, "male", 40, "high", "diagnosis from 140"),
    ("SBP", 179, "male", 40, "high", "urgent from 180"),
    ("SBP", 180, "male", 40, "critical_high", "urgent from 180"),
    ("SBP", 60, "male", 40, "normal", "lower 90 is unverified, so off"),
    ("SBP", 0, "male", 40, "normal", "0 is a value"),
    ("DBP", 89, "female", 40, "normal", "diagnosis from 90"),
    ("DBP", 90, "female", 40, "high", "diagnosis from 90"),
    ("DBP", 110, "female", 40, "critical_high", "urgent from 110"),
    ("BMI", 18.4, "male", 30, "low", "WS/T 428"),
    ("BMI", 18.5, "male", 30, "normal", "WS/T 428"),
    ("BMI", 23.95, "male", 30, "normal", "overweight from 24.0"),
    ("BMI", 24.0, "male", 30, "high", "WS/T 428"),
    ("WAIST", 89.9, "male", 30, "normal", "men from 90"),
    ("WAIST", 90, "male", 30, "high", "men from 90"),
    ("WAIST", 85, "female", 30, "high", "women from 85"),
    ("WAIST", 86, "unknown", 30, None, "one for a man, another for a woman"),
    ("WAIST", 84, "unknown", 30, "normal", "below both limits"),
    ("WAIST", 95, "unknown", 30, "high", "above both limits"),
    ("FPG", 6.0, "male", 50, "normal", "normal below 6.1"),
    ("FPG", 6.05, "male", 50, "normal", "normal below 6.1"),
    ("FPG", 6.1, "male", 50, "high", "normal below 6.1"),
    ("FPG", 3.9, "male", 50, "normal", "range from 3.9"),
    ("FPG", 3.89, "male", 50, "low", "range from 3.9"),
    ("FPG", 16.7, "male", 50, "high", "urgent only with diabetes: nobody else's critical limit"),
    ("GLU", 6.0, "male", 50, "normal", "normal fasting or not"),
    ("GLU", 6.1, "male", 50, None, "high only if fasting"),
    ("GLU", 7.7, "male", 50, None, "high only if fasting"),
    ("GLU", 7.8, "male", 50, "high", "high fasting or not"),
    ("GLU", 3.8, "male", 50, "low", "low fasting or not"),
    ("LDL", 3.39, "male", 50, "normal", "below 3.4"),
    ("LDL", 3.4, "male", 50, "high", "from 3.4"),
    ("HDL", 1.0, "male", 50, "normal", "low below 1.0"),
    ("HDL", 0.99, "male", 50, "low", "low below 1.0"),
    ("HGB", 115, "female", 30, "normal", "WS/T 405"),
    ("HGB", 114, "female", 30, "low", "WS/T 405"),
    ("HGB", 120, "unknown", 30, None, "low for a man, normal for a woman"),
    ("CREA", 97, "male", 59, "normal", "WS/T 404.5, 20-59"),
    ("CREA", 97.1, "male", 59, "high", "WS/T 404.5, 20-59"),
    ("CREA", 111, "male", 60, "normal", "WS/T 404.5, 60-79"),
    ("CREA", 112, "male", 60, "high", "WS/T 404.5, 60-79"),
    ("UREA", 9, "male", 60, None, "the older band is from recall"),
    ("ALP", 120, "female", 50, None, "the older band is from recall"),
    ("EGFR", 60, "male", 70, "normal", "KDIGO G2"),
    ("EGFR", 59.9, "male", 70, "low", "KDIGO G3a"),
    ("FE", 5, "male", 40, None, "two sources conflict: off"),
    ("PSA", 4.1, "female", 60, None, "men only"),
    ("PSA", 4.1, "unknown", 60, None, "men only"),
    ("HEIGHT", 170, "male", 40, None, "no range"),
    ("HBSAG", 41.7, "male", 40, None, "a number without the laboratory's cut-off"),
    ("SBP", 150, "male", 17, None, "adult limits"),
    ("SBP", 190, "male", 17, None, "adult limits, the critical one too"),
    ("SBP", 150, "male", None, None, "age unknown"),
    ("SBP", 150, "male", 18, "high", "adult from 18"),
]

COMPARED = [
    ("CRP", "<", 5, "normal"), ("CRP", "<", 8, "normal"), ("CRP", "<", 9, None), ("CRP", "<", 0.5, "normal"),
    ("CRP", ">", 8, "high"), ("CRP", ">=", 8, None), ("CRP", ">", 7, None), ("CRP", ">", 200, "high"),
    ("FER", "<", 30, "low"), ("FER", "<=", 30, None), ("FER", "<", 31, None), ("FER", ">", 400, "high"),
    ("FPG", ">=", 6.1, "high"), ("FPG", "<", 6.1, None), ("FPG", ">", 33, "high"), ("FPG", "<", 3.9, "low"),
    ("SBP", ">", 180, "critical_high"), ("SBP", ">=", 170, "high"), ("SBP", "<", 140, "normal"),
    ("EGFR", ">", 90, "normal"), ("EGFR", "<", 15, "low"), ("EGFR", "<", 61, None),
]  # fmt: skip

WORDS = [
    ("U_PRO", "阴性", "normal"), ("U_PRO", "阴性(-)", "normal"), ("U_PRO", "-", "normal"), ("U_PRO", "Neg", "normal"),
    ("U_PRO", "（－）", "normal"), ("U_PRO", "±", "abnormal"), ("U_PRO", "弱阳性", "abnormal"), ("U_PRO", "1+", "abnormal"),
    ("U_PRO", "+++", "abnormal"), ("U_PRO", "阳性（+）", "abnormal"), ("U_PRO", "trace", "abnormal"),
    ("U_PRO", "黄色", None), ("U_PRO", "A - B", None), ("HBSAB", "阳性", None), ("HBSAB", "阴性", None),
    ("HBSAG", "阳性", "abnormal"), ("FPG", "阳性", None), ("HBEAG", "阳性", None),
]  # fmt: skip


@pytest.mark.parametrize("code, value, sex, age, expected, source", NUMBERS)
def test_numbers(code, value, sex, age, expected, source):
    assert judge(ALL[code], value, sex=sex, age=age) == expected, source


@pytest.mark.parametrize("code, comparator, value, expected", COMPARED)
def test_only_what_is_certain(code, comparator, value, expected):
    assert judge(ALL[code], value, comparator=comparator, sex="male", age=40) == expected


@pytest.mark.parametrize("code, text, expected", WORDS)
def test_words(code, text, expected):
    assert judge(ALL[code], text=text, sex="male", age=40) == expected


def test_words_beside_a_number_decide_where_words_are_expected():
    assert judge(ALL["HBSAG"], 0.01, "阴性", sex="male", age=40) == "normal"


def limits():
    for indicator in ALL.values():
        for range in indicator.ranges:
            if range.on and range.when is None and range.kind != "qualitative":
                sex = "male" if range.sex == "any" else range.sex
                yield pytest.param(indicator, range, sex, range.from_age, id=f"{indicator.code}-{sex}-{range.from_age}")


@pytest.mark.parametrize("indicator, range, sex, age", list(limits()))
def test_every_indicator_at_0_at_each_limit_and_just_past_it(indicator: Indicator, range: Range, sex, age):
    def level(value):
        return judge(indicator, value, sex=sex, age=age)

    tiny = 1e-6
    if range.low is not None:
        assert level(range.low) == "normal"
        if range.low > 0:
            assert level(range.low - tiny) == "low"
            assert level(0) == "low"
    else:
        assert level(0) == "normal"
    if range.high is not None:
        assert level(range.high) == "normal"
        first_high = range.limit if range.limit is not None else range.high + tiny
        assert level(first_high) == "high"
        if range.limit is not None:
            assert level(range.limit - tiny) == "normal"


@pytest.mark.parametrize("indicator", [i for i in ALL.values() if not any(r.on for r in i.ranges)], ids=lambda i: i.code)
def test_without_a_verified_range_there_is_no_level(indicator):
    for sex in ("male", "female", "unknown"):
        assert judge(indicator, 0, sex=sex, age=40) is None
        assert judge(indicator, 1e9, sex=sex, age=40) is None


def test_the_range_told_is_the_one_it_was_judged_by():
    assert judgement(ALL["GLU"], 8, sex="male", age=40) == catalogue.Judgement("high", 3.9, 7.7)
    assert judgement(ALL["GLU"], 5, sex="male", age=40) == catalogue.Judgement("normal", 3.9, 6.0)
    assert judgement(ALL["GLU"], 7, sex="male", age=40) == catalogue.Judgement(None, None, None)
    assert judgement(ALL["HGB"], 100, sex="unknown", age=40) == catalogue.Judgement("low", 115, 175)
    assert judgement(ALL["SBP"], 120, sex="male", age=40) == catalogue.Judgement("normal", None, 139)


@pytest.mark.parametrize(
    "code, value, expected",
    [("SBP", 120, None), ("SBP", 260, "soft"), ("SBP", 301, "hard"), ("SBP", -1, "hard"), ("SBP", 0, "soft"),
     ("TEMP", 46, "hard"), ("TEMP", 37, None), ("SPO2", 101, "hard"), ("CREA", 1.0, "soft"), ("TG", 41.57, None),
     ("FPG", 99, "soft"), ("FPG", -0.1, "hard"), ("NEUT_PCT", 100.1, "hard"), ("HEIGHT", 1.7, "soft")],
)  # fmt: skip
def test_plausible(code, value, expected):
    assert catalogue.plausible(ALL[code], value) == expected
