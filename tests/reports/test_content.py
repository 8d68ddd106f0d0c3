"""What a report says: its rule of lights, its order, and that it never changes."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.clinic import catalogue, observations, patients, reports
from app.clinic.reports import paper, rules
from app.clinic.reports.shapes import Content, Finding, Result, Said, Value, Work
from app.core import clock, words
from app.core.db import Database
from tests.reports.conftest import NOW, file


def result(code: str, *levels: str | None) -> Result:
    values = tuple(Value(f"{2020 + i}-01-01", 5.0 + i, str(5.0 + i), level) for i, level in enumerate(levels))
    return Result(code, code, code, "group", "mmol/L", 1, "", values)


@pytest.mark.parametrize(("level", "asked", "light"), [
    ("critical_high", False, "act"), ("critical_low", False, "act"), ("high", False, "watch"), ("low", False, "watch"),
    ("abnormal", False, "watch"), ("high", True, "act"), ("abnormal", True, "act"), ("normal", True, "fine"), ("normal", False, "fine"),
    (None, True, None), (None, False, None),
])  # fmt: skip
def test_the_lights(level: str | None, asked: bool, light: str | None) -> None:
    assert rules.light(result("LDL", level), {"LDL"} if asked else {"HDL"}) == light


@pytest.mark.parametrize(("seen", "light"), [
    (["fine", "watch", None], "watch"), (["act", "fine"], "act"), (["fine", None], "fine"), ([None], None), ([], None),
])  # fmt: skip
def test_a_group_has_the_light_of_its_gravest(seen: list, light: str | None) -> None:
    assert rules.gravest(seen) == light


def test_explaining_and_measuring_again_make_no_light_red() -> None:
    work = [Work("a", "", "2026-12-01", codes=("LDL",), acts=False), Work("b", "", "", codes=("HDL",)), Work("c", "", "2026-12-01", codes=("SBP",))]
    assert rules.asked(work) == {"SBP"}


def test_the_gravest_comes_first() -> None:
    a, b, c, d = (Finding(n, (result(n, level),), light, (), ()) for n, level, light in
                  [("a", "high", "watch"), ("b", "high", "act"), ("c", "critical_high", "act"), ("d", "low", "watch")])  # fmt: skip
    assert [finding.name for finding in rules.gravest_first([a, b, c, d])] == ["c", "b", "a", "d"]


def test_what_helps_is_said_once() -> None:
    salt, walk = Said("salt", "a"), Said("walk", "b")
    first, second, third = rules.said_once(Finding(n, (), "watch", (), do) for n, do in [("a", (salt, walk)), ("b", (walk,)), ("c", ())])
    assert (first.do, first.again) == ((salt, walk), False)
    assert (second.do, second.again) == ((), True)
    assert (third.do, third.again) == ((), False)


def test_two_pressures_of_one_day_are_one() -> None:
    pressure = [result("SBP", "high"), result("DBP", "normal")]
    assert [[r.code for r in pair] for pair in rules.pairs([*pressure, result("LDL", "high")])] == [["SBP", "DBP"], ["LDL"]]
    assert [[r.code for r in pair] for pair in rules.pairs([result("SBP", "normal", "high"), result("DBP", "normal")])] == [["SBP"], ["DBP"]]


def test_charts_show_what_is_out_of_range_and_has_a_course() -> None:
    results = [result("A", "normal", "normal", "normal"), result("B", "high"), result("C", "normal", "high"), result("D", "normal", "normal")]
    assert rules.charts(results) == (("C",), ("A",))
    assert rules.charts([result("B", "high")]) == ()


def gathered(db: Database, patient_id: int, language: str | None = None) -> Content:
    return reports.content(db, reports.want(db, None, patient_id, language))


def test_a_history_in_the_patients_language(db: Database, wang: int) -> None:
    content = gathered(db, wang)
    assert (content.language, content.person.name, content.person.age) == ("zh", "王秀英", 78)
    assert content.allergies == ("青霉素（皮疹）",) and content.doctor == "林文清" and content.measured_on == "2026-11-05"
    assert [finding.name for finding in content.findings] == ["血压", "低密度脂蛋白胆固醇"]
    assert content.findings[1].means[0] == ("血脂高于合适水平。要不要治疗取决于整体的心血管风险，请和医生商量。", "中国血脂管理指南（2016/2023）") or \
        content.findings[1].means[0].source
    assert content.charts[0] == ("SBP", "DBP") and len(content.charts) == 2


def test_the_same_in_english(db: Database, wang: int) -> None:
    content = gathered(db, wang, "en")
    assert [finding.name for finding in content.findings] == ["Blood pressure", catalogue.indicators()["LDL"].en]


def test_a_nameless_person_with_one_visit(db: Database, nameless: int) -> None:
    content = gathered(db, nameless)
    assert content.person.nameless and content.person.name == content.person.number
    assert content.person.birth_about and content.allergies is None and content.doctor == ""
    assert content.charts == () and len(content.results) == 1


def test_somebody_without_any_result(db: Database) -> None:
    id = patients.register(db, None, patients.NewPatient("新来的", "male"))
    content = gathered(db, id)
    assert content.results == content.findings == content.aspects == () and content.measured_on == ""
    with words.speaking("en"):
        assert paper.Paper(content).age == "not known"


def test_yesterdays_report_never_changes(db: Database, wang: int, who: Callable) -> None:
    first = reports.want(db, None, wang)
    before = reports.content(db, first)
    file(db, who("doctor"), wang, "2026-11-22", {"LDL": 2.0, "SBP": 120, "DBP": 70})
    assert reports.content(db, first) == before
    assert gathered(db, wang) != before


def test_zero_and_words_are_values(db: Database, wang: int, who: Callable) -> None:
    file(db, who("doctor"), wang, "2026-11-22", {"BASO": 0.0, "U_PRO": "1+"})
    by_code = {r.code: r for r in gathered(db, wang).results}
    assert by_code["BASO"].now.value == 0.0 and by_code["BASO"].now.shown.startswith("0")
    assert by_code["U_PRO"].now.value is None and by_code["U_PRO"].now.shown == "1+"


def test_the_same_form_twice_asks_once(db: Database, wang: int, who: Callable) -> None:
    doctor = who("doctor")
    assert reports.want(db, doctor, wang, token="t1") == reports.want(db, doctor, wang, token="t1")
    assert reports.want(db, doctor, wang, token="t2") != reports.want(db, doctor, wang, token="t1")


def test_numbers_count_the_day(db: Database, wang: int) -> None:
    numbers = [gathered(db, wang).number for _ in range(3)]
    with clock.stop(NOW + timedelta(days=1)):
        numbers.append(gathered(db, wang).number)
    assert numbers == ["R-20261123-01", "R-20261123-02", "R-20261123-03", "R-20261124-01"]


def test_old_values_say_so(db: Database, wang: int, who: Callable) -> None:
    file(db, who("doctor"), wang, "2019-03-01", {"UA": 312})
    content = gathered(db, wang)
    with words.speaking("zh"):
        drawn = paper.Paper(content)
        told = {r.code: drawn.old(r) for r in content.results}
    assert told["UA"] == "2019-03" and told["LDL"] == ""


def test_a_sentence_without_a_source_is_the_neutral_one(db: Database, wang: int, who: Callable) -> None:
    file(db, who("doctor"), wang, "2026-11-22", {"ALT": 90})
    finding = next(f for f in gathered(db, wang, "en").findings if f.results[0].code == "ALT")
    assert [said.source for said in finding.means] == [""] and "ask your doctor" in finding.means[0].text


def test_everything_measured_is_listed(db: Database, wang: int) -> None:
    content = gathered(db, wang)
    assert {r.code for r in content.results} == {reading.code for reading in observations.latest(db, wang)}
    with words.speaking("zh"):
        listed = [r for _category, lines in paper.Paper(content).groups() for pair in lines for r in pair if r]
    assert len(listed) == len(content.results)
