"""What may happen to a card, each with its way back."""

from datetime import UTC, date, datetime

import pytest

from app.clinic import cards, patients
from app.clinic.cards import rules
from app.core import clock
from app.core.errors import Conflict, Invalid, NotFound, Refusal

SOON = datetime(2026, 12, 3, 1, 30, tzinfo=UTC)  # ten days on
AFTER = datetime(2028, 1, 5, 1, 30, tzinfo=UTC)  # the card is long over


@pytest.fixture
def desk(who):
    return who("desk")


@pytest.fixture
def card(db, desk, wang, yearly) -> int:
    return cards.open_card(db, desk, wang, yearly)


def state(db, card: int) -> tuple:
    """Everything a step may change, apart from the steps and the ledger themselves."""
    return (
        db.one(tuple, "SELECT number, type_id, period_id, valid_until, suspended_event_id, suspended_reason, "
               "closed_event_id, closed_reason FROM cards WHERE id = :card", card=card),
        db.all(tuple, "SELECT patient_id FROM card_people WHERE card_id = :card AND removed_event_id IS NULL", card=card),
        db.all(tuple, "SELECT number FROM card_numbers WHERE card_id = :card AND stopped_event_id IS NULL", card=card),
        db.all(tuple, "SELECT terms_id, starts_on, ends_on FROM card_periods WHERE card_id = :card AND ended_event_id IS NULL",
               card=card),
        [(one.name, one.period_id, one.left) for one in cards.accounts(db, card)], cards.asked(db, card),
    )


STEPS = {
    "suspended": lambda db, desk, wang, card, other: cards.suspend(db, desk, wang, card, "travelling"),
    "renewed": lambda db, desk, wang, card, other: cards.renew(db, desk, wang, card),
    "replaced": lambda db, desk, wang, card, other: cards.replace(db, desk, wang, card, "lost"),
    "upgraded": lambda db, desk, wang, card, other: cards.upgrade(db, desk, wang, card, other),
    "closed": lambda db, desk, wang, card, other: cards.close(db, desk, wang, card, "moved away"),
}


@pytest.mark.parametrize("kind", STEPS)
def test_every_step_is_taken_back_exactly(db, desk, wang, card, family, kind) -> None:
    cards.use(db, desk, wang, card, cards.Use(cards.usable(db, card)[0].id))
    before = state(db, card)
    STEPS[kind](db, desk, wang, card, family)
    assert state(db, card) != before
    last = cards.last_step(db, card)
    assert last.kind == kind
    cards.undo(db, desk, wang, card, last.id)
    cards.undo(db, desk, wang, card, last.id)  # a second tap
    assert state(db, card) == before
    kinds = [entry.kind for entry in patients.timeline(db, desk, wang)]
    assert kinds.count("card.taken_back") == 1 and f"card.{kind}" in kinds


def test_resuming_is_taken_back_with_the_days_it_added(db, desk, wang, card) -> None:
    cards.suspend(db, desk, wang, card, "travelling")
    before = state(db, card)
    with clock.stop(SOON):
        cards.resume(db, desk, wang, card, add_days=True)
        assert cards.current(db, wang).valid_until == "2027-12-02"
        assert cards.usable(db, card)[0].ends_on == "2027-12-02"
        cards.undo(db, desk, wang, card, cards.last_step(db, card).id)
    assert state(db, card) == before


def test_resuming_without_the_days_leaves_the_end(db, desk, wang, card) -> None:
    cards.suspend(db, desk, wang, card, "travelling")
    with clock.stop(SOON):
        cards.resume(db, desk, wang, card)
    assert cards.current(db, wang).valid_until == "2027-11-22"


def test_a_card_opened_by_mistake_leaves_nothing_owed(db, desk, wang, card, yearly) -> None:
    cards.undo(db, desk, wang, card, cards.last_step(db, card).id)
    assert (cards.current(db, wang), cards.asked(db, card)) == (None, 0)
    assert cards.cards_of(db, wang)[0].closed_reason == "opened by mistake"
    cards.open_card(db, desk, wang, yearly)


def test_only_the_last_step_is_taken_back(db, desk, wang, card) -> None:
    cards.renew(db, desk, wang, card)
    first = cards.last_step(db, card).id
    cards.suspend(db, desk, wang, card, "travelling")
    with pytest.raises(Conflict):
        cards.undo(db, desk, wang, card, first)


