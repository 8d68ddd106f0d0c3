"""A form that arrives twice is done once: side by side, one after the other, after a restart."""

import threading
from collections.abc import Callable

import pytest
from litestar.testing import TestClient

from tests.conftest import PASSWORD

EVENTS = "SELECT count(*) FROM events"
PEOPLE = "SELECT count(*) FROM patients"
KEPT = "SELECT count(*) FROM sent_forms"
KEY = "0123456789abcdef0123456789abcdef"
WANG = {"name": "王秀英", "sex": "female", "once": KEY}


def events(browser: TestClient) -> int:
    return browser.app.state.db.value(EVENTS)


def send(browser: TestClient, path: str, fields: dict, **headers: str):
    return browser.post(path, data=fields, headers=headers, follow_redirects=False)


def test_the_second_tap_is_answered_like_the_first_and_changes_nothing(sign_in: Callable[[str], TestClient]) -> None:
    browser = sign_in("desk")
    first = send(browser, "/patients", WANG)
    assert first.status_code == 303
    before = events(browser)
    again = send(browser, "/patients", WANG)
    assert again.status_code == 303 and again.headers["location"] == first.headers["location"] and events(browser) == before
    swapped = send(browser, "/patients", WANG, **{"HX-Request": "true"})
    assert swapped.headers["hx-redirect"] == first.headers["location"] and events(browser) == before


def test_two_taps_that_arrive_together_store_one(sign_in: Callable[[str], TestClient]) -> None:
    browser, answers = sign_in("desk"), []
    threads = [threading.Thread(target=lambda: answers.append(send(browser, "/patients", WANG))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.headers["location"] for answer in answers} == {"/patients/1"}
    assert browser.app.state.db.value(PEOPLE) == 1


def test_after_a_restart_it_is_still_known_and_leads_to_the_person(sign_in: Callable[[str], TestClient], monkeypatch: pytest.MonkeyPatch) -> None:
    from app.routes import once

    browser = sign_in("desk")
    send(browser, "/patients", WANG)
    before = events(browser)
    monkeypatch.setattr(once, "_answers", type(once._answers)())  # what a restart forgets
    assert send(browser, "/patients", WANG).headers["location"] == "/patients/1" and events(browser) == before


def test_what_was_refused_may_be_sent_again(sign_in: Callable[[str], TestClient]) -> None:
    browser = sign_in("desk")
    assert send(browser, "/patients", WANG | {"name": ""}).status_code == 422
    assert not browser.app.state.db.value(KEPT)
    assert send(browser, "/patients", WANG).status_code == 303


def test_another_field_another_person_or_another_key_is_another_form(sign_in: Callable[[str], TestClient]) -> None:
    browser = sign_in("desk")
    send(browser, "/patients", WANG)
    assert send(browser, "/patients", WANG | {"name": "李建国", "sex": "male"}).headers["location"] == "/patients/2"
    sign_in("nurse")
    assert send(browser, "/patients", WANG).status_code == 422  # somebody alike is shown


def test_every_form_that_is_posted_has_a_key_of_its_own(sign_in: Callable[[str], TestClient]) -> None:
    from tests.house.filling import read

    browser = sign_in("owner")
    keys = [
        one.value for address in ("/manage/staff/new", "/account", "/manage/staff")
        for form in read(browser.get(address).text).forms if form.method == "post" for one in form.controls if one.name == "once"
    ]
    posted = sum(form.method == "post" for address in ("/manage/staff/new", "/account", "/manage/staff") for form in read(browser.get(address).text).forms)
    assert len(set(keys)) == len(keys) == posted > 5


def test_a_cookie_or_a_file_is_given_by_doing_it_again(client: TestClient) -> None:
    typed = {"sign_in": "nurse", "password": PASSWORD, "once": KEY}
    for _time in range(2):
        client.cookies.clear()
        send(client, "/sign-in", typed)
        assert client.get("/account").url.path == "/account"
