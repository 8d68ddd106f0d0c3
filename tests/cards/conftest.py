"""A family's card type, a plain one, and people to hold them."""

from collections.abc import Callable

import pytest

from app.clinic import cards, patients

YEARLY = cards.NewType("年卡乙", "Yearly B", 36500, 12, calls=4, consultations=2, exams=1)
FAMILY = cards.NewType("家庭卡", "Family card", 68050, 12, "plum", 3, 8, 2, 1, "上门护理", "Home nursing", 2)


@pytest.fixture
def yearly(db) -> int:
    return cards.add_type(db, None, YEARLY)


@pytest.fixture
def family(db) -> int:
    return cards.add_type(db, None, FAMILY)


@pytest.fixture
def register(db, who) -> Callable[[str], int]:
    return lambda name: patients.register(db, who("desk"), patients.NewPatient(name))


@pytest.fixture
def wang(register) -> int:
    return register("王秀英")


@pytest.fixture
def left(db) -> Callable[[int], dict[str, int]]:
    """left(card): what is left of each service in the period of today."""
    return lambda card: {one.name: one.left for one in cards.usable(db, card)}
