from datetime import UTC, date, datetime

import pytest

from app.clinic import cards, patients
from app.clinic.cards.rules import last_day, luhn, number_of
from app.clinic.cards.typed import read_yuan
from app.core import clock
from app.core.errors import Conflict, Invalid, NotFound, Refusal

LATER = datetime(2027, 11, 23, 1, 30, tzinfo=UTC)  # a year and a day after the cast's clock


def test_a_new_clinic_has_three_types_once(db) -> None:
    cards.seed(db)
    cards.seed(db)
    assert [(kind.name_zh, kind.price_fen, kind.months) for kind in cards.types(db)] == [
        ("普通卡", 0, None), ("年卡", 0, 12), ("慢病管理卡", 0, 12)]


def test_opening_a_card_gives_a_number_that_finds_the_person(db, who, wang, yearly) -> None:
    cards.open_card(db, who("desk"), wang, yearly)
    card = cards.current(db, wang)
    assert (card.opened_on, card.valid_until, card.closed) == ("2026-11-23", "2027-11-22", 0)
    assert patients.scanned(db, card.number) == wang
    assert patients.scanned(db, card.shown) == wang
    event = patients.timeline(db, who("desk"), wang)[0]
    assert (event.kind, event.sentence) == ("card.opened", f"Opened a card: Yearly B, number {card.shown}")


def test_one_open_card_at_a_time(db, who, wang, yearly) -> None:
    cards.open_card(db, who("desk"), wang, yearly)
    with pytest.raises(Refusal, match="open card already"):
        cards.open_card(db, who("desk"), wang, yearly)
    assert len(cards.cards_of(db, wang)) == 1


def test_a_closed_card_keeps_its_reason_and_still_finds_the_person(db, who, wang, yearly) -> None:
    card_id = cards.open_card(db, who("desk"), wang, yearly)
    cards.close(db, who("desk"), wang, card_id, "moved away")
    [card] = cards.cards_of(db, wang)
    assert (card.closed, card.closed_reason) == (1, "moved away")
    assert cards.current(db, wang) is None
    assert patients.scanned(db, card.number) == wang
    with pytest.raises(Refusal, match="closed already"):
        cards.close(db, who("desk"), wang, card_id, "again")
    cards.open_card(db, who("desk"), wang, yearly)


def test_nobody_closes_a_card_through_somebody_else(db, who, wang, yearly) -> None:
    other = patients.register(db, who("desk"), patients.NewPatient("李四"))
    card_id = cards.open_card(db, who("desk"), wang, yearly)
    with pytest.raises(NotFound):
        cards.close(db, who("desk"), other, card_id, "mistake")


def test_an_expired_card_says_so_and_gives_way(db, who, wang, yearly) -> None:
    cards.open_card(db, who("desk"), wang, yearly)
    assert not cards.current(db, wang).expired("2027-11-22")
    assert cards.current(db, wang).expired("2027-11-23")
    with clock.stop(LATER):
        cards.open_card(db, who("desk"), wang, yearly)
    assert [card.closed for card in cards.cards_of(db, wang)] == [0, 1]


def test_a_sold_card_keeps_its_terms(db, who, wang, yearly) -> None:
    cards.open_card(db, who("desk"), wang, yearly)
    cards.edit_type(db, who("owner"), yearly, 1, cards.NewType("年卡", "Yearly card", 36500, 6))
    card = cards.current(db, wang)
    assert (card.name, card.price_fen, card.valid_until) == ("Yearly B", 36500, "2027-11-22")
    assert [(one.kind, one.left) for one in cards.usable(db, card.id)] == [("call", 4), ("consultation", 2), ("exam", 1)]
    with pytest.raises(Conflict) as conflict:
        cards.edit_type(db, who("owner"), yearly, 1, cards.NewType("年卡", "Yearly card", 100, 12))
    assert ("Price", "1", "365") in conflict.value.texts


def test_a_retired_type_is_not_sold(db, who, wang, yearly) -> None:
    cards.retire_type(db, who("owner"), yearly)
    with pytest.raises(Refusal, match="no longer sold"):
        cards.open_card(db, who("desk"), wang, yearly)
    assert cards.types(db)[-1].id == yearly
    cards.restore_type(db, who("owner"), yearly)
    cards.open_card(db, who("desk"), wang, yearly)


def test_what_is_counted_has_a_name(db) -> None:
    with pytest.raises(Invalid) as invalid:
        cards.add_type(db, None, cards.NewType("卡", "Card", 0, own_units=2, own_zh="推拿"))
    assert set(invalid.value.errors) == {"own_en"}
    with pytest.raises(Invalid):
        cards.add_type(db, None, cards.NewType(
            "卡", "Card", 0, own_zh="推拿", own_en="Massage", own_units=2, also_zh="推拿", also_en="Massage", also_units=1))


@pytest.mark.parametrize(("opened", "months", "last"), [
    (date(2026, 11, 23), 12, date(2027, 11, 22)), (date(2026, 1, 31), 1, date(2026, 2, 27)), (date(2024, 2, 29), 12, date(2025, 2, 27)),
    (date(2026, 12, 1), 1, date(2026, 12, 31)), (date(2026, 11, 23), None, None),
])
def test_the_last_good_day(opened, months, last) -> None:
    assert last_day(opened, months) == last


def test_a_mistyped_card_number_is_nobodys() -> None:
    number = number_of(600211)
    assert len(number) == 8
    assert luhn("7992739871") == "3"  # the textbook example
    for place in range(8):
        for digit in set("0123456789") - {number[place]}:
            wrong = number[:place] + digit + number[place + 1 :]
            assert luhn(wrong[:-1]) != wrong[-1]


@pytest.mark.parametrize(("typed", "fen"), [("365", 36500), ("0", 0), ("¥1,280.5", 128050), ("9.99", 999)])
def test_prices_are_typed_in_yuan(typed, fen) -> None:
    assert read_yuan(typed) == fen


@pytest.mark.parametrize("typed", ["-1", "1.234", "free", "", "99999999"])
def test_what_is_no_price_is_refused(typed) -> None:
    with pytest.raises(ValueError):
        read_yuan(typed)
