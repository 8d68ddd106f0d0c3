"""Every pathway at its limits: what starts it, when it is due, what follows from how it went, when it stops."""

from datetime import timedelta

import pytest

from app.clinic import observations, patients, tags, work
from app.clinic.observations import NewValue
from app.clinic.work.pathways import every
from app.core import clock
from app.core.errors import Invalid

SOURCED = "国家基本公共卫生服务规范（第三版）"


@pytest.fixture
def adult(db, who, register, today):
    """60, with a doctor and a manager."""
    return patients.get(db, register(
        manager_id=who("manager").id, doctor_id=who("doctor").id, birth_date=today.replace(year=today.year - 60)))


@pytest.fixture
def measure(db, who, today):
    def measure(patient, days_ago=0, **values):
        new = [NewValue(code, value) for code, value in values.items()]
        return observations.record(db, who("nurse"), patient, str(today - timedelta(days=days_ago)), new)
    return measure


def open_codes(db, patient):
    """What is open apart from explaining and rechecking abnormal results."""
    return {one.pathway.code: one for one in work.open_for(db, patient.id) if one.pathway.programme != "abnormal"}


# ── the data ──

def test_whatever_follows_exists_and_every_tag_is_shipped(db):
    codes = {pathway.code for pathway in every()}
    shipped = {rule.code for rule in tags.rules(db)}
    for pathway in every():
        assert {one.next for one in pathway.outcomes if one.next} | set(pathway.unless_open) <= codes, pathway.code
        assert set(pathway.starts.tags) <= shipped, pathway.code


@pytest.mark.parametrize("pathway", every(), ids=lambda one: f"{one.code}-{one.version}")
def test_it_names_its_source_and_owns_up_to_being_a_setting(pathway):
    assert pathway.status in ("V", "P")
    assert (pathway.source.zh == SOURCED) is (pathway.status == "V")
    assert all((words.zh and words.en) for words in (pathway.title, pathway.rule, pathway.source))
    assert len({one.code for one in pathway.outcomes}) == len(pathway.outcomes) > 0


# ── blood pressure ──

@pytest.mark.parametrize("sbp, dbp, code, due", [
    (139, 89, None, None), (140, 89, "bp_recheck", 14), (139, 90, "bp_recheck", 14), (160, 100, "bp_recheck", 14),
    (179, 109, "bp_recheck", 14), (180, 80, "bp_urgent", 0), (120, 110, "bp_urgent", 0),
])
def test_blood_pressure_at_its_limits(db, who, adult, measure, today, sbp, dbp, code, due):
    measure(adult, SBP=sbp, DBP=dbp)
    found = open_codes(db, adult)
    assert list(found) == ([code] if code else [])
    if code:
        owner = who("doctor") if code == "bp_urgent" else who("manager")
        assert (found[code].due_on, found[code].owner_id) == (str(today + timedelta(days=due)), owner.id)


def test_the_two_weeks_run_from_the_measurement(db, adult, measure, today):
    measure(adult, days_ago=18, SBP=152, DBP=94)
    item = open_codes(db, adult)["bp_recheck"]
    assert item.due_on == str(today - timedelta(days=4)) and item.lateness(today) == "late" and item.days_late(today) == 4


def test_why_names_the_values_the_rule_and_the_source(db, who, adult, measure, today):
    measure(adult, SBP=152, DBP=94)
    item = open_codes(db, adult)["bp_recheck"]
    said = why(db, who, item)
    for part in (str(today), "152", "94", "≥140", "version 1", "14 days", "National Basic Public Health Services"):
        assert part in said, part
    assert work.reasons(db, [item], who("desk")) == {}


def test_why_stays_right_when_a_value_behind_it_is_corrected(db, who, adult, measure):
    measure(adult, SBP=152, DBP=94)
    [sbp], [dbp] = observations.series(db, adult.id, "SBP"), observations.series(db, adult.id, "DBP")
    observations.correct(db, who("nurse"), adult, sbp.id, NewValue("SBP", 141.0), "slip")
    item = open_codes(db, adult)["bp_recheck"]
    assert "152 mmHg, corrected since: Systolic blood pressure 141 mmHg" in why(db, who, item)
    observations.correct(db, who("nurse"), adult, dbp.id, None, "another person's")
    assert "94 mmHg, struck out since" in why(db, who, item)


