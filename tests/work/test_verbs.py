"""What people do with an item: once, by one, within its window, and never lost."""

import threading
from datetime import timedelta

import msgspec
import pytest

from app.clinic import observations, patients, work
from app.clinic.observations import NewValue
from app.core import clock
from app.core.errors import Conflict, Forbidden, Invalid, NotFound


@pytest.fixture
def person(register, who):
    return register(manager_id=who("manager").id)


@pytest.fixture
def item(db, who, person, today):
    """A follow-up agreed for today."""
    work.record(db, who("manager"), person, work.NewContact("phone", "reached", next_on=today, next_for="diary"))
    [made] = work.open_for(db, person)
    return made


def steps(db, item):
    return [step.step for step in work.steps(db, [item.id])[item.id]]


def test_a_second_tap_changes_nothing(db, who, item, person):
    done = work.Completion("reached", item.seen, channel="phone")
    work.complete(db, who("manager"), item.id, done)
    work.complete(db, who("manager"), item.id, done)
    assert steps(db, item) == ["done"]
    assert len(work.contacts_of(db, person)) == 2  # the one that agreed it, and the call


def test_two_complete_one_wins_the_other_is_told(db, who, item):
    done = work.Completion("reached", item.seen)
    work.complete(db, who("manager"), item.id, done)
    with pytest.raises(Conflict) as told:
        work.complete(db, who("manager2"), item.id, done)
    assert "何静" in str(told.value) and steps(db, item) == ["done"]


def test_of_two_at_the_very_same_moment_one_wins(db, who, item):
    barrier, told = threading.Barrier(2), []

    def try_it(name):
        barrier.wait()
        try:
            work.complete(db, who(name), item.id, work.Completion("reached", item.seen))
            told.append("won")
        except Conflict:
            told.append("told")

    racing = [threading.Thread(target=try_it, args=(name,)) for name in ("manager", "manager2")]
    for thread in racing:
        thread.start()
    for thread in racing:
        thread.join()
    assert sorted(told) == ["told", "won"] and steps(db, item) == ["done"]


def test_another_outcome_from_an_old_page_is_a_conflict_even_of_ones_own(db, who, item):
    work.complete(db, who("manager"), item.id, work.Completion("reached", item.seen))
    with pytest.raises(Conflict):
        work.complete(db, who("manager"), item.id, work.Completion("declined", item.seen, note="no"))


def test_attempts_are_counted_and_go_behind_those_not_tried(db, who, item, register, today):
    other = register(manager_id=who("manager").id)
    work.record(db, who("manager"), other, work.NewContact("phone", "reached", next_on=today))
    order = lambda: [one.patient.id for one in work.today(db, who("manager"), today).people]  # noqa: E731
    assert order() == [item.patient_id, other]
    work.attempt(db, who("manager"), item.id, work.Attempt(item.seen))
    assert order() == [other, item.patient_id]
    for n in (2, 3):
        now = work.get(db, item.id)
        assert (now.tries, now.try_a_visit) == (n - 1, False)
        work.attempt(db, who("manager"), item.id, work.Attempt(now.seen))
    now = work.get(db, item.id)
    assert (now.tries, now.try_a_visit, now.closed) == (3, True, 0)
    assert [one.outcome for one in work.contacts_of(db, item.patient_id)].count("no_answer") == 3


@pytest.mark.parametrize("days, error", [(-1, True), (0, True), (1, False), (56, False), (57, True)])
def test_postponing_stays_in_the_window(db, who, item, today, days, error):
    moved = work.Postponement(today + timedelta(days=days), "away", item.seen)
    if error:
        with pytest.raises(Invalid):
            work.postpone(db, who("manager"), item.id, moved)
        assert work.get(db, item.id).due_on == str(today)
    else:
        work.postpone(db, who("manager"), item.id, moved)
        assert work.get(db, item.id).due_on == str(moved.due_on)
        assert work.today(db, who("manager"), today).counts.all == 0
        [step] = work.steps(db, [item.id])[item.id]
        assert (step.due_was, step.due_on, step.note) == (str(today), str(moved.due_on), "away")


def test_late_is_derived_from_the_day(db, who, item, today):
    counts = lambda day: work.today(db, who("manager"), day).counts  # noqa: E731
    assert (counts(today).today, counts(today).late) == (1, 0)
    tomorrow = today + timedelta(days=1)
    assert (counts(tomorrow).today, counts(tomorrow).late) == (0, 1)
    after = today + timedelta(days=57)
    assert (counts(after).all, counts(after).missed) == (0, 1)
    assert work.today(db, who("manager"), after, "missed").people[0].items[0].id == item.id


