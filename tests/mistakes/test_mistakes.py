"""Entered in error: struck out with a reason, what followed is gone, filed with the right person, and both timelines say it."""

from datetime import date

import pytest

from app.clinic import cards, mistakes, observations, patients, records, tags, work
from app.clinic.observations import NewValue
from app.core import events
from app.core.errors import Conflict, Forbidden, Invalid, NotFound, Refusal

BORN = date(1980, 3, 12)


@pytest.fixture
def wrong(db, who) -> patients.Patient:
    return patients.get(db, patients.register(db, who("desk"), patients.NewPatient("王秀英", "female", BORN)))


@pytest.fixture
def right(db, who) -> patients.Patient:
    return patients.get(db, patients.register(db, who("desk"), patients.NewPatient("王秀瑛", "male", date(1979, 1, 1))))


def told(db, who, patient) -> list[str]:
    return [one.sentence for one in patients.timeline(db, who("doctor"), patient.id, limit=200)]


def test_results_go_with_their_findings_tags_and_work_and_come_with_the_right_person(db, who, wrong, right) -> None:
    report = observations.record(db, who("nurse"), wrong, "2026-11-20", [NewValue("SBP", 166.0)])
    assert observations.open_findings(db, wrong.id) and tags.current(db, wrong.id) and work.open_for(db, wrong.id)
    mistakes.mark(db, who("nurse"), wrong, "results", report, "another person's", right.id)
    assert not observations.open_findings(db, wrong.id) and not tags.current(db, wrong.id) and not work.open_for(db, wrong.id)
    assert observations.latest(db, wrong.id) == []
    assert {one.code: one.value for one in observations.latest(db, right.id)}["SBP"] == 166.0
    assert observations.open_findings(db, right.id) and tags.current(db, right.id) and work.open_for(db, right.id)


def test_both_timelines_say_it_by_number_and_never_by_name(db, who, wrong, right) -> None:
    entry = records.record(db, who("doctor"), wrong.id, records.section("allergies"), records.NewAllergy("青霉素"))
    mistakes.mark(db, who("doctor"), wrong, "allergies", entry, "mixed up", right.id)
    assert any(f"Entered in error: Allergies (mixed up). It is filed with {right.number} now" in one for one in told(db, who, wrong))
    assert any(f"it had been entered with {wrong.number} in error" in one for one in told(db, who, right))
    said = db.all(str, "SELECT details FROM events WHERE kind GLOB 'entry.*'")
    assert said and not any(name in one for one in said for name in ("王秀英", "王秀瑛"))
    assert records.warnings(db, wrong.id) == [] and [one[0] for one in records.warnings(db, right.id)] == ["青霉素"]


@pytest.mark.parametrize("section", list(records.SECTIONS))
def test_an_entry_of_every_section_moves(db, who, wrong, right, section) -> None:
    from tests.mistakes.filled import entry_of
    one = records.section(section)
    entry = records.record(db, who("doctor"), wrong.id, one, entry_of(one))
    before = records.entry(db, wrong.id, one, entry)
    mistakes.mark(db, who("doctor"), wrong, section, entry, "another person's", right.id)
    assert records.entries(db, wrong.id, one) == []
    [moved] = records.entries(db, right.id, one)
    assert one.told(moved) == one.told(before)
    assert records.entry(db, wrong.id, one, entry).retired_reason == "another person's"


def test_said_to_have_no_allergies(db, who, wrong, right) -> None:
    allergies = records.section("allergies")
    records.record_none(db, who("nurse"), wrong.id, allergies)
    [none] = records.nothings(db, wrong.id)
    mistakes.mark(db, who("nurse"), wrong, "none", none.id, "asked somebody else", right.id)
    assert records.none_known(db, wrong.id) == set() and records.none_known(db, right.id) == {"allergies"}
    assert any("asked somebody else" in one for one in told(db, who, wrong))


def test_a_single_value(db, who, wrong, right) -> None:
    observations.record(db, who("nurse"), wrong, "2026-11-20", [NewValue("SBP", 166.0), NewValue("HR", 70.0)])
    value = next(one.now for one in observations.latest(db, wrong.id) if one.code == "SBP")
    mistakes.mark(db, who("nurse"), wrong, "values", value.id, "another person's", right.id)
    assert [one.code for one in observations.latest(db, wrong.id)] == ["HR"]
    assert [(one.code, one.value, one.taken_at) for one in observations.latest(db, right.id)] == [("SBP", 166.0, "2026-11-20")]


def test_a_value_reported_in_another_unit_comes_as_it_was_reported(db, who, wrong, right) -> None:
    report = observations.record(db, who("nurse"), wrong, "2026-11-20", [NewValue("GLU", 126.0, unit="mg/dL", written="126")])
    mistakes.mark(db, who("nurse"), wrong, "results", report, "another person's", right.id)
    [now] = [one.now for one in observations.latest(db, right.id)]
    assert (now.value, now.reported_value, now.reported_unit) == (7.0, "126", "mg/dL")


def test_a_contact_goes_with_what_was_agreed_in_it(db, who, wrong, right) -> None:
    id = work.record(db, who("manager"), wrong.id, work.NewContact("phone", "reached", "feels well", next_on=date(2026, 12, 1)))
    assert [item.pathway_code for item in work.open_for(db, wrong.id)] == ["agreed"]
    mistakes.mark(db, who("manager"), wrong, "contacts", id, "rang somebody else", right.id)
    assert work.open_for(db, wrong.id) == []
    assert [item.pathway_code for item in work.open_for(db, right.id)] == ["agreed"]
    assert [(one.note, one.withdrawn_reason) for one in work.contacts_of(db, wrong.id)] == [("feels well", "rang somebody else")]
    assert [(one.note, one.withdrawn) for one in work.contacts_of(db, right.id)] == [("feels well", 0)]


