"""Every shipped rule at its limits and just past them. (values, expected tags, source)"""

import pytest

from app.clinic import criteria, tags
from app.clinic.tags.actions import shipped

BP = "Chinese hypertension guideline, clinical README 1.13"
WST = "WS/T 428-2013, clinical README 1.12"
GLUCOSE = "WHO 1999 / CDS 2020, clinical README 1.14"
LIPIDS = "Chinese lipid guideline, clinical README 1.16"
KDIGO = "KDIGO, clinical README 1.9"

CASES = [
    ({"SBP": 0, "DBP": 0}, set(), BP),
    ({"SBP": 119, "DBP": 79}, set(), BP),
    ({"SBP": 120, "DBP": 79}, {"bp_high_normal"}, BP),
    ({"SBP": 119, "DBP": 80}, {"bp_high_normal"}, BP),
    ({"SBP": 139, "DBP": 89}, {"bp_high_normal"}, BP),
    ({"SBP": 139.5}, {"bp_high_normal"}, BP),
    ({"SBP": 140, "DBP": 89}, {"bp_grade_1", "isolated_systolic"}, BP),
    ({"SBP": 139, "DBP": 90}, {"bp_grade_1"}, BP),
    ({"SBP": 159.9, "DBP": 99.9}, {"bp_grade_1"}, BP),
    ({"SBP": 140, "DBP": 100}, {"bp_grade_2"}, BP),
    ({"SBP": 160, "DBP": 90}, {"bp_grade_2"}, BP),
    ({"SBP": 179, "DBP": 109}, {"bp_grade_2"}, BP),
    ({"SBP": 180, "DBP": 90}, {"bp_grade_3"}, BP),
    ({"SBP": 120, "DBP": 110}, {"bp_grade_3"}, BP),
    ({"SBP": 150}, {"bp_grade_1"}, BP),
    ({"BMI": 23.9}, set(), WST),
    ({"BMI": 24}, {"overweight"}, WST),
    ({"BMI": 27.9}, {"overweight"}, WST),
    ({"BMI": 28}, {"obesity"}, WST),
    ({"FPG": 6.0}, set(), GLUCOSE),
    ({"FPG": 6.1}, {"impaired_glucose"}, GLUCOSE),
    ({"FPG": 6.99}, {"impaired_glucose"}, GLUCOSE),
    ({"FPG": 7.0}, {"raised_glucose"}, GLUCOSE),
    ({"FPG": 6.5, "HBA1C": 6.5}, {"raised_glucose"}, GLUCOSE),
    ({"HBA1C": 6.4}, set(), GLUCOSE),
    ({"PG2H": 7.7}, set(), GLUCOSE),
    ({"PG2H": 7.8}, {"impaired_glucose"}, GLUCOSE),
    ({"PG2H": 11.0}, {"impaired_glucose"}, GLUCOSE),
    ({"PG2H": 11.1}, {"raised_glucose"}, GLUCOSE),
    ({"RPG": 11.0}, set(), GLUCOSE),
    ({"RPG": 11.1}, {"raised_glucose"}, GLUCOSE),
    ({"GLU": 7.0}, set(), GLUCOSE),
    ({"GLU": 7.7}, set(), GLUCOSE),
    ({"GLU": 7.8}, {"glucose_ask_fasting"}, GLUCOSE),
    ({"GLU": 11.0}, {"glucose_ask_fasting"}, GLUCOSE),
    ({"GLU": 11.1}, {"raised_glucose"}, GLUCOSE),
    ({"TC": 6.19, "LDL": 4.09, "TG": 2.29, "HDL": 1.0}, set(), LIPIDS),
    ({"TC": 6.2}, {"dyslipidaemia"}, LIPIDS),
    ({"LDL": 4.1}, {"dyslipidaemia"}, LIPIDS),
    ({"TG": 2.3}, {"dyslipidaemia"}, LIPIDS),
    ({"HDL": 0.99}, {"dyslipidaemia"}, LIPIDS),
    ({"EGFR": 60}, set(), KDIGO),
    ({"EGFR": 59.9}, {"reduced_egfr"}, KDIGO),
]


@pytest.mark.parametrize(("values", "expected", "source"), CASES, ids=lambda value: str(sorted(value) if isinstance(value, set) else value)[:40])
def test_limits(db, person, measure, codes, values, expected, source) -> None:
    patient = person()
    measure(patient, **values)
    assert codes(patient.id) == expected, source


@pytest.mark.parametrize(("sex", "waist", "tagged"), [
    ("male", 89.9, False), ("male", 90, True), ("female", 84.9, False), ("female", 85, True), ("unknown", 120, False)])
def test_central_obesity_by_sex(person, measure, codes, sex, waist, tagged) -> None:
    patient = person(sex=sex)
    measure(patient, WAIST=waist)
    assert ("central_obesity" in codes(patient.id)) is tagged


@pytest.mark.parametrize("born", ["2008-11-24", None])
def test_adult_limits_tag_no_minor_and_nobody_of_unknown_age(person, measure, codes, born) -> None:
    patient = person(born=born)
    measure(patient, SBP=185, DBP=115, FPG=9.0, WAIST=95, TC=7.0)
    assert codes(patient.id) == set()


@pytest.mark.parametrize(("born", "tagged"), [("1961-11-23", True), ("1961-11-24", False)])
def test_senior_from_the_birthday_on(person, codes, born, tagged) -> None:
    assert ("senior_65" in codes(person(born=born).id)) is tagged


def test_unverified_rules_are_off_and_the_rest_on(db) -> None:
    assert {rule.code for rule in tags.rules(db) if not rule.is_on} == {one.code for one in shipped() if one.status.startswith("U")}
    assert any(one.status.startswith("U") for one in shipped())


def test_the_shipped_file_is_sound_and_reads_in_both_languages(db) -> None:
    assert tags.check() == []
    for rule in tags.rules(db):
        zh, en = (criteria.sentence(tags.tree_of(rule.criterion), code) for code in ("zh", "en"))
        assert zh != en and rule.source_zh and rule.source_en


def test_sentences_read_like_speech(db) -> None:
    rule = tags.rule(db, "bp_grade_3")
    assert criteria.sentence(tags.tree_of(rule.criterion), "zh") == "年龄 ≥18 岁 且（最近一次收缩压 ≥180 mmHg 或 舒张压 ≥110 mmHg）"
    assert criteria.sentence(tags.tree_of(tags.rule(db, "overweight").criterion), "en") == (
        "Age ≥18 years and latest Body mass index ≥24 and <28 kg/m²")
