"""Today and its actions in a browser: whole pages, blocks for htmx, what went wrong kept beside its field."""

from datetime import timedelta

import pytest

from app.clinic import cards, observations, patients, work
from app.clinic.observations import NewValue

HTMX = {"HX-Request": "true"}


@pytest.fixture
def person(client, who_in, today):
    """Somebody with an abnormal result, looked after by the manager."""
    db = client.app.state.db
    new = patients.NewPatient("王秀英", "female", today.replace(year=1948), phones=("13800138000",), manager_id=who_in("manager").id)
    id = patients.register(db, who_in("desk"), new)
    observations.file_report(db, None, patients.get(db, id), str(today), "lab", [NewValue("TC", 8.0)])
    return id


def item_of(client, person):
    return work.open_for(client.app.state.db, person)[0]


def test_home_is_today(sign_in, person):
    answer = sign_in("manager").get("/")
    assert answer.url.path == "/today" and "王秀英" in answer.text


def test_the_list_shows_who_what_why_and_how_to_call(sign_in, person):
    html = sign_in("manager").get("/today").text
    for part in ("王秀英", "138****8000", "tel:13800138000", "向本人解释 1 项异常结果", "为什么？", "打通了", "没接", "改期"):
        assert part in html, part
    assert ">13800138000<" not in html


def test_filters_are_addresses(sign_in, person):
    browser = sign_in("manager")
    assert "王秀英" in browser.get("/today?due=soon").text
    assert "王秀英" not in browser.get("/today?due=late").text
    assert "王秀英" in browser.get("/today?due=nonsense&page=-4").text


def test_another_managers_work_is_seen_in_the_clinics_list_only(sign_in, person):
    browser = sign_in("manager2")
    assert "王秀英" not in browser.get("/today").text
    assert "王秀英" in browser.get("/today?of=clinic").text


