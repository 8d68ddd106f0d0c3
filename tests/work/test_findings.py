"""Every abnormal result is explained and measured again; one item a report, none of it lost, none doubled."""

from datetime import timedelta

import pytest

from app.clinic import observations, patients, work
from app.clinic.observations import NewValue


@pytest.fixture
def adult(db, who, register, today):
    return patients.get(db, register(manager_id=who("manager").id, birth_date=today.replace(year=1960)))


@pytest.fixture
def file(db):
    def file(patient, day, batch=None, work_from=None, **values):
        new = [NewValue(code, value) for code, value in values.items()]
        return observations.file_report(db, None, patient, str(day), "lab", new, batch, work_from)
    return file


def explaining(db, patient):
    return [item for item in work.open_for(db, patient.id) if item.pathway.code == "explain_abnormal"]


def test_one_item_a_report_however_many_results(db, who, adult, file, today):
    file(adult, today, TC=8.0, TG=5.0, LDL=6.0, K=4.2)
    [item] = explaining(db, adult)
    assert item.title == "Explain abnormal results: 3"
    assert (item.pending, item.owner_id) == (3, who("manager").id)
    assert item.due_on == (today + timedelta(days=7)).isoformat()


def test_two_reports_are_two_items(db, adult, file, today):
    file(adult, today, TC=8.0)
    file(adult, today, TG=5.0)
    assert len(explaining(db, adult)) == 2


def test_normal_results_ask_for_nothing(db, adult, file, today):
    file(adult, today, TC=4.0)
    assert work.open_for(db, adult.id) == []


def test_explaining_asks_for_a_recheck_and_the_recheck_settles_it(db, who, adult, file, today):
    file(adult, today - timedelta(days=20), TC=8.0, TG=5.0)
    [item] = explaining(db, adult)
    work.complete(db, who("manager"), item.id, work.Completion("explained", item.seen, channel="phone"))
    assert all(finding.explained for finding in observations.open_findings(db, adult.id))
    [recheck] = work.open_for(db, adult.id)
    assert (recheck.pathway.code, recheck.pending) == ("recheck_abnormal", 2)
    assert recheck.due_on == (today + timedelta(days=90)).isoformat()
    said = dict(work.reasons(db, [recheck], who("manager"))[recheck.id])["Value"]
    assert "8.00" in said and "5.00" in said
    file(adult, today, TC=4.0)
    [recheck] = work.open_for(db, adult.id)
    assert recheck.title == "Book a recheck of abnormal results: 1"
    file(adult, today, TG=1.0)
    assert work.open_for(db, adult.id) == []
    assert observations.open_findings(db, adult.id) == []


def test_explained_on_the_results_page_closes_the_item_for_the_one_who_did(db, who, adult, file, today):
    file(adult, today, TC=8.0, TG=5.0)
    [item] = explaining(db, adult)
    ids = [finding.id for finding in observations.open_findings(db, adult.id)]
    observations.explain(db, who("doctor"), adult.id, ids[:1], "fat")
    [item] = explaining(db, adult)
    assert item.title == "Explain abnormal results: 1"
    observations.explain(db, who("doctor"), adult.id, ids[1:], "fat")
    assert explaining(db, adult) == []
    [step] = work.steps(db, [item.id])[item.id]
    assert (step.step, step.actor_id) == ("done", who("doctor").id)
    assert db.value("SELECT json_extract(details, '$.n') FROM events WHERE kind = 'work.done'") == 2  # told on the timeline
    assert [one.pathway.code for one in work.open_for(db, adult.id)] == ["recheck_abnormal"]


def test_still_abnormal_when_rechecked_is_explained_again(db, who, adult, file, today):
    file(adult, today - timedelta(days=20), TC=8.0)
    [item] = explaining(db, adult)
    work.complete(db, who("manager"), item.id, work.Completion("explained", item.seen))
    file(adult, today, TC=7.5)
    [again] = work.open_for(db, adult.id)
    assert (again.pathway.code, again.pending) == ("explain_abnormal", 1)


