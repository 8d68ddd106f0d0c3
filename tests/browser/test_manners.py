"""Small behaviours: searching waits for the input method, a scanner finds the person anywhere, a form is sent
once and keeps what was typed when the network is down, focus goes where it is needed."""

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.addresses import patient
from tests.browser.conftest import Clinic

ASKED = "SELECT a.id, p.id, p.name FROM asked a JOIN patients p ON p.id = a.patient_id WHERE a.response_id IS NULL AND a.ended_event_id IS NULL AND a.done_event_id IS NULL ORDER BY a.id DESC"
NUMBER = re.compile(r"Y-\d{6}")


@pytest.fixture
def page(demo: Clinic, browse: Callable[..., Page]) -> Page:
    return browse(demo, "owner", "zh")


def searches(page: Page) -> list[str]:
    asked: list[str] = []
    page.on("request", lambda request: request.url.endswith("/search") and asked.append(request.url))
    return asked


def test_composing_a_name_sends_one_request(page: Page) -> None:
    page.goto("/patients")
    asked = searches(page)
    page.locator("#find").focus()
    typing = page.context.new_cdp_session(page)
    for part in ("w", "wa", "wan", "wang"):
        typing.send("Input.imeSetComposition", {"text": part, "selectionStart": len(part), "selectionEnd": len(part)})
        page.wait_for_timeout(250)
    assert not asked
    typing.send("Input.insertText", {"text": "王"})
    expect(page.locator("#found a").first).to_be_visible()
    page.wait_for_timeout(400)
    assert len(asked) == 1


