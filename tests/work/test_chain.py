"""A card is opened → somebody assigns a doctor → the manager with the fewest patients completes the record."""

import pytest

from app.clinic import cards, patients, staff, work
from app.core.errors import Conflict, Invalid


@pytest.fixture
def card(register, open_card):
    patient = register()
    open_card(patient)
    return patient


def titles(db, patient):
    return [item.title for item in work.open_for(db, patient)]


def test_every_health_manager_is_asked_for_a_doctor(db, who, card, today):
    assert titles(db, card) == ["Assign a responsible doctor"]
    for manager in ("manager", "manager2"):
        mine = work.today(db, who(manager), today)
        assert [person.patient.id for person in mine.people] == [card]
        assert mine.counts.today == 1


def test_done_by_one_is_closed_for_all(db, who, card, today):
    [item] = work.open_for(db, card)
    done = work.Completion("assigned", item.seen, doctor_id=who("doctor").id)
    work.complete(db, who("manager2"), item.id, done)
    assert patients.get(db, card).doctor_id == who("doctor").id
    assert titles(db, card) == ["Complete the health record"]
    assert work.today(db, who("manager2"), today).counts.all == 0
    with pytest.raises(Conflict):
        work.complete(db, who("manager"), item.id, done)


def test_the_record_goes_to_the_manager_with_the_fewest_patients(db, who, register, card, today):
    for _n in range(2):
        patients.assign_manager(db, None, register(), who("manager").id)
    patients.assign_manager(db, None, register(), who("manager2").id)
    patients.assign_doctor(db, who("owner"), card, who("doctor").id)
    [item] = work.open_for(db, card)
    assert (item.pathway.code, item.owner_id, item.due_on) == ("complete_record", who("manager2").id, today.isoformat())
    assert patients.get(db, card).manager_id == who("manager2").id


def test_of_equally_loaded_managers_the_longest_serving_is_chosen(db, who, card):
    patients.assign_doctor(db, who("owner"), card, who("doctor").id)
    assert patients.get(db, card).manager_id == min(who("manager").id, who("manager2").id)


def test_a_doctor_named_elsewhere_closes_the_item_too(db, who, card):
    patients.assign_doctor(db, who("owner"), card, who("doctor").id)
    [closed] = work.closed_for(db, card)
    [step] = work.steps(db, [closed.id])[closed.id]
    assert (closed.pathway.code, step.step, step.actor_id) == ("assign_doctor", "done", who("owner").id)


def test_who_has_a_doctor_already_goes_straight_to_the_record(db, who, register, open_card):
    patient = register(doctor_id=who("doctor").id, manager_id=who("manager").id)
    open_card(patient)
    [item] = work.open_for(db, patient)
    assert (item.pathway.code, item.owner_id) == ("complete_record", who("manager").id)


def test_a_second_card_asks_for_nothing_again(db, who, register, open_card):
    patient = register(doctor_id=who("doctor").id)
    cards.close(db, who("desk"), patient, open_card(patient), "lost")
    open_card(patient)
    assert titles(db, patient) == ["Complete the health record"]


@pytest.mark.parametrize("chosen", [None, "nurse"])
def test_only_a_doctor_can_be_assigned(db, who, card, chosen):
    [item] = work.open_for(db, card)
    done = work.Completion("assigned", item.seen, doctor_id=who(chosen).id if chosen else None)
    with pytest.raises(Invalid) as refused:
        work.complete(db, who("manager"), item.id, done)
    assert "doctor_id" in refused.value.errors
    assert patients.get(db, card).doctor_id is None and titles(db, card) == ["Assign a responsible doctor"]


def test_a_doctor_with_managers_of_their_own_keeps_to_them(db, who, register, card):
    for _n in range(3):
        patients.assign_manager(db, None, register(), who("manager2").id)
    staff.set_team(db, who("owner"), who("doctor").id, [who("manager2").id])
    patients.assign_doctor(db, who("owner"), card, who("doctor").id)
    assert patients.get(db, card).manager_id == who("manager2").id


def test_when_none_of_a_doctors_managers_works_here_any_more_all_are_asked(db, who, card):
    staff.set_team(db, who("owner"), who("doctor").id, [who("manager2").id])
    staff.disable(db, who("owner"), who("manager2").id)
    patients.assign_doctor(db, who("owner"), card, who("doctor").id)
    assert patients.get(db, card).manager_id == who("manager").id
