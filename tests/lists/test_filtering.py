"""Whom a list shows: every filter, one by one and together; pages that miss nobody; addresses that say it all."""

from datetime import date
from itertools import combinations
from urllib.parse import parse_qs

import msgspec
import pytest

from app.clinic import cards, lists, observations, patients, records, tags, work
from app.clinic.lists.filtering import whom
from app.clinic.lists.queries import OLDER
from app.clinic.observations import NewValue
from app.core.forms import bind

HIGH = '{"is":"fact","field":"indicator","code":"SBP","take":"latest","op":"ge","value":140}'


def on(house, **given) -> list[int]:
    return [row.id for row in lists.page_of(house, lists.View(**given), limit=1000)]


@pytest.fixture
def people(house, who, register) -> dict[str, int]:
    """wang: 78, with everything; li: 40, male, with a card that ended (and so a manager); zhao: nothing but a name."""
    desk, nurse = who("desk"), who("nurse")
    wang = register("王秀英", age=78, doctor="doctor", manager="manager", address="和平里 3 号", phones=("13800138000",),
                    identifiers=((patients.RESIDENT_ID, "370102194803120023"),), consent=patients.Consent("1", "signed", "2026-01-01", "王秀英"))
    li = register("李建国", age=40, sex="male", doctor="doctor")
    zhao = register("赵一", sex="unknown")
    first = cards.types(house)[0].id
    cards.open_card(house, desk, wang, first)
    old = cards.open_card(house, desk, li, cards.types(house)[1].id)
    with house.change(desk, "card.opened", li):
        house.update("cards", old, {"opened_on": "2024-01-01", "valid_until": "2026-11-01"})
    observations.record(house, nurse, patients.get(house, wang), "2026-11-20", [NewValue("SBP", 150.0), NewValue("DBP", 95.0)])
    records.record_none(house, nurse, wang, records.section("allergies"))
    work.record(house, nurse, wang, work.NewContact("phone", "reached"))
    work.record(house, nurse, li, work.NewContact("phone", "no_answer"))
    tags.label(house, nurse, li, tags.Labelled("常来", "自己说的"))
    return {"wang": wang, "li": li, "zhao": zhao}


@pytest.mark.parametrize(("given", "expected"), [
    ({}, "zhao li wang"), ({"sex": "male"}, "li"), ({"sex": "unknown"}, "zhao"),
    ({"age_from": 41}, "wang"), ({"age_from": 40}, "li wang"), ({"age_to": 40}, "li"), ({"age_to": 39}, ""), ({"age_from": 78, "age_to": 78}, "wang"),
    ({"doctor": "0"}, "zhao"), ({"manager": "0"}, "zhao"), ({"card": "any"}, "li wang"), ({"card": "none"}, "zhao"),
    ({"card": "1"}, "wang"), ({"card": "2"}, "li"), ({"state": "expired"}, "li"), ({"state": "valid"}, "wang"), ({"state": "ending"}, ""),
    ({"card": "1", "state": "expired"}, ""), ({"tag": "常来"}, "li"), ({"contact": "within", "days": 30}, "wang"),
    ({"contact": "without", "days": 30}, "zhao li"), ({"contact": "never"}, "zhao li"), ({"where": HIGH}, "wang"),
    ({"where": HIGH, "tag": "常来"}, ""), ({"where": HIGH, "sex": "female", "doctor": "2"}, "wang"),
    ({"missing": ["phone"]}, "zhao li"), ({"missing": ["born"]}, "zhao"), ({"missing": ["sex"]}, "zhao"), ({"missing": ["document"]}, "zhao li"),
    ({"missing": ["address"]}, "zhao li"), ({"missing": ["doctor"]}, "zhao"), ({"missing": ["manager"]}, "zhao"), ({"missing": ["card"]}, "zhao"),
    ({"missing": ["consent"]}, "zhao li"), ({"missing": ["allergies"]}, "zhao li"), ({"missing": ["conditions"]}, "zhao li wang"),
    ({"missing": ["medications"]}, "zhao li wang"), ({"missing": ["card", "doctor"]}, "zhao"), ({"missing": ["card", "phone"]}, "zhao li"),
])  # fmt: skip
def test_every_filter_finds_whom_it_says(house, people, given, expected) -> None:
    view = lists.View(**given)
    assert [row.id for row in lists.page_of(house, view)] == [people[name] for name in expected.split()]
    assert lists.count(house, view) == len(expected.split()) and lists.ids(house, view) == on(house, **given)


