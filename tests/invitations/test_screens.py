"""One question after the other, or all at once: what is kept, what stands where, how it ends."""

import pytest

from app.clinic import invitations, responses
from tests.invitations.conftest import value

HX = {"HX-Request": "true"}


@pytest.fixture
def form(client, wang, mood, invite):
    """The address of a form that has been begun on this device."""
    way = invite(wang, mood)
    client.post(f"/fill/t/{way.token}", data={"language": "zh"})
    return f"/fill/{way.asked.id}"


def send(client, form, step="on", **fields):
    html = client.get(form).text
    sent = {"_revision": value(html, "_revision"), "_at": value(html, "_at")} | fields
    return client.post(f"{form}/answers", data=sent | ({"_go": step} if step else {}), follow_redirects=False)


def at(client, form):
    return value(client.get(form).text, "_at")


def kept(db, wang):
    [one] = responses.open_ones(db, wang.id)
    return responses.sitting(db, one.id).given


def test_a_condition_decides_what_comes_next(client, form):
    send(client, form, sleep="1")
    assert at(client, form) == "since"
    send(client, form, step="back")
    send(client, form, sleep="0")
    assert at(client, form) == "harm"


def test_what_must_be_answered_stays_until_it_is(client, form):
    answer = send(client, form)
    assert answer.status_code == 422 and "请先回答这一题" in answer.text and at(client, form) == "sleep"
    assert send(client, form, sleep="0").status_code == 303 and at(client, form) == "harm"


def test_every_tap_is_kept_before_any_button(client, db, wang, form):
    answer = client.post(f"{form}/answers", data={"sleep": "1", "_revision": "0", "_at": "sleep"}, headers=HX)
    assert answer.status_code == 200 and "已替您存好" in answer.text and "<html" not in answer.text
    assert [next(iter(one)) for one in kept(db, wang)["sleep"]] == ["valueCoding"]


def test_what_was_sent_twice_because_the_answer_got_lost_is_no_conflict(client, db, wang, form):
    for _time in range(2):
        answer = client.post(f"{form}/answers", data={"sleep": "1", "_revision": "0"}, headers=HX)
        assert answer.status_code == 200
    client.post(f"{form}/answers", data={"note": "好多了", "_revision": "0"}, headers=HX)
    assert set(kept(db, wang)) == {"sleep", "note"}


def test_a_second_device_goes_on_where_the_first_stopped(client, db, who, wang, form):
    send(client, form, sleep="1")
    client.cookies.clear()
    id = int(form.rpartition("/")[2])
    way = invitations.invite(db, who("nurse"), wang.id, id)
    client.post("/fill", data={"code": way.code})
    assert at(client, form) == "since"
    assert len(responses.open_ones(db, wang.id)) == 1


def test_two_devices_see_each_others_answer_as_a_conflict(client, db, who, wang, form):
    first = client.cookies["yihe_fill"]
    way = invitations.invite(db, who("nurse"), wang.id, int(form.rpartition("/")[2]))
    client.cookies.clear()
    client.post("/fill", data={"code": way.code})
    client.post(f"{form}/answers", data={"sleep": "1", "_revision": "0"}, headers=HX)
    client.cookies.clear()
    mine = {"Cookie": f"yihe_fill={first}"}
    answer = client.post(f"{form}/answers", data={"sleep": "0", "_revision": "0", "_at": "sleep", "_go": "on"}, headers=HX | mine)
    assert answer.status_code == 409 and "完全不会" in answer.text and "好几天" in answer.text
    assert kept(db, wang)["sleep"][0]["valueCoding"]["code"] == "1"


def test_a_made_up_field_changes_nothing(client, db, wang, form):
    client.post(f"{form}/answers", data={"since": "x", "nothing": "y", "_revision": "0", "sleep[0]": "1", "sleep/0": "1"}, headers=HX)
    assert kept(db, wang) == {}


@pytest.mark.parametrize("step", ["to:nothing", "to:since", "x", "to:../../patients", "on" * 500])
def test_a_made_up_step_leads_nowhere(client, form, step):
    assert send(client, form, step=step).status_code in (303, 422)
    assert at(client, form) in ("sleep", "harm")


def test_it_is_not_handed_in_while_something_is_missing_and_says_what(client, db, wang, form):
    send(client, form, sleep="0")
    answer = client.post(f"{form}/submission")
    assert answer.status_code == 422 and "想过伤害自己吗" in answer.text and 'value="to:harm"' in answer.text
    assert responses.done(db, wang.id) == []
    assert client.post(f"{form}/submission").status_code == 422


def test_a_blank_form_is_not_handed_in(client, wang, tea, invite):
    way = invite(wang, tea)
    client.post(f"/fill/t/{way.token}", data={})
    assert client.post(f"/fill/{way.asked.id}/submission").status_code == 422


