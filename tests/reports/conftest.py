"""A person with a history, a nameless one with a single visit, and the reports' files."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from app.clinic import observations, patients, records
from app.clinic.observations import NewValue
from app.clinic.patients import NewPatient
from app.core import fonts
from app.core.access import Actor
from app.core.db import Database
from app.core.files import Files

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
YEARS = range(2021, 2027)


@pytest.fixture(scope="session", autouse=True)
def paper_fonts() -> None:
    fonts.prepare()


@pytest.fixture
def files(folder: Path) -> Files:
    return Files(folder / "files")


@pytest.fixture
def wang(db: Database, who: Callable) -> int:
    return add_wang(db, who("doctor"))


@pytest.fixture
def nameless(db: Database) -> int:
    return add_nameless(db)


def add_wang(db: Database, doctor: Actor | None) -> int:
    """Wang Xiuying, six years of check-ups, blood pressure up at the last."""
    id = patients.register(db, doctor, NewPatient("王秀英", "female", date(1948, 3, 12), doctor_id=doctor and doctor.id))
    for year in YEARS:
        high = year == 2026
        file(db, doctor, id, f"{year}-11-05", {"SBP": 152 if high else 136, "DBP": 94 if high else 82, "LDL": 3.6 if high else 2.5,
             "FPG": 5.8, "HGB": 128, "ALT": 18, "CREA": 74})  # fmt: skip
    records.record(db, doctor, id, records.section("allergies"), records.NewAllergy("青霉素", "皮疹"))
    return id


def add_nameless(db: Database) -> int:
    """Nobody knows the name, and there was one visit."""
    id = patients.register(db, None, NewPatient("", "unknown", date(1960, 7, 1), birth_about=True))
    file(db, None, id, "2017-05-02", {"HGB": 131})
    return id


def file(db: Database, actor, patient_id: int, day: str, values: dict[str, float | str]) -> int:
    new = [NewValue(code, value) if not isinstance(value, str) else NewValue(code, text=value) for code, value in values.items()]
    return observations.file_report(db, actor, patients.get(db, patient_id), day, "staff", new)