def why(db, who, item):
    lines = work.reasons(db, [item], who("nurse"))[item.id]
    return "; ".join(f"{label}: {text}" for label, text in lines).replace("\u00a0", " ")


def test_back_in_range_takes_it_back(db, adult, measure):
    measure(adult, SBP=152, DBP=94)
    measure(adult, SBP=124, DBP=78)
    assert open_codes(db, adult) == {}


def test_a_corrected_slip_takes_it_back(db, who, adult, measure):
    measure(adult, SBP=182, DBP=94)
    [sbp] = observations.series(db, adult.id, "SBP")
    observations.correct(db, who("nurse"), adult, sbp.id, NewValue("SBP", 128.0), "slip")
    observations.correct(db, who("nurse"), adult, observations.series(db, adult.id, "DBP")[-1].id, NewValue("DBP", 84.0), "slip")
    assert open_codes(db, adult) == {}


def test_higher_becomes_urgent_and_lower_a_recheck(db, adult, measure):
    measure(adult, SBP=152, DBP=94)
    measure(adult, SBP=186, DBP=94)
    assert list(open_codes(db, adult)) == ["bp_urgent"]
    measure(adult, SBP=165, DBP=94)
    assert list(open_codes(db, adult)) == ["bp_recheck"]


def test_a_higher_grade_asks_for_nothing_more_while_the_recheck_is_open(db, adult, measure):
    measure(adult, SBP=152, DBP=94)
    first = open_codes(db, adult)["bp_recheck"]
    measure(adult, SBP=165, DBP=94)
    assert open_codes(db, adult)["bp_recheck"].id == first.id


OUTCOMES = [
    ("bp_recheck", "controlled", "bp_routine", 90), ("bp_recheck", "uncontrolled", "bp_referral", 14),
    ("bp_recheck", "unwell", "see_doctor", 0), ("bp_recheck", "declined", None, None),
    ("bp_routine", "controlled", "bp_routine", 90), ("bp_routine", "uncontrolled", "bp_recheck", 14),
    ("bp_referral", "seen", "bp_routine", 90), ("bp_referral", "not_seen", "bp_referral", 14),
    ("bp_urgent", "referred", "bp_referral", 14), ("bp_urgent", "lower", "bp_recheck", 14),
    ("glucose_repeat", "high_again", "glucose_doctor", 14), ("glucose_repeat", "normal", None, None),
]
START = {"bp_recheck": {"SBP": 150}, "bp_urgent": {"SBP": 190}, "glucose_repeat": {"FPG": 7.4}}
WAY = {"bp_routine": ("bp_recheck", "controlled"), "bp_referral": ("bp_recheck", "uncontrolled")}


@pytest.mark.parametrize("code, outcome, follows, days", OUTCOMES)
def test_the_next_date_comes_from_the_outcome(db, who, adult, measure, today, code, outcome, follows, days):
    first, before = WAY.get(code, (code, None))
    measure(adult, **START[first])
    for taken in filter(None, (before, outcome)):
        [item] = open_codes(db, adult).values()
        work.complete(db, who("doctor"), item.id, work.Completion(taken, item.seen, note="said so", channel="phone"))
    found = open_codes(db, adult)
    assert {one: item.due_on for one, item in found.items()} == ({follows: str(today + timedelta(days=days))} if follows else {})


def test_a_day_agreed_with_the_person_wins(db, who, adult, measure, today):
    measure(adult, SBP=150)
    item = open_codes(db, adult)["bp_recheck"]
    agreed = today + timedelta(days=30)
    work.complete(db, who("manager"), item.id, work.Completion("controlled", item.seen, next_on=agreed))
    assert open_codes(db, adult)["bp_routine"].due_on == str(agreed)


