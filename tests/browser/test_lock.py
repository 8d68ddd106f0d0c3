"""The screen nobody touches, and a tablet that changes hands: in a real browser, whose clock is put on."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.addresses import patient
from tests.browser.conftest import Clinic, door
from tests.browser.test_pages import SIZES, complaints, measured

SAID = "家属来电：夜里咳嗽，想改约周四。"
PINS = {"zhou": "739014", "lin": "284937"}
BELOW = "[...document.querySelectorAll('body > *:not(.cover)')].every(one => getComputedStyle(one).visibility === 'hidden')"
AT_ALL_CORNERS = """[[2, 2], [innerWidth - 3, 2], [2, innerHeight - 3], [innerWidth / 2, innerHeight / 2]]
  .every(([x, y]) => document.elementFromPoint(x, y)?.closest('#cover'))"""


@pytest.fixture
def note(demo: Clinic) -> str:
    return f"/patients/{patient(demo.folder)}/record/notes/new"


def typed(page: Page, note: str, text: str = SAID) -> None:
    """On a page whose clock we hold; the draft is kept, so only the lock is left to happen."""
    page.clock.install()
    page.goto(note)
    page.locator("textarea").first.fill(text)
    page.clock.run_for(1500)
    expect(page.locator(".kept time").first).to_be_visible()


def left_alone(page: Page) -> None:
    page.clock.fast_forward(182_000)
    expect(page.locator("#lock-form")).to_be_visible()


def lock_now(page: Page) -> None:
    page.locator("summary.actor").click()
    page.locator("[data-lock] button").click()
    expect(page.locator("#lock-form")).to_be_visible()


def is_covered(page: Page) -> bool:
    return page.evaluate(BELOW) and page.evaluate(AT_ALL_CORNERS)


def test_it_covers_everything_and_gives_it_back_to_whoever_left_it(demo: Clinic, browse: Callable[..., Page], note: str) -> None:
    page = browse(demo, "zhou", "zh")
    typed(page, note)
    title, beside = page.title(), page.context.new_page()
    beside.goto("/patients")
    left_alone(page)
    expect(beside.locator("#cover")).to_be_visible()  # another window of the same browser
    assert is_covered(page) and "锁屏" in page.title()
    for _time in range(3):
        page.keyboard.press("Escape")
        assert page.evaluate(BELOW)
    expect(page.locator("#cover")).to_be_visible()
    assert is_covered(page)
    assert page.context.request.get("/patients", headers={"Accept": "text/html"}).url.endswith("/lock?next=/patients")
    page.locator("#cover input[type=password]").fill("not the password")
    page.keyboard.press("Enter")
    expect(page.locator("#cover .error")).to_be_visible()
    page.locator("#cover input[type=password]").fill(demo.passwords["zhou"])
    page.keyboard.press("Enter")
    expect(page.locator("#cover")).to_be_hidden()
    expect(page.locator("textarea").first).to_have_value(SAID)
    expect(beside.locator("#cover")).to_be_hidden()
    assert page.title() == title and page.locator("main").is_visible()
    assert [one for one in page.troubles if "422" not in one] == []


def test_it_covers_although_the_network_is_down(demo: Clinic, browse: Callable[..., Page], note: str) -> None:
    page = browse(demo, "zhou", "en")
    typed(page, note)
    page.context.set_offline(True)
    page.clock.fast_forward(182_000)
    expect(page.locator("[data-lock-again]")).to_be_visible()
    assert is_covered(page)
    page.context.set_offline(False)
    expect(page.locator("#lock-form")).to_be_visible()
    for width, height in SIZES:
        assert measured(page, width, height) == []
    assert complaints(page) == []


@pytest.fixture
def tablet(demo: Clinic, browse: Callable[..., Page]) -> Iterator[Page]:
    """A browser that is one of the clinic's tablets: two on shift with their PINs, the nurse acting."""
    page = browse(demo, "", "zh")
    with door(demo, "owner") as owner:
        page.goto("/tablet")
        shown = owner.post("/manage/tablets", data={"name": "三号"}).text
        page.locator("#code").fill(shown.partition('enrolcode">')[2].partition("<")[0])
        page.locator("button.primary").click()
        page.wait_for_url("**/sign-in")
        for name in ("lin", "zhou"):
            page.goto("/sign-in")
            page.locator("#sign_in").fill(name)
            page.locator("#password").fill(demo.passwords[name])
            page.locator("button.primary").click()
            page.wait_for_url("**/today")
            fields = {"pin": PINS[name], "again": PINS[name], "password": demo.passwords[name]}
            assert page.context.request.post("/account/pin", form=fields, headers={"Origin": demo.address}).ok
        yield page


def test_it_changes_hands_by_tile_and_pin(tablet: Page, note: str) -> None:
    page = tablet
    page.goto(note)
    page.locator("textarea").first.fill("was Zhou tippt")
    lock_now(page)  # before a second has gone by: what was typed is kept all the same
    page.locator("#cover .tile", has_text="林文清").click()
    page.locator("#cover [data-pin]").wait_for()
    expect(page.locator("#cover .chosen")).to_contain_text("林文清")
    page.locator("#cover [data-pin]").press_sequentially("000000")
    expect(page.locator("#cover .error")).to_be_visible()
    page.locator("#cover [data-pin]").press_sequentially(PINS["lin"])
    page.wait_for_url("**/today")
    expect(page.locator("summary.actor b")).to_have_text("林文清")
    page.goto(note)
    page.wait_for_load_state("networkidle")
    expect(page.locator(".taken-up")).to_have_count(0)  # nothing of what the other typed
    lock_now(page)
    page.locator("#cover .tile", has_text="周岚").click()
    page.locator("#cover [data-pin]").press_sequentially(PINS["zhou"])
    page.wait_for_url("**/today")
    page.goto(note)
    expect(page.locator(".taken-up q", has_text="was Zhou tippt")).to_be_visible()
