"""Filing values: converted, judged, computed from, corrected, taken back."""

import json

import pytest

from app.clinic import observations
from app.clinic.observations import NewValue
from app.core import events
from app.core.errors import Conflict, Invalid, NotFound


def told(db, kind):
    row = db.one(tuple, "SELECT kind, details FROM events WHERE kind = :kind ORDER BY id DESC", kind=kind)
    return events.tell(row[0], json.loads(row[1]))


def test_recording_judges_and_tells(db, woman, measure, newest):
    measure(woman, "2026-11-23T09:00", SBP=152, DBP=94, HR=70)
    found = newest(woman)
    assert [found[code].level for code in ("SBP", "DBP", "HR")] == ["high", "high", "normal"]
    assert found["SBP"].now.range_high == 139
    assert "Systolic blood pressure 152\u00a0mmHg" in told(db, "observation.recorded")


def test_units_are_converted_and_what_was_typed_is_kept(db, woman, nurse, newest):
    observations.record(db, nurse, woman, "2026-11-20", [NewValue("FPG", 126, unit="mg/dL", written="126")])
    now = newest(woman)["FPG"].now
    assert now.value == 7.0
    assert (now.unit, now.reported_value, now.reported_unit) == ("mmol/L", "126", "mg/dL")


def test_an_unknown_unit_is_an_error_not_a_guess(db, woman, nurse):
    with pytest.raises(observations.UnknownUnit):
        observations.record(db, nurse, woman, "2026-11-20", [NewValue("FPG", 5, unit="cups")])
    assert observations.reports(db, woman.id) == []


def test_zero_words_and_comparators_are_values(db, woman, nurse, newest):
    observations.record(db, nurse, woman, "2026-11-20", [
        NewValue("BASO_PCT", 0), NewValue("U_PRO", text="1+"), NewValue("CRP", 0.5, "<"), NewValue("HBSAG", 0.01),
    ])
    found = newest(woman)
    assert (found["BASO_PCT"].value, found["BASO_PCT"].level) == (0, "normal")
    assert (found["U_PRO"].now.shown, found["U_PRO"].level) == ("1+", "abnormal")
    assert (found["CRP"].now.shown, found["CRP"].level) == ("<0.5\u00a0mg/L", "normal")
    assert (found["HBSAG"].now.shown, found["HBSAG"].level) == ("0.01", None)


def test_adult_limits_give_no_level_to_a_minor(add, measure, newest):
    boy = add("male", "2010-01-01")
    measure(boy, "2026-11-20", SBP=190, CREA=60)
    found = newest(boy)
    assert found["SBP"].level is None and found["SBP"].now.range_high is None and "EGFR" not in found


def test_the_age_is_the_one_when_it_was_taken(add, measure, newest):
    person = add("male", "2008-01-01")
    measure(person, "2025-12-31", SBP=150)
    assert newest(person)["SBP"].level is None
    measure(person, "2026-01-02", SBP=150)
    assert newest(person)["SBP"].level == "high"


def test_nothing_from_the_future(woman, measure):
    with pytest.raises(Invalid):
        measure(woman, "2026-11-23T09:31", SBP=120)
    with pytest.raises(Invalid):
        measure(woman, "2026-11-24", SBP=120)


def test_a_form_sent_twice_files_once(db, woman, nurse):
    first = observations.record(db, nurse, woman, "2026-11-20", [NewValue("HR", 70)], token="t1")
    with pytest.raises(observations.AlreadyFiled) as again:
        observations.record(db, nurse, woman, "2026-11-20", [NewValue("HR", 70)], token="t1")
    assert again.value.args[0] == first
    assert len(observations.reports(db, woman.id)) == 1


def test_previous_and_series(woman, measure, newest):
    measure(woman, "2026-10-01", SBP=130)
    measure(woman, "2026-08-01", SBP=150)
    measure(woman, "2026-11-01", SBP=138)
    reading = newest(woman)["SBP"]
    assert (reading.value, reading.previous.value) == (138, 130)
    assert [value.value for value in reading.series] == [150, 130, 138]


@pytest.mark.parametrize("age, sex, creatinine, expected", [
    (56, "male", 50, 115.33), (79, "female", 61, 88.22),
])  # fmt: skip
def test_egfr_published(age, sex, creatinine, expected):
    from app.clinic.observations.derived import egfr
    assert egfr(creatinine, sex, age) == pytest.approx(expected, abs=0.01)


def test_egfr_needs_an_adult_of_known_sex():
    from app.clinic.observations.derived import egfr
    assert egfr(80, "unknown", 40) is None and egfr(80, "male", 17) is None and egfr(80, "male", None) is None
    assert egfr(0, "male", 40) is None


def test_bmi_and_egfr_are_computed_with_their_inputs(db, woman, measure, newest):
    measure(woman, "2026-11-01", HEIGHT=160, WEIGHT=64, CREA=120)
    found = newest(woman)
    assert (found["BMI"].value, found["BMI"].level) == (25.0, "high")
    assert found["EGFR"].level == "low"
    assert {value.code for value in observations.inputs(db, found["BMI"].now.id)} == {"HEIGHT", "WEIGHT"}


def test_a_known_height_serves_an_adult(add, measure, newest):
    person, child = add(), add("male", "2015-01-01")
    measure(person, "2026-01-01", HEIGHT=160)
    measure(child, "2026-01-01", HEIGHT=130)
    measure(person, "2026-11-01", WEIGHT=64)
    measure(child, "2026-11-01", WEIGHT=30)
    assert newest(person)["BMI"].taken_at == "2026-11-01" and "BMI" not in newest(child)


