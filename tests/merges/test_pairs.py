"""Who is registered twice: scored, found among everybody, and not asked about again once told apart."""

from datetime import date

import pytest

from app.clinic import patients, work
from app.clinic.patients import NewPatient, likeness
from app.tasks import sweep, weekly
from tests.merges.conftest import BORN, WANG_ID


@pytest.mark.parametrize(("one", "other", "found"), [
    (NewPatient("王秀英", "female", BORN), NewPatient("王秀英", "female", BORN), 70),
    (NewPatient("王秀英", "female", BORN), NewPatient("汪秀英", "female", BORN), 45),
    (NewPatient("王秀英", "female", BORN, phones=("13800138000",)), NewPatient("王秀英", "female", BORN, phones=("13800138000",)), 95),
    (NewPatient("王秀英", phones=("13800138000",)), NewPatient("王秀英", "female", BORN, phones=("13800138000",)), 50),
    (NewPatient("王秀英", "female", BORN), NewPatient("王秀英", "male", BORN), 40),
])
def test_the_weekly_look_finds_and_scores(db, who, one, other, found) -> None:
    ids = [patients.register(db, who("desk"), new) for new in (one, other)]
    assert patients.look_through(db) == 1
    [pair], more = patients.pairs(db)
    assert ([pair.first.id, pair.second.id], pair.score, more) == (ids, found, False)
    assert patients.look_through(db) == 0


@pytest.mark.parametrize(("one", "other"), [
    (NewPatient("王秀英", "female", BORN), NewPatient("王秀英", "female", date(1948, 3, 13))),
    (NewPatient("王秀英", "female", BORN, phones=("13800138000",)), NewPatient("李建国", "male", phones=("13800138000",))),
    (NewPatient("王秀英", "female", BORN, identifiers=((patients.RESIDENT_ID, WANG_ID),)),
     NewPatient("王秀英", "female", BORN, identifiers=((patients.RESIDENT_ID, "370102194803120040"),))),
])
def test_two_people_are_not_listed(db, who, one, other) -> None:
    for new in (one, other):
        patients.register(db, who("desk"), new)
    assert patients.look_through(db) == 0 and patients.pairs(db) == ([], False)


def test_told_apart_is_remembered_even_after_joining(db, who) -> None:
    first, second, third = (patients.register(db, who("desk"), NewPatient("王秀英", "female", BORN)) for _n in range(3))
    pair = patients.compare(db, who("desk"), first, second)
    patients.tell_apart(db, who("desk"), pair)
    patients.merge(db, who("desk"), third, first)
    patients.look_through(db)
    assert patients.pairs(db)[0] == []
    assert [one.second.id for one in patients.pairs(db, apart=True)[0]] == []  # one of the two is not there any more


def test_told_apart_can_be_taken_back(db, who) -> None:
    for _n in range(2):
        patients.register(db, who("desk"), NewPatient("王秀英", "female", BORN))
    patients.look_through(db)
    [pair], _more = patients.pairs(db)
    patients.tell_apart(db, who("desk"), pair.id)
    assert patients.look_through(db) == 0 and patients.pairs(db)[0] == [] and patients.open_pairs(db) == 0
    patients.ask_again(db, who("desk"), pair.id)
    assert [one.id for one in patients.pairs(db)[0]] == [pair.id]


def test_who_is_corrected_leaves_the_list(db, who) -> None:
    ids = [patients.register(db, who("desk"), NewPatient("王秀英", "female", BORN)) for _n in range(2)]
    patients.look_through(db)
    patients.edit(db, who("desk"), ids[1], 1, NewPatient("王秀英", "female", date(1950, 1, 1)))
    patients.look_through(db)
    assert patients.pairs(db)[0] == []


def test_a_workplace_number_is_no_family(db, who) -> None:
    for n in range(12):
        patients.register(db, who("desk"), NewPatient("王秀英", phones=("01062751234",), birth_date=date(1950 + n, 1, 1)))
    assert patients.look_through(db) == 0


def test_the_list_pages(db, who) -> None:
    for n in range(6):
        for _twice in range(2):
            patients.register(db, who("desk"), NewPatient("王秀英", "female", date(1950 + n, 1, 1)))
    patients.look_through(db)
    first, more = patients.pairs(db, size=4)
    second, none = patients.pairs(db, page=2, size=4)
    assert (len(first), more, len(second), none) == (4, True, 2, False)
    assert not {one.id for one in first} & {one.id for one in second}


def test_the_house_looks_once_a_week(db, who, monkeypatch) -> None:
    looked = []
    monkeypatch.setattr(weekly, "run", lambda claimed: (looked.append(claimed), work.finish(db, "weekly", claimed)))
    state = type("State", (), {"db": db})
    for _sweep in range(3):
        weekly.look(state)
    assert len(looked) == 1 and looked[0].startswith("2026-11-23") and weekly.look in sweep.STEPS


def test_points_speak_for_and_against() -> None:
    assert likeness.score((likeness.DOCUMENT, likeness.OTHER_SEX)) <= 100
    assert likeness.score((likeness.PHONE, likeness.OTHER_SEX)) == 0
    assert likeness.speaks_for((likeness.PHONE, likeness.OTHER_SEX)) and not likeness.speaks_for((likeness.OTHER_SEX,))
