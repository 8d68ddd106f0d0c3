"""A new device in a real browser: it stays at the page for new devices until it knows the certificate, then it goes on by itself."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.test_pages import look
from tests.conftest import PASSWORD
from tests.network.conftest import Lan


@pytest.fixture
def device(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """device("zh", knows=True): one that has installed the certificate; what it is shown then is asked of openssl elsewhere."""
    contexts = []

    def begin(language: str, knows: bool) -> Page:
        contexts.append(chromium.new_context(locale={"zh": "zh-CN", "en": "en-GB"}[language], ignore_https_errors=knows, reduced_motion="reduce"))
        page = contexts[-1].new_page()
        page.troubles = []
        page.on("console", lambda message: message.type == "error" and page.troubles.append(message.text))
        page.on("pageerror", lambda error: page.troubles.append(str(error)))
        return page

    yield begin
    for context in contexts:
        context.close()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_new_device_is_told_what_to_do(lan: Lan, device: Callable[..., Page], language: str) -> None:
    page = device(language, knows=False)
    address = f"http://127.0.0.1:{lan.http}/"
    wrong = [one for one in look(page, address, dark=language == "zh") if "net::ERR_" not in one]  # that it was asked for by https, and could not be, stands in the console
    assert page.url == address and page.locator("html").get_attribute("lang")[:2] == language
    assert page.locator("[data-known]").is_hidden()
    assert page.locator("details[open]").count() == 1
    assert not wrong, "\n".join(wrong)


def test_one_that_knows_the_certificate_goes_on(lan: Lan, device: Callable[..., Page]) -> None:
    page = device("zh", knows=True)
    https = f"https://127.0.0.1:{lan.https}"
    page.goto(f"http://127.0.0.1:{lan.http}/")
    page.wait_for_url(f"{https}/sign-in", timeout=20_000)
    assert page.evaluate("isSecureContext && 'mediaDevices' in navigator")  # the microphone asks for that
    page.fill("[name=sign_in]", "owner")
    page.fill("[name=password]", PASSWORD)
    page.click("main button.primary")
    page.wait_for_url(f"{https}/today")
    page.troubles.clear()
    wrong = look(page, f"{https}/manage/network")
    assert not wrong, "\n".join(wrong)
    names = {cookie["name"] for cookie in page.context.cookies()}
    assert "__Host-yihe_session" in names and "yihe_session" not in names