def test_handed_in_it_is_the_persons_own_word_and_what_was_asked_is_done(client, db, wang, form):
    send(client, form, sleep="1")
    send(client, form, since="半年")
    send(client, form, harm="0")
    send(client, form, note="谢谢")
    assert "题目都答完了" in client.get(form).text
    assert client.post(f"{form}/submission", follow_redirects=False).headers["location"] == f"{form}/thanks"
    [one] = responses.done(db, wang.id)
    assert (one.asked_by, one.author, one.patient_id) == ("patient", None, wang.id)
    asked = invitations.get(db, int(form.rpartition("/")[2]))
    assert (asked.state, asked.response_id) == ("done", one.id)


def test_thanks_are_said_in_the_language_that_was_spoken(client, form):
    client.headers["Accept-Language"] = "en"
    send(client, form, sleep="0")
    send(client, form, harm="0")
    assert 'lang="zh-CN"' in client.post(f"{form}/submission").text
    assert 'lang="en"' in client.get("/fill").text


def test_what_became_hidden_is_not_handed_in(client, db, wang, form):
    send(client, form, sleep="1")
    send(client, form, since="半年")
    send(client, form, step="back")
    send(client, form, step="back")
    send(client, form, sleep="0")
    send(client, form, harm="0")
    client.post(f"{form}/submission")
    [one] = responses.done(db, wang.id)
    assert "since" not in {answer.link_id for answer in responses.answers(db, one.id)}


def test_staff_who_answer_for_them_finish_it_too(client, db, who, wang, form):
    [one] = responses.open_ones(db, wang.id)
    responses.answer(db, one.id, 0, {"sleep": ["0"], "harm": ["0"]}, "zh")
    responses.complete(db, who("nurse"), one.id)
    assert client.get(form).status_code == 410
    assert invitations.get(db, int(form.rpartition("/")[2])).state == "done"


def test_what_staff_threw_away_is_begun_anew(client, db, who, wang, form):
    [one] = responses.open_ones(db, wang.id)
    responses.withdraw(db, who("nurse"), wang.id, one.id, "slip")
    assert "开始填写" in client.get(form).text
    client.post(f"{form}/beginning", data={"language": "zh"})
    assert [each.id for each in responses.open_ones(db, wang.id)] != [one.id]


def test_larger_letters_and_the_other_language_are_the_devices_own(client, form):
    client.post(f"{form}/looks", data={"large": "1"})
    client.post(f"{form}/looks", data={"language": "en"})
    html = client.get(form).text
    assert 'class="asking large"' in html and "Do you sleep badly?" in html and "Next" in html
    for bad in ({"large": "7"}, {"language": "xx"}, {"whole": "x"}):
        client.post(f"{form}/looks", data=bad)
    assert 'class="asking large"' in client.get(form).text


def test_all_on_one_page_opens_what_an_answer_opens(client, db, wang, form):
    client.post(f"{form}/looks", data={"whole": "1"})
    html = client.get(form).text
    assert "睡得不好吗" in html and "想过伤害自己吗" in html and "多久了" not in html
    answer = client.post(f"{form}/answers", data={"sleep": "1", "_revision": "0", "_at": ""}, headers=HX)
    assert "多久了" in answer.text and "想过伤害自己吗" not in answer.text


@pytest.mark.parametrize("sleep", ["0", "1"])
def test_the_number_to_call_stands_beside_such_a_form_whatever_is_answered(client, wang, tea, invite, form, sleep):
    for _time in range(3):
        assert 'href="tel:12356"' in client.get(form).text
        send(client, form, sleep=sleep, harm=sleep)
    way = invite(wang, tea)
    assert "12356" not in client.get(f"/fill/t/{way.token}").text


def test_the_number_to_call_names_its_source():
    from app.clinic.invitations.hotline import _known

    assert _known().status == "V" and "国家卫生健康委" in _known().source and _known().read_on


def test_a_score_is_not_shown_to_who_fills_it_in(client, db, who, wang, invite):
    from tests.invitations.conftest import MOOD, both, publish

    scored = MOOD | {"name": "scored", "url": "urn:test:scored", "item": [*MOOD["item"], {
        "linkId": "total", "type": "integer", "readOnly": True, **both("总分", "Total"), "extension": [
            {"url": "urn:yihe:score", "valueBoolean": True},
            {"url": "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression", "valueExpression": {
                "language": "text/fhirpath", "expression": "7 + %resource.item.where(linkId='sleep').answer.count()"}},
        ]}]}  # fmt: skip
    way = invite(wang, publish(db, who, scored))
    client.post(f"/fill/t/{way.token}", data={"language": "zh"})
    client.post(f"/fill/{way.asked.id}/looks", data={"whole": "1"})
    client.post(f"/fill/{way.asked.id}/answers", data={"sleep": "1", "_revision": "0"}, headers=HX)
    assert "总分" not in client.get(f"/fill/{way.asked.id}").text


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", "{{ 7*7 }}%(x)s", "'; DROP TABLE asked; --"])
def test_what_somebody_writes_is_never_markup(client, db, wang, form, words):
    client.post(f"{form}/looks", data={"whole": "1"})
    client.post(f"{form}/answers", data={"note": words, "sleep": "1", "since": words, "_revision": "0"}, headers=HX)
    html = client.get(form).text
    assert "<script>alert" not in html and "{{ 7*7 }}" in html or "7*7" not in words
    assert kept(db, wang)["note"][0]["valueString"] == words
