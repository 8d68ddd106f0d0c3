"""A consultation of 王秀英: begun by the doctor, written by more than one hand."""

from datetime import date

import pytest

from app.clinic import encounters, patients, records
from app.clinic.encounters import Typed


@pytest.fixture
def house(client):
    return client.app.state.db


@pytest.fixture
def wang(house, who) -> patients.Patient:
    id = patients.register(house, who("desk"), patients.NewPatient("王秀英", "female", date(1970, 3, 12)))
    records.record(house, who("doctor"), id, records.section("conditions"), records.NewCondition("高血压", "I10"))
    return patients.get(house, id)


@pytest.fixture
def begun(house, who, wang) -> int:
    return encounters.begin(house, who("doctor"), wang.id)


@pytest.fixture
def write(house, who, wang, begun):
    """write("complaint", text="…") keeps a section as the doctor's page would; answers the text as it stands."""
    def keep(section: str, by: str = "doctor", seen: int = 0, hand: str = "a", n: int = 0, **fields: str):
        return encounters.keep(house, who(by), wang, begun, section, Typed(fields, seen, hand, n))
    return keep


@pytest.fixture
def signed(house, who, wang, begun, write):
    """sign() locks what was written."""
    def sign() -> int:
        seen = encounters.seen(house, begun)
        encounters.sign(house, who("doctor"), wang, begun, seen)
        return begun
    return sign
