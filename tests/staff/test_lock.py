"""A screen nobody touches: what the clinic still answers, and who opens it again."""

import re

import pytest

from app.clinic import patients, staff
from app.routes.devices import COOKIE, TABLET_COOKIE
from tests.conftest import PASSWORD
from tests.house.routes import routes
from tests.staff.conftest import PAGE, PIN, acting, later, staff_id, unlock


# ── what a locked screen answers ──

def test_after_three_minutes_the_clinic_answers_nothing_but_the_lock(client, sign_in, who):
    patients.register(client.app.state.db, who("owner"), patients.NewPatient("王秀英", "female"))
    browser = sign_in("owner")
    with later(2.9):
        assert browser.get("/patients").status_code == 200
    with later(6):
        for route in routes(browser.app):
            if route.needs.value == "anyone":
                continue
            answer = browser.request(route.method, route.address, headers=PAGE, follow_redirects=False)
            assert answer.status_code == 303 and answer.headers["location"].startswith("/lock"), str(route)
            assert "王秀英" not in answer.text and "安" not in answer.text, str(route)


def test_asking_by_itself_keeps_no_screen_open(client, sign_in):
    browser = sign_in("nurse")
    for at in (1, 2, 2.9):
        with later(at):
            assert browser.get("/patients", headers={"Yihe-Quiet": "1"}).status_code == 200
            assert browser.get("/drafts/of?at=/today").status_code == 200
    with later(3.1):
        poll = browser.get("/reports", headers={"HX-Request": "true", "Yihe-Quiet": "1"})
        assert (poll.status_code, poll.text) == (423, "")
        assert browser.post("/drafts", json={}).status_code == 423
        assert browser.post("/presence").status_code == 423


@pytest.mark.parametrize("touch", ["/patients", "/presence"])
def test_being_touched_keeps_it_open(client, sign_in, touch):
    browser = sign_in("nurse")
    for at in (2.5, 5, 7.5):
        with later(at):
            assert (browser.post(touch) if touch == "/presence" else browser.get(touch)).status_code < 300


def test_how_long_is_a_setting(client, sign_in):
    browser = sign_in("owner")
    for wrong in ("0", "31", "", "x", "2.5"):
        assert browser.post("/manage/tablets/idle", data={"minutes": wrong}).status_code == 422
    assert browser.post("/manage/tablets/idle", data={"minutes": "10"}, follow_redirects=False).status_code == 303
    assert 'data-idle="600"' in browser.get("/today").text
    with later(9.9):
        assert browser.get("/presence", follow_redirects=False).status_code == 405
        assert browser.get("/today", headers={"Yihe-Quiet": "1"}).status_code == 200
    with later(10.1):
        assert browser.get("/today", headers=PAGE, follow_redirects=False).headers["location"] == "/lock?next=/today"


def test_a_clock_that_was_put_back_locks_too(client, sign_in):
    browser = sign_in("nurse")
    browser.get("/today")
    with later(-60):
        assert browser.get("/today", follow_redirects=False).status_code == 423
        assert unlock(browser, "nurse", PASSWORD).status_code == 303
        assert browser.get("/today").status_code == 200


def test_a_restart_opens_no_screen_and_closes_none(client, sign_in):
    browser = sign_in("nurse")
    with later(2):
        browser.get("/today")
        browser.app.state.presence.flush()
    browser.app.state.presence = staff.Presence(browser.app.state.db)
    with later(4.5):
        assert browser.get("/today", headers={"Yihe-Quiet": "1"}).status_code == 200
    with later(5.1):
        assert browser.get("/today", follow_redirects=False).status_code == 423


def test_what_a_form_brought_to_a_locked_screen_is_not_done(client, sign_in):
    browser = sign_in("owner")
    with later(4):
        sent = browser.post("/manage/tablets", data={"name": "x"}, headers=PAGE | {"Referer": "http://testserver.local/manage/tablets"}, follow_redirects=False)
        assert sent.headers["location"] == "/lock?next=/manage/tablets"
    assert staff.tablets(browser.app.state.db) == []


# ── opening it again ──

def test_on_a_device_of_ones_own_the_password_opens(client, sign_in):
    browser = sign_in("nurse")
    browser.post("/lock", data={"next": "/patients"})
    old = browser.cookies[COOKIE]
    html = browser.get("/lock?next=/patients", headers=PAGE).text
    assert "周岚" in html and "data-pin" not in html and 'class="rail"' not in html
    assert unlock(browser, "nurse", PIN).status_code == 422
    assert unlock(browser, "doctor", PASSWORD).status_code == 422  # nobody else's tile is here
    answer = unlock(browser, "nurse", PASSWORD, next="/patients")
    assert (answer.status_code, answer.headers["location"]) == (303, "/patients")
    assert browser.cookies[COOKIE] != old and acting(browser) == "周岚"


