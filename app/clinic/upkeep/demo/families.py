"""A few families among the people with stories: who is married to whom, whose child lives with them."""

from collections.abc import Callable
from datetime import date

from app.clinic import households
from app.clinic.upkeep.demo.house import Crew
from app.clinic.upkeep.demo.lives import Life
from app.core.access import Role
from app.core.db import Database

MOST = 6
GROWN = 30


def settle(db: Database, crew: Crew, lives: list[Life], today: date) -> None:
    """Couples of about the same age, each with a child where one fits; at least one household in the smallest clinic."""
    desk, free = crew.one(Role.RECEPTIONIST), list(lives)
    for wife in [life for life in lives if life.person.sex == "female" and life.age_on(today) > GROWN][:MOST]:
        husband = _first(free, lambda one, wife=wife: one.person.sex == "male" and abs(_apart(wife, one)) < 9)
        if husband is None or wife not in free:
            continue
        _take(free, wife, husband)
        households.connect(db, desk, _id(crew, wife), _id(crew, husband), "spouse", together=True)
        child = _first(free, lambda one, wife=wife: 19 < _apart(wife, one) < 41)
        if child:
            _take(free, child)
            households.connect(db, desk, _id(crew, wife), _id(crew, child), "child", together=True)
    if len(free) == len(lives) > 1:
        households.connect(db, desk, _id(crew, lives[0]), _id(crew, lives[1]), "relative", together=True)


def _first(free: list[Life], fits: Callable[[Life], bool]) -> Life | None:
    return next((life for life in free if fits(life)), None)


def _take(free: list[Life], *lives: Life) -> None:
    for life in lives:
        free.remove(life)


def _apart(elder: Life, younger: Life) -> float:
    """Years between them."""
    return (younger.person.born - elder.person.born).days / 365.2425


def _id(crew: Crew, life: Life) -> int:
    return crew.patients[life.serial]
