"""Given out to a tag or a list, beside the pages; sent, started, done; reminded; taken back."""

from urllib.parse import parse_qs

import pytest

from app.clinic import invitations, lists, patients, tags, work
from app.clinic.invitations import many
from app.core.forms import bind
from app.tasks import invitations as task
from app.tasks import sweep


@pytest.fixture
def people(db, who):
    return [patients.register(db, who("desk"), patients.NewPatient(f"王秀{n}", "female")) for n in "一二三四五六七"]


def give(db, one):
    """What the task does."""
    found = sorted(lists.ids(db, bind(lists.View, parse_qs(one.query)).value), reverse=True)
    while invitations.give_to_some(db, one, found):
        pass
    invitations.finish(db, one)


@pytest.fixture
def given(sign_in, db, people, mood):
    """Everybody is asked; (browser, the giving out)."""
    browser = sign_in("manager")
    answer = browser.post("/askings", data={"query": "sex=female", "questionnaire": mood, "people": len(people), "due_on": "2026-11-30", "token": "t"}, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    one = invitations.asking(db, int(answer.headers["location"].rpartition("/")[2]))
    give(db, one)
    return browser, one


def test_everybody_of_the_list_is_asked_once(given, db, people):
    _browser, one = given
    found = invitations.of_asking(db, one.id)
    assert sorted(each.patient_id for each in found) == people and {each.state for each in found} == {"asked"}
    assert invitations.asking(db, one.id).seen == len(people)
    give(db, one)
    assert invitations.counts(db, one.id) == {"asked": 7}


def test_a_second_tap_gives_nothing_out_twice(given, db, mood, people):
    browser, one = given
    again = browser.post("/askings", data={"query": "sex=female", "questionnaire": mood, "people": len(people), "token": "t"}, follow_redirects=False)
    assert again.headers["location"] == f"/askings/{one.id}"


def test_who_has_it_open_and_who_asked_to_be_left_alone_are_left_out(sign_in, db, who, people, mood, ask):
    ask(patients.get(db, people[0]), mood)
    patients.restrict(db, who("doctor"), people[1], patients.NewRestriction("wish"))
    browser = sign_in("manager")
    answer = browser.post("/askings", data={"query": "", "questionnaire": mood, "people": 6, "token": "u"}, follow_redirects=False)
    one = invitations.asking(db, int(answer.headers["location"].rpartition("/")[2]))
    give(db, one)
    assert sorted(each.patient_id for each in invitations.of_asking(db, one.id)) == people[2:]


def test_a_crash_in_between_loses_nobody_and_asks_nobody_twice(sign_in, db, people, mood, monkeypatch):
    monkeypatch.setattr(many, "CHUNK", 3)
    answer = sign_in("manager").post("/askings", data={"query": "", "questionnaire": mood, "people": 7, "token": "u"}, follow_redirects=False)
    one = invitations.claim(db)
    assert one.id == int(answer.headers["location"].rpartition("/")[2]) and invitations.claim(db) is None
    invitations.give_to_some(db, one, sorted(people, reverse=True))
    assert invitations.counts(db, one.id) == {"asked": 3}
    invitations.free(db)
    give(db, invitations.claim(db))
    assert sorted(each.patient_id for each in invitations.of_asking(db, one.id)) == people


def test_the_task_does_it(sign_in, client, db, people, mood, monkeypatch):
    sign_in("manager").post("/askings", data={"query": "", "questionnaire": mood, "people": 7, "token": "u"})
    monkeypatch.setattr(sweep, "state", client.app.state)
    monkeypatch.setattr(task, "_stopping", lambda: False)
    task.give_out.call_local(invitations.claim(db).id)
    [one] = invitations.given_out(db)
    assert one.finished and invitations.counts(db, one.id) == {"asked": 7}


def test_a_list_that_changed_meanwhile_is_shown_again(sign_in, db, people, mood):
    answer = sign_in("manager").post("/askings", data={"query": "", "questionnaire": mood, "people": 3, "token": "u"})
    assert answer.status_code == 422 and "7" in answer.text and invitations.given_out(db) == []


@pytest.mark.parametrize("name", ["nurse", "desk", "reader"])
def test_not_everybody_gives_out_to_many(sign_in, mood, name):
    assert sign_in(name).post("/askings", data={"query": "", "questionnaire": mood, "people": 0, "token": "u"}).status_code == 403


def test_a_tag_is_called_by_its_name(sign_in, db, who, people, mood):
    for id in people[:2]:
        tags.label(db, who("nurse"), id, tags.Labelled("易跌倒", "助行器"))
    code = tags.current(db, people[0])[0].code
    browser = sign_in("manager")
    answer = browser.post("/askings", data={"query": f"tag={code}", "questionnaire": mood, "people": 2, "token": "u"}, follow_redirects=False)
    one = invitations.asking(db, int(answer.headers["location"].rpartition("/")[2]))
    assert one.whom == "tag" and "易跌倒" in one.name


def test_how_far_they_are_is_shown_and_names_are_masked(given, db, who, people):
    browser, one = given
    first = next(each for each in invitations.of_asking(db, one.id) if each.patient_id == people[6])
    invitations.invite(db, who("nurse"), first.patient_id, first.id)
    assert invitations.counts(db, one.id) == {"asked": 6, "sent": 1}
    html = browser.get(f"/askings/{one.id}").text
    assert "王秀七" not in html and "王**" in html and "Y-000007" in html
    only = browser.get(f"/askings/{one.id}?state=sent").text
    assert "Y-000007" in only and "Y-000006" not in only
    assert browser.get("/askings").text.count(f'href="/askings/{one.id}"') == 1


def test_those_ticked_are_to_be_reminded_each_by_an_item_of_work(given, db, people):
    browser, one = given
    first, second = invitations.of_asking(db, one.id)[:2]
    answer = browser.post(f"/askings/{one.id}/reminders", data={"asked": [first.id, second.id]}, follow_redirects=False)
    assert answer.status_code == 303
    for each in (first, second):
        assert invitations.get(db, each.id).reminded_at
        assert [item.pathway.code for item in work.open_for(db, each.patient_id)] == ["questionnaire_reminder"]
    browser.post(f"/askings/{one.id}/reminders", data={"asked": first.id})
    assert len(work.open_for(db, first.patient_id)) == 1
    assert browser.post(f"/askings/{one.id}/reminders", data={}).status_code == 422


def test_slips_have_codes_of_their_own(given, db):
    browser, one = given
    chosen = invitations.of_asking(db, one.id)[:3]
    html = browser.post(f"/askings/{one.id}/slips", data={"asked": [each.id for each in chosen]}).text
    assert html.count('class="waycode') == 3 and "王秀七" not in html
    assert invitations.counts(db, one.id) == {"asked": 4, "sent": 3}


def test_of_another_giving_out_nothing_is_ticked(given, db, who, ask, tea, people):
    browser, one = given
    other = ask(patients.get(db, people[0]), tea)
    assert browser.post(f"/askings/{one.id}/slips", data={"asked": other}).status_code == 422
    assert browser.post(f"/askings/{one.id}/reminders", data={"asked": ["x", "-1", "9" * 30, "²"]}).status_code == 422


def test_taken_back_from_who_has_not_begun(given, db, who, client):
    browser, one = given
    begun = invitations.of_asking(db, one.id)[0]
    way = invitations.invite(db, who("nurse"), begun.patient_id, begun.id)
    client.cookies.clear()
    client.post(f"/fill/t/{way.token}", data={})
    invitations.stop(db, who("manager"), one.id)
    assert invitations.counts(db, one.id) == {"started": 1, "withdrawn": 6}
    assert invitations.asking(db, one.id).stopped
    assert client.get(f"/fill/{begun.id}").status_code == 200
