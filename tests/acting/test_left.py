"""Who answers a question that calls a person and leaves without handing in is called for, once, by staff alone."""

import json
import logging
import types
from datetime import timedelta

import msgspec
import pytest

from app.clinic import patients, questionnaires, responses, tags, work
from app.clinic.dossiers import paper
from app.clinic.dossiers.rows import everything
from app.clinic.patients import NewRestriction
from app.clinic.reports import gathering
from app.clinic.work import leaving
from app.core import clock
from app.core.access import Actor, Role
from app.core.words import speaking
from app.tasks import leaving as task
from tests.acting.conftest import both, option, phq, tiredness, wanted
from tests.conftest import NOW

LEFT, ALARM = "alarm.left", "alarm.phq-9.9"


@pytest.fixture
def begun(db, who):
    """begun(patient, version, a="often"): a sitting with some answers, not handed in."""

    def make(patient, version, **fields) -> int:
        id = responses.begin(db, who("nurse"), patient, version, "patient")
        return more(db, id, **fields)

    return make


def more(db, id: int, **fields) -> int:
    done = responses.answer(db, id, responses.sitting(db, id).revision, {name: [value] for name, value in fields.items()}, "zh")
    assert not done.errors
    return id


@pytest.fixture
def sweep(db):
    """What a beat does so many minutes after now."""

    def beat(minutes: float = 10) -> None:
        with clock.stop(NOW + timedelta(minutes=minutes)):
            task.look(types.SimpleNamespace(db=db))

    return beat


def found(to_do, patient) -> list[str]:
    return [item.pathway_code for item in to_do(patient.id)]


def test_one_item_for_today_of_whom_the_alarm_names(db, who, phq9, person, begun, sweep, to_do) -> None:
    wang = person()
    id = begun(wang, phq9, **{"9": "1"})
    for _beat in range(2):
        sweep()
    [item] = to_do(wang.id)
    assert (item.pathway_code, item.due_on, item.role, item.owner_id) == (LEFT, clock.today().isoformat(), "doctor", None)
    assert item.pathway.alarm and item.pathway.status == "P" and item.responses == [id]
    assert item.title == "Began “PHQ-9, Patient Health Questionnaire (mood)” and left: an answer needs a person today"
    with speaking("zh"):
        assert item.title == "“PHQ-9 患者健康问卷（情绪）”没填完就离开：有回答今天必须由人联系"
        assert "好几天" in str(work.reasons(db, [item], who("doctor")))
    assert [person.patient.id for person in work.alarms(db, who("nurse"))] == [wang.id] and work.alarms(db, who("desk")) == []


def test_not_before_ten_minutes_and_once_even_after_further_answers(db, who, phq9, wang, begun, sweep, to_do) -> None:
    id = begun(wang, phq9, **{"9": "2"})
    sweep(9.9)
    assert to_do(wang.id) == []
    with clock.stop(NOW + timedelta(minutes=9.9)):
        more(db, id, **{"1": "0"})
    sweep(15)
    assert to_do(wang.id) == []
    sweep(20)
    [item] = to_do(wang.id)
    work.complete(db, who("doctor"), item.id, work.Completion("reached", note="谈了半小时", seen=item.seen))
    with clock.stop(NOW + timedelta(minutes=30)):
        more(db, id, **{"9": "3"})
    sweep(60)
    assert to_do(wang.id) == []


@pytest.mark.parametrize("fields", [{"9": "0"}, {str(n): "3" for n in range(1, 9)}], ids=["zero", "others"])
def test_nothing_below_the_limit(db, phq9, wang, begun, sweep, to_do, fields) -> None:
    begun(wang, phq9, **fields)
    sweep()
    assert to_do(wang.id) == []


def test_nothing_without_an_alarm_and_it_is_not_worked_out(db, publish, wang, begun, sweep, to_do, monkeypatch) -> None:
    begun(wang, publish(tiredness()), a="often", b="often")
    monkeypatch.setattr(responses, "state_of", lambda *_: pytest.fail("worked out"))
    sweep()
    assert to_do(wang.id) == [] and leaving.left(db) == []


def test_a_sitting_is_looked_at_once_for_every_save(db, phq9, wang, begun, sweep) -> None:
    id = begun(wang, phq9, **{"9": "1"})
    with clock.stop(NOW + timedelta(minutes=11)):
        assert work.left(db) == [id]
    sweep()
    with clock.stop(NOW + timedelta(minutes=11)):
        assert work.left(db) == []
    plan = " ".join(row[-1] for row in db.all(tuple, f"EXPLAIN QUERY PLAN {leaving.UNSEEN}", before="", most=1))
    assert "sittings_unseen" in plan and "SCAN" not in plan


HIDDEN = {"enableWhen": [{"question": "ask", "operator": "=", "answerBoolean": True}]}


@pytest.fixture
def hiding(publish):
    """The question that calls a person is asked only of who says yes before it; a nurse is to call."""
    alarm = {"url": "urn:yihe:alarm", "extension": [{"url": "above", "valueDecimal": 0}, wanted("联系", "Call", "role:nurse", 0)]}
    ticks = [option("no", "没有", "No", 0), option("yes", "有", "Yes", 1)]
    return publish(json.dumps({
        "resourceType": "Questionnaire", "status": "active", "language": "zh", "name": "hid", "url": "urn:test:hid", **both("心情", "Mood", "title"), "item": [
            {"linkId": "ask", "type": "boolean", **both("可以问吗？", "May we ask?")},
            {"linkId": "bad", "type": "choice", **both("难过吗？", "Sad?"), "answerOption": ticks, "extension": [alarm], **HIDDEN},
        ]}))