def test_on_a_tablet_the_pin_opens_the_same_session_under_a_new_token(tablet):
    db, old = tablet.app.state.db, tablet.cookies[COOKIE]
    before = staff.held(db, old, tablet.cookies[TABLET_COOKIE]).actor
    tablet.post("/lock")
    assert tablet.get("/today", follow_redirects=False).status_code == 423
    answer = unlock(tablet, "nurse", cover="on")
    assert (answer.status_code, answer.headers["hx-trigger"], answer.text) == (200, "unlocked", "")
    assert tablet.cookies[COOKIE] != old and staff.held(db, old, tablet.cookies[TABLET_COOKIE]) is None
    assert staff.held(db, tablet.cookies[COOKIE], tablet.cookies[TABLET_COOKIE]).actor == before


def test_another_persons_pin_begins_a_page_of_their_own(tablet):
    tablet.post("/lock")
    old = tablet.cookies[COOKIE]
    answer = unlock(tablet, "doctor", cover="on", next="/manage")
    assert answer.headers["location"] == "/today" and acting(tablet) == "林文清"
    stale = tablet.cookies[TABLET_COOKIE]
    assert staff.held(tablet.app.state.db, old, stale) is None
    htmx = tablet.post("/lock/opening", data={"who": staff_id(tablet.app.state.db, "nurse"), "secret": PIN, "cover": "on"}, headers={"HX-Request": "true"})
    assert htmx.headers["hx-redirect"] == "/today" and acting(tablet) == "周岚"


def test_five_wrong_pins_and_the_page_asks_for_the_password(tablet):
    tablet.post("/lock")
    for _time in range(5):
        assert unlock(tablet, "nurse", "284937").status_code == 422
    page = tablet.get("/lock", headers=PAGE).text
    assert "data-pin" not in page and 'name="word"' in page
    assert unlock(tablet, "nurse").status_code == 422
    assert unlock(tablet, "nurse", PASSWORD, word="on").status_code == 303 and acting(tablet) == "周岚"
    tablet.post("/lock")
    assert unlock(tablet, "nurse").status_code == 303


def test_who_is_not_on_shift_here_has_no_tile_and_no_way_in_by_pin(tablet):
    tablet.post("/lock")
    html = tablet.get("/lock", headers=PAGE).text
    assert "林文清" in html and "许佳" not in html
    assert unlock(tablet, "desk").status_code == unlock(tablet, "desk", PASSWORD).status_code == 422


def test_signing_out_leaves_the_tiles_of_the_others(tablet):
    tablet.post("/sign-out")
    html = tablet.get("/sign-in", headers=PAGE).text
    assert "林文清" in html and "周岚" not in html and "前台" in html
    assert unlock(tablet, "doctor").headers["location"] == "/today"
    assert acting(tablet) == "林文清"


def test_a_session_of_a_tablet_opens_nothing_without_its_tablet(tablet):
    session = tablet.cookies[COOKIE]
    tablet.cookies.clear()
    answer = tablet.get("/today", headers=PAGE | {"Cookie": f"{COOKIE}={session}"}, follow_redirects=False)
    assert answer.headers["location"].startswith("/sign-in")


def test_which_tablet_stands_with_every_event(tablet):
    db = tablet.app.state.db
    tablet.post("/account/pin", data={"password": PASSWORD, "pin": "284937", "again": "284937"})
    sql = """SELECT t.name FROM events e JOIN sessions s ON s.id = e.details ->> 'via' JOIN tablets t ON t.id = s.tablet_id
             WHERE e.kind = 'staff.pin_changed' ORDER BY e.id DESC LIMIT 1"""
    assert db.value(sql) == "前台"
    tablet.cookies.clear()
    tablet.post("/sign-in", data={"sign_in": "owner", "password": PASSWORD})
    line = re.search(r'<tr id="event-%d">.*?</tr>' % db.value("SELECT max(id) FROM events WHERE kind = 'staff.pin_changed'"), tablet.get("/manage/audit").text, re.DOTALL)
    assert "周岚" in line[0] and "前台" in line[0]


def test_a_screen_nobody_touched_opens_by_pin(tablet):
    assert acting(tablet) == "周岚"
    with later(5):
        assert tablet.get("/manage", headers=PAGE, follow_redirects=False).headers["location"].startswith("/lock")
        assert unlock(tablet, "nurse", next="/manage").headers["location"] == "/manage"
        assert acting(tablet) == "周岚"


def test_on_a_disk_that_takes_nothing_the_screen_locks_and_opens_all_the_same(tablet):
    db = tablet.app.state.db
    tablet.post("/lock")
    db.writer.execute("PRAGMA query_only = on")
    try:
        for wrong in range(4):
            assert unlock(tablet, "nurse", "284937").status_code == 422, wrong
        assert unlock(tablet, "nurse").status_code == 303 and acting(tablet) == "周岚", "reading goes on"
        tablet.post("/lock")
        assert acting(tablet) is None
        assert unlock(tablet, "nurse", PASSWORD, word="on").status_code == 303 and acting(tablet) == "周岚"
        tablet.post("/lock")
        for _time in range(5):
            assert unlock(tablet, "nurse", "284937").status_code == 422
        assert unlock(tablet, "nurse").status_code == 422 and acting(tablet) is None, "five wrong ones were counted"
        assert unlock(tablet, "doctor").status_code == 503, "a session of one's own cannot be kept"
    finally:
        db.writer.execute("PRAGMA query_only = off")
