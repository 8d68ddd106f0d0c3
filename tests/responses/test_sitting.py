"""A sitting: every answer kept, two pages that do not overwrite each other, completion that misses nothing."""

from datetime import timedelta

import pytest

from app.clinic import observations, questionnaires, records, responses
from app.core import clock
from app.core.errors import Conflict, Invalid, Refusal
from tests.conftest import NOW

PAGE = "a" * 16
OTHER_PAGE = "b" * 16


@pytest.fixture
def open_one(db, who, wang, habits) -> int:
    return responses.begin(db, who("nurse"), wang, habits, "staff", token="t1")


def send(db, id: int, revision: int, hand: str = PAGE, **fields):
    return responses.answer(db, id, revision, {name: value if isinstance(value, list) else [value] for name, value in fields.items()}, "en", hand)


def test_a_second_tap_begins_nothing(db, who, wang, habits, open_one) -> None:
    assert responses.begin(db, who("nurse"), wang, habits, "staff", token="t1") == open_one
    assert [one.id for one in responses.open_ones(db, wang.id)] == [open_one]


def test_every_answer_is_kept_and_found_again(db, open_one) -> None:
    done = send(db, open_one, 0, smokes="current")
    assert done.revision == 1 and [place.path for place in done.after.shown][:2] == ["smokes", "per_day"]
    _one, sitting = responses.being_filled(db, open_one)
    assert sitting.given["smokes"][0]["valueCoding"]["code"] == "current"


def test_a_wrong_answer_says_why_and_counts_as_blank(db, open_one) -> None:
    done = send(db, open_one, 0, weight="heavy")
    assert done.errors == {"weight": "Please enter a number."} and done.raw == {"weight": ["heavy"]}
    assert done.after.values.get("weight") is None


def test_a_page_whose_answer_got_lost_saves_again(db, open_one) -> None:
    send(db, open_one, 0, smokes="never")
    assert send(db, open_one, 0, smokes="former").revision == 2


def test_two_pages_at_one_question_see_each_other(db, open_one) -> None:
    send(db, open_one, 0, smokes="never")
    with pytest.raises(Conflict) as refused:
        send(db, open_one, 0, OTHER_PAGE, smokes="current")
    assert refused.value.texts == [("您吸烟吗？", "吸", "从不")] or refused.value.texts == [("Do you smoke?", "Yes", "Never")]
    assert responses.being_filled(db, open_one)[1].given["smokes"][0]["valueCoding"]["code"] == "never"


def test_two_pages_at_different_questions_both_keep_theirs(db, open_one) -> None:
    send(db, open_one, 0, smokes="never")
    done = send(db, open_one, 0, OTHER_PAGE, wish="走路")
    assert done.behind and done.revision == 2
    assert set(responses.being_filled(db, open_one)[1].given) == {"smokes", "wish"}


def test_what_is_missing_stops_it_and_says_where(db, who, open_one) -> None:
    send(db, open_one, 0, smokes="current")
    with pytest.raises(Invalid) as refused:
        responses.complete(db, who("nurse"), open_one)
    assert list(refused.value.errors) == ["per_day"]


def test_an_empty_form_is_not_an_answer(db, who, wang) -> None:
    from tests.responses.conftest import WISH, form, publish

    version = publish(db, who("nurse"), form(WISH))
    id = responses.begin(db, who("nurse"), wang, version, "staff")
    with pytest.raises(Invalid) as refused:
        responses.complete(db, who("nurse"), id)
    assert refused.value.errors == {"": responses.NOTHING}


def completed(db, actor, id: int) -> responses.Response:
    send(db, id, 0, smokes="current", per_day="10", weight="61.50", symptoms=["cough", "other:heart's <b>racing</b>"], wish="走路")
    responses.complete(db, actor, id)
    return responses.get(db, id)


def test_completed_it_is_a_fhir_response_and_rows_and_results(db, who, wang, open_one) -> None:
    one = completed(db, who("nurse"), open_one)
    assert one.completed_at == "2026-11-23T09:30" and responses.sitting(db, one.id) is None and one.author == "周岚"
    fhir = responses.fhir(db, one.id)
    assert fhir["status"] == "completed" and str(fhir["item"][2]["answer"][0]["valueDecimal"]) == "61.50"
    rows = {(row.link_id, row.n): row for row in responses.answers(db, one.id)}
    assert (rows["smokes", 0].choice, rows["per_day", 0].number) == ("current", 10)
    assert (rows["symptoms", 0].choice, rows["symptoms", 1].words) == ("cough", "heart's <b>racing</b>")
    assert [(value.code, value.value) for value in observations.series(db, wang.id, "WEIGHT")] == [("WEIGHT", 61.5)]
    event = db.one(tuple, "SELECT kind, details FROM events WHERE id = (SELECT completed_event_id FROM responses)")
    assert event[0] == "response.completed" and "racing" not in event[1] and "走路" not in event[1]


def test_an_impossible_measurement_is_refused_where_it_stands(db, who, open_one) -> None:
    send(db, open_one, 0, smokes="never", weight="6150")
    with pytest.raises(Invalid) as refused:
        responses.complete(db, who("nurse"), open_one)
    assert list(refused.value.errors) == ["weight"]


