"""A corrected sex or birth date changes what earlier values mean."""

from datetime import date

import msgspec
import pytest

from app.clinic import observations, patients
from app.clinic.observations import NewValue


@pytest.fixture
def edit(db, nurse):
    def change(patient, **changes):
        now = patients.get(db, patient.id)
        new = msgspec.structs.replace(patients.as_new(db, now), **changes)
        patients.edit(db, nurse, now.id, now.version, new)
        return patients.get(db, patient.id)
    return change


def test_a_sex_that_becomes_known_gives_levels_egfr_and_findings(db, add, nurse, newest, edit):
    person = add("unknown")
    observations.file_report(db, None, person, "2026-11-01", "省立医院", [
        NewValue("HGB", 120), NewValue("CREA", 1.5, unit="mg/dL", written="1.5"), NewValue("LDL", 4.2),
    ])
    before = newest(person)
    assert before["HGB"].level is None and "EGFR" not in before
    edit(person, sex="male")
    after = newest(person)
    assert after["HGB"].level == "low" and after["EGFR"].level == "low"
    assert after["CREA"].now.reported_unit == "mg/dL"
    assert after["LDL"].now.id == before["LDL"].now.id, "what does not change keeps its version"
    assert {finding.code for finding in observations.open_findings(db, person.id)} == {"HGB", "CREA", "EGFR", "LDL"}


def test_a_birth_date_that_makes_a_child_takes_levels_and_findings_back(db, add, measure, newest, edit):
    person = add("male", "1970-01-01")
    measure(person, "2026-11-01", SBP=150, CREA=120, HEIGHT=160, WEIGHT=90)
    assert newest(person)["BMI"].level == "high"
    edit(person, birth_date=date(2012, 1, 1))
    after = newest(person)
    assert after["SBP"].level is None and after["BMI"].level is None and "EGFR" not in after
    assert (after["BMI"].value, after["HEIGHT"].value) == (35.16, 160)
    assert observations.open_findings(db, person.id) == []


def test_another_address_judges_nothing(db, woman, measure, newest, edit):
    measure(woman, "2026-11-01", SBP=150, CREA=80)
    before = newest(woman)
    edit(woman, address="和平里 12 号")
    assert newest(woman) == before
