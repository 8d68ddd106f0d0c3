"""Joining two records and undoing it: nothing lost, nothing invented, both exactly as they were."""

import json
from datetime import date

import pytest

from app.clinic import cards, observations, patients, records, tags, work
from app.clinic.observations import NewValue
from app.clinic.patients import belongings
from app.core.errors import Conflict, NotFound, Refusal
from tests.merges.conftest import BORN


def rows(db, people) -> dict:
    """Every row of everything that belongs to these people, events and looks too."""
    found = {}
    for one in [belongings.Belonging("patients", "id"), *patients.BELONGINGS.values()]:
        key = belongings.primary(db, one.table)
        for row in db.all(dict, belongings.ROWS.format(table=one.table, column=one.column), people=json.dumps(people)):
            found[one.table, tuple(row[name] for name in key)] = row
    return found


def test_joined_and_undone_both_are_as_they_were(db, who, two) -> None:
    kept, gone = two
    before = rows(db, two)
    steps = db.all(tuple, "SELECT * FROM finding_steps ORDER BY id")
    merge = patients.merge(db, who("desk"), kept, gone, {"name", "address"}, card_of=gone)
    assert rows(db, two) != before
    patients.unmerge(db, who("desk"), merge)
    after = rows(db, two)
    assert before.keys() - after.keys() == set()
    for key, was in before.items():
        now = after[key]
        if key[0] == "patients":  # an older form must not fit again
            was, now = ({**row, "version": 0} for row in (was, now))
        assert now == was, key
    assert db.all(tuple, "SELECT * FROM finding_steps ORDER BY id") == steps
    for (table, _key), row in after.items():
        if (table, _key) not in before and table not in ("events", "merges"):
            assert any(row.get(name) for name in ("ended_event_id", "removed_event_id", "closed_event_id", "retired_event_id")), row


def test_everything_moves(db, who, two) -> None:
    kept, gone = two
    patients.merge(db, who("desk"), kept, gone)
    for one in belongings.moving():
        left = db.value(f"SELECT count(*) FROM {one.table} WHERE {one.column} = :id", id=gone)
        assert not left or one.table in TWO_PEOPLE, f"{one.table}: {left} rows left behind"
    assert patients.ids_of(db, kept) == [kept, gone]
    assert patients.survivor(db, gone) == kept and patients.get(db, gone) is None


# A row that names both people cannot name one twice, nor a file one person twice: it stays behind until they are two again.
TWO_PEOPLE = {"kinships", "declined_offers", "import_people"}


def test_the_fields_chosen_stand(db, who, two) -> None:
    kept, gone = two
    patients.merge(db, who("desk"), kept, gone, {"name"})
    one = patients.get(db, kept)
    assert (one.name, one.address, one.number) == ("汪秀英", "和平里 3 号", "Y-000001")


@pytest.mark.parametrize("typed", ["Y-000002", "汪秀英", "wangxiuying", "01062751234", "1234", "王秀英"])
def test_the_old_number_name_and_phone_still_find_the_person(db, who, two, typed) -> None:
    kept, gone = two
    patients.merge(db, who("desk"), kept, gone)
    assert [hit.id for hit in patients.search(db, typed, who("desk")).hits] == [kept]


def test_both_cards_find_the_person_and_one_is_good(db, who, two) -> None:
    kept, gone = two
    numbers = [cards.current(db, person).number for person in two]
    patients.merge(db, who("desk"), kept, gone, card_of=gone)
    assert cards.current(db, kept).number == numbers[1]
    assert [patients.scanned(db, number) for number in numbers] == [kept, kept]


def test_findings_tags_and_work_settle_for_the_one_person(db, who, two) -> None:
    kept, gone = two
    patients.merge(db, who("desk"), kept, gone)
    assert [one.code for one in observations.open_findings(db, kept)].count("SBP") == 1
    codes = [tag.code for tag in tags.current(db, kept)]
    assert len(codes) == len(set(codes)) and "怕跌倒" in codes
    raised = next(tag for tag in tags.current(db, kept) if tag.rule and "166" in tag.evidence)
    assert "2026-11-20" in raised.evidence
    assert not work.open_for(db, gone)


def test_what_was_done_for_one_record_is_not_asked_again_after_joining(db, who, two) -> None:
    kept, gone = two
    for item in [*work.open_for(db, kept), *work.open_for(db, gone)]:
        if item.trigger.startswith("tag:"):
            work.complete(db, who("doctor"), item.id, work.Completion(item.pathway.outcomes[0].code, item.seen))
    patients.merge(db, who("desk"), kept, gone)
    open_before = {item.id for item in work.open_for(db, kept)}
    observations.record(db, who("nurse"), patients.get(db, kept), "2026-11-21", [NewValue("TEMP", 36.6)])
    assert {item.id for item in work.open_for(db, kept) if item.trigger.startswith("tag:")} <= open_before


