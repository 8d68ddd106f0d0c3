"""Tags come and go with the facts, inside the write, and say why."""

import json
from datetime import UTC, datetime

import pytest

from app.clinic import criteria, observations, patients, tags
from app.clinic.criteria import AllOf, Fact, Not
from app.clinic.observations import NewValue
from app.core import clock
from app.core.errors import Invalid, NotFound, Refusal

EVENTS = "SELECT count(*) FROM events WHERE kind IN ('tag.set', 'tag.removed') AND patient_id = :patient"
OBSERVATION = "SELECT max(id) FROM observations WHERE patient_id = :patient AND code = :code"


def only(db, patient, code):
    return next(tag for tag in tags.current(db, patient.id) if tag.code == code)


def test_why_names_value_day_rule_version_and_source(db, person, measure) -> None:
    patient = person()
    measure(patient, "2026-11-05", SBP=152, DBP=94)
    tag = only(db, patient, "bp_grade_1")
    why = dict(tags.why(tag))
    assert "2026-11-05" in why["Value"] and "152" in why["Value"] and "94" in why["Value"]
    assert "version 1" in why["Rule"] and "guideline" in why["Source"]
    rows = db.all(int, "SELECT id FROM observations WHERE patient_id = :patient", patient=patient.id)
    assert sorted(tag.observations) == rows


def test_the_cause_of_a_tag_is_the_write_that_brought_it(db, person, measure) -> None:
    patient = person()
    measure(patient, SBP=152)
    kind = db.value("SELECT c.kind FROM events e JOIN events c ON c.id = e.cause_id WHERE e.kind = 'tag.set' AND e.patient_id = :p",
                    p=patient.id)
    assert kind == "observation.recorded"


def test_a_newer_value_renews_the_evidence_without_noise(db, person, measure) -> None:
    patient = person()
    measure(patient, "2026-11-05", SBP=152)
    before, told = only(db, patient, "bp_grade_1"), db.value(EVENTS, patient=patient.id)
    measure(patient, "2026-11-12", SBP=148)
    after = only(db, patient, "bp_grade_1")
    assert after.id == before.id and db.value(EVENTS, patient=patient.id) == told
    assert json.loads(after.evidence)["because"][1]["value"] == 148
    assert after.observations == [db.value(OBSERVATION, patient=patient.id, code="SBP")]


def test_a_correction_within_the_grade_keeps_the_tag_on_the_new_value(db, nurse, person, measure) -> None:
    patient = person()
    measure(patient, SBP=152)
    old = db.value(OBSERVATION, patient=patient.id, code="SBP")
    new = observations.correct(db, nurse, patient, old, NewValue("SBP", 145), "misread")
    tag = only(db, patient, "bp_grade_1")
    assert tag.observations == [new] and "145" in dict(tags.why(tag))["Value"]


def test_a_correction_below_the_limit_takes_the_tag_away_in_the_same_write(db, nurse, person, measure, codes) -> None:
    patient = person()
    measure(patient, SBP=152)
    observations.correct(db, nurse, patient, db.value(OBSERVATION, patient=patient.id, code="SBP"), NewValue("SBP", 115), "misread")
    assert codes(patient.id) == set()
    line = tags.history(db, patient.id)[0]
    assert line.name == "Blood pressure grade 1" and line.removed_at


def test_a_withdrawn_report_takes_its_tags_along(db, nurse, person, measure, codes) -> None:
    patient = person()
    report = measure(patient, FPG=8.0)
    observations.withdraw_report(db, nurse, report, "somebody else's")
    assert codes(patient.id) == set()


def test_a_failed_write_leaves_no_tag(db, nurse, person, codes) -> None:
    patient = person()
    with pytest.raises(ZeroDivisionError), db.change(nurse, "observation.recorded", patient.id) as details:
        details |= {"values": [], "abnormal": []}
        observations.record(db, nurse, patient, "2026-11-20", [NewValue("SBP", 190)])
        raise ZeroDivisionError
    assert codes(patient.id) == set()


