from collections.abc import Callable
from datetime import date

import pytest

from app.clinic import observations, patients, tags
from app.clinic.observations import NewValue
from app.core.access import Actor
from app.core.db import Database


@pytest.fixture
def nurse(who) -> Actor:
    return who("nurse")


@pytest.fixture
def person(db: Database, who) -> Callable[..., patients.Patient]:
    """person(sex="male", born="1971-05-01") is registered and given back."""

    def make(sex: str = "female", born: str | None = "1971-05-01", name: str = "王秀英") -> patients.Patient:
        new = patients.NewPatient(name=name, sex=sex, birth_date=born and date.fromisoformat(born))
        return patients.get(db, patients.register(db, who("nurse"), new))

    return make


@pytest.fixture
def measure(db: Database, nurse: Actor) -> Callable[..., int]:
    """measure(patient, "2026-11-20", SBP=152, DBP=94): the report's id."""

    def record(patient: patients.Patient, day: str = "2026-11-20", **values: float) -> int:
        return observations.record(db, nurse, patient, day, [NewValue(code, value) for code, value in values.items()])

    return record


@pytest.fixture
def codes(db: Database) -> Callable[[int], set[str]]:
    def find(patient_id: int) -> set[str]:
        return {tag.code for tag in tags.current(db, patient_id)}

    return find