def test_the_people_found_are_reached_by_the_arrow_keys_and_left_by_escape(page: Page) -> None:
    page.goto("/patients")
    page.locator("#find").press_sequentially("王", delay=100)
    expect(page.locator("#found a").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#found a").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#found a")).to_have_count(0)
    expect(page.locator("#find")).to_be_focused()


def test_a_scan_outside_any_field_finds_the_person(page: Page) -> None:
    page.goto("/patients")
    number = NUMBER.search(page.locator("table.list").inner_text())[0]
    page.locator("h1").click()
    page.keyboard.type(number)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/patients/\d+$"))
    expect(page.locator("main")).to_contain_text(number)


def test_a_scan_inside_a_field_leaves_the_field_and_the_form_alone(page: Page) -> None:
    page.goto("/patients")
    number = NUMBER.search(page.locator("table.list").inner_text())[0]
    page.goto("/patients/new")
    page.locator("[name=name]").fill("王小明")
    page.locator("[name=address]").focus()
    page.keyboard.type(number)
    page.keyboard.press("Enter")
    expect(page.locator("#found a").first).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-sounded", "good")
    assert page.url.endswith("/patients/new")
    expect(page.locator("[name=address]")).to_have_value("")
    expect(page.locator("[name=name]")).to_have_value("王小明")


def test_a_form_keeps_its_text_while_the_network_is_down(page: Page) -> None:
    page.goto("/account")
    strip = page.locator("#offline")
    expect(strip).to_be_hidden()
    page.context.set_offline(True)
    page.locator("[name=old]").fill("not the password")
    page.locator("[name=new]").fill("another one, longer")
    page.locator("#password-form button").click()
    expect(strip).to_be_visible()
    expect(page.locator("[name=new]")).to_have_value("another one, longer")
    page.context.set_offline(False)
    strip.locator("button").click()
    expect(page.locator("#password-form [aria-invalid]")).to_have_count(1)
    expect(strip).to_be_hidden()


def test_a_form_sent_in_place_keeps_its_text_too(page: Page, demo: Clinic) -> None:
    page.goto(f"/patients/{patient(demo.folder)}/record/notes/new")
    page.locator("textarea").first.fill("家属来电，下周复诊。")
    page.context.set_offline(True)
    page.locator("button.primary").click()
    expect(page.locator("#offline")).to_be_visible()
    expect(page.locator("textarea").first).to_have_value("家属来电，下周复诊。")
    page.context.set_offline(False)
    page.locator("#offline button").click()
    page.wait_for_url(re.compile(r"/record(#.*)?$"))
    expect(page.locator("main")).to_contain_text("家属来电，下周复诊。")


def test_a_form_whose_answer_was_lost_is_sent_again_and_kept_once(page: Page, demo: Clinic) -> None:
    """The retry has the key of the first try; what was answered, refused too, takes a fresh one."""
    page.goto(f"/patients/{patient(demo.folder)}/record/notes/new")
    keys: list[str] = []

    def lose(route: Route) -> None:
        keys.append(re.search(r"once=(\w{32})", route.request.post_data)[1])
        if len(keys) == 2:
            route.fetch(max_redirects=0)
            return route.abort()
        return route.continue_()

    page.route("**/record/notes", lose)
    page.locator("button.primary").click()
    expect(page.locator("[aria-invalid]")).to_have_count(1)
    page.locator("textarea").first.fill("线路断了也只记一次。")
    page.locator("button.primary").click()
    page.locator("#offline button").click()
    page.wait_for_url(re.compile(r"/record(#.*)?$"))
    expect(page.get_by_text("线路断了也只记一次。")).to_have_count(1)
    assert len(keys) == 3 and keys[0] != keys[1] == keys[2]


def test_two_taps_send_a_form_once(page: Page) -> None:
    sent: list[str] = []
    page.goto("/account")
    page.on("request", lambda request: request.url.endswith("/account/password") and sent.append(request.url))
    page.locator("[name=old]").fill("not the password")
    page.locator("[name=new]").fill("another one, longer")
    page.locator("#password-form button").dblclick()
    expect(page.locator("[aria-invalid]")).to_have_count(1)
    assert len(sent) == 1


def test_in_a_patients_hands_the_way_back_leads_nowhere(demo: Clinic, browse: Callable[..., Page]) -> None:
    """Neither the arrow, nor an address, nor another window shows what stood on the tablet before it was handed over."""
    with closing(sqlite3.connect(f"file:{demo.folder / 'clinic.db'}?mode=ro", uri=True)) as file:
        asked, person, name = file.execute(ASKED).fetchone()
    page = browse(demo, "zhou", "zh")
    beside = page.context.new_page()
    for window in (page, beside):
        window.goto(f"/patients/{person}")
        expect(window.locator("main")).to_contain_text(name)
    page.goto(f"/patients/{person}/asked/{asked}")
    page.locator("form[action$='/handover'] button").click()
    page.wait_for_url(f"**/fill/{asked}")
    expect(beside.locator("body[data-handed]")).to_be_visible()
    page.go_back()
    page.go_back()
    for window in (page, beside):
        assert window.url.endswith(f"/fill/{asked}") and name not in window.content()
    page.goto(f"/patients/{person}")
    assert page.url.endswith(f"/fill/{asked}") and name not in page.content()


def test_the_first_wrong_field_gets_the_focus(page: Page) -> None:
    page.goto("/patients/new")
    page.locator("[name=phone]").fill("12")
    page.locator("button.primary").click()
    expect(page.locator("[aria-invalid]").first).to_be_focused()
    expect(page.locator("[name=phone]")).to_have_value("12")


def test_somebody_alike_comes_into_sight_when_nothing_was_saved(page: Page) -> None:
    def register() -> None:
        page.goto("/patients/new")
        page.locator("[name=name]").fill("卓玛央金")
        page.locator("[name=birth]").fill("1961-02-03")
        page.locator("button.primary").click()

    register()
    page.wait_for_url(re.compile(r"/patients/\d+$"))
    register()
    expect(page.locator(".likely")).to_be_focused()
    expect(page.locator(".likely h2")).to_be_in_viewport(ratio=1)


def test_a_menu_closes_by_a_tap_elsewhere_and_by_escape(page: Page) -> None:
    page.goto("/patients")
    menu = page.locator("details.menu")
    menu.locator("summary").click()
    expect(menu.locator(".menulist")).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu.locator(".menulist")).to_be_hidden()
    menu.locator("summary").click()
    page.locator("h1").click()
    expect(menu.locator(".menulist")).to_be_hidden()


def test_coming_back_restores_the_list_as_it_was(page: Page) -> None:
    page.goto("/patients?doctor=2")
    page.locator("table.list a").first.click()
    page.locator("a.back").click()
    page.wait_for_url("**/patients?doctor=2")


def test_a_scanned_number_that_is_nobodys_sounds_low_and_is_searched_for(page: Page) -> None:
    page.goto("/patients/new")
    page.locator("[name=name]").focus()
    page.keyboard.type("89999999")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-sounded", "bad")
    page.goto("/patients")
    page.locator("h1").click()
    page.keyboard.type("89999999")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/search\?asked=[\w-]+$"))
