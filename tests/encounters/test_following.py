"""What a consultation leads to: promises and signatures as work, conditions by the record's own verb, tags by the rules."""

from datetime import date, timedelta

import pytest

from app.clinic import criteria, encounters, mistakes, observations, patients, records, tags, work
from app.clinic.encounters import Assessment, Text, read
from app.clinic.observations import NewValue
from app.core import clock
from app.core.errors import Forbidden, Invalid, Refusal
from app.core.words import speaking
from tests.conftest import NOW


def text_of(section: str, **body: str) -> dict[str, Text]:
    return {section: Text(section, 1, body, "", 0, 1, "", "")}


@pytest.mark.parametrize(("typed", "found"), [
    ({"text_1": "高血压", "code_1": "i10", "certainty_1": "confirmed"}, [Assessment(1, "高血压", "I10", "confirmed")]),
    ({"code_2": "I10"}, [Assessment(2, "高血压", "I10", "provisional")]),
    ({"text_12": "累", "record_12": "on"}, [Assessment(12, "累", record=True)]),
    ({"certainty_1": "confirmed"}, []),
])
def test_lines_are_read(typed, found) -> None:
    with speaking("zh"):
        told = read(text_of("assessment", **typed), date(2026, 11, 23))
    assert (told.assessments, told.errors) == (found, {})


@pytest.mark.parametrize(("section", "typed", "says"), [
    ("assessment", {"text_1": "x", "code_1": "hello"}, "ICD-10"), ("assessment", {"code_1": "Z99.99"}, "words"), ("assessment", {"text_1": "x" * 201}, "200"),
    ("assessment", {"text_1": "x", "certainty_1": "sure"}, "words"), ("plan", {"what_1": "call"}, "by when"), ("plan", {"on_1": "2026-11-22"}, "over"),
    ("plan", {"what_1": "x" * 201, "on_1": "2026-11-23"}, "200"),
])
def test_a_line_that_cannot_be_says_so_and_nothing_is_signed(house, who, wang, begun, write, section, typed, says) -> None:
    write(section, **typed)
    with pytest.raises(Invalid) as invalid:
        encounters.sign(house, who("doctor"), wang, begun, 1)
    assert says in invalid.value.errors[section][0] % invalid.value.errors[section][1]
    assert encounters.texts(house, begun)[section].body == typed


def test_every_promise_is_work_on_its_day_and_goes_with_the_consultation(house, who, wang, begun, write, signed) -> None:
    write("plan", text="低盐", what_1="看血压记录", on_1="2026-12-07", what_2="打电话问睡眠", on_2="2026-11-30")
    signed()
    items = work.open_for(house, wang.id)
    assert [(item.title, item.due_on, item.pathway_code) for item in items] == [
        ("打电话问睡眠", "2026-11-30", "agreed"), ("看血压记录", "2026-12-07", "agreed")]
    mistakes.mark(house, who("doctor"), wang, "encounters", begun, "another person's")
    assert work.open_for(house, wang.id) == []


def test_two_promises_of_two_contacts_are_both_kept(house, who, wang) -> None:
    for day in ("2026-12-01", "2026-12-08"):
        work.record(house, who("manager"), wang.id, work.NewContact("phone", "reached", next_on=date.fromisoformat(day)))
    assert [item.due_on for item in work.open_for(house, wang.id)] == ["2026-12-01", "2026-12-08"]


def test_unsigned_for_a_day_it_is_work_of_who_began_it_until_it_is_signed(house, who, wang, begun, write, signed) -> None:
    write("complaint", text="头晕")
    with clock.stop(NOW + timedelta(hours=23)):
        work.ask_to_sign(house)
        assert work.open_for(house, wang.id) == []
    with clock.stop(NOW + timedelta(hours=25)):
        for _beat in range(2):
            work.ask_to_sign(house)
        [item] = work.open_for(house, wang.id)
        assert (item.pathway_code, item.owner_id) == ("sign_consultation", who("doctor").id)
        signed()
        assert work.open_for(house, wang.id) == [] and work.closed_for(house, wang.id)[0].pathway_code == "sign_consultation"


def test_what_a_nurse_began_is_asked_of_a_doctor(house, who, wang) -> None:
    encounters.begin(house, who("nurse"), wang.id)
    with clock.stop(NOW + timedelta(hours=25)):
        work.ask_to_sign(house)
    [item] = work.open_for(house, wang.id)
    assert (item.owner_id, item.role) == (None, "doctor")


def test_thrown_away_nobody_is_asked_to_sign_it(house, who, wang, begun) -> None:
    with clock.stop(NOW + timedelta(hours=25)):
        work.ask_to_sign(house)
        encounters.discard(house, who("doctor"), wang.id, begun)
        work.ask_to_sign(house)
    assert work.open_for(house, wang.id) == []


def test_a_ticked_assessment_goes_into_the_record_by_its_own_verb_once(house, who, wang, begun, write, signed) -> None:
    write("assessment", text_1="高血压", code_1="I10", certainty_1="confirmed", record_1="on", text_2="失眠", code_2="G47.0", certainty_2="provisional",
          record_2="on", text_3="甲亢", certainty_3="refuted", record_3="on")
    signed()
    standing = {one.text: (one.code, one.certainty) for one in records.conditions(house, wang.id)}
    assert standing == {"高血压": ("I10", "confirmed"), "失眠": ("G47.0", "suspected")}
    assert [one.condition_id is not None for one in encounters.assessments(house, begun)] == [True, True, False]


@pytest.mark.parametrize(("code", "certainty", "days", "holds"), [
    ("E11", "confirmed", None, True), ("E11.9", "confirmed", 0, True), ("E11", "provisional", None, False), ("I10", "confirmed", None, False)])
