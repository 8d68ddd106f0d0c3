"""Tokens, codes and cookies, as somebody who means harm would try them."""

from datetime import timedelta

import pytest

from app.clinic import invitations, responses
from app.core import clock
from tests.conftest import NOW
from tests.invitations.conftest import value

COOKIE = "yihe_fill"


@pytest.fixture
def way(wang, mood, invite):
    return invite(wang, mood)


def enter(client, way, **data):
    return client.post(f"/fill/t/{way.token}", data=data, follow_redirects=False)


def test_the_first_page_changes_nothing_and_says_no_name(client, db, way):
    before = db.writer.total_changes
    for _time in range(3):
        html = client.get(f"/fill/t/{way.token}").text
    assert db.writer.total_changes == before
    assert "王*英" in html and "王秀英" not in html and "Y-0000" not in html and "1948" not in html
    assert not client.cookies


def test_the_token_is_changed_for_a_cookie_of_this_one_form(client, way):
    answer = enter(client, way)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/fill/{way.asked.id}")
    said = answer.headers["set-cookie"]
    assert f"Path=/fill/{way.asked.id};" in said + ";" and "HttpOnly" in said and "SameSite=strict" in said
    assert len(client.cookies[COOKIE]) >= 22 and way.token not in said
    html = client.get(f"/fill/{way.asked.id}").text
    assert "睡得不好吗？" in html and "王秀英" not in html and way.token not in html


def test_nothing_secret_is_kept(client, db, way):
    enter(client, way)
    secrets = (way.token, way.code, way.code.replace("-", ""), client.cookies[COOKIE])
    for table in ("invitations", "guests", "events", "sessions", "failed_sign_ins", "asked", "askings"):
        for row in db.all(dict, f"SELECT * FROM {table}"):
            assert not any(secret in str(each) for secret in secrets for each in row.values()), table


def test_a_cookie_brought_along_counts_for_nothing(client, db, way):
    client.cookies.set(COOKIE, "A" * 22, path=f"/fill/{way.asked.id}")
    assert client.get(f"/fill/{way.asked.id}").status_code == 404
    answer = enter(client, way)
    assert "A" * 22 not in answer.headers["set-cookie"]
    assert invitations.guest(db, "A" * 22, way.asked.id) is None


def test_a_cookie_opens_no_other_form(client, db, wang, other, mood, tea, invite):
    mine, hers, second = invite(wang, mood), invite(other, mood), invite(wang, tea)
    enter(client, mine)
    token = client.cookies[COOKIE]
    for way in (hers, second):
        for method, path in (("GET", ""), ("POST", "/beginning"), ("POST", "/answers"), ("POST", "/looks"), ("POST", "/submission")):
            answer = client.request(method, f"/fill/{way.asked.id}{path}", headers={"Cookie": f"{COOKIE}={token}"})
            assert answer.status_code == 404, path
    assert invitations.get(db, hers.asked.id).response_id is None


@pytest.mark.parametrize("path", ["", "/beginning", "/answers", "/looks", "/submission"])
def test_without_a_cookie_there_is_nothing(client, way, path):
    known, unknown = (client.request("POST" if path else "GET", f"/fill/{id}{path}") for id in (way.asked.id, 999))
    assert known.status_code == unknown.status_code == 404
    assert known.text == unknown.text


def test_no_field_says_whose_it_is(client, db, wang, other, mood, tea, invite, way):
    invite(other, tea)
    enter(client, way, patient_id=other.id, asked_id=99, questionnaire_id=tea, language="zh")
    client.post(f"/fill/{way.asked.id}/answers", data={
        "sleep": "0", "_go": "on", "_at": "sleep", "_revision": "0", "patient_id": str(other.id), "response_id": "7", "asked_id": "2"})
    assert [one.patient_id for one in responses.open_ones(db, wang.id)] == [wang.id]
    assert responses.open_ones(db, other.id) == []


def test_it_is_gone_when_its_day_is_over(client, way):
    enter(client, way)
    with clock.stop(NOW + timedelta(hours=24, seconds=1)):
        for answer in (client.get(f"/fill/t/{way.token}"), enter(client, way), client.get(f"/fill/{way.asked.id}")):
            assert answer.status_code == 410
        assert client.post("/fill", data={"code": way.code}).status_code == 410


def test_it_is_gone_when_it_was_closed(client, db, who, wang, way):
    enter(client, way)
    invitations.revoke(db, who("nurse"), wang.id, way.asked.id)
    assert client.get(f"/fill/t/{way.token}").status_code == enter(client, way).status_code == 410
    assert client.get(f"/fill/{way.asked.id}").status_code == 410
    assert client.post(f"/fill/{way.asked.id}/answers", data={"sleep": "0"}).status_code == 410


