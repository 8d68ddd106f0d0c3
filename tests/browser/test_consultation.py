"""A consultation as two people write it: kept by itself, both texts where they meet, through a cut network, to the signature."""

from collections.abc import Callable
from contextlib import closing

import pytest
from playwright.sync_api import Page, expect

from tests.browser.addresses import opened
from tests.browser.conftest import Clinic
from tests.browser.test_pages import look

WRITTEN = "SELECT patient_id, id FROM encounters WHERE signed_event_id IS NULL AND withdrawn_event_id IS NULL ORDER BY id LIMIT 1"
SIGNED = "SELECT patient_id, id FROM encounters WHERE signed_event_id IS NOT NULL ORDER BY id DESC LIMIT 1"


def consultation(demo: Clinic, which: str) -> str:
    with closing(opened(demo.folder)) as file:
        patient, id = file.execute(which).fetchone()
    return f"/patients/{patient}/encounters/{id}"


def kept(page: Page, section: str) -> None:
    expect(page.locator(f"#kept-{section} small")).to_be_visible()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_its_pages(demo: Clinic, browse: Callable[..., Page], language: str) -> None:
    page, written, signed = browse(demo, "lin", language), consultation(demo, WRITTEN), consultation(demo, SIGNED)
    addresses = [written, f"{written}/signature", signed, f"{signed}/paper", f"{signed}/copy", written.rpartition("/")[0], written.partition("/encounters")[0]]
    wrong = [one for address in addresses for one in look(page, address, dark=language == "zh")]
    assert not wrong, "\n".join(wrong)


def test_two_write_in_one_and_a_doctor_signs(demo: Clinic, browse: Callable[..., Page]) -> None:
    doctor, nurse, there = browse(demo, "lin", "zh"), browse(demo, "zhou", "zh"), consultation(demo, WRITTEN)
    doctor.goto(there)
    nurse.goto(there)
    doctor.locator("#plan-text").press_sequentially("低盐饮食", delay=20)
    kept(doctor, "plan")
    expect(doctor.locator("#plan-text")).to_be_focused()
    nurse.locator("#plan-text").fill("一周后再来")
    expect(nurse.locator("#section-plan .notice")).to_contain_text("低盐饮食")
    expect(nurse.locator("#plan-text")).to_have_value("一周后再来")
    nurse.locator("#plan-text").fill("低盐饮食，一周后再来")
    nurse.locator("#section-plan button[type=submit]").click()
    expect(nurse.locator("#section-plan .notice")).to_have_count(0)
    doctor.locator("#plan-text").fill("只有我的话")
    doctor.locator("#section-plan .formfoot a").click()
    expect(doctor.locator("#plan-text")).to_have_value("低盐饮食，一周后再来")
    _write_the_rest(doctor)
    doctor.locator("[data-after-keeping]").click()
    doctor.wait_for_url("**/signature")
    expect(doctor.locator("article")).to_contain_text("断网时写的")
    expect(doctor.locator("article")).to_contain_text("高血压 I10")
    for password in ("not-mine-at-all", demo.passwords["lin"]):
        doctor.locator("#password").fill(password)
        doctor.locator("button.primary").click()
        if password != demo.passwords["lin"]:
            expect(doctor.locator("#password-error")).to_be_visible()
    doctor.wait_for_url(f"**{there}")
    expect(doctor.locator("article")).to_contain_text("林文清 签名")
    expected = ("409", "422", "ERR_INTERNET_DISCONNECTED", "htmx:afterRequest", "htmx:sendError")  # both texts, a wrong password, the cut network
    assert not [one for one in doctor.troubles if not any(known in one for known in expected)]


def _write_the_rest(page: Page) -> None:
    page.context.set_offline(True)
    page.locator("#advice-text").fill("断网时写的")
    expect(page.locator("#offline")).to_be_visible()
    page.context.set_offline(False)
    kept(page, "advice")
    expect(page.locator("#offline")).to_be_hidden()
    page.locator("#assessment-text_1").press_sequentially("gxy", delay=40)
    page.locator("#code-hits button").first.click()
    expect(page.locator("#assessment-code_1")).to_have_value("I10")
    page.locator("#assessment-text_2").fill("失眠")
    expect(page.locator("#form-assessment [data-line]")).to_have_count(3)
    page.locator("#value_SBP").fill("152")
    page.locator("[data-after-keeping]").click()
    expect(page.locator(".unsent")).to_be_visible()  # what was measured is not forgotten
    page.locator("#value_DBP").fill("94")
    page.locator("#measured button[type=submit]").click()
    expect(page.locator("#measured .valuesline")).to_contain_text("152")
    page.locator("#complaint-text").fill("头晕三天")