def test_only_who_may_assign_hands_over_the_work_of_others(db, who, item, today):
    with pytest.raises(Forbidden):
        work.reassign(db, who("nurse"), item.id, work.Reassignment("nurse", item.seen))
    work.reassign(db, who("manager"), item.id, work.Reassignment("nurse", item.seen))
    assert work.today(db, who("nurse"), today).counts.all == 1
    assert work.today(db, who("manager"), today).counts.all == 0


@pytest.mark.parametrize("to", ["nobody", "read_only", "999", "²"])
def test_work_is_not_handed_to_nobody(db, who, item, to):
    with pytest.raises(Invalid):
        work.reassign(db, who("owner"), item.id, work.Reassignment(to, item.seen))


def test_reception_cannot_touch_what_it_may_not_see(db, who, item):
    with pytest.raises(NotFound):
        work.attempt(db, who("desk"), item.id, work.Attempt(item.seen))


def test_a_new_manager_takes_the_work_over(db, who, item, person, today):
    patients.assign_manager(db, who("owner"), person, who("manager2").id)
    assert work.get(db, item.id).owner_id == who("manager2").id


def test_a_manager_corrected_in_the_form_takes_the_work_over(db, who, item, person):
    known = patients.get(db, person)
    new = msgspec.structs.replace(patients.as_new(db, known), manager_id=who("manager2").id)
    patients.edit(db, who("desk"), person, known.version, new)
    assert work.get(db, item.id).owner_id == who("manager2").id


def test_who_leaves_leaves_the_work_to_the_role(db, who, item, today):
    from app.clinic import staff

    staff.disable(db, who("owner"), who("manager").id)
    assert (work.get(db, item.id).owner_id, work.get(db, item.id).role) == (None, "health_manager")
    assert work.today(db, who("manager2"), today).counts.all == 1


def test_taking_back_reopens_and_withdraws_what_followed(db, who, item, person):
    work.complete(db, who("manager"), item.id, work.Completion("unwell", item.seen))
    assert [one.pathway.code for one in work.open_for(db, person)] == ["see_doctor"]
    work.reopen(db, who("manager"), item.id)
    assert [one.id for one in work.open_for(db, person)] == [item.id]
    work.complete(db, who("manager"), item.id, work.Completion("unwell", work.get(db, item.id).seen))
    assert [one.pathway.code for one in work.open_for(db, person)] == ["see_doctor"]


def test_only_ones_own_of_today_is_taken_back(db, who, item):
    work.complete(db, who("manager"), item.id, work.Completion("reached", item.seen))
    with pytest.raises(Conflict):
        work.reopen(db, who("manager2"), item.id)
    with clock.stop(clock.now() + timedelta(days=1)), pytest.raises(Conflict):
        work.reopen(db, who("manager"), item.id)


def test_feeling_unwell_goes_to_the_doctor_today(db, who, item, person, today):
    patients.assign_doctor(db, who("owner"), person, who("doctor").id)
    work.complete(db, who("manager"), item.id, work.Completion("unwell", item.seen))
    [made] = work.open_for(db, person)
    assert (made.owner_id, made.due_on) == (who("doctor").id, str(today))


def test_a_contact_with_a_past_day_is_refused(db, who, person, today):
    with pytest.raises(Invalid):
        work.record(db, who("manager"), person, work.NewContact("phone", "reached", next_on=today - timedelta(days=1)))
    assert work.contacts_of(db, person) == []


def test_paging_by_persons_keeps_the_counts(db, who, register, today):
    for _n in range(5):
        work.record(db, who("manager"), register(manager_id=who("manager").id),
                    work.NewContact("phone", "reached", next_on=today))
    pages = [work.today(db, who("manager"), today, page=n, size=2) for n in (1, 2, 3)]
    assert [len(one.people) for one in pages] == [2, 2, 1]
    assert {(one.counts.all, one.pages) for one in pages} == {(5, 3)}
    assert len({person.patient.id for one in pages for person in one.people}) == 5


def test_a_withdrawn_person_is_not_called(db, who, item, person, today):
    patients.withdraw(db, who("owner"), person, "registered twice")
    assert work.today(db, who("manager"), today).counts.all == 0 and work.get(db, item.id).closed


def test_one_write_asks_the_same_number_of_questions_for_one_person_and_for_many(db, who, register, today):
    """No N+1: the listener reads set-wise."""
    people = [patients.get(db, register(birth_date=today.replace(year=1960))) for _n in range(30)]

    def reads(some):
        asked = []
        db.writer.set_trace_callback(lambda sql: asked.append(sql) if sql.lstrip().startswith(("SELECT", "WITH")) else None)
        with db.aside():
            for one in some:
                observations.file_report(db, None, one, str(today), "lab", [NewValue("TC", 8.0)])
            asked.clear()
        db.writer.set_trace_callback(None)
        return len(asked)

    one, many = reads(people[:1]), reads(people[1:])
    assert many == one
