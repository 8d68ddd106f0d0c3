"""Typing survives: a page that is closed, a network that is gone, a house that is restarted, two people at one thing."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.addresses import patient
from tests.browser.conftest import Clinic

SAID = "家属来电：夜里咳嗽，想改约周四。"


@pytest.fixture
def note(demo: Clinic) -> str:
    return f"/patients/{patient(demo.folder)}/record/notes/new"


def kept(page: Page) -> None:
    expect(page.locator(".kept time")).to_have_text(re.compile(r"\d\d:\d\d"))


def test_what_was_typed_is_there_again_after_the_page_was_closed(demo: Clinic, browse: Callable[..., Page], note: str) -> None:
    page = browse(demo, "owner", "zh")
    page.goto(note)
    page.locator("textarea").first.fill(SAID)
    kept(page)
    page.close()
    page = browse(demo, "owner", "zh")  # another tablet, as after a restart
    page.goto(note)
    expect(page.locator(".taken-up q")).to_have_text(SAID)
    expect(page.locator("textarea").first).to_have_value("")  # nothing is filled in that nobody asked for
    page.locator("[data-take]").click()
    expect(page.locator("textarea").first).to_have_value(SAID)
    page.locator("button.primary").click()
    page.wait_for_url(re.compile(r"/record(#.*)?$"))
    page.goto(note)
    page.wait_for_load_state("networkidle")
    expect(page.locator(".taken-up")).to_have_count(0)
    assert page.troubles == []


def test_it_is_kept_when_the_network_comes_back_without_a_tap(demo: Clinic, browse: Callable[..., Page], note: str) -> None:
    page = browse(demo, "owner", "en")
    page.goto(note)
    page.context.set_offline(True)
    page.locator("textarea").first.fill("typed while the network was down")
    expect(page.locator("#offline")).to_be_visible()
    page.context.set_offline(False)
    kept(page)
    expect(page.locator("#offline")).to_be_hidden()
    page.goto(note)
    page.locator(".taken-up [data-drop]").click()
    expect(page.locator(".taken-up")).to_have_count(0)
    page.goto(note)
    page.wait_for_load_state("networkidle")
    expect(page.locator(".taken-up")).to_have_count(0)


def test_a_tablet_that_is_put_away_keeps_what_was_typed_last(demo: Clinic, browse: Callable[..., Page], note: str) -> None:
    page = browse(demo, "owner", "zh")
    page.goto(note)
    page.locator("textarea").first.fill("刚打完字就合上")
    page.goto("/today")  # within the second in which typing rests
    page.goto(note)
    expect(page.locator(".taken-up q")).to_have_text("刚打完字就合上")
    page.locator("[data-drop]").click()


def test_a_colleague_at_the_same_tablet_sees_nothing_of_it(demo: Clinic, browse: Callable[..., Page], note: str) -> None:
    page = browse(demo, "owner", "zh")
    page.goto(note)
    page.locator("textarea").first.fill("只给自己看的草稿")
    kept(page)
    other = browse(demo, "lin", "zh") if "lin" in demo.passwords else browse(demo, next(n for n in demo.passwords if n != "owner"), "zh")
    other.goto(note)
    other.wait_for_load_state("networkidle")
    expect(other.locator(".taken-up")).to_have_count(0)
    page.locator("textarea").first.fill("")
    page.locator("a.back").first.click()


def test_passwords_are_never_kept(demo: Clinic, browse: Callable[..., Page]) -> None:
    page = browse(demo, "owner", "zh")
    sent: list[str] = []
    page.on("request", lambda request: request.url.endswith("/drafts") and sent.append(request.post_data))
    page.goto("/account")
    page.locator("[name=old]").fill("a secret of mine")
    page.wait_for_timeout(1500)
    page.goto("/today")
    assert sent == []