def test_ages_change_with_the_day(db, person, codes) -> None:
    patient = person(born="1961-11-24")
    assert codes(patient.id) == set()
    with clock.stop(datetime(2026, 11, 24, 1, tzinfo=UTC)):
        assert tags.reevaluate(db) == 1
        assert codes(patient.id) == {"senior_65"}
        assert tags.reevaluate(db) == 0


def test_a_window_closes_by_itself(db, who, person, measure, codes) -> None:
    patient = person()
    fact = criteria.parse('{"is":"fact","field":"indicator","code":"SBP","take":"max","within":{"n":7,"unit":"days"},"op":"ge","value":150}')
    code = tags.make_rule(db, who("doctor"), tags.NewRule("近期高", "Lately high", "amber", "Dr Lin"), fact)
    measure(patient, "2026-11-16", SBP=150)
    assert code not in codes(patient.id)
    tags.switch(db, who("doctor"), code, True)
    assert code in codes(patient.id)
    with clock.stop(datetime(2026, 11, 24, 1, tzinfo=UTC)):
        tags.reevaluate(db)
        assert code not in codes(patient.id)


def test_rules_that_name_tags_come_after_them_and_only_once(db, who, person, measure, codes) -> None:
    patient = person(born="1950-01-01")
    both = AllOf((Fact("tag", "exists", code="senior_65"), Fact("tag", "exists", code="bp_grade_2")))
    code = tags.make_rule(db, who("doctor"), tags.NewRule("老年二级", "Senior and grade 2", "red", "Dr Lin"), both)
    tags.switch(db, who("doctor"), code, True)
    assert code not in codes(patient.id)
    measure(patient, SBP=165)
    assert codes(patient.id) == {"senior_65", "bp_grade_2", code}
    measure(patient, "2026-11-21", SBP=130)
    assert code not in codes(patient.id)


def test_a_rule_resting_on_itself_is_refused(db, who) -> None:
    doctor = who("doctor")
    first = tags.make_rule(db, doctor, tags.NewRule("甲", "First", "info", "x"), Fact("tag", "missing", code="senior_65"))
    second = tags.make_rule(db, doctor, tags.NewRule("乙", "Second", "info", "x"), Fact("tag", "exists", code=first))
    with pytest.raises(Refusal):
        tags.make_rule(db, doctor, tags.NewRule("甲", "First", "info", "x"), Not(Fact("tag", "exists", code=second)), first)


def test_a_changed_rule_is_a_new_version_and_the_tag_says_so(db, who, person, measure) -> None:
    doctor, patient = who("doctor"), person()
    at = lambda limit: Fact("indicator", "ge", limit, "HR", "latest")  # noqa: E731
    code = tags.make_rule(db, doctor, tags.NewRule("心率快", "Fast heart", "info", "x"), at(90))
    tags.switch(db, doctor, code, True)
    measure(patient, HR=101)
    assert only(db, patient, code).rule.version == 1
    tags.make_rule(db, doctor, tags.NewRule("心率快", "Fast heart", "info", "x"), at(100), code)
    assert only(db, patient, code).rule.version == 2
    assert [rule.version for rule in tags.versions(db, code)] == [2, 1]


def test_a_newer_shipped_version_replaces_the_old_and_keeps_the_switch(db, who, monkeypatch) -> None:
    import msgspec

    from app.clinic.tags import actions

    tags.switch(db, who("doctor"), "obesity", False)
    newer = tuple(msgspec.structs.replace(one, version=2) if one.code in ("obesity", "overweight") else one for one in actions.shipped())
    monkeypatch.setattr(actions, "shipped", lambda: newer)
    tags.seed(db)
    live = {rule.code: rule for rule in tags.rules(db)}
    assert (live["obesity"].version, live["obesity"].is_on) == (2, 0)
    assert (live["overweight"].version, live["overweight"].is_on) == (2, 1)
    tags.seed(db)
    assert len(tags.versions(db, "obesity")) == 2


