"""The clinic's tablets: enrolled by code or in hand, lost, found, and seen."""

import re
from datetime import timedelta

from app.clinic import staff
from app.core import clock, settings
from app.routes.devices import COOKIE, TABLET_COOKIE
from tests.conftest import NOW, PASSWORD
from tests.staff.conftest import PAGE, PIN, acting, later, unlock


def test_a_tablet_is_enrolled_once_by_a_code_that_runs_out(client, sign_in):
    browser = sign_in("owner")
    page = browser.post("/manage/tablets", data={"name": "前台"})
    code = re.search(r'enrolcode">([A-Z2-9-]+)<', page.text)[1]
    assert code not in browser.get("/manage/tablets").text
    browser.cookies.clear()
    assert browser.post("/tablet", data={"code": "AAAA-BBBB-CCCC"}).status_code == 422
    with later(16):
        assert browser.post("/tablet", data={"code": code}).status_code == 422
    done = browser.post("/tablet", data={"code": code.lower().replace("-", " ")}, follow_redirects=False)
    assert done.headers["location"] == "/sign-in"
    cookie = done.headers["set-cookie"]
    assert "HttpOnly" in cookie and "samesite=strict" in cookie.lower() and "Max-Age=34560000" in cookie
    browser.cookies.clear()
    assert browser.post("/tablet", data={"code": code}).status_code == 422
    [one] = staff.tablets(browser.app.state.db)
    assert (one.name, one.enrolled, one.revoked) == ("前台", 1, 0)
    assert not browser.app.state.db.value("SELECT count(*) FROM tablets WHERE token_hash = :token", token=done.cookies[TABLET_COOKIE].encode())


def test_guessing_codes_is_slowed(client):
    for _time in range(5):
        assert client.post("/tablet", data={"code": "AAAA-BBBB-CCCC"}).status_code == 422
    assert client.post("/tablet", data={"code": "AAAA-BBBB-CCCC"}).status_code == 429


def test_the_device_in_hand_is_enrolled_and_its_owner_on_shift(client, sign_in):
    browser = sign_in("owner")
    old = browser.cookies[COOKIE]
    browser.post("/manage/tablets/here", data={"name": "1 诊室"})
    assert browser.cookies[COOKIE] != old and acting(browser) == "安"
    browser.post("/account/pin", data={"password": PASSWORD, "pin": PIN, "again": PIN})
    browser.post("/lock")
    assert unlock(browser, "owner").status_code == 303
    browser.post("/manage/tablets/here", data={"name": "again"})
    assert [one.name for one in staff.tablets(browser.app.state.db)] == ["1 诊室"]


def test_a_lost_tablet_is_put_out_of_use_at_once_and_a_found_one_begins_with_the_password(tablet, who):
    db = tablet.app.state.db
    [one] = staff.tablets(db)
    staff.revoke(db, who("owner"), one.id)
    assert tablet.get("/today", headers=PAGE, follow_redirects=False).headers["location"].startswith("/sign-in")
    assert unlock(tablet, "nurse").headers["location"] == "/sign-in"
    tablet.post("/sign-in", data={"sign_in": "nurse", "password": PASSWORD})
    assert acting(tablet) == "周岚" and staff.tiles(db, one.id) == []
    staff.restore(db, who("owner"), one.id)
    assert staff.tiles(db, one.id) == []
    tablet.post("/sign-in", data={"sign_in": "nurse", "password": PASSWORD})
    assert [tile.name for tile in staff.tiles(db, one.id)] == ["周岚"]


def test_when_it_was_last_seen_is_told_and_written_by_the_sweep(tablet, sign_in):
    with later(2):
        tablet.get("/today")
    db = tablet.app.state.db
    tablet.app.state.presence.flush()
    assert staff.tablets(db)[0].seen_at == clock.stamp(NOW + timedelta(minutes=2))
    changes = db.writer.total_changes
    tablet.app.state.presence.flush()
    assert db.writer.total_changes == changes
    assert "09:32" in sign_in("owner").get("/manage/tablets").text


def test_who_does_not_own_the_clinic_enrols_nothing(client, sign_in):
    browser = sign_in("doctor")
    for path in ("/manage/tablets", "/manage/tablets/here", "/manage/tablets/idle"):
        assert browser.post(path, data={"name": "x", "minutes": "5"}).status_code == 403
    assert settings.get(browser.app.state.db, "idle_minutes") is None


def test_two_tablets_of_one_name_cannot_be_told_apart(client, sign_in, who):
    browser, db = sign_in("owner"), client.app.state.db
    first, second = (staff.announce(db, who("owner"), "前台") for _tap in range(2))
    assert len(staff.tablets(db)) == 1
    assert browser.post("/tablet", data={"code": first}).status_code == 422
    assert browser.post("/tablet", data={"code": second}, follow_redirects=False).status_code == 303
    staff.enrol_by_code(db, staff.announce(db, who("owner"), "1 诊室"), "10.0.0.6")
    room = next(one for one in staff.tablets(db) if one.name == "1 诊室")
    for path in ("/manage/tablets", "/manage/tablets/here", f"/manage/tablets/{room.id}"):
        answer = browser.post(path, data={"name": "前台"}, follow_redirects=False)
        assert answer.status_code == (303 if path.endswith("here") else 422)  # this browser is the one at the desk by now
    assert browser.post(f"/manage/tablets/{room.id}", data={"name": "2 诊室"}, follow_redirects=False).status_code == 303
    assert sorted(one.name for one in staff.tablets(db)) == ["2 诊室", "前台"]


def test_the_code_stands_beside_the_address_where_the_tablet_finds_the_clinic(client, sign_in):
    browser = sign_in("owner")
    assert "http://testserver.local/tablet" in browser.post("/manage/tablets", data={"name": "前台"}).text
    browser.app.state.network.port, browser.app.state.network.name = 443, "yihe.local"
    assert "https://yihe.local/tablet" in browser.post("/manage/tablets", data={"name": "前台"}).text
