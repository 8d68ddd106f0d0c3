"""People to make lists of."""

from collections.abc import Callable
from datetime import date
from itertools import count

import pytest

from app.clinic import patients
from app.core.access import Actor
from app.core.db import Database


@pytest.fixture
def house(client) -> Database:
    """The browser's clinic."""
    return client.app.state.db


@pytest.fixture
def register(house: Database, who: Callable[[str], Actor]) -> Callable[..., int]:
    """register("王秀英", age=78, doctor="doctor", …): somebody new; their id."""
    names = (f"张{n}" for n in count(1))

    def new(name: str = "", age: int | None = None, doctor: str = "", manager: str = "", **more) -> int:
        born = date(2026 - age, 6, 1) if age is not None else None
        crew = {"doctor_id": who(doctor).id if doctor else None, "manager_id": who(manager).id if manager else None}
        return patients.register(house, who("desk"), patients.NewPatient(
            name or next(names), **{"sex": "female", "birth_date": born, **crew, **more}))

    return new