def test_a_child_without_a_guardian_is_found_and_with_one_is_not(house, register) -> None:
    alone, _grown = register(age=10), register(age=14)
    register(age=10, related=(patients.Related("guardian", "王芳", "parent"),))
    assert on(house, missing=["guardian"]) == [alone]


def test_filters_together_are_one_within_the_other(house, people) -> None:
    some = [{"sex": "female"}, {"age_from": 30}, {"doctor": "2"}, {"card": "any"}, {"tag": "常来"}, {"contact": "never"}, {"where": HIGH},
            {"missing": ["phone"]}]
    for one, other in combinations(some, 2):
        assert set(on(house, **one, **other)) == set(on(house, **one)) & set(on(house, **other)), (one, other)


def test_who_was_taken_out_is_on_no_list(house, who, people) -> None:
    patients.withdraw(house, who("owner"), people["wang"], "twice")
    for given in ({}, {"where": HIGH}, {"doctor": "2"}, {"tag": "常来"}):
        assert people["wang"] not in on(house, **given)


def test_a_birthday_counts_from_its_day(house, register) -> None:
    id = register(birth_date=date(1966, 11, 23))  # today is 2026-11-23
    younger = register(birth_date=date(1966, 11, 24))
    assert on(house, age_from=60) == [id] and on(house, age_to=59) == [younger]


def test_pages_miss_nobody_in_either_direction(house, register) -> None:
    everybody = [register() for _ in range(23)][::-1]
    seen, before = [], None
    while rows := lists.page_of(house, lists.EVERYBODY, before=before, limit=5):
        seen += [row.id for row in rows]
        before = rows[-1].id
    assert seen == everybody
    assert [row.id for row in lists.page_of(house, lists.EVERYBODY, after=everybody[10], limit=5)] == everybody[5:10]


@pytest.mark.parametrize("given", [
    {}, {"doctor": "0", "days": 90}, {"missing": ["phone", "card"], "columns": ["phone", "tags"]}, {"contact": "without", "days": 30},
    {"where": HIGH, "age_from": 60, "tag": "高血压 & 糖尿病"}, {"contact": "never"},
])
def test_an_address_says_all_of_a_list(given) -> None:
    view = lists.View(**given)
    again = bind(lists.View, parse_qs(view.query())).value if view.query() else lists.EVERYBODY
    assert msgspec.structs.replace(again, where="") == msgspec.structs.replace(view, where="")
    assert bool(again.where) == bool(view.where)
    assert view.path() == ("/patients" if not given else f"/patients?{view.query()}")


@pytest.mark.parametrize("given", [
    {"doctor": "1 OR 1=1"}, {"card": "x"}, {"missing": ["phone", "name; DROP TABLE patients"]}, {"sex": "both"}, {"age_from": "-1"},
    {"columns": ["password"]}, {"where": "{}"}, {"where": HIGH.replace("SBP", "NOPE")}, {"contact": "sometimes"}, {"days": "0"}, {"state": "open"},
])
def test_what_cannot_be_read_is_no_filter(given) -> None:
    assert not bind(lists.View, given).ok


@pytest.mark.parametrize("given", [{}, {"doctor": "2"}, {"sex": "male", "missing": ["phone", "card"]}, {"tag": "x"}, {"age_from": 60, "state": "expired"}])
def test_a_page_is_a_walk_along_an_index(house, register, given) -> None:
    """Nobody is sorted: after fifty lines the walk ends."""
    people, key, values = whom(lists.View(**given))
    sql = OLDER.format(row="SELECT p.id", whom=people, key=key)
    plan = " ".join(row[3] for row in house.all(tuple, f"EXPLAIN QUERY PLAN {sql}", **values, edge=2**62, limit=51))
    assert "TEMP B-TREE" not in plan and "SCAN t" not in plan and "SCAN x" not in plan, plan