def test_a_withdrawn_report_takes_its_item_back(db, who, adult, file, today):
    report = file(adult, today, TC=8.0)
    [item] = explaining(db, adult)
    observations.withdraw_report(db, who("nurse"), report, "somebody else's")
    assert explaining(db, adult) == []
    [step] = work.steps(db, [item.id])[item.id]
    assert (step.step, step.actor_id) == ("withdrawn", None)


def test_declined_is_not_asked_again_until_measured_again(db, who, adult, file, today):
    file(adult, today, TC=8.0)
    [item] = explaining(db, adult)
    work.complete(db, who("manager"), item.id, work.Completion("declined", item.seen, note="not now"))
    file(adult, today, TG=5.0)
    [item] = work.open_for(db, adult.id)
    assert item.pending == 1


def test_old_results_make_one_list_for_a_batch_instead_of_dated_work(db, who, register, file, today):
    people = [patients.get(db, register(birth_date=today.replace(year=1960))) for _n in range(3)]
    for one in people:
        file(one, "2017-05-04", batch=7, TC=8.0, TG=5.0)
    [listed] = work.recall_lists(db)
    assert (listed.batch_id, listed.waiting, listed.people) == (7, 3, 3)
    assert work.today(db, who("owner"), today, of="clinic").counts.all == 0
    assert [item.due_on for item in work.open_for(db, people[0].id)] == [None]


@pytest.mark.parametrize("days, dated", [(89, True), (90, True), (91, False)])
def test_ninety_days_are_not_old_yet(db, adult, file, today, days, dated):
    file(adult, today - timedelta(days=days), TC=8.0)
    [item] = explaining(db, adult)
    assert (item.due_on is not None) is dated


def test_an_import_may_choose_from_when_on_work_is_dated(db, adult, file, today):
    file(adult, "2017-05-04", batch=7, work_from="2017-01-01", TC=8.0)
    assert explaining(db, adult)[0].due_on is not None
    assert work.recall_lists(db) == []


def test_old_values_typed_in_by_hand_go_to_the_standing_list(db, who, adult):
    observations.record(db, who("nurse"), adult, "2017-05-04", [NewValue("TC", 8.0)])
    observations.record(db, who("nurse"), adult, "2017-06-04", [NewValue("TG", 5.0)])
    [listed] = work.recall_lists(db)
    assert (listed.batch_id, listed.waiting, listed.people) == (None, 2, 1)


def test_people_are_chosen_from_the_list(db, who, register, file, today):
    people = [patients.get(db, register(birth_date=today.replace(year=1960))) for _n in range(3)]
    for one in people:
        file(one, "2017-05-04", batch=7, TC=8.0)
    [listed] = work.recall_lists(db)
    day = today + timedelta(days=10)
    chosen = [people[0].id, people[1].id]
    assert work.schedule(db, who("manager"), listed.id, chosen, day) == 2
    assert work.schedule(db, who("manager"), listed.id, chosen, day) == 0
    assert [item.due_on for item in work.open_for(db, people[0].id)] == [day.isoformat()]
    assert work.recall_list(db, listed.id).people == 1
    assert work.dismiss(db, who("manager"), listed.id, [people[2].id], "moved away") == 1
    assert work.recall_list(db, listed.id).people == 0
    assert work.open_for(db, people[2].id) == []


def test_abnormal_again_now_does_not_wait_on_the_recall_list(db, adult, file, today):
    file(adult, "2017-05-04", batch=7, TC=8.0, TG=5.0)
    file(adult, today, LDL=6.0)
    assert [item.due_on for item in explaining(db, adult)] == [str(today + timedelta(days=7)), None]
    file(adult, today, TC=7.7)
    assert [item.due_on for item in explaining(db, adult)] == [str(today + timedelta(days=7))] * 2
    assert work.recall_lists(db)[0].waiting == 0
