"""A person with a row in every table that names one, as the tests of joining make one; and their bundle."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.clinic import dossiers, patients
from app.core.access import Actor
from app.core.db import Database
from app.core.files import Files
from tests.merges.conftest import OF_TWO, two  # noqa: F401
from tests.merges.filling import fill

RELATIVE, PHONE = "钱多多", "13577770000"


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "files")


@pytest.fixture
def person(db: Database, who: Callable[[str], Actor], two: tuple[int, int]) -> int:  # noqa: F811
    """Of whom every table has a row; the tables that name two people name somebody else besides."""
    mine, other = two
    patients.edit(db, who("desk"), other, patients.get(db, other).version, patients.NewPatient(RELATIVE, "female", phones=(PHONE,)))
    with db.aside():
        for table in sorted(OF_TWO):
            first, second = [column for of, column in patients.BELONGINGS if of == table]
            if not db.value(f"SELECT 1 FROM {table} WHERE {first} = :id", id=mine):
                fill(db, table, mine, **{first: mine, second: other})
    return mine


@pytest.fixture
def told(db: Database, who: Callable[[str], Actor], person: int) -> dict[str, Any]:
    return bundle_of(db, who("owner"), person)


def bundle_of(db: Database, actor: Actor, person: int) -> dict[str, Any]:
    return dossiers.bundle(dossiers.everything(db, actor, patients.get(db, person)), "和平里诊所")
