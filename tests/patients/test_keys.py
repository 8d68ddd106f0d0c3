import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clinic.patients.keys import INSIDE, START, UNUSUAL, name_keys, number_keys, typed_key
from app.clinic.patients.pinyin import spellings


@pytest.mark.parametrize(("name", "ways"), [
    ("王秀英", {"wangxiuying"}),
    ("单立", {"shanli", "danli"}), ("曾强", {"zengqiang", "cengqiang"}), ("解冰", {"xiebing", "jiebing"}),
    ("查良镛", {"zhaliangyong", "chaliangyong"}), ("仇英", {"qiuying", "chouying"}), ("朴树", {"piaoshu", "pushu"}),
    ("尉迟恭", {"yuchigong", "weichigong"}), ("万俟雪", {"moqixue", "wanqixue"}), ("区伟", {"ouwei", "quwei"}),
    ("盖茨", {"geci", "gaici"}), ("任翔", {"renxiang"}), ("吕蒙", {"lvmeng", "lumeng"}),
])
def test_names_are_spelt_both_ways(name: str, ways: set[str]) -> None:
    assert {way.full for way in spellings(name) if way.usual} == ways


def test_an_unusual_reading_of_a_given_name_is_kept_apart() -> None:
    keys = name_keys("王乐")
    assert keys["wangle"] == START
    assert keys["wangyue"] == UNUSUAL


def test_a_name_is_found_from_each_place_it_can_begin() -> None:
    assert name_keys("王秀英") | {"wangxiuyang": UNUSUAL} == {
        "王秀英": START, "秀英": INSIDE, "英": INSIDE, "wangxiuying": START, "xiuying": INSIDE, "ying": INSIDE,
        "wxy": START, "wangxiuyang": UNUSUAL,
    }


def test_english_names_are_found_by_each_word() -> None:
    assert name_keys("John Paul Smith") == {
        "johnpaulsmith": START, "paulsmithjohn": INSIDE, "smithjohnpaul": INSIDE,
    }


def test_many_readings_do_not_explode() -> None:
    assert len(spellings("乐乐乐乐乐乐乐乐")) <= 8


@pytest.mark.parametrize(("typed", "key"), [
    ("王 秀英", "王秀英"), ("Ｗang　Xiu", "wangxiu"), ("138-0013", "1380013"), ("José", "jose"), ("lü", "lv"), (" · ", ""),
])
def test_what_is_typed_becomes_a_key(typed: str, key: str) -> None:
    assert typed_key(typed) == key


def test_a_number_is_found_with_and_without_letters_and_zeros() -> None:
    assert set(number_keys("Y-000120")) == {"y000120", "000120", "120"}


def test_the_phrases_of_pypinyin_are_never_loaded() -> None:
    code = "from app.clinic.patients.pinyin import spellings; spellings('王'); import sys; print('pypinyin' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "False"


@given(st.text(alphabet="王秀英单曾解尉迟乐李德福静", min_size=1, max_size=6))
def test_any_part_of_a_name_is_the_beginning_of_a_key(name: str) -> None:
    keys = name_keys(name)
    for start in range(len(name)):
        for end in range(start + 1, len(name) + 1):
            places = {place for key, place in keys.items() if key.startswith(name[start:end])}
            assert min(places) == (START if name.startswith(name[start:end]) else INSIDE)
