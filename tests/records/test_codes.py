"""The common ICD-10 codes and how they are found."""

import pytest

from app.clinic import records
from app.clinic.records.rules import read_icd10
from app.core.words import speaking

CATALOGUE = records.code_catalogue()


def test_every_code_is_whole_and_once() -> None:
    assert len(CATALOGUE.codes) > 700
    assert len({one.code for one in CATALOGUE.codes}) == len(CATALOGUE.codes)
    for one in CATALOGUE.codes:
        assert read_icd10(one.code) == one.code and one.zh and one.en and one.en_from in ("cm", "own"), one
        assert bool(one.plain_zh) == bool(one.plain_en), one
    assert CATALOGUE.zh_source and CATALOGUE.zh_status and CATALOGUE.en_source


@pytest.mark.parametrize(("typed", "first"), [
    ("高血压", "I10"), ("gxy", "I10"), ("gaoxueya", "I10"), ("high blood", "I10"), ("i10", "I10"), ("Ｉ１０", "I10"),
    ("糖尿病2", "E11.9"), ("e11.9", "E11.9"), ("E119", "E11.9"), ("痛风", "M10.9"), ("tf", "M10.9"), ("gout", "M10.9"),
    ("冠心病", "I25.1"), ("gxb", "I25.1"), ("coronary heart", "I25.1"), ("中风", "I64"), ("stroke", "I64"), ("COPD", "J44.9"),
    ("慢阻肺", "J44.9"), ("mzf", "J44.9"), ("乙肝", "B18.1"), ("失眠", "F51.0"), ("asthma", "J45.9"), ("xc", "J45.9"),
])
def test_a_code_is_found_by_what_people_type(typed, first) -> None:
    assert records.search_codes(typed)[0].code == first


@pytest.mark.parametrize("typed", ["", "  ", "zzzz", "%", "不存在的病", "'; DROP TABLE"])
def test_what_is_no_code_finds_nothing(typed) -> None:
    assert records.search_codes(typed) == []


def test_at_most_a_screen_is_shown() -> None:
    assert len(records.search_codes("a")) == 12


@pytest.mark.parametrize(("code", "named"), [("E11.900", "E11.9"), ("I10.X00X002", "I10"), ("E11", None), ("Z99.9", None), ("", None), ("K76.0", "K76.0")])
def test_a_longer_code_is_told_by_the_nearest(code, named) -> None:
    found = records.named(code)
    assert (found.code if found else None) == named


def test_names_are_in_the_readers_language() -> None:
    one = records.named("I10")
    with speaking("zh"):
        assert (one.plain, one.name) == ("高血压", "特发性（原发性）高血压")
    with speaking("en"):
        assert one.name == "Essential (primary) hypertension"