def test_a_contact_that_ticked_something_off_opens_it_again(db, who, wrong, right) -> None:
    work.record(db, who("manager"), wrong.id, work.NewContact("phone", "reached", next_on=date(2026, 11, 23)))
    [item] = work.open_for(db, wrong.id)
    work.complete(db, who("manager"), item.id, work.Completion("reached", item.seen, "all well", "phone"))
    contact = work.contacts_of(db, wrong.id)[0]
    assert work.open_for(db, wrong.id) == []
    mistakes.mark(db, who("manager"), wrong, "contacts", contact.id, "rang somebody else", right.id)
    assert [one.id for one in work.open_for(db, wrong.id)] == [item.id]


def test_a_card_is_opened_for_the_right_person(db, who, wrong, right) -> None:
    card = cards.open_card(db, who("desk"), wrong.id, cards.types(db)[0].id)
    assert work.open_for(db, wrong.id)
    mistakes.mark(db, who("desk"), wrong, "cards", card, "the wrong Wang", right.id)
    assert cards.current(db, wrong.id) is None and cards.current(db, right.id) is not None
    assert work.open_for(db, wrong.id) == [] and work.open_for(db, right.id)
    assert any(right.number in one.sentence for one in patients.timeline(db, who("desk"), wrong.id, limit=50) if one.kind == "card.mistaken")


def test_a_label_by_hand(db, who, wrong, right) -> None:
    tags.label(db, who("nurse"), wrong.id, tags.Labelled("怕跌倒", "told us"))
    [label] = tags.current(db, wrong.id)
    mistakes.mark(db, who("nurse"), wrong, "tags", label.id, "told by another", right.id)
    assert tags.current(db, wrong.id) == [] and [(one.code, one.reason) for one in tags.current(db, right.id)] == [("怕跌倒", "told us")]


def test_whose_it_is_may_be_found_out_later(db, who, wrong, right) -> None:
    report = observations.record(db, who("nurse"), wrong, "2026-11-20", [NewValue("SBP", 166.0)])
    mistakes.mark(db, who("nurse"), wrong, "results", report, "nobody knows whose")
    assert mistakes.mistake(db, "results", report).right == ""
    mistakes.refile(db, who("nurse"), wrong, "results", report, right.id)
    mistakes.refile(db, who("nurse"), wrong, "results", report, right.id)
    assert [len(one.series) for one in observations.latest(db, right.id)] == [1]
    assert mistakes.mistake(db, "results", report).right == right.number


def test_a_second_tap_changes_nothing(db, who, wrong, right) -> None:
    id = work.record(db, who("manager"), wrong.id, work.NewContact("phone", "reached"))
    for _tap in range(2):
        mistakes.mark(db, who("manager"), wrong, "contacts", id, "rang somebody else", right.id)
    assert len(work.contacts_of(db, right.id)) == 1


def test_what_cannot_be(db, who, wrong, right) -> None:
    doctor, conditions = who("doctor"), records.section("conditions")
    entry = records.record(db, doctor, wrong.id, conditions, records.NewCondition("高血压"))
    with pytest.raises(NotFound):
        mistakes.mark(db, doctor, right, "conditions", entry, "x")
    with pytest.raises(NotFound):
        mistakes.mark(db, doctor, wrong, "nothing", entry, "x")
    with pytest.raises(Invalid):
        mistakes.mark(db, doctor, wrong, "conditions", entry, "x", wrong.id)
    with pytest.raises(Forbidden):
        mistakes.mark(db, who("desk"), wrong, "conditions", entry, "x")
    records.withdraw(db, doctor, wrong.id, conditions, entry, "never true")
    with pytest.raises((Refusal, Conflict)):
        mistakes.mark(db, doctor, wrong, "conditions", entry, "x")


def test_nothing_is_half_done_when_the_right_person_cannot_take_it(db, who, wrong, right) -> None:
    for patient in (wrong, right):
        card = cards.open_card(db, who("desk"), patient.id, cards.types(db)[0].id)
    card = cards.current(db, wrong.id).id
    with pytest.raises(Refusal):
        mistakes.mark(db, who("desk"), wrong, "cards", card, "the wrong Wang", right.id)
    assert cards.current(db, wrong.id) is not None and mistakes.mistake(db, "cards", card) is None


def test_a_sensitive_entry_stays_so(db, who, wrong, right) -> None:
    entry = records.record(db, who("doctor"), wrong.id, records.section("notes"), records.NewNote("drinks", sensitive=True))
    with pytest.raises(Forbidden):
        mistakes.mark(db, who("nurse"), wrong, "notes", entry, "x")
    mistakes.mark(db, who("doctor"), wrong, "notes", entry, "he drinks, not she", right.id)
    assert not any("drinks" in one for one in db.all(str, "SELECT details FROM events"))
    assert records.entries(db, right.id, records.section("notes"))[0].sensitive


def test_every_kind_says_its_events() -> None:
    assert {f"{kind.noun}.mistaken" for kind in mistakes.KINDS.values()} <= set(events.KINDS)
