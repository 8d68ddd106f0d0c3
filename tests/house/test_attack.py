"""What somebody tries who means harm: each of these once went through, or would have been easy to let through."""

import pytest

from app.clinic import cards, patients
from tests.conftest import PASSWORD

# htmx obeys attributes wherever it finds them, whatever the content policy says about scripts.
HARM = '<b hx-post="/manage/staff" hx-trigger="load">%(x)s 100%%</b>'


@pytest.fixture
def person(client, who) -> int:
    return patients.register(client.app.state.db, who("desk"), patients.NewPatient(name="王秀英", sex="female"))


def test_a_reason_somebody_typed_is_never_markup(sign_in, who, person):
    browser = sign_in("desk")
    db = browser.app.state.db
    card = cards.open_card(db, who("desk"), person, cards.types(db)[0].id)
    browser.post(f"/patients/{person}/cards/{card}/closing", data={"reason": HARM})
    html = sign_in("owner").get(f"/patients/{person}/cards").text
    assert "hx-post=&#34;/manage/staff&#34;" in html and "<b hx-post" not in html


def test_what_is_handed_to_a_page_as_a_word_is_markup_only_if_it_is_one(client):
    jinja = client.app.template_engine.engine
    assert jinja.from_string("{{ _(label) }}").render(label=HARM) == (
        "&lt;b hx-post=&#34;/manage/staff&#34; hx-trigger=&#34;load&#34;&gt;%(x)s 100%%&lt;/b&gt;")


@pytest.mark.parametrize("address", [
    "/patients/{big}", "/patients?before={big}", "/patients/{big}/timeline", "/work/{big}", "/recalls/{big}", "/manage/staff/{big}",
    "/manage/audit?before={big}", "/manage/imports/{big}", "/manage/imports?page={big}", "/manage/tray/{big}",
])
def test_a_number_no_row_can_bear_is_not_found(sign_in, address):
    assert sign_in("owner").get(address.format(big=2**63)).status_code == 404


def test_a_device_that_cannot_be_is_not_found(sign_in):
    assert sign_in("owner").post(f"/manage/sessions/{2**63}/end").status_code == 404


@pytest.mark.parametrize("next", ["//[", "http://[", "//evil.example", "/\\evil.example", "https://evil.example/", "/\t/evil.example"])
def test_signing_in_leads_nowhere_else(client, next):
    answer = client.post("/sign-in", data={"sign_in": "nurse", "password": PASSWORD, "next": next}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/today")
    assert client.get("/sign-in", params={"next": next}).status_code == 200


@pytest.mark.parametrize("origin", ["", "null", "http://[", "//testserver.local", "http://evil.example", "http://testserver.local.evil.example"])
def test_a_write_that_does_not_say_it_is_from_here_is_refused(sign_in, origin):
    browser = sign_in("owner")
    del browser.headers["Sec-Fetch-Site"]
    assert browser.post("/language", data={"language": "en"}, headers={"Origin": origin} if origin else {}).status_code == 403
    same = {"Origin": str(browser.base_url)}
    assert browser.post("/language", data={"language": "en"}, headers=same, follow_redirects=False).status_code == 303
