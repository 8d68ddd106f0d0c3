"""A person asked that their data not be used: it is kept, it can be read, and nothing and nobody uses it."""

from datetime import date

import pytest

from app.clinic import cards, criteria, lists, observations, patients, records, reports, tags, work
from app.clinic.observations import NewValue
from app.core.errors import Refusal


@pytest.fixture
def person(db, who):
    doctor = who("doctor")
    id = patients.register(db, doctor, patients.NewPatient(
        "王秀英", "female", birth_date=date(1948, 3, 12), identifiers=(("resident_id", "110105194803120024"),), doctor_id=doctor.id))
    observations.record(db, doctor, patients.get(db, id), "2026-11-20", [NewValue("SBP", 165.0), NewValue("DBP", 95.0)])
    patients.restrict(db, who("owner"), id, patients.NewRestriction("asked in writing", date(2026, 11, 22)))
    return id


def live(db, id):
    return {tag.code for tag in tags.current(db, id)}


def test_nothing_is_written_about_them_whoever_tries(db, who, person):
    doctor = who("doctor")
    tries = [
        lambda: observations.record(db, doctor, patients.get(db, person), "2026-11-22", [NewValue("SBP", 120.0)]),
        lambda: records.record(db, doctor, person, records.section("conditions"), records.NewCondition("高血压")),
        lambda: patients.edit(db, doctor, person, patients.get(db, person).version, patients.NewPatient("王秀兰", "female")),
        lambda: cards.open_card(db, doctor, person, cards.types(db)[0].id),
        lambda: reports.want(db, doctor, person),
        lambda: work.record(db, doctor, person, work.NewContact("phone", "reached")),
        lambda: tags.label(db, doctor, person, tags.Labelled("常来", "always here")),
        lambda: patients.assign_manager(db, doctor, person, who("manager").id),
    ]
    before = db.value("SELECT max(id) FROM events")
    for one in tries:
        with pytest.raises(Refusal, match="asked that their data not be used"):
            one()
    assert db.value("SELECT max(id) FROM events") == before


def test_an_allergy_can_be_written_down(db, who, person):
    records.record(db, who("doctor"), person, records.section("allergies"), records.NewAllergy("青霉素"))
    assert records.warnings(db, person)[0][0] == "青霉素"


def test_work_rests_and_goes_on(db, who, person):
    assert work.open_for(db, person) == []
    patients.lift(db, who("owner"), person, "asked again")
    open = {item.pathway_code for item in work.open_for(db, person)}
    assert open and all(item.due_on for item in work.open_for(db, person))


def test_no_rule_sets_or_removes_a_tag_of_theirs(db, who, person):
    before = live(db, person)
    assert before
    tags.reevaluate(db)
    code = next(iter(before))
    tags.switch(db, who("doctor"), code, False)
    assert live(db, person) == before
    patients.lift(db, who("owner"), person, "asked again")
    assert code not in live(db, person)


def test_no_criterion_and_no_list_finds_them(db, person):
    old = criteria.compile(criteria.Fact("age", "ge", 60))
    assert criteria.run(db, old) == [] and criteria.run(db, old, patient=person) == []
    assert lists.count(db, lists.EVERYBODY) == 0


def test_they_are_still_found_and_read(sign_in, who):
    browser = sign_in("doctor")
    db = browser.app.state.db
    id = patients.register(db, who("desk"), patients.NewPatient("李建国", "male"))
    patients.restrict(db, who("owner"), id, patients.NewRestriction("asked"))
    assert "李建国" in browser.post("/search", data={"q": "李建国"}).text
    html = browser.get(f"/patients/{id}").text
    assert "不使用" in html
    answer = browser.post(f"/patients/{id}/record/notes", data={"text": "x", "source": "clinic"})
    assert answer.status_code == 422 and "本人要求不再使用其资料" in answer.text
