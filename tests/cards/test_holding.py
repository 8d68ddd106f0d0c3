"""Who holds a card, as rules and lists ask it: everybody on it, while it is valid."""

import pytest

from app.clinic import cards, criteria
from app.clinic.criteria import Fact
from app.core import clock


@pytest.fixture
def holding(db):
    """holding(type): the people who hold a good card of that type, or of any."""

    def ask(kind: int | None = None) -> set[int]:
        statement = criteria.compile(Fact("card", "exists", code=str(kind) if kind else None))
        return {found.patient_id for found in criteria.run(db, statement, today=clock.today())}

    return ask


def test_everybody_on_a_familys_card_holds_it_and_who_left_does_not(db, who, wang, register, family, yearly, holding) -> None:
    card, son = cards.open_card(db, who("desk"), wang, family), register("王小明")
    cards.add_person(db, who("desk"), wang, card, son)
    assert holding() == holding(family) == {wang, son} and not holding(yearly)
    cards.remove_person(db, who("desk"), wang, card, son)
    assert holding() == {wang}


def test_a_suspended_card_is_not_held_until_it_is_resumed(db, who, wang, yearly, holding) -> None:
    card = cards.open_card(db, who("desk"), wang, yearly)
    cards.suspend(db, who("desk"), wang, card, "abroad")
    assert not holding()
    cards.resume(db, who("desk"), wang, card)
    assert holding() == {wang}


def test_an_upgraded_card_is_of_its_new_type(db, who, wang, yearly, family, holding) -> None:
    card = cards.open_card(db, who("desk"), wang, yearly)
    cards.upgrade(db, who("desk"), wang, card, family)
    assert holding(family) == {wang} and not holding(yearly)
