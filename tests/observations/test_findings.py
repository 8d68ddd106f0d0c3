"""Found → explained → rechecked → closed."""

import pytest

from app.clinic import observations
from app.clinic.observations import NewValue
from app.core.errors import Invalid, NotFound


@pytest.fixture
def open_codes(db):
    return lambda patient: [finding.code for finding in observations.open_findings(db, patient.id)]


@pytest.fixture
def explain(db, nurse):
    def note(patient):
        ids = [finding.id for finding in observations.open_findings(db, patient.id)]
        observations.explain(db, nurse, patient.id, ids, "told her what it means")
    return note


def steps(db, patient):
    return [step.step for finding in observations.findings(db, patient.id, ended=True) for step in finding.steps]


def kinds(db):
    return db.all(str, "SELECT kind FROM events WHERE kind LIKE 'finding.%' ORDER BY id")


def test_the_whole_way(db, woman, measure, explain, open_codes):
    measure(woman, "2026-11-01", LDL=4.2, HDL=1.5)
    assert open_codes(woman) == ["LDL"]
    explain(woman)
    measure(woman, "2026-11-20", LDL=4.0)
    assert open_codes(woman) == ["LDL"]
    measure(woman, "2026-11-22", LDL=3.0)
    assert open_codes(woman) == []
    assert steps(db, woman) == ["explained", "rechecked", "rechecked", "closed"]
    assert kinds(db) == ["finding.opened", "finding.explained", "finding.rechecked", "finding.closed"]


def test_a_normal_value_before_anybody_explained_does_not_close(woman, measure, explain, open_codes):
    measure(woman, "2026-11-01", LDL=4.2)
    measure(woman, "2026-11-20", LDL=3.0)
    assert open_codes(woman) == ["LDL"]
    explain(woman)
    assert open_codes(woman) == []


def test_one_open_finding_per_indicator(woman, measure, open_codes):
    measure(woman, "2026-11-01", LDL=4.2)
    measure(woman, "2026-11-02", LDL=4.3)
    assert open_codes(woman) == ["LDL"]


def test_an_older_result_that_arrives_late_opens_nothing(woman, measure, open_codes):
    measure(woman, "2026-11-01", LDL=3.0)
    measure(woman, "2020-11-01", LDL=4.2)
    assert open_codes(woman) == []


def test_a_closed_finding_opens_anew_with_a_new_value(woman, measure, explain, open_codes):
    measure(woman, "2026-11-01", LDL=4.2)
    explain(woman)
    measure(woman, "2026-11-02", LDL=3.0)
    measure(woman, "2026-11-03", LDL=4.2)
    assert open_codes(woman) == ["LDL"]


def test_a_correction_withdraws_what_it_takes_away(db, woman, nurse, measure, newest, open_codes):
    measure(woman, "2026-11-01", WEIGHT=90, HEIGHT=160)
    assert open_codes(woman) == ["BMI"]
    observations.correct(db, nurse, woman, newest(woman)["WEIGHT"].now.id, NewValue("WEIGHT", 55), "slip")
    assert open_codes(woman) == [] and steps(db, woman) == ["withdrawn"]


def test_a_correction_may_find(db, woman, nurse, measure, newest, open_codes):
    measure(woman, "2026-11-01", LDL=2.4)
    observations.correct(db, nurse, woman, newest(woman)["LDL"].now.id, NewValue("LDL", 4.2), "slip")
    assert open_codes(woman) == ["LDL"]


def test_a_correction_that_stays_abnormal_keeps_the_finding(db, woman, nurse, measure, newest, open_codes):
    measure(woman, "2026-11-01", LDL=4.2)
    before = observations.open_findings(db, woman.id)[0].id
    observations.correct(db, nurse, woman, newest(woman)["LDL"].now.id, NewValue("LDL", 4.4), "slip")
    assert [finding.id for finding in observations.open_findings(db, woman.id)] == [before]


def test_a_correction_is_not_a_second_measurement(db, woman, nurse, measure, newest, explain):
    measure(woman, "2026-11-01", LDL=4.2)
    explain(woman)
    observations.correct(db, nurse, woman, newest(woman)["LDL"].now.id, NewValue("LDL", 4.4), "slip")
    found = observations.open_findings(db, woman.id)[0]
    assert found.rechecked is None and found.observation.value == 4.4


def test_withdrawing_a_report_withdraws_its_findings_unless_another_value_stands(db, woman, nurse, measure, open_codes):
    first = measure(woman, "2026-11-01", LDL=4.2, UA=500)
    measure(woman, "2026-11-10", LDL=4.3)
    observations.withdraw_report(db, nurse, first, "another person's")
    assert open_codes(woman) == ["LDL"]


def test_explaining_needs_words_and_ones_own_findings(db, woman, add, nurse, measure):
    measure(woman, "2026-11-01", LDL=4.2)
    mine = observations.open_findings(db, woman.id)[0].id
    with pytest.raises(Invalid):
        observations.explain(db, nurse, woman.id, [mine], " ")
    with pytest.raises(NotFound):
        observations.explain(db, nurse, add(name="李德福").id, [mine], "told him")


def test_an_import_is_heard_set_wise(db, add, nurse):
    """A chunk of a hundred people costs a handful of statements, not some per person."""
    people = [add("male", "1970-01-01", f"人{n}") for n in range(30)]
    asked = []
    db.writer.set_trace_callback(lambda sql: asked.append(sql) if "FROM json_each(:pairs)" in sql or "FROM findings f\n" in sql else None)
    with db.change(nurse, "report.filed", people[0].id) as details:
        details |= {"report": 0, "n": 0, "taken_at": "2026-01-01", "source": "x", "abnormal": []}
        for person in people:
            observations.file_report(db, nurse, person, "2026-11-01", "省立医院", [NewValue("LDL", 4.2), NewValue("TG", 9)])
    db.writer.set_trace_callback(None)
    assert db.value("SELECT count(*) FROM findings WHERE ended_event_id IS NULL") == 60
    assert db.value("SELECT count(*) FROM events WHERE kind = 'finding.opened'") == 30
    caused = db.value("SELECT count(*) FROM events f JOIN events r ON r.id = f.cause_id AND r.kind = 'report.filed' "
                      "AND r.patient_id = f.patient_id WHERE f.kind = 'finding.opened'")
    assert caused == 30
    assert len(asked) <= 6


def test_a_failing_write_leaves_neither_value_nor_finding(db, woman, nurse):
    with pytest.raises(RuntimeError), db.change(nurse, "report.filed", woman.id) as details:
        details |= {"report": 0, "n": 0, "taken_at": "2026-01-01", "source": "x", "abnormal": []}
        observations.file_report(db, nurse, woman, "2026-11-01", "省立医院", [NewValue("LDL", 4.2)])
        raise RuntimeError
    assert observations.latest(db, woman.id) == [] and observations.open_findings(db, woman.id) == []
