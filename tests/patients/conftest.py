from collections.abc import Callable
from datetime import date

import pytest

from app.clinic import patients
from app.core.access import Actor
from app.core.db import Database

WANG_ID = "370102194803120023"


@pytest.fixture
def register(db: Database, who: Callable[[str], Actor]) -> Callable[..., int]:
    def add(name: str, **more) -> int:
        return patients.register(db, who("desk"), patients.NewPatient(name, **more))

    return add


@pytest.fixture
def wang(register: Callable[..., int]) -> int:
    """王秀英, 78, with phone and ID."""
    return register(
        "王秀英", sex="female", birth_date=date(1948, 3, 12), phones=("13800138000",),
        identifiers=((patients.RESIDENT_ID, WANG_ID),), address="和平里 3 号",
    )