def test_a_rule_may_ask_what_it_was_assessed_as(house, who, wang, begun, write, signed, code, certainty, days, holds) -> None:
    write("assessment", text_1="糖尿病", code_1="E11.9", certainty_1=certainty)
    signed()
    fact = criteria.Fact("assessed", "exists", None, code, within=None if days is None else criteria.Window(days, "days"))
    assert criteria.problems(fact) == {}
    found = criteria.run(house, criteria.compile(fact), patient=wang.id)
    assert bool(found) is holds and found == criteria.run(house, criteria.compile(fact))
    with clock.stop(NOW + timedelta(days=2)):
        assert bool(criteria.run(house, criteria.compile(fact), patient=wang.id)) is (holds and days is None)
    encounters.withdraw(house, who("doctor"), wang.id, begun, "wrong")
    assert not criteria.run(house, criteria.compile(fact), patient=wang.id)


def test_a_tag_comes_with_the_signature_and_goes_with_the_mistake(house, who, wang, begun, write, signed) -> None:
    rule = tags.draft({"all.0.what": "assessed", "all.0.value": "e11", "all.0.op": "exists"})
    assert rule.errors == {} and tags.draft_of(rule.criterion).groups["all"][0].value == "E11"
    code = tags.make_rule(house, who("doctor"), tags.NewRule("随访糖尿病", "Follow diabetes", "amber", "the clinic"), rule.criterion)
    tags.switch(house, who("doctor"), code, True)
    write("assessment", text_1="糖尿病", code_1="E11.9", certainty_1="confirmed")
    assert tags.current(house, wang.id) == []
    signed()
    assert [tag.name for tag in tags.current(house, wang.id)] == ["Follow diabetes"]
    mistakes.mark(house, who("doctor"), wang, "encounters", begun, "another person's")
    assert tags.current(house, wang.id) == []


def test_written_for_the_wrong_person_its_words_go_unsigned_to_the_right_one(house, who, wang, begun, write, signed) -> None:
    write("complaint", text="头晕")
    signed()
    right = patients.get(house, patients.register(house, who("desk"), patients.NewPatient("王秀瑛")))
    with pytest.raises(Forbidden):
        mistakes.mark(house, who("nurse"), wang, "encounters", begun, "mixed up", right.id)
    mistakes.mark(house, who("doctor"), wang, "encounters", begun, "mixed up", right.id)
    moved = encounters.open_of(house, right.id)
    assert encounters.sheet(house, right, moved).text("complaint") == "头晕" and encounters.last_signed(house, wang.id) is None


def test_unchanged_in_one_tap_with_its_day(house, who, wang, begun) -> None:
    with pytest.raises(Refusal):
        encounters.unchanged(house, who("doctor"), wang, begun, "allergies")
    encounters.say_none(house, who("doctor"), wang, begun, "allergies")
    encounters.unchanged(house, who("doctor"), wang, begun)
    found = {part.id: bool(part.check) for part in encounters.known(house, who("doctor"), wang.id, "2026-11-23")}
    assert found == {"past": True, "family": False, "allergies": True, "medicines": False}
    encounters.take_back(house, who("doctor"), wang, begun, "past")
    assert set(encounters.checks(house, wang.id)) == {"allergies"}


def test_what_was_unchanged_then_stays_on_its_copy_whatever_later_ones_say(house, who, wang, begun, write, signed) -> None:
    write("complaint", text="头晕")
    encounters.unchanged(house, who("doctor"), wang, begun)
    with clock.stop(NOW + timedelta(days=1)):
        later = encounters.begin(house, who("doctor"), wang.id)
        encounters.unchanged(house, who("doctor"), wang, later)
        encounters.unchanged(house, who("doctor"), wang, begun, "past")  # said already: a second tap is none
    signed()
    told = [encounters.sheet(house, wang, encounters.encounter(house, wang.id, id)).unchanged for id in (begun, later)]
    assert told == [[("Past illnesses", "2026-11-23")], [("Past illnesses", "2026-11-24")]]
    here = encounters.known(house, who("doctor"), wang.id, "2026-11-24", begun)
    assert here[0].check.encounter_id == begun


def test_what_is_measured_is_a_result_like_any_other(house, who, wang, begun, sign_in) -> None:
    path = f"/patients/{wang.id}/encounters/{begun}/measurements"
    answer = sign_in("nurse").post(path, data={"value_SBP": "152", "value_DBP": "94", "token": "t"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200 and "152" in answer.text
    assert {one.code: one.value for one in observations.latest(house, wang.id)} == {"SBP": 152.0, "DBP": 94.0} and tags.current(house, wang.id)
    assert sign_in("nurse").post(path, data={"value_SBP": "152", "value_DBP": "94", "token": "t"}, headers={"HX-Request": "true"}).status_code == 200
    assert len(encounters.reports_of(house, begun)) == 1
    wrong = sign_in("nurse").post(path, data={"value_SBP": "1520"}, headers={"HX-Request": "true"})
    assert wrong.status_code == 422 and 'value="1520"' in wrong.text


def test_a_result_measured_since_is_told_first_and_last_times_own_is_not(house, who, wang, begun, write, signed, sign_in) -> None:
    write("plan", text="低盐")
    signed()
    with clock.stop(NOW + timedelta(days=3)):
        observations.record(house, who("nurse"), wang, clock.wall(), [NewValue("SBP", 148.0)])
        work.record(house, who("manager"), wang.id, work.NewContact("phone", "reached", "说头不晕了"))
        page = sign_in("doctor").post(f"/patients/{wang.id}/encounters", follow_redirects=True).text
    opening = page.partition('class="sheet consultopening"')[2].partition("</section>")[0]
    assert "低盐" in opening and "148" in opening and "说头不晕了" in opening
