from datetime import date

import pytest

from app.clinic import observations, patients
from app.clinic.observations import NewValue


@pytest.fixture
def add(db):
    """add(sex="female", born="1950-01-01") registers somebody and returns them."""
    def register(sex="female", born="1950-01-01", name="王秀英"):
        new = patients.NewPatient(name, sex=sex, birth_date=date.fromisoformat(born) if born else None)
        return patients.get(db, patients.register(db, None, new))
    return register


@pytest.fixture
def woman(add):
    return add()


@pytest.fixture
def nurse(who):
    return who("nurse")


@pytest.fixture
def measure(db, nurse):
    """measure(patient, "2026-11-01", SBP=150, DBP=95) records values; the report's id."""
    def record(patient, taken_at, **values):
        return observations.record(db, nurse, patient, taken_at, [NewValue(code, value) for code, value in values.items()])
    return record


@pytest.fixture
def newest(db):
    """newest(patient) → {code: Reading}"""
    return lambda patient: {reading.code: reading for reading in observations.latest(db, patient.id)}