def test_switching_off_removes_and_on_sets_for_everybody(db, who, person, measure, codes) -> None:
    people = [person(name=name) for name in ("甲", "乙", "丙")]
    for one in people:
        measure(one, BMI=29)
    assert tags.switch(db, who("doctor"), "obesity", False) == 3
    assert all(codes(one.id) == set() for one in people)
    run = tags.dry_run(db, tags.rule(db, "obesity").criterion, "obesity")
    assert (run.matching, run.gain, run.lose, len(run.gaining)) == (3, 3, 0, 3)
    assert tags.switch(db, who("doctor"), "obesity", True) == 3
    assert tags.counts(db)["obesity"] == 3


def test_labels_by_hand_need_a_reason_and_are_left_alone_by_the_night(db, nurse, person, codes) -> None:
    patient = person()
    tags.label(db, nurse, patient.id, tags.Labelled("容易跌倒", "起立行走 13 秒"))
    with pytest.raises(Invalid):
        tags.label(db, nurse, patient.id, tags.Labelled(" 容易跌倒 ", "again"))
    with pytest.raises(Invalid):
        tags.label(db, nurse, patient.id, tags.Labelled("肥胖", "looks so"))
    tags.reevaluate(db)
    tag = only(db, patient, "容易跌倒")
    assert dict(tags.why(tag))["Reason"] == "起立行走 13 秒" and tags.labels(db) == ["容易跌倒"]
    with pytest.raises(Invalid):
        tags.take_off(db, nurse, patient.id, tag.id, " ")
    tags.take_off(db, nurse, patient.id, tag.id, "练好了")
    assert codes(patient.id) == set() and tags.history(db, patient.id)[0].removed_reason == "练好了"


def test_a_held_tag_stays_away_until_it_is_released(db, nurse, person, measure, codes) -> None:
    patient, other = person(), person(name="李德福")
    measure(patient, SBP=152)
    tag = only(db, patient, "bp_grade_1")
    with pytest.raises(NotFound):
        tags.take_off(db, nurse, other.id, tag.id, "not hers")
    tags.take_off(db, nurse, patient.id, tag.id, "家庭血压正常")
    assert codes(patient.id) == set()
    measure(patient, "2026-11-21", SBP=154)
    tags.reevaluate(db)
    assert codes(patient.id) == set()
    line = tags.history(db, patient.id)[0]
    assert (line.removed_by, line.removed_reason) == ("周岚", "家庭血压正常")
    (hold,) = tags.holds(db, patient.id)
    assert (hold.name, hold.reason, hold.by) == ("Blood pressure grade 1", "家庭血压正常", "周岚")
    with pytest.raises(NotFound):
        tags.release(db, nurse, other.id, hold.id, "not hers")
    tags.release(db, nurse, patient.id, hold.id, "又高了")
    assert codes(patient.id) == {"bp_grade_1"} and tags.holds(db, patient.id) == []


def test_many_people_in_one_change_get_what_each_would_alone(db, nurse, person, codes) -> None:
    values = [110, 125, 145, 165, 185]
    people = [person(name=f"人{n}") for n in range(len(values))]
    with db.change(None, "settings.changed") as details:
        details["names"] = ""
        for one, value in zip(people, values, strict=True):
            observations.file_report(db, nurse, one, "2026-11-20", "center", [NewValue("SBP", value)])
    expected = [set(), {"bp_high_normal"}, {"bp_grade_1"}, {"bp_grade_2"}, {"bp_grade_3"}]
    assert [codes(one.id) for one in people] == expected
    assert tags.reevaluate(db) == 0


def test_the_night_repairs_what_differs(db, person, measure, codes) -> None:
    patient = person()
    measure(patient, SBP=152)
    with db.aside():
        db.execute("UPDATE tags SET evidence = '{}' WHERE patient_id = :p", p=patient.id)
    assert tags.reevaluate(db) == 1
    assert "152" in dict(tags.why(only(db, patient, "bp_grade_1")))["Value"]


def test_taken_out_people_lose_their_tags(db, who, person, measure, codes) -> None:
    patient = person()
    measure(patient, SBP=152)
    patients.withdraw(db, who("owner"), patient.id, "twice")
    assert codes(patient.id) == set()
