"""What was taken off or taken back is put back with one tap, and not where it was another person's."""

from datetime import date

import pytest

from app.clinic import mistakes, observations, patients, tags
from app.clinic.observations import NewValue


@pytest.fixture
def nurse(sign_in):
    return sign_in("nurse")


@pytest.fixture
def wang(nurse, who):
    db = nurse.app.state.db
    return patients.get(db, patients.register(db, who("desk"), patients.NewPatient("王秀英", "female", birth_date=date(1948, 3, 12))))


@pytest.fixture
def other(nurse, who):
    db = nurse.app.state.db
    return patients.get(db, patients.register(db, who("desk"), patients.NewPatient("李建国", "male")))


def measured(db, who, patient):
    return observations.record(db, who("nurse"), patient, "2026-11-20", [NewValue("SBP", 165.0), NewValue("DBP", 95.0)])


def test_results_stand_again_once_with_their_tags(nurse, who, wang):
    db = nurse.app.state.db
    report = measured(db, who, wang)
    path = f"/patients/{wang.id}/results/{report}"
    nurse.post(f"{path}/withdrawal", data={"reason": "slip"})
    assert not [tag for tag in tags.current(db, wang.id) if tag.code.startswith("bp_")]
    assert "/restoration" in nurse.get(path).text
    first = nurse.post(f"{path}/restoration", follow_redirects=False).headers["location"]
    assert nurse.post(f"{path}/restoration", follow_redirects=False).headers["location"] == first
    assert [reading.now.value for reading in observations.latest(db, wang.id) if reading.code == "SBP"] == [165.0]
    assert [tag.code for tag in tags.current(db, wang.id) if tag.code.startswith("bp_")] == ["bp_grade_2"]
    assert "/restoration" not in nurse.get(path).text and first in nurse.get(path).text


def test_results_that_stand_and_those_of_another_are_not_put_back(nurse, who, wang, other):
    db = nurse.app.state.db
    report = measured(db, who, wang)
    path = f"/patients/{wang.id}/results/{report}"
    assert nurse.post(f"{path}/restoration").status_code == 422
    mistakes.mark(db, who("nurse"), wang, "results", report, "wrong person", other.id)
    assert "/restoration" not in nurse.get(path).text
    assert nurse.post(f"{path}/restoration").status_code == 422
    assert observations.latest(db, wang.id) == []


def test_a_label_stands_again(nurse, who, wang, other):
    db = nurse.app.state.db
    tags.label(db, who("nurse"), wang.id, tags.Labelled("易跌倒", "助行器"))
    [tag] = [one for one in tags.current(db, wang.id) if one.name == "易跌倒"]
    path = f"/patients/{wang.id}/tags"
    nurse.post(f"{path}/{tag.id}/removal", data={"reason": "slip"})
    assert f"{path}/{tag.id}/restoration" in nurse.get(path).text
    assert nurse.post(f"{path}/{tag.id}/restoration", follow_redirects=False).status_code == 303
    assert "易跌倒" in [one.name for one in tags.current(db, wang.id)]
    assert f"{path}/{tag.id}/restoration" not in nurse.get(path).text
    assert nurse.post(f"/patients/{other.id}/tags/{tag.id}/restoration").status_code == 404


def test_a_label_of_another_is_not_put_back(nurse, who, wang, other):
    db = nurse.app.state.db
    tags.label(db, who("nurse"), wang.id, tags.Labelled("易跌倒", "助行器"))
    [tag] = [one for one in tags.current(db, wang.id) if one.name == "易跌倒"]
    mistakes.mark(db, who("nurse"), wang, "tags", tag.id, "wrong person", other.id)
    assert nurse.post(f"/patients/{wang.id}/tags/{tag.id}/restoration").status_code == 422