@pytest.mark.parametrize(("asked", "calls"), [("true", [LEFT]), ("false", [])])
def test_not_for_a_question_that_is_not_asked_now(db, hiding, wang, begun, sweep, to_do, asked, calls) -> None:
    id = begun(wang, hiding, ask="true", bad="yes")
    more(db, id, ask=asked)
    assert responses.sitting(db, id).given["bad"]
    sweep()
    assert found(to_do, wang) == calls and [item.role for item in to_do(wang.id)] == ["nurse" for _call in calls]


def test_switched_off_for_the_clinic_it_calls_nobody(db, who, phq9, wang, begun, sweep, to_do) -> None:
    tags.switch(db, who("doctor"), ALARM, False)
    begun(wang, phq9, **{"9": "1"})
    sweep()
    assert to_do(wang.id) == []


def test_a_crash_between_loses_nothing_and_keeps_no_other(db, phq9, person, begun, sweep, to_do, monkeypatch, caplog) -> None:
    first, second = person("王秀英"), person("李建国", "male")
    begun(first, phq9, **{"9": "1"})
    begun(second, phq9, **{"9": "1"})
    make = leaving.make

    def dies(db, asked):
        made = make(db, asked)
        if asked[0].patient_id == first.id:
            raise RuntimeError("王秀英")
        return made

    with monkeypatch.context() as patched, caplog.at_level(logging.ERROR):
        patched.setattr(leaving, "make", dies)
        sweep()
    assert (found(to_do, first), found(to_do, second)) == ([], [LEFT]) and "RuntimeError" in caplog.text and "王秀英" not in caplog.text
    sweep()
    assert (found(to_do, first), found(to_do, second)) == ([LEFT], [LEFT])


def test_what_is_saved_while_it_is_looked_at_is_looked_at_next(db, phq9, wang, begun, sweep, to_do, monkeypatch) -> None:
    id = begun(wang, phq9, **{"9": "1"})
    calling = leaving._calling
    with monkeypatch.context() as patched:
        patched.setattr(leaving, "_calling", lambda *given: more(db, id, **{"9": "0"}) and calling(*given))
        sweep()
    assert to_do(wang.id) == []
    sweep(25)
    assert to_do(wang.id) == []


def test_handed_in_the_ordinary_alarm_stands_instead(db, phq9, wang, begun, sweep, to_do) -> None:
    id = begun(wang, phq9, **phq(ninth=1))
    sweep()
    responses.complete(db, None, id)
    assert found(to_do, wang) == [ALARM]
    assert [item.pathway_code for item in work.closed_for(db, wang.id)] == [LEFT]


def test_handed_in_with_a_better_answer_a_person_still_speaks_with_them(db, phq9, wang, begun, sweep, to_do) -> None:
    id = begun(wang, phq9, **phq(ninth=1))
    sweep()
    more(db, id, **{"9": "0"})
    responses.complete(db, None, id)
    assert found(to_do, wang) == [LEFT]


def test_taken_out_it_ends_and_put_back_it_goes_on(db, who, phq9, wang, begun, sweep, to_do) -> None:
    id = begun(wang, phq9, **{"9": "1"})
    sweep()
    responses.withdraw(db, who("nurse"), wang.id, id, "另一个人的")
    assert to_do(wang.id) == []
    responses.put_back(db, who("nurse"), wang.id, id)
    assert found(to_do, wang) == [LEFT]


def test_of_a_correction_only_what_it_changed(db, who, phq9, wang, reply, sweep, to_do) -> None:
    old = reply(wang, phq9, **phq(ninth=1))
    new = responses.correct(db, who("nurse"), wang.id, old, "写错")
    more(db, new, **{"1": "1"})
    sweep()
    assert found(to_do, wang) == [ALARM]
    more(db, new, **{"9": "2"})
    sweep()
    assert sorted(found(to_do, wang)) == sorted([LEFT, ALARM])


def test_whose_data_rests_is_looked_at_when_that_is_lifted(db, who, phq9, wang, begun, sweep, to_do) -> None:
    begun(wang, phq9, **{"9": "1"})
    patients.restrict(db, who("owner"), wang.id, NewRestriction(reason="本人要求"))
    sweep()
    assert to_do(wang.id) == []
    patients.lift(db, who("owner"), wang.id, "本人同意")
    sweep()
    assert found(to_do, wang) == [LEFT]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_of_it_is_in_what_the_patient_gets(db, who, phq9, wang, begun, sweep, to_do, language) -> None:
    begun(wang, phq9, **{"9": "1"})
    sweep()
    assert found(to_do, wang) == [LEFT]
    with speaking(language):
        report = str(msgspec.to_builtins(gathering.gather(db, wang, "B-1", language)))
        file = str(list(paper.sections(everything(db, who("owner"), wang))))
    for words in ("没填完就离开", "and left", "安全规定", "safety rule", "PHQ"):
        assert words not in report
    for words in ("没填完就离开", "and left", "安全规定", "safety rule"):
        assert words not in file


def test_today_is_red_and_leads_to_the_answers(sign_in, client) -> None:
    db = client.app.state.db
    page_of = sign_in("nurse")
    nurse = Actor(3, "周岚", Role.NURSE, "zh")
    wang = patients.get(db, patients.register(db, nurse, patients.NewPatient("王秀英")))
    id = responses.begin(db, nurse, wang, questionnaires.by_code(db, "phq-9"), "patient")
    more(db, id, **{"9": "1"})
    with clock.stop(NOW + timedelta(minutes=11)):
        task.look(client.app.state)
    page = page_of.get("/today").text
    assert "今天必须有人联系" in page and "没填完就离开" in page
    assert page_of.get(f"/patients/{wang.id}/questionnaires/{id}").status_code == 200
    assert "没填完就离开" not in sign_in("desk").get("/today").text