def test_what_was_used_since_is_given_back_first(db, desk, wang, card, family) -> None:
    cards.upgrade(db, desk, wang, card, family)
    cards.use(db, desk, wang, card, cards.Use(cards.usable(db, card)[0].id))
    step = cards.last_step(db, card).id
    with pytest.raises(Refusal, match="used since"):
        cards.undo(db, desk, wang, card, step)
    cards.give_back(db, desk, wang, card, cards.lines(db, card, 1)[0].id)
    cards.undo(db, desk, wang, card, step)
    assert cards.current(db, wang).name == "Yearly B"


def test_closing_is_not_taken_back_over_a_new_card(db, desk, wang, card, yearly) -> None:
    cards.close(db, desk, wang, card, "moved away")
    cards.open_card(db, desk, wang, yearly)
    with pytest.raises(Refusal, match="another open card"):
        cards.undo(db, desk, wang, card, cards.last_step(db, card).id)


def test_a_lost_number_stops_at_once_and_says_why(db, desk, wang, card) -> None:
    old = cards.current(db, wang).number
    cards.replace(db, desk, wang, card, "left on the bus")
    new = cards.current(db, wang)
    assert new.number != old and cards.scan(db, new.number).problem == ""
    scan = cards.scan(db, old)
    assert scan.people == [wang]
    assert scan.problem == (
        f"This number stopped being valid on 2026-11-23 (left on the bus). The card's number is now {new.shown}.")
    assert patients.scanned(db, old) == wang, "the person is still found"


@pytest.mark.parametrize(("act", "why"), [
    (lambda db, desk, wang, card: cards.suspend(db, desk, wang, card, "abroad"), "suspended since 2026-11-23: abroad"),
    (lambda db, desk, wang, card: cards.close(db, desk, wang, card, "moved"), "closed on 2026-11-23: moved"),
])
def test_a_card_that_is_not_valid_says_why(db, desk, wang, card, act, why) -> None:
    number = cards.current(db, wang).shown
    act(db, desk, wang, card)
    assert why in cards.scan(db, number).problem


def test_an_expired_card_says_until_when(db, wang, card) -> None:
    number = cards.current(db, wang).shown
    with clock.stop(AFTER):
        assert cards.scan(db, number).problem == "This card was valid until 2027-11-22."
    assert cards.scan(db, "80000000") is None and cards.scan(db, "王") is None


def test_a_renewal_follows_the_period_that_runs(db, desk, wang, card, left) -> None:
    cards.use(db, desk, wang, card, cards.Use(cards.usable(db, card)[0].id))
    cards.renew(db, desk, wang, card)
    assert cards.current(db, wang).valid_until == "2028-11-22"
    assert left(card)["Follow-up calls"] == 3, "the next period has not begun"
    with clock.stop(AFTER):
        assert left(card)["Follow-up calls"] == 4
    assert cards.asked(db, card) == 73000


def test_an_expired_card_is_renewed_from_today(db, desk, wang, card) -> None:
    with clock.stop(AFTER):
        cards.renew(db, desk, wang, card)
        assert cards.current(db, wang).valid_until == "2029-01-04"


def test_a_renewal_is_by_the_terms_of_today(db, who, desk, wang, card, yearly) -> None:
    cards.edit_type(db, who("owner"), yearly, 1, cards.NewType("年卡丙", "Yearly C", 40000, 6, calls=1))
    cards.renew(db, desk, wang, card)
    assert (cards.current(db, wang).name, cards.asked(db, card)) == ("Yearly C", 76500)
    assert [one.units for one in cards.usable(db, card)] == [4, 2, 1], "what runs goes on as it was sold"


def test_an_upgrade_costs_the_difference_and_counts_what_was_used(db, desk, wang, card, family, left) -> None:
    cards.use(db, desk, wang, card, cards.Use(cards.usable(db, card)[0].id))
    cards.upgrade(db, desk, wang, card, family)
    now = cards.current(db, wang)
    assert (now.id, now.name, now.valid_until, cards.asked(db, card)) == (card, "Family card", "2027-11-22", 68050)
    assert left(card) == {"Follow-up calls": 7, "Consultations": 2, "Exam packages": 1, "Home nursing": 2}
    with pytest.raises(Invalid):
        cards.upgrade(db, desk, wang, card, family)


def test_more_was_used_than_the_new_type_includes(db, desk, wang, card, left) -> None:
    small = cards.add_type(db, None, cards.NewType("小卡", "Small card", 100, 12, calls=1, exams=1))
    for _n in range(3):
        cards.use(db, desk, wang, card, cards.Use(cards.usable(db, card)[0].id))
    cards.upgrade(db, desk, wang, card, small)
    assert left(card) == {"Follow-up calls": 0, "Exam packages": 1}
    assert cards.asked(db, card) == 36500, "nothing is paid back"