def test_a_reported_value_is_not_computed_again(db, woman, newest):
    observations.file_report(db, None, woman, "2026-11-01", "省立医院", [NewValue("CREA", 60), NewValue("EGFR", 77)])
    assert [value.value for value in newest(woman)["EGFR"].series] == [77]


def test_a_correction_is_a_new_version_and_what_follows_is_computed_anew(db, woman, nurse, measure, newest):
    measure(woman, "2026-11-01", HEIGHT=160, WEIGHT=64)
    wrong = newest(woman)["WEIGHT"].now
    new = observations.correct(db, nurse, woman, wrong.id, NewValue("WEIGHT", 54), "slip of the pen")
    found = newest(woman)
    assert found["WEIGHT"].value == 54 and found["BMI"].value == pytest.approx(21.09)
    assert len(found["BMI"].series) == 1
    assert [old.value for old in observations.earlier_versions(db, woman.id, new)] == [64]
    assert "64.0\u00a0kg became 54.0\u00a0kg (slip of the pen)" in told(db, "observation.corrected")


def test_a_second_correction_is_a_conflict(db, woman, nurse, measure, newest):
    measure(woman, "2026-11-01", WEIGHT=64)
    id = newest(woman)["WEIGHT"].now.id
    observations.correct(db, nurse, woman, id, NewValue("WEIGHT", 54), "slip")
    with pytest.raises(Conflict) as conflict:
        observations.correct(db, nurse, woman, id, NewValue("WEIGHT", 55), "slip")
    assert conflict.value.texts[0][2] == "54.0\u00a0kg"


def test_a_correction_needs_a_reason_and_stays_with_its_indicator(db, woman, nurse, measure, newest):
    measure(woman, "2026-11-01", WEIGHT=64, GLU=6.5)
    found = newest(woman)
    with pytest.raises(Invalid):
        observations.correct(db, nurse, woman, found["WEIGHT"].now.id, NewValue("WEIGHT", 54), " ")
    with pytest.raises(Invalid):
        observations.correct(db, nurse, woman, found["WEIGHT"].now.id, NewValue("HEIGHT", 154), "x")
    observations.correct(db, nurse, woman, found["GLU"].now.id, NewValue("FPG", 6.5), "she had fasted")
    found = newest(woman)
    assert "GLU" not in found and found["FPG"].level == "high"
    details = json.loads(db.value("SELECT details FROM events WHERE kind = 'observation.corrected' ORDER BY id DESC LIMIT 1"))
    said = events.tell("observation.corrected", details).replace("\u00a0", " ")
    assert "Glucose (fasting not stated)" in said and "became Fasting glucose 6.50 mmol/L" in said


def test_striking_out_takes_what_was_computed_along(db, woman, nurse, measure, newest):
    measure(woman, "2026-11-01", CREA=60)
    observations.correct(db, nurse, woman, newest(woman)["CREA"].now.id, None, "another patient's")
    assert newest(woman) == {}
    assert told(db, "observation.corrected").startswith("Struck out")


def test_withdrawing_a_report(db, woman, nurse, measure, newest):
    measure(woman, "2026-01-01", HEIGHT=160)
    height = observations.reports(db, woman.id)[0]
    measure(woman, "2026-11-01", WEIGHT=64)
    assert observations.withdraw_report(db, nurse, height.id, "wrong person") == 1
    assert set(newest(woman)) == {"WEIGHT"}
    with pytest.raises(NotFound):
        observations.withdraw_report(db, nurse, height.id, "again")


def test_other_peoples_values_are_not_found(db, woman, add, nurse, measure, newest):
    other = add(name="李德福")
    report = measure(woman, "2026-11-01", HR=60)
    id = newest(woman)["HR"].now.id
    assert observations.observation(db, other.id, id) is None and observations.report(db, other.id, report) is None
    with pytest.raises(NotFound):
        observations.correct(db, nurse, other, id, NewValue("HR", 61), "x")


def test_the_catalogue_in_force_judges(db, who, woman, measure, newest):
    from app.clinic import catalogue
    catalogue.override(db, who("doctor"), "HR", catalogue.NewOverride("our device", low_female=50, critical_low=40))
    measure(woman, "2026-11-01", HR=55)
    assert newest(woman)["HR"].level == "normal"
    measure(woman, "2026-11-02", HR=40)
    assert newest(woman)["HR"].level == "critical_low"
    catalogue.restore(db, who("doctor"), "HR", "a mistake")
    measure(woman, "2026-11-03", HR=55)
    assert newest(woman)["HR"].level == "low"


def test_indexes_serve_the_pages(db):
    def plan(sql, **params):
        return " ".join(row[3] for row in db.all(tuple, "EXPLAIN QUERY PLAN " + sql, **params))

    from app.clinic.observations import finding, queries
    assert "observations_by_patient" in plan(queries.LATEST, patient=1) and "TEMP B-TREE" not in plan(queries.LATEST, patient=1)
    one = plan(queries.SERIES, patient=1, code="SBP", since="")
    assert "observations_by_patient (patient_id=? AND code=? AND taken_at>?)" in one
    assert "SCAN observations" not in plan(finding.NEWEST_OF, pairs="[]") + plan(finding.OPEN_OF, patients="[]")
