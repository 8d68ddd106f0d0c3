"""A family's card when one of the family turns out to be registered twice."""

import pytest

from app.clinic import cards, patients
from tests.merges.conftest import BORN


@pytest.fixture
def family(db, who) -> tuple[int, int, int]:
    """The holder of a family card, somebody else on it, and their second record with a card of its own."""
    desk = who("desk")
    holder, member, again = (
        patients.register(db, desk, patients.NewPatient(name, "female", BORN)) for name in ("王秀英", "李芳", "李方"))
    kind = cards.add_type(db, None, cards.NewType("家庭卡", "Family card", 68050, 12, people=3))
    card = cards.open_card(db, desk, holder, kind)
    cards.add_person(db, desk, holder, card, member)
    cards.open_card(db, desk, again, cards.types(db)[0].id)
    return holder, member, again


def rows(db) -> list[tuple]:
    return db.all(tuple, "SELECT * FROM card_people ORDER BY id") + db.all(tuple, "SELECT * FROM cards ORDER BY id")


@pytest.mark.parametrize("family_card_stays", [True, False])
def test_a_member_is_joined_to_their_second_record(db, who, family, family_card_stays) -> None:
    holder, member, again = family
    shared, own, before = cards.current(db, member), cards.current(db, again), rows(db)
    merge = patients.merge(db, who("desk"), member, again, set(), member if family_card_stays else again, (1, 1))
    assert cards.current(db, member).id == (shared.id if family_card_stays else own.id)
    assert cards.current(db, holder).id == shared.id
    patients.unmerge(db, who("desk"), merge)
    assert rows(db) == before


def test_two_on_one_card_turn_out_to_be_one(db, who, family) -> None:
    holder, member, _again = family
    card, before = cards.current(db, holder), rows(db)
    merge = patients.merge(db, who("desk"), member, holder, set(), None, (1, 1))
    assert cards.current(db, member).id == card.id
    assert db.value("SELECT count(*) FROM card_people WHERE card_id = :card AND removed_event_id IS NULL", card=card.id) == 1
    patients.unmerge(db, who("desk"), merge)
    assert rows(db) == before
