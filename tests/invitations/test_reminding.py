"""One press reminds everybody of a giving out who is not done: beside the pages, through a crash, nobody twice."""

import pytest

from app.clinic import invitations, patients, work
from app.clinic.invitations import reminding
from app.tasks import invitations as task
from app.tasks import sweep
from tests.invitations.test_many import give, given, people  # noqa: F401  the people, and everybody asked


def reminded(db, one) -> list[int]:
    return sorted(each.patient_id for each in invitations.of_asking(db, one.id) if each.reminded_at)


def items(db, person) -> list:
    return [one for one in work.open_for(db, person) if one.pathway.code == "questionnaire_reminder"]


@pytest.fixture
def run(client, db, monkeypatch):
    def do():
        monkeypatch.setattr(sweep, "state", client.app.state)
        monkeypatch.setattr(task, "_stopping", lambda: False)
        task.remind.call_local(invitations.claim_reminding(db).id)
    return do


def test_all_who_are_not_done_get_an_item_of_work_however_many(given, run, db, who, people, monkeypatch):
    monkeypatch.setattr(reminding, "CHUNK", 2)
    browser, one = given
    done = next(each for each in invitations.of_asking(db, one.id) if each.patient_id == people[0])
    invitations.withdraw(db, who("manager"), people[0], done.id)
    patients.restrict(db, who("doctor"), people[1], patients.NewRestriction("wish"))
    assert "提醒全部 5 位未填完的人" in browser.get(f"/askings/{one.id}").text
    assert browser.post(f"/askings/{one.id}/reminding", follow_redirects=False).status_code == 303
    assert "正在生成提醒" in browser.get(f"/askings/{one.id}").text and reminded(db, one) == []
    run()
    assert reminded(db, one) == people[2:] and [len(items(db, each)) for each in people] == [0, 0, 1, 1, 1, 1, 1]
    assert "正在生成提醒" not in browser.get(f"/askings/{one.id}").text and invitations.claim_reminding(db) is None


def test_a_second_press_and_a_second_time_make_no_second_item(given, run, db, people):
    browser, one = given
    for _time in range(2):
        for _press in range(2):
            browser.post(f"/askings/{one.id}/reminding")
        run()
    assert [len(items(db, each)) for each in people] == [1] * 7


def test_a_crash_in_between_reminds_nobody_twice(given, db, people, monkeypatch):
    monkeypatch.setattr(reminding, "CHUNK", 3)
    browser, one = given
    browser.post(f"/askings/{one.id}/reminding")
    claimed = invitations.claim_reminding(db)
    assert invitations.claim_reminding(db) is None
    invitations.remind_some(db, claimed)
    assert len(reminded(db, one)) == 3 and invitations.left(db, claimed) == 4
    invitations.free(db)
    again, after = invitations.claim_reminding(db), 0
    while after is not None:
        after = invitations.remind_some(db, again, after)
    assert reminded(db, one) == people and [len(items(db, each)) for each in people] == [1] * 7


def test_nobody_left_is_said(given, db, who, people):
    browser, one = given
    invitations.stop(db, who("manager"), one.id)
    assert browser.post(f"/askings/{one.id}/reminding").status_code == 422
    assert "reminding" not in browser.get(f"/askings/{one.id}").text
    assert browser.post("/askings/999999/reminding").status_code == 404


@pytest.mark.parametrize("name", ["nurse", "desk", "reader"])
def test_not_everybody_may(given, sign_in, name):
    _browser, one = given
    assert sign_in(name).post(f"/askings/{one.id}/reminding").status_code == 403
