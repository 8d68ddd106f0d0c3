"""A tablet in a patient's hands: what its session opens, and how it comes back."""

import pytest

from tests.conftest import PASSWORD
from tests.house.routes import routes

SESSION, FORM = "yihe_session", "yihe_fill"


@pytest.fixture
def tablet(sign_in, wang, mood, ask):
    """(browser, path): handed over with one form."""
    browser = sign_in("nurse")
    id = ask(wang, mood)
    answer = browser.post(f"/patients/{wang.id}/asked/{id}/handover", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/fill/{id}")
    return browser, f"/fill/{id}"


def test_it_shows_the_form_and_nobodys_name(tablet):
    browser, path = tablet
    html = browser.get(path).text
    assert "王*英" in html and "王秀英" not in html and "周岚" not in html and 'class="rail"' not in html


def test_the_server_refuses_everything_else(tablet):
    browser, path = tablet
    for route in routes(browser.app):
        if route.path.startswith(("/static", "/unlocking")) or (route.path.startswith("/fill/{asked_id") and f"{path}/".startswith("/fill/1/")):
            continue
        answer = browser.request(route.method, route.address, follow_redirects=False)
        if route.path == "/sign-in/code":  # half of a way back, for who has shown the other half: others are sent to the sign-in, and from there back
            assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
        elif route.method == "GET":
            assert (answer.status_code, answer.headers.get("location")) == (303, path), str(route)
        else:
            assert answer.status_code == 403, str(route)


@pytest.mark.parametrize("trick", [
    "//patients", "/patients/1", "/PATIENTS", "/fill", "/fill/", "/fill/t/none", "/fill/2", "/fill/12", "/fill/1x", "/fill/1/../../patients",
    "/fill/1/%2e%2e/%2e%2e/patients", "/fill/1/..%2fpatients", "/fill/1;/patients", "/fill/1%00/patients", "/sign-in?next=/fill/1",
    "/static/../patients", "/setup", "/language",
])
def test_no_address_gets_round_it(tablet, trick):
    browser, path = tablet
    answer = browser.get(trick, follow_redirects=False)
    assert answer.status_code in (303, 400, 404, 405), trick
    assert answer.headers.get("location", path) == path
    assert "王秀英" not in answer.text and 'class="rail"' not in answer.text


def test_the_form_of_who_had_the_tablet_before_is_not_opened(tablet, other, mood, ask):
    browser, path = tablet
    before = {"Cookie": f"{FORM}={browser.cookies[FORM]}; {SESSION}={browser.cookies[SESSION]}"}
    browser.post("/unlocking", data={"password": PASSWORD})
    second = ask(other, mood)
    browser.post(f"/patients/{other.id}/asked/{second}/handover", follow_redirects=False)
    now = {"Cookie": before["Cookie"].partition(";")[0] + f"; {SESSION}={browser.cookies[SESSION]}"}
    answer = browser.get(path, headers=now, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/fill/{second}")


def test_the_session_from_before_opens_nothing(sign_in, wang, mood, ask):
    browser = sign_in("nurse")
    copied = browser.cookies[SESSION]
    browser.post(f"/patients/{wang.id}/asked/{ask(wang, mood)}/handover", follow_redirects=False)
    assert browser.cookies[SESSION] != copied
    browser.cookies.clear()
    answer = browser.get("/patients", headers={"Cookie": f"{SESSION}={copied}"}, follow_redirects=False)
    assert answer.headers["location"].startswith("/sign-in")


def test_a_member_of_staff_unlocks_it_with_their_password(tablet, wang):
    browser, path = tablet
    old_session, old_form = browser.cookies[SESSION], browser.cookies[FORM]
    assert browser.post("/unlocking", data={"password": "wrong-password"}).status_code == 422
    assert browser.get("/patients", follow_redirects=False).headers["location"] == path
    answer = browser.post("/unlocking", data={"password": PASSWORD}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/patients/{wang.id}/asked/{path.rpartition('/')[2]}")
    assert browser.get("/patients").status_code == 200
    browser.cookies.clear()
    assert browser.get(path, headers={"Cookie": f"{FORM}={old_form}"}).status_code == 410
    assert browser.get("/patients", headers={"Cookie": f"{SESSION}={old_session}"}, follow_redirects=False).headers["location"].startswith("/sign-in")


def test_another_member_unlocks_it_and_it_is_theirs(tablet):
    browser, _path = tablet
    assert browser.post("/unlocking", data={"password": PASSWORD, "sign_in": "doctor"}, follow_redirects=False).status_code == 303
    assert "林文清" in browser.get("/patients").text


def test_guessing_the_password_is_slowed_like_a_sign_in(tablet):
    browser, _path = tablet
    for _time in range(5):
        assert browser.post("/unlocking", data={"password": "wrong-password"}).status_code == 422
    assert browser.post("/unlocking", data={"password": PASSWORD}).status_code == 429


def test_nobody_unlocks_what_is_not_locked(client, sign_in):
    assert client.get("/unlocking").status_code == client.post("/unlocking", data={"password": PASSWORD}).status_code == 404
    assert sign_in("nurse").post("/unlocking", data={"password": PASSWORD}).status_code == 404


def test_it_stays_locked_when_the_form_is_handed_in(tablet):
    browser, path = tablet
    browser.post(f"{path}/beginning", data={"language": "zh"})
    browser.post(f"{path}/answers", data={"sleep": "0", "harm": "0", "_revision": "0"})
    thanks = browser.post(f"{path}/submission")
    assert thanks.status_code == 200 and "交还给工作人员" in thanks.text
    for address in ("/patients", "/", "/sign-in"):
        assert browser.get(address, follow_redirects=False).headers["location"] == path
    assert browser.get(path).status_code in (404, 410)


def test_a_script_on_another_page_of_the_tablet_gets_nothing(tablet):
    browser, path = tablet
    answer = browser.get("/reminders", headers={"HX-Request": "true"})
    assert answer.headers["hx-redirect"] == path
    assert browser.post("/drafts", json={}, follow_redirects=False).status_code == 403


def test_who_may_not_record_hands_nothing_over(sign_in, wang, mood, ask):
    id = ask(wang, mood)
    for name in ("desk", "reader"):
        browser = sign_in(name)
        assert browser.post(f"/patients/{wang.id}/asked/{id}/handover").status_code == 403
        assert browser.get("/account").status_code == 200


def test_what_another_is_asked_is_not_handed_over(sign_in, wang, other, mood, ask, db):
    browser = sign_in("nurse")
    assert browser.post(f"/patients/{other.id}/asked/{ask(wang, mood)}/handover").status_code == 404
    assert browser.get("/account").status_code == 200
    assert not db.value("SELECT count(*) FROM invitations")


def test_what_a_locked_tablet_may_open_is_a_short_list(client):
    found = {(route.path_format, handler.opt["while_handed"]) for route in client.app.routes for handler in route.route_handlers
             if handler.opt.get("while_handed") and not route.path_format.startswith("/static")}
    assert {path for path, how in found if how == "always"} == {"/unlocking", "/sign-in/code"}  # who has a second step takes it back with both
    assert all(path.startswith("/fill/{asked_id}") for path, how in found if how == "own")