def test_an_outcome_without_htmx_goes_back_to_the_list(sign_in, person):
    browser, item = sign_in("manager"), item_of(sign_in("manager"), person)
    data = {"outcome": "explained", "seen": item.seen, "back": "/today?due=soon", "channel": "phone"}
    answer = browser.post(f"/work/{item.id}/completion", data=data, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/today?due=soon")
    assert [one.pathway.code for one in work.open_for(browser.app.state.db, person)] == ["recheck_abnormal"]


def test_an_outcome_with_htmx_answers_with_the_list_and_what_stands_beside_it(sign_in, person):
    browser = sign_in("manager")
    item = item_of(browser, person)
    data = {"outcome": "explained", "seen": item.seen, "back": "/today"}
    answer = browser.post(f"/work/{item.id}/completion", data=data, headers=HTMX)
    assert answer.status_code == 200 and "<html" not in answer.text
    assert 'id="work" hx-swap-oob="true"' in answer.text and 'id="beside" hx-swap-oob="true"' in answer.text
    assert "今天已办 1 件" in answer.text


def test_declining_without_a_reason_keeps_the_form_and_says_so(sign_in, person):
    browser = sign_in("manager")
    item = item_of(browser, person)
    data = {"outcome": "declined", "seen": item.seen, "back": "/today"}
    answer = browser.post(f"/work/{item.id}/completion", data=data)
    assert answer.status_code == 422 and "请写明原因。" in answer.text and 'value="declined" checked' in answer.text
    assert not work.get(browser.app.state.db, item.id).closed


def test_what_a_list_cannot_ask_for_the_items_page_does(sign_in, person):
    browser = sign_in("manager")
    item = item_of(browser, person)
    answer = browser.post(f"/work/{item.id}/completion", data={"outcome": "declined", "seen": item.seen}, headers=HTMX)
    assert answer.headers["hx-redirect"] == f"/work/{item.id}?outcome=declined&back=/today"
    html = browser.get(answer.headers["hx-redirect"]).text
    assert 'value="declined" checked' in html and 'href="/today"' in html
    assert f'href="/work/{item.id}?outcome=declined' in browser.get("/today").text


def test_the_items_page_hands_over_and_tells_what_happened(sign_in, who_in, person):
    browser = sign_in("manager")
    item = item_of(browser, person)
    browser.post(f"/work/{item.id}/attempts", data={"seen": item.seen})
    item = item_of(browser, person)
    html = browser.get(f"/work/{item.id}").text
    assert "没接" in html and "何静" in html
    answer = browser.post(f"/work/{item.id}/assignment", data={"seen": item.seen, "to": ""})
    assert answer.status_code == 422 and "请选一个人。" in answer.text
    browser.post(f"/work/{item.id}/assignment", data={"seen": item.seen, "to": who_in("nurse").id})
    assert "王秀英" in sign_in("nurse").get("/today").text


def test_an_item_that_is_not_to_be_seen_is_not_there(sign_in, client, person):
    item = item_of(client, person)
    browser = sign_in("desk")
    assert browser.get(f"/work/{item.id}").status_code == 404
    assert browser.get("/work/999").status_code == 404


def test_moving_needs_a_reason_and_a_day_in_its_window(sign_in, person, today):
    browser = sign_in("manager")
    item = item_of(browser, person)
    send = lambda **data: browser.post(f"/work/{item.id}/postponement", data={"seen": item.seen, "back": "/today", **data})  # noqa: E731
    assert send(due_on=str(today + timedelta(days=400)), reason="away").status_code == 422
    assert send(due_on=str(today + timedelta(days=9))).status_code == 422
    assert send(due_on=str(today + timedelta(days=9)), reason="出差").status_code == 200
    assert item_of(browser, person).due_on == str(today + timedelta(days=9))


def test_who_comes_second_is_told(sign_in, person):
    browser = sign_in("manager")
    item = item_of(browser, person)
    browser.post(f"/work/{item.id}/attempts", data={"seen": item.seen})
    answer = sign_in("manager2").post(f"/work/{item.id}/completion", data={"outcome": "explained", "seen": item.seen})
    assert answer.status_code == 409 and "何静" in answer.text


def test_reception_sees_its_own_work_without_why(sign_in, who_in, person, client):
    browser = sign_in("desk")
    assert "王秀英" not in browser.get("/today?of=clinic").text
    db, item = client.app.state.db, item_of(client, person)
    assert browser.post(f"/work/{item.id}/attempts", data={"seen": item.seen}).status_code == 404
    work.reassign(db, who_in("owner"), item.id, work.Reassignment("receptionist", item.seen))
    html = browser.get("/today").text
    assert "王秀英" in html and "电话随访" in html
    for hidden in ("异常", "胆固醇", "TC", "为什么？", "已解释"):
        assert hidden not in html, hidden
        assert hidden not in browser.get(f"/work/{item.id}").text, hidden
        assert hidden not in browser.get("/today/sheet").text, hidden
    answer = browser.post(f"/work/{item.id}/completion", data={"outcome": "explained", "seen": item_of(client, person).seen})
    assert answer.status_code == 422
    assert browser.get(f"/patients/{person}/follow-up").status_code == 403


def test_a_contact_sent_twice_is_kept_once(sign_in, person):
    browser = sign_in("nurse")
    data = {"channel": "phone", "outcome": "reached", "note": "血压日记带来", "next_on": "2026-12-01", "token": "abc"}
    for _n in range(2):
        answer = browser.post(f"/patients/{person}/contacts", data=data)
        assert answer.status_code == 200 and "血压日记带来" in answer.text
    assert len(work.contacts_of(browser.app.state.db, person)) == 1
    assert [one.due_on for one in work.open_for(browser.app.state.db, person) if one.pathway.code == "agreed"] == ["2026-12-01"]


def test_a_contact_without_its_parts_keeps_what_was_typed(sign_in, person):
    answer = sign_in("nurse").post(f"/patients/{person}/contacts", data={"note": "说了很多", "token": "abc"}, headers=HTMX)
    assert answer.status_code == 422 and "说了很多" in answer.text


def test_the_assignment_is_two_taps(sign_in, client, who_in, person):
    db = client.app.state.db
    cards.open_card(db, who_in("desk"), person, cards.types(db)[0].id)
    browser = sign_in("manager2")
    html = browser.get("/today").text
    assert "指定责任医生" in html and f'name="doctor_id" value="{who_in("doctor").id}"' in html
    item = next(one for one in work.open_for(db, person) if one.pathway.code == "assign_doctor")
    browser.post(f"/work/{item.id}/completion", data={"outcome": "assigned", "doctor_id": who_in("doctor").id, "seen": 0})
    assert "补全健康档案" in sign_in("manager").get("/today").text


def test_done_can_be_taken_back(sign_in, client, who_in, person):
    db = client.app.state.db
    work.record(db, who_in("nurse"), person, work.NewContact("phone", "reached", next_on=None))
    browser = sign_in("manager")
    cards.open_card(db, who_in("desk"), person, cards.types(db)[0].id)
    patients.assign_doctor(db, who_in("owner"), person, who_in("doctor").id)
    item = next(one for one in work.open_for(db, person) if one.pathway.code == "complete_record")
    browser.post(f"/work/{item.id}/completion", data={"outcome": "completed", "seen": item.seen, "back": "/today"})
    assert f"/work/{item.id}/reopening" in browser.get("/today").text
    browser.post(f"/work/{item.id}/reopening", data={"back": "/today"})
    assert not work.get(db, item.id).closed


def test_the_call_sheet_prints_numbers_and_barcodes(sign_in, person):
    html = sign_in("manager").get("/today/sheet").text
    assert "138 0013 8000" in html and 'class="chart barcode"' in html


def test_reminders_are_listed_and_marked_as_seen(sign_in, client, who_in, person):
    db = client.app.state.db
    cards.open_card(db, who_in("desk"), person, cards.types(db)[0].id)
    work.ring(db)
    browser = sign_in("manager")
    assert "有 1 件今天到期" in browser.get("/reminders").text
    assert work.unseen(db, who_in("manager")) == 1
    browser.post("/reminders/sighting")
    assert work.unseen(db, who_in("manager")) == 0


def test_a_recall_list_gives_people_a_day(sign_in, client, who_in, person, today):
    db = client.app.state.db
    observations.file_report(db, None, patients.get(db, person), "2017-05-04", "lab", [NewValue("TG", 5.0)], 3)
    [listed] = work.recall_lists(db)
    browser = sign_in("manager")
    assert f"/recalls/{listed.id}" in browser.get("/recalls").text
    assert "王秀英" in browser.get(f"/recalls/{listed.id}").text
    assert browser.post(f"/recalls/{listed.id}/work", data={"due_on": str(today)}).status_code == 422
    answer = browser.post(f"/recalls/{listed.id}/work", data={"due_on": str(today), "patients": str(person)})
    assert answer.status_code == 200 and work.recall_list(db, listed.id).waiting == 0


def test_the_clinics_intervals_are_set_in_manage(sign_in, client):
    browser = sign_in("doctor")
    assert "血糖偏高，约另一天复查" in browser.get("/manage/pathways").text
    answer = browser.post("/manage/pathways", data={"code": "glucose_repeat", "days": "many"})
    assert answer.status_code == 422 and 'value="many"' in answer.text
    assert browser.post("/manage/pathways", data={"code": "glucose_repeat", "days": "10"}).status_code == 200
    assert work.days_in_force(client.app.state.db)["glucose_repeat"] == 10
