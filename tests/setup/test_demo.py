"""The invented clinic: alive, whole, the same for the same seed."""

from datetime import date

import pytest

from app.clinic import cards, lists, observations, patients, records, staff, upkeep, work
from app.core import clock, settings
from app.core.access import Role
from app.core.db import Database
from app.main import open_clinic
from tests.conftest import NOW

PEOPLE = 75  # some of them the crowd


def build(folder, seed: int = 1, people: int = PEOPLE) -> tuple[Database, list[upkeep.SignIn]]:
    db = open_clinic(folder)
    return db, upkeep.make_demo(db, people, 3, seed, lambda done, total: None)


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    with clock.stop(NOW):
        db, sign_ins = build(tmp_path_factory.mktemp("demo"))
        yield db, sign_ins
        db.close()


def everybody(db: Database) -> list[patients.Patient]:
    rows = lists.page_of(db, lists.EVERYBODY, limit=10_000)
    return [patients.get(db, row.id) for row in rows]


def test_staff_of_each_role_can_sign_in(demo):
    db, sign_ins = demo
    assert {one.role for one in sign_ins} == set(Role)
    assert len({one.password for one in sign_ins}) == len(sign_ins)
    for one in sign_ins:
        assert staff.sign_in(db, one.sign_in, one.password, "test", "127.0.0.1")


def test_people_have_what_a_clinic_knows_in_both_languages(demo):
    db, _ = demo
    people = everybody(db)
    assert len(people) == PEOPLE + 3  # two who are registered twice, one pair of them joined
    assert {one.language for one in people} == {"zh", "en"}
    assert {one.sex for one in people} == {"female", "male", "unknown"}
    assert any(one.birth_about for one in people)
    assert sum(bool(cards.current(db, one.id)) for one in people) > PEOPLE / 2
    for part in (records.conditions, records.allergies, records.medications, records.notes):
        assert sum(bool(part(db, one.id)) for one in people) >= 5
    assert settings.get(db, "clinic_name")


def test_results_span_years_and_move(demo):
    db, _ = demo
    spans, moved = [], 0
    for one in everybody(db):
        series = observations.series(db, one.id, "SBP")
        assert series
        days = sorted(date.fromisoformat(value.day) for value in series)
        spans.append((days[0], days[-1]))
        moved += len(series) > 2 and len({value.value for value in series}) > 2
    assert moved > PEOPLE / 3
    assert max((last - first).days for first, last in spans) > 600
    assert max(max(pair) for pair in spans) <= clock.today()


def test_there_is_work_done_open_and_overdue(demo):
    db, _ = demo
    today = clock.today()
    open_items = [item for one in everybody(db) for item in work.open_for(db, one.id) if item.due_on]
    assert any(work.closed_for(db, one.id) for one in everybody(db))
    assert {item.lateness(today) for item in open_items} >= {"late", "soon"}


def test_the_file_is_sound_and_the_house_has_nothing_to_add(demo):
    db, _ = demo
    assert upkeep.findings(db) == []


def test_no_number_in_it_can_be_anybodys(demo):
    db, _ = demo
    for one in everybody(db):
        assert all(phone.startswith("100") for phone in patients.phones(db, one.id))
        document = patients.document(db, one.id, patients.RESIDENT_ID)
        assert not document or document.startswith("99")


def test_the_same_seed_makes_the_same_people(tmp_path, demo):
    def told(db):
        return [(one.name, one.birth_date, [(v.code, v.taken_at, v.value) for r in observations.latest(db, one.id) for v in r.series])
                for one in everybody(db)]

    first, second, other = build(tmp_path / "a", 7, 8)[0], build(tmp_path / "b", 7, 8)[0], build(tmp_path / "c", 8, 8)[0]
    try:
        assert told(first) == told(second) != told(other)
    finally:
        for db in (first, second, other):
            db.close()