def test_completed_it_is_over(db, who, open_one) -> None:
    completed(db, who("nurse"), open_one)
    with pytest.raises(Refusal):
        send(db, open_one, 1, smokes="never")
    with pytest.raises(Refusal):
        responses.complete(db, who("nurse"), open_one)


def test_a_correction_takes_the_place_of_the_old_answers(db, who, wang, open_one) -> None:
    one = completed(db, who("nurse"), open_one)
    again = responses.correct(db, who("nurse"), wang.id, one.id, "misheard")
    assert responses.correct(db, who("doctor"), wang.id, one.id, "me too") == again
    assert responses.get(db, one.id).retired == 0
    send(db, again, 0, weight="60")
    responses.complete(db, who("nurse"), again)
    assert responses.get(db, one.id).retired == 1 and responses.newest(db, one.id) == again
    assert [(value.value, value.day) for value in observations.series(db, wang.id, "WEIGHT")] == [(60.0, "2026-11-23")]
    standing = db.all(tuple, "SELECT DISTINCT response_id FROM answers WHERE retired_event_id IS NULL")
    assert standing == [(again,)]
    assert [one.id for one in responses.history(db, one.id)] == [again, one.id]


def test_taken_out_and_put_back(db, who, wang, open_one) -> None:
    one = completed(db, who("nurse"), open_one)
    responses.withdraw(db, who("nurse"), wang.id, one.id, "another person's")
    assert not observations.series(db, wang.id, "WEIGHT") and not responses.done(db, wang.id)
    assert db.value("SELECT count(*) FROM answers WHERE retired_event_id IS NULL") == 0
    responses.put_back(db, who("nurse"), wang.id, one.id)
    assert [value.value for value in observations.series(db, wang.id, "WEIGHT")] == [61.5]
    assert db.value("SELECT count(*) FROM answers WHERE retired_event_id IS NULL") == 6
    responses.withdraw(db, who("nurse"), wang.id, one.id, "once more")
    assert not observations.series(db, wang.id, "WEIGHT")


def test_a_completed_response_is_never_edited(db, who, open_one) -> None:
    one = completed(db, who("nurse"), open_one)
    with pytest.raises(Exception, match="not edited"), db.aside():
        db.execute("UPDATE responses SET fhir = '{}' WHERE id = :id", id=one.id)


def test_the_version_asked_is_kept(db, who, wang, habits, open_one) -> None:
    questionnaires.revise(db, who("nurse"), habits.questionnaire_id)
    questionnaires.publish(db, who("nurse"), habits.questionnaire_id, 1)
    assert completed(db, who("nurse"), open_one).version == 1


def test_a_confirmed_weight_is_not_measured_again(db, who, wang, open_one) -> None:
    with clock.stop(NOW - timedelta(days=20)):
        observations.record(db, who("nurse"), wang, clock.wall(), [observations.NewValue("WEIGHT", 62.0)])
    one, sitting = responses.being_filled(db, open_one)
    known = responses.prefill(db, one, responses.definition_of(db, one), responses.state_of(db, one, sitting))
    assert (known["weight"].source, known["weight"].date) == ("From the results", "2026-11-03")
    responses.confirm(db, open_one, 0, known, PAGE)
    send(db, open_one, 1, smokes="never")
    responses.complete(db, who("nurse"), open_one)
    assert [value.day for value in observations.series(db, wang.id, "WEIGHT")] == ["2026-11-03"]
    assert [row.number for row in responses.answers(db, open_one) if row.link_id == "weight"] == [62.0]
    assert responses.fhir(db, open_one)["extension"][0]["url"] == "urn:yihe:taken-over"


def test_answers_to_a_scored_form_are_never_offered_again(db, who, wang, habits, open_one) -> None:
    completed(db, who("nurse"), open_one)
    again = responses.begin(db, who("nurse"), wang, habits, "staff")
    one, sitting = responses.being_filled(db, again)
    known = responses.prefill(db, one, responses.definition_of(db, one), responses.state_of(db, one, sitting))
    assert known["smokes"].source == "As answered before" and known["smokes"].date == "2026-11-23"
    phq = questionnaires.by_code(db, "phq-9")
    for _round in range(2):
        id = responses.begin(db, who("nurse"), wang, phq, "staff")
        one, sitting = responses.being_filled(db, id)
        state = responses.state_of(db, one, sitting)
        assert not responses.prefill(db, one, phq.definition, state)
        asked = {place.path: [place.item.options[1].code] for place in state.shown if place.item.options}
        responses.answer(db, id, 0, asked, "zh", PAGE)
        responses.complete(db, who("nurse"), id)


def test_a_sensitive_entry_is_offered_to_nobody(db, who, wang, open_one) -> None:
    records.record(db, who("doctor"), wang.id, records.section("smoking"), records.NewSmoking(status="current", sensitive=True))
    one, sitting = responses.being_filled(db, open_one)
    assert "smokes" not in responses.prefill(db, one, responses.definition_of(db, one), responses.state_of(db, one, sitting))
