"""Figures of everybody: once a person, small counts withheld, and nothing to be worked out."""

import csv
import io
from datetime import date
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.clinic import figures, patients, responses
from app.clinic.figures.withholding import LEAST, withheld
from tests.acting.conftest import RARE, TOLERABLE, tiredness


def lines(rows: int, columns: int) -> list[list[tuple]]:
    """Of a table with its totals in the last row and column."""
    return [[(r, c) for c in range(columns + 1)] for r in range(rows + 1)] + [[(r, c) for r in range(rows + 1)] for c in range(columns + 1)]


def with_totals(inner: list[list[int]]) -> dict[tuple, int]:
    rows = [[*row, sum(row)] for row in inner]
    rows.append([sum(column) for column in zip(*rows, strict=True)])
    return {(r, c): n for r, row in enumerate(rows) for c, n in enumerate(row)}


def moving(counts: dict[tuple, int], hidden: set, rows: int, columns: int) -> set[tuple]:
    """The withheld places that may be otherwise: tables that fit all that is shown, one more or less here and there."""
    free = [place for place in product(range(rows), range(columns)) if place in hidden]
    found: set[tuple] = set()
    for steps in product((-1, 0, 1), repeat=len(free)):
        tried = counts | {place: counts[place] + step for place, step in zip(free, steps, strict=True)}
        whole = with_totals([[tried[r, c] for c in range(columns)] for r in range(rows)])
        if min(whole.values()) >= 0 and all(whole[place] == counts[place] for place in counts if place not in hidden):
            found |= {place for place in hidden if whole[place] != counts[place]}
    return found


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True, database=None)
@given(st.lists(st.lists(st.sampled_from([0, 0, 1, 2, 4, 5, 6, 9]), min_size=2, max_size=2), min_size=2, max_size=3))
def test_nothing_withheld_can_be_worked_out(inner: list[list[int]]) -> None:
    counts = with_totals(inner)
    hidden = withheld(counts, lines(len(inner), 2))
    assert all(place in hidden for place, n in counts.items() if 0 < n < LEAST)
    assert moving(counts, hidden, len(inner), 2) == hidden


@pytest.mark.parametrize(("counts", "hidden"), [
    ({"a": 3, "b": 12, "c": 20}, {"a", "b"}), ({"a": 1, "b": 2, "c": 20}, {"a", "b", "c"}), ({"a": 2, "b": 3, "c": 20}, {"a", "b"}),
    ({"a": 0, "b": 12, "c": 20}, set()), ({"a": 3, "b": 0, "c": 20}, {"a", "c"}), ({"a": 5, "b": 6}, set()),
])
def test_a_single_small_count_takes_the_next_along(counts, hidden) -> None:
    assert withheld(counts | {"all": sum(counts.values())}, [(*counts, "all")], {"all": False}) == hidden


@pytest.fixture
def crowd(db, publish, person, reply):
    """Thirteen people: nine women often tired, four men of whom one is; the first woman answered before, differently."""
    version = publish(tiredness(TOLERABLE, RARE))
    women = [person(f"女{n}", "female", f"19{60 + n}-01-01") for n in range(9)]
    men = [person(f"男{n}", "male", f"19{40 + n}-01-01") for n in range(4)]
    reply(women[0], version, at="2026-11-01T09:00", a="never", b="never", tea="none")
    for one in women:
        reply(one, version, at="2026-11-20T09:00", a="often", b="often", tea="green/1")
    for n, one in enumerate(men):
        reply(one, version, at="2026-11-20T09:00", a="often" if n == 0 else "never", b="never", shift="true")
    return version


def shares(found: list, link_id: str) -> dict[str, int | None]:
    return {share.word: share.n for share in next(one for one in found if one.item.link_id == link_id).shares}


def test_each_person_counts_once_and_small_counts_are_withheld(db, crowd) -> None:
    people, found = figures.questions(db, crowd)
    assert people == 13
    assert shares(found, "a") == {"never": None, "some": 0, "often": None, "blank": 0}
    assert shares(found, "b") == {"never": None, "some": 0, "often": None, "blank": 0}
    assert shares(found, "shift") == {"true": None, "false": 0, "blank": None}