def test_values_are_judged_anew_and_back(db, who, register_twice) -> None:
    kept, gone = register_twice
    observations.record(db, who("nurse"), patients.get(db, gone), "2026-11-20", [NewValue("HGB", 125.0)])
    assert observations.latest(db, gone)[0].level is None
    merge = patients.merge(db, who("desk"), kept, gone)
    assert observations.latest(db, kept)[0].level == "normal"
    patients.unmerge(db, who("desk"), merge)
    [back] = observations.latest(db, gone)
    assert back.level is None and len(back.series) == 1 and observations.latest(db, kept) == []


@pytest.fixture
def register_twice(db, who) -> tuple[int, int]:
    """One known to be a woman of 78, one of whom nothing is known."""
    known = patients.register(db, who("desk"), patients.NewPatient("王秀英", "female", BORN))
    return known, patients.register(db, who("desk"), patients.NewPatient("王秀英"))


def test_what_is_new_stays_and_a_correction_goes_with_what_it_corrects(db, who, register_twice) -> None:
    kept, gone = register_twice
    doctor, conditions = who("doctor"), records.section("conditions")
    old = records.record(db, doctor, gone, conditions, records.NewCondition("高血压"))
    merge = patients.merge(db, who("desk"), kept, gone)
    records.correct(db, doctor, kept, conditions, old, records.NewCondition("高血压 2 级"), "more exact")
    records.record(db, doctor, kept, conditions, records.NewCondition("糖尿病"))
    patients.unmerge(db, who("desk"), merge)
    assert [one.text for one in records.conditions(db, kept)] == ["糖尿病"]
    assert [one.text for one in records.conditions(db, gone)] == ["高血压 2 级"]


def test_a_field_changed_since_is_not_turned_back(db, who, register_twice) -> None:
    kept, gone = register_twice
    merge = patients.merge(db, who("desk"), kept, gone)
    one = patients.get(db, kept)
    patients.edit(db, who("desk"), kept, one.version, patients.NewPatient("王秀英", "female", date(1948, 3, 21)))
    patients.unmerge(db, who("desk"), merge)
    assert patients.get(db, kept).birth_date == "1948-03-21"


def test_said_to_be_none_does_not_stand_beside_what_there_is(db, who, register_twice) -> None:
    kept, gone = register_twice
    allergies = records.section("allergies")
    records.record_none(db, who("nurse"), kept, allergies)
    records.record(db, who("nurse"), gone, allergies, records.NewAllergy("青霉素"))
    merge = patients.merge(db, who("desk"), kept, gone)
    assert "allergies" not in records.none_known(db, kept) and records.warnings(db, kept)
    patients.unmerge(db, who("desk"), merge)
    assert "allergies" in records.none_known(db, kept) and not records.warnings(db, kept)


def test_undone_in_the_order_they_were_made(db, who, register_twice) -> None:
    kept, gone = register_twice
    third = patients.register(db, who("desk"), patients.NewPatient("王秀英"))
    first = patients.merge(db, who("desk"), kept, gone)
    second = patients.merge(db, who("desk"), kept, third)
    with pytest.raises(Refusal):
        patients.unmerge(db, who("desk"), first)
    patients.unmerge(db, who("desk"), second)
    patients.unmerge(db, who("desk"), first)
    with pytest.raises(NotFound):
        patients.unmerge(db, who("desk"), first)


def test_joined_twice_over_the_first_number_still_finds_the_last(db, who, register_twice) -> None:
    kept, gone = register_twice
    third = patients.register(db, who("desk"), patients.NewPatient("王秀英"))
    patients.merge(db, who("desk"), kept, gone)
    patients.merge(db, who("desk"), third, kept)
    assert patients.survivor(db, gone) == third and patients.ids_of(db, third) == [third, kept, gone][:1] + sorted([kept, gone])


def test_somebody_was_faster(db, who, register_twice) -> None:
    kept, gone = register_twice
    seen = patients.get(db, kept).version, patients.get(db, gone).version
    patients.edit(db, who("desk"), gone, seen[1], patients.NewPatient("王秀瑛"))
    with pytest.raises(Conflict) as refused:
        patients.merge(db, who("desk"), kept, gone, seen=seen)
    assert ("Name", "王秀英", "王秀瑛") in refused.value.texts
    assert patients.get(db, gone) is not None


def test_what_a_newer_value_settled_while_joined_is_open_again(db, who, register_twice) -> None:
    kept, gone = register_twice
    observations.record(db, who("nurse"), patients.get(db, kept), "2026-11-18", [NewValue("SBP", 166.0)])
    [finding] = observations.open_findings(db, kept)
    observations.explain(db, who("doctor"), kept, [finding.id], "less salt")
    observations.record(db, who("nurse"), patients.get(db, gone), "2026-11-20", [NewValue("SBP", 118.0)])
    before = db.all(tuple, "SELECT * FROM finding_steps"), rows(db, [kept, gone])["findings", (finding.id,)]
    work_before = {item.id for item in work.open_for(db, kept)}
    merge = patients.merge(db, who("desk"), kept, gone)
    assert observations.open_findings(db, kept) == []
    patients.unmerge(db, who("desk"), merge)
    assert (db.all(tuple, "SELECT * FROM finding_steps"), rows(db, [kept, gone])["findings", (finding.id,)]) == before
    assert {item.id for item in work.open_for(db, kept)} == work_before
