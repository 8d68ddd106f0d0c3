"""One of the clinic's tablets comes back from a patient's hands by the PIN of anybody on shift at it."""

import re

import pytest

from app.clinic import staff
from app.routes.devices import COOKIE, TABLET_COOKIE
from tests.conftest import PASSWORD

PIN, OTHER = "739014", "284937"


@pytest.fixture
def tablet(client, db, sign_in, who, wang, mood, ask):
    """(browser, path): the doctor and the nurse are on shift at it, the nurse handed it over."""
    token = staff.enrol_by_code(db, staff.announce(db, who("owner"), "前台"), "10.0.0.5")
    for name, pin in (("doctor", OTHER), ("nurse", PIN)):
        client.cookies.clear()
        client.cookies.set(TABLET_COOKIE, token, domain="testserver.local")
        client.post("/sign-in", data={"sign_in": name, "password": PASSWORD})
        staff.set_pin(db, who(name), PASSWORD, pin, pin)
    id = ask(wang, mood)
    client.post(f"/patients/{wang.id}/asked/{id}/handover")
    return client, f"/fill/{id}"


def take(browser, who_id, pin):
    return browser.post("/unlocking", data={"who": who_id, "password": pin}, follow_redirects=False)


@pytest.mark.parametrize(("name", "pin", "told"), [("nurse", PIN, "周岚"), ("doctor", OTHER, "林文清")])
def test_whoever_is_on_shift_takes_it_back_and_it_is_theirs(tablet, who, wang, name, pin, told):
    browser, path = tablet
    before = browser.cookies[COOKIE]
    html = browser.get("/unlocking").text
    assert "周岚" in html and "林文清" in html and "许佳" not in html and "data-pin" not in html
    assert "data-pin" in browser.get(f"/unlocking?who={who(name).id}").text
    answer = take(browser, who(name).id, pin)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/patients/{wang.id}/asked/{path.rpartition('/')[2]}")
    assert browser.cookies[COOKIE] != before
    assert re.search(r'<summary class="actor">.*?<b>(.*?)</b>', browser.get("/patients").text)[1] == told


def test_nobody_elses_pin_and_no_sixth_try(tablet, who):
    browser, path = tablet
    assert take(browser, who("desk").id, PIN).status_code == 422
    assert take(browser, who("nurse").id, OTHER).status_code == 422
    for _time in range(4):
        take(browser, who("nurse").id, OTHER)
    assert take(browser, who("nurse").id, PIN).status_code == 422
    assert browser.get("/patients", follow_redirects=False).headers["location"] == path
    assert "周岚" not in browser.get("/unlocking").text
    assert browser.post("/unlocking", data={"password": PASSWORD}, follow_redirects=False).status_code == 303


def test_a_tablet_in_a_patients_hands_is_not_opened_by_the_lock(tablet, who):
    browser, path = tablet
    for method, address in (("GET", "/lock"), ("POST", "/lock"), ("POST", "/lock/opening"), ("GET", f"/lock?who={who('nurse').id}")):
        answer = browser.request(method, address, data={"who": who("nurse").id, "secret": PIN} if method == "POST" else None, follow_redirects=False)
        assert (answer.status_code, answer.headers.get("location")) in ((303, path), (403, None))
    assert browser.get("/patients", follow_redirects=False).headers["location"] == path