def test_scores_by_sex_withhold_what_gives_the_men_away(db, crowd) -> None:
    score = crowd.definition.by_id["total"]
    found = figures.groups(db, crowd, score, "sex")
    assert [row[0] for row in found.rows] == ["female", "male", "all"]
    assert found.rows[-1][1][-1] == 13 and found.rows[1][1][-1] is None and found.rows[0][1][-1] is None
    assert found.rows[1][2] is None and found.rows[-1][2] == round((9 * 4 + 2) / 13, 1)


def test_by_age_and_by_tag(db, crowd) -> None:
    score = crowd.definition.by_id["total"]
    assert [row[0] for row in figures.groups(db, crowd, score, "age").rows][-1] == "all"
    assert [row[0] for row in figures.groups(db, crowd, score, "tag", "q.tired.total.often").rows] == ["with", "without", "all"]


def test_fewer_than_five_people_show_nothing(db, tired, person, reply) -> None:
    for n in range(4):
        reply(person(f"人{n}"), tired, a="often", b="often")
    assert figures.questions(db, tired) == (4, []) and figures.groups(db, tired, tired.definition.by_id["total"], "sex") is None


def test_who_asked_that_their_data_not_be_used_is_in_no_figure_and_no_file(db, who, tired, person, reply) -> None:
    several = [person(f"人{n}") for n in range(6)]
    for one in several:
        reply(one, tired, a="often", b="often")
    patients.restrict(db, who("owner"), several[0].id, patients.NewRestriction(reason="本人要求", asked_on=date(2026, 11, 20)))
    assert figures.questions(db, tired)[0] == 5 and len(list(figures.table(db, who("owner"), tired))) == 6


def test_the_file_has_a_row_a_response_and_runs_no_formula(db, who, tired, wang, reply) -> None:
    reply(wang, tired, a="often", b="some", shift="true", tea="green/1")
    rows = list(figures.table(db, who("owner"), tired))
    assert rows[0][6:] == ["a 白天疲倦吗？", "b 晚上醒吗？", "shift 上夜班吗？", "tea 喝什么？", "total 总分"]
    assert rows[1] == [wang.number, "女", "1981-03-12", "2026-11-23 09:30", "医护代填", "1", "常常", "有时", "是", "绿茶", "3"]


def test_the_export_is_written_down_and_needs_the_right(sign_in, client) -> None:
    assert sign_in("nurse").post("/manage/questionnaires/14/exports").status_code == 403
    answer = sign_in("owner").post("/manage/questionnaires/14/exports")
    assert answer.status_code == 201 or answer.status_code == 200
    assert list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff"))))[0][0] == "病历号"
    assert client.app.state.db.value("SELECT count(*) FROM events WHERE kind = 'answers.exported'") == 1


def test_a_course_has_every_score_with_its_band(db, tired, wang, reply) -> None:
    first = reply(wang, tired, at="2026-10-01T09:00", a="never", b="some")
    second = reply(wang, tired, a="often", b="some")
    (course,) = figures.courses(db, wang.id)
    assert [(one.response_id, one.number, one.band.code) for one in course.moments] == [(first, 1.0, "rare"), (second, 3.0, "often")]


def test_two_responses_side_by_side(db, tired, wang, reply) -> None:
    ids = reply(wang, tired, at="2026-10-01T09:00", a="never", b="some"), reply(wang, tired, a="often", b="some", shift="true")
    both = figures.side_by_side(db, *(responses.get(db, id) for id in reversed(ids)))
    assert (both.before.id, both.after.id) == ids
    assert {row.item.link_id: row.differs("zh") for row in both.rows} == {"a": True, "b": False, "shift": True}
    assert [(item.link_id, before.value, after.value) for item, before, after in both.scores] == [("total", "1", "3")]