def test_it_is_gone_when_it_was_handed_in_and_there_is_no_second_time(client, db, wang, way):
    enter(client, way)
    path = f"/fill/{way.asked.id}"
    token = client.cookies[COOKIE]
    client.post(f"{path}/answers", data={"sleep": "0", "harm": "0", "_revision": "0"})
    answer = client.post(f"{path}/submission", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{path}/thanks")
    assert client.get(f"{path}/thanks").status_code == 200
    old = {"Cookie": f"{COOKIE}={token}"}
    assert client.get(path, headers=old).status_code == 410
    assert client.post(f"{path}/submission", headers=old).status_code == 410
    assert client.post(f"{path}/answers", data={"sleep": "1"}, headers=old).status_code == 410
    assert client.get(f"/fill/t/{way.token}").status_code == enter(client, way).status_code == 410
    assert client.post("/fill", data={"code": way.code}).status_code == 410
    assert len(responses.done(db, wang.id)) == 1


def test_a_new_code_takes_the_place_of_the_old_one_and_lets_go_on_who_is_in(client, db, who, wang, way):
    enter(client, way)
    new = invitations.invite(db, who("nurse"), wang.id, way.asked.id)
    assert client.get(f"/fill/t/{way.token}").status_code == 410
    assert client.get(f"/fill/{way.asked.id}").status_code == 200
    assert client.get(f"/fill/t/{new.token}").status_code == 200


def test_a_short_code_is_typed_as_people_type(client, way):
    typed = way.code.lower().replace("-", " ")
    full_width = "".join(chr(ord(letter) + 0xFEE0) if letter.isalnum() else "　" for letter in typed)
    for each in (typed, full_width, f"  {way.code}  "):
        client.cookies.clear()
        answer = client.post("/fill", data={"code": each}, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/fill/{way.asked.id}"), each


def test_guessing_codes_is_slowed_and_a_right_one_does_not_make_it_quick_again(client, db, way, wang, tea, invite):
    good = invite(wang, tea)
    for n in range(4):
        assert client.post("/fill", data={"code": f"AAAA-AAA{'BCDE'[n]}"}).status_code == 422
    assert client.post("/fill", data={"code": good.code}, follow_redirects=False).status_code == 303
    assert client.post("/fill", data={"code": "AAAA-AAAF"}).status_code == 422
    answer = client.post("/fill", data={"code": way.code})
    assert answer.status_code == 429 and int(answer.headers["retry-after"]) > 0
    for header in ("X-Forwarded-For", "X-Real-IP", "Forwarded"):
        assert client.post("/fill", data={"code": way.code}, headers={header: "10.0.0.9"}).status_code == 429


@pytest.mark.parametrize("code", ["", " ", "%", "' OR 1=1 --", "\x00", "AAAA", "A" * 400, "王秀英"])
def test_what_is_no_code_opens_nothing(client, way, code):
    assert client.post("/fill", data={"code": code}).status_code == 422
    assert not client.cookies


@pytest.mark.parametrize("token", ["none", "%2e%2e", "%2e%2e%2fpatients", "a" * 5000, "%00", "王", "{token}x"])
def test_what_is_no_token_opens_nothing(client, way, token):
    answer = client.get(f"/fill/t/{token.format(token=way.token)}")
    assert answer.status_code in (400, 404) and "王" not in answer.text


def test_a_device_of_the_same_network_in_ipv6_is_one():
    from app.core.hosts import visitor as network

    assert network("fe80::1:2:3") == network("fe80::ffff:1") != network("10.0.0.1")
    assert network("10.0.0.1") != network("10.0.0.2")
    assert network("testclient") == "testclient"


def test_no_answer_here_may_be_kept_or_tell_where_one_came_from(client, way):
    for answer in (client.get(f"/fill/t/{way.token}"), enter(client, way), client.get(f"/fill/{way.asked.id}"), client.get("/fill")):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "form-action 'self'" in answer.headers["content-security-policy"]


def test_no_page_of_it_leads_into_the_house(client, way):
    enter(client, way)
    for address in (f"/fill/{way.asked.id}", f"/fill/t/{way.token}", "/fill", f"/fill/{way.asked.id}/thanks", "/fill/999"):
        html = client.get(address).text
        for leads in ('href="/', 'action="/'):
            for rest in html.split(leads)[1:]:
                assert rest.startswith(("fill", "language", "static", "unlocking")), rest[:40]


def test_a_member_of_staff_sees_the_same_page_as_anybody(sign_in, wang, mood, invite):
    browser = sign_in("doctor")
    way = invite(wang, mood)
    browser.post(f"/fill/t/{way.token}", data={})
    html = browser.get(f"/fill/{way.asked.id}").text
    assert 'class="rail"' not in html and "林文清" not in html


def test_nothing_is_asked_when_the_form_is_used_no_more(client, db, who, way, mood):
    from app.clinic import questionnaires

    questionnaires.retire(db, who("owner"), mood)
    assert client.get(f"/fill/t/{way.token}").status_code == enter(client, way).status_code == 410


def test_the_page_keeps_what_it_was_at(client, way):
    enter(client, way, language="zh")
    path = f"/fill/{way.asked.id}"
    assert value(client.get(path).text, "_at") == "sleep"