def test_twice_uncontrolled_is_referred(db, who, adult, measure, today):
    """Quarterly visit uncontrolled → two weeks → still uncontrolled → referral, followed within two weeks."""
    measure(adult, SBP=150)
    for outcome in ("controlled", "uncontrolled", "uncontrolled"):
        [item] = open_codes(db, adult).values()
        work.complete(db, who("manager"), item.id, work.Completion(outcome, item.seen))
    assert list(open_codes(db, adult)) == ["bp_referral"]


def test_high_again_while_only_the_routine_visit_waits_asks_for_a_recheck(db, who, adult, measure, today):
    measure(adult, days_ago=30, SBP=150)
    item = open_codes(db, adult)["bp_recheck"]
    work.complete(db, who("manager"), item.id, work.Completion("controlled", item.seen))
    measure(adult, SBP=155)
    assert set(open_codes(db, adult)) == {"bp_routine", "bp_recheck"}


def test_a_referral_being_followed_is_not_asked_for_twice(db, who, adult, measure):
    measure(adult, days_ago=14, SBP=150)
    item = open_codes(db, adult)["bp_recheck"]
    work.complete(db, who("manager"), item.id, work.Completion("uncontrolled", item.seen))
    measure(adult, SBP=152)
    assert list(open_codes(db, adult)) == ["bp_referral"]


# ── glucose ──

@pytest.mark.parametrize("value, asked", [(6.9, False), (7.0, True)])
def test_fasting_glucose_at_its_limit(db, adult, measure, today, value, asked):
    measure(adult, FPG=value)
    found = open_codes(db, adult)
    assert list(found) == (["glucose_repeat"] if asked else [])
    if asked:
        assert found["glucose_repeat"].due_on == str(today + timedelta(days=14))
        assert found["glucose_repeat"].pathway.status == "P"


@pytest.mark.parametrize("code", ["glucose_repeat", "explain_abnormal", "recheck_abnormal"])
def test_an_interval_without_a_source_is_the_clinics(db, who, adult, measure, today, code):
    work.set_days(db, who("doctor"), code, 5)
    measure(adult, FPG=7.4)
    if code == "recheck_abnormal":
        item = next(one for one in work.open_for(db, adult.id) if one.pathway.code == "explain_abnormal")
        work.complete(db, who("manager"), item.id, work.Completion("explained", item.seen))
    due = {one.pathway.code: one.due_on for one in work.open_for(db, adult.id)}
    assert due[code] == str(today + timedelta(days=5))


@pytest.mark.parametrize("code, days", [("bp_recheck", 5), ("nonsense", 5), ("glucose_repeat", 0), ("glucose_repeat", 731)])
def test_a_sourced_interval_is_not_the_clinics_to_set(db, who, adult, measure, today, code, days):
    with pytest.raises(Invalid):
        work.set_days(db, who("owner"), code, days)
    measure(adult, SBP=150, FPG=7.4)
    assert {one.due_on for one in open_codes(db, adult).values()} == {str(today + timedelta(days=14))}


# ── old results ──

def test_an_old_high_value_waits_on_the_list_until_a_new_one_comes(db, adult, measure, today):
    measure(adult, days_ago=400, SBP=150)
    measure(adult, days_ago=390, SBP=150)
    assert [item.due_on for item in open_codes(db, adult).values()] == [None]
    assert work.recall_lists(db)[0].people == 1
    measure(adult, SBP=150)
    [item] = open_codes(db, adult).values()
    assert item.due_on == str(today + timedelta(days=14))


def test_the_nightly_run_changes_nothing_that_stands(db, adult, measure):
    measure(adult, SBP=150)
    before = [(item.id, item.due_on) for item in work.open_for(db, adult.id)]
    tags.reevaluate(db)
    with clock.stop(clock.now() + timedelta(days=3)):
        tags.reevaluate(db)
    assert [(item.id, item.due_on) for item in work.open_for(db, adult.id)] == before
