"""Somebody who has never seen the house: finds a way only by what stands on the screen, in the language it is written in."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from playwright.sync_api import Error, Locator, Page, expect

from app.core.words import _, speaking
from tests.browser.conftest import Clinic, wait_for

HEARD = "window.printed = 0; window.print = () => { window.printed += 1 }"  # a print dialog nobody would close

READER = "keys => keys.forEach(key => document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true })))"


class Stranger:
    def __init__(self, clinic: Clinic, page: Page, language: str) -> None:
        self.clinic, self.page, self.language = clinic, page, language
        page.add_init_script(HEARD)

    def word(self, english: str, **values: object) -> str:
        """What these words are on this screen."""
        with speaking(self.language):
            return _(english, **values)

    # ── looking ──

    def sees(self, *texts: str) -> None:
        for text in texts:
            expect(self.page.locator("main")).to_contain_text(text)
        self.whole()

    def reads(self, english: str, **values: object) -> None:
        self.sees(self.word(english, **values))

    def whole(self) -> None:
        """Nothing is cut off at the side: no page is wider than the tablet."""
        wide, screen = self._widths()
        assert wide <= screen, f"{self.page.url} is {wide} wide on a screen of {screen}"

    def _widths(self) -> tuple[int, int]:
        """Of the page and of the screen; asked again where one page just gave way to the next."""
        for _try in range(3):
            self.page.wait_for_load_state()
            with suppress(Error):
                return self.page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        raise AssertionError("the page does not come to rest")

    def part(self, text: str) -> Locator:
        """The smallest sheet, row or entry that says so."""
        return self.page.locator("main section, main article, main li, main tr").filter(has_text=text).last

    # ── touching ──

    def button(self, english: str, within: Locator | None = None, **values: object) -> Locator:
        return self._named("button", self.word(english, **values), within)

    def link(self, english: str, within: Locator | None = None, **values: object) -> Locator:
        return self._named("link", self.word(english, **values), within)

    def _named(self, role: str, name: str, within: Locator | None) -> Locator:
        """One that is called so; the whole name where several begin with it."""
        place = within if within is not None else self.page.locator("main")
        return place.get_by_role(role, name=re.compile(rf"^\s*{re.escape(name)}(\s|$|[:：])")).filter(visible=True)

    def press(self, english: str, within: Locator | None = None, **values: object) -> None:
        self.button(english, within, **values).click()

    def follow(self, english: str, within: Locator | None = None, **values: object) -> None:
        self.link(english, within, **values).click()

    def unfold(self, english: str, within: Locator | None = None) -> None:
        place = within if within is not None else self.page.locator("main")
        place.locator("summary").filter(has_text=self.word(english)).filter(visible=True).click()

    def field(self, english: str, within: Locator | None = None) -> Locator:
        place = within if within is not None else self.page.locator("main")
        return place.get_by_label(re.compile(rf"^\s*{re.escape(self.word(english))}(\s|$)")).filter(visible=True)

    def types(self, english: str, text: str, within: Locator | None = None) -> None:
        self.field(english, within).fill(text)

    def taps(self, text: str, within: Locator | None = None) -> None:
        """One of the cards to choose from."""
        place = within if within is not None else self.page.locator("main")
        place.locator("label.card").filter(has_text=text).click()

    def complaint(self, english: str) -> Locator:
        """What stands in red beside a field."""
        return self.field(english).locator("xpath=ancestor::*[contains(@class,'field')][1]").locator(".error")

    def goes(self, english: str) -> None:
        """Through the rail, which is on every page."""
        rail = self.page.get_by_role("navigation", name=self.word("Places"))
        self._arrives(rail.get_by_role("link", name=self.word(english), exact=True))

    def tab(self, english: str) -> None:
        self._arrives(self.page.locator(".tabs").get_by_role("link", name=self.word(english), exact=True))

    def _arrives(self, link: Locator) -> None:
        to = link.get_attribute("href")
        link.click()
        self.page.wait_for_url(re.compile(re.escape(to) + "$"))

    # ── a person, from anywhere ──

    def finds(self, typed: str, name: str) -> None:
        """As one types, and a tap on who is shown."""
        self.page.get_by_role("searchbox").fill("")
        self.page.get_by_role("searchbox").press_sequentially(typed, delay=20)
        self._arrives(self.page.locator("#found a").filter(has_text=name).first)
        expect(self.page.locator("h1")).to_contain_text(name)

    def scans(self, code: str) -> None:
        """A card reader: a keyboard that is faster than any hand, and than a busy machine passes keys on one by one."""
        self.page.locator("h1").first.click()
        self.page.evaluate(READER, [*code, "Enter"])

    # ── the door ──

    def comes_in(self, name: str) -> None:
        if "/sign-in" not in self.page.url:
            self.page.goto("/")
        self.page.locator("[name=sign_in]").fill(name)
        self.page.locator("[name=password]").fill(self.clinic.passwords[name])
        self.page.locator("button.primary").click()
        self.page.wait_for_url("**/today")
        other = self.page.get_by_role("button", name={"zh": "中文", "en": "English"}[self.language])
        self.page.locator("summary.actor").click()
        if other.count():
            other.click()
            expect(self.page.locator("html")).to_have_attribute("lang", {"zh": "zh-CN", "en": "en"}[self.language])
        else:
            self.page.keyboard.press("Escape")

    def leaves(self) -> None:
        self.page.locator("summary.actor").click()
        self.page.get_by_role("button", name=self.word("Sign out")).click()
        self.page.wait_for_url("**/sign-in")

    @contextmanager
    def expecting(self, status: str) -> Iterator[None]:
        """The browser writes a refused form into its console; nothing else may stand there."""
        assert not self.page.troubles, self.page.troubles
        yield
        wait_for(lambda: self.page.evaluate("1") and bool(self.page.troubles))
        assert all(status in one for one in self.page.troubles), self.page.troubles
        self.page.troubles.clear()