@pytest.mark.parametrize(("old", "new", "credit"), [(36500, 68050, 36500), (68050, 36500, 36500), (0, 100, 0)])
def test_nobody_is_paid_for_upgrading(old, new, credit) -> None:
    assert rules.credited(old, new) == credit


@pytest.mark.parametrize(("starts", "months", "until", "after"), [
    (date(2026, 1, 1), 12, date(2026, 6, 30), date(2026, 12, 31)), (date(2026, 1, 1), 1, date(2026, 6, 30), date(2026, 6, 30)),
    (date(2026, 1, 1), None, date(2026, 6, 30), None), (date(2026, 1, 1), 12, None, None),
])
def test_an_upgrade_never_makes_a_card_shorter(starts, months, until, after) -> None:
    assert rules.upgraded_until(starts, months, until) == after


def test_what_makes_no_sense_is_refused(db, who, desk, wang, card, yearly, family) -> None:
    with pytest.raises(Refusal, match="not suspended"):
        cards.resume(db, desk, wang, card)
    cards.suspend(db, desk, wang, card, "abroad")
    for act in (lambda: cards.suspend(db, desk, wang, card, "again"), lambda: cards.renew(db, desk, wang, card),
                lambda: cards.upgrade(db, desk, wang, card, family)):
        with pytest.raises(Refusal, match="suspended"):
            act()
    cards.resume(db, desk, wang, card)
    cards.retire_type(db, who("owner"), yearly)
    with pytest.raises(Refusal, match="no longer sold"):
        cards.renew(db, desk, wang, card)
    cards.close(db, desk, wang, card, "moved")
    with pytest.raises(Refusal, match="closed already"):
        cards.replace(db, desk, wang, card, "lost")


def test_a_second_tap_changes_nothing_and_a_second_person_is_told(db, who, desk, wang, card) -> None:
    seen = cards.current(db, wang).seen
    cards.renew(db, desk, wang, card, seen)
    cards.renew(db, desk, wang, card, seen)
    assert cards.current(db, wang).valid_until == "2028-11-22"
    with pytest.raises(Conflict):
        cards.renew(db, who("nurse"), wang, card, seen)
    with pytest.raises(Conflict):
        cards.suspend(db, desk, wang, card, "abroad", seen)


# ── a family ──

def test_a_family_shares_one_card_and_one_ledger(db, desk, wang, family, register, left) -> None:
    card, son, stranger = cards.open_card(db, desk, wang, family), register("王小明"), register("李四")
    cards.add_person(db, desk, wang, card, son)
    assert cards.current(db, son).id == card and cards.people(db, card) == [wang, son]
    cards.use(db, desk, son, card, cards.Use(cards.usable(db, card)[0].id))
    assert left(card)["Follow-up calls"] == 7
    assert cards.numbers(db, [wang, son, stranger]).keys() == {wang, son}
    number = cards.current(db, wang).number
    assert cards.scan(db, number).people == [wang, son] and patients.scanned(db, number) is None
    cards.suspend(db, desk, wang, card, "abroad")
    assert patients.timeline(db, desk, son)[0].kind == "card.suspended"
    cards.close(db, desk, son, card, "moved")
    assert cards.current(db, wang) is None and cards.current(db, son) is None
    cards.undo(db, desk, wang, card, cards.last_step(db, card).id)
    assert cards.current(db, son).id == card


def test_a_card_takes_as_many_as_it_says_and_each_has_one(db, desk, wang, family, yearly, register) -> None:
    card, other = cards.open_card(db, desk, wang, family), register("李四")
    cards.open_card(db, desk, other, yearly)
    with pytest.raises(Invalid, match="marked") as invalid:
        cards.add_person(db, desk, wang, card, other)
    assert "who" in invalid.value.errors
    for name in ("一", "二"):
        cards.add_person(db, desk, wang, card, register(name))
    with pytest.raises(Refusal, match="takes 3 people"):
        cards.add_person(db, desk, wang, card, register("三"))
    with pytest.raises(Invalid):
        cards.upgrade(db, desk, wang, card, yearly)


def test_who_leaves_a_card_has_nothing_to_do_with_it(db, desk, wang, family, register, yearly) -> None:
    card, son = cards.open_card(db, desk, wang, family), register("王小明")
    cards.add_person(db, desk, wang, card, son)
    with pytest.raises(Refusal, match="this person's name"):
        cards.remove_person(db, desk, wang, card, wang)
    cards.remove_person(db, desk, wang, card, son)
    assert cards.get(db, son, card) is None and cards.scan(db, cards.current(db, wang).number).people == [wang]
    cards.open_card(db, desk, son, yearly)
    with pytest.raises(NotFound):
        cards.remove_person(db, desk, wang, card, son)
