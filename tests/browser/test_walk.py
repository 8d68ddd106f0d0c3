"""The main job, from a fresh folder to a printed report, as a person does it: in Chinese on a tablet that lies,
in English on one that stands."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import CHECKUPS, Clinic, served

PASSWORD = "quiet-lake-4711"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
BORN = date(1948, 3, 12)


def resident_id(serial: int) -> str:
    """An ID number of somebody born on BORN; an even serial is a woman's."""
    digits = f"110101{BORN:%Y%m%d}{serial:03d}"
    return digits + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS, strict=True)) % 11]


@pytest.mark.parametrize(("language", "size"), [("zh", (1280, 800)), ("en", (800, 1280))])
def test_the_main_job(tmp_path: Path, browse: Callable[..., Page], language: str, size: tuple[int, int]) -> None:
    with served(tmp_path / "data", {}) as clinic:
        walk = Walk(clinic, browse(clinic, "", language, size), language)
        walk.set_up()
        walk.staff("lin", "林文清", "doctor")
        walk.staff("he", "何静", "health_manager")
        walk.sign_out()
        walk.sign_in("he")
        walk.register_with_card()
        walk.work_chain()
        walk.vitals()
        walk.why()
        walk.import_file()
        walk.follow_up()
        walk.report()
        assert not walk.page.troubles


class Walk:
    def __init__(self, clinic: Clinic, page: Page, language: str) -> None:
        self.clinic, self.page, self.language = clinic, page, language
        self.person = ""

    def primary(self) -> None:
        self.page.locator("main button.primary").click()

    def fill(self, **values: str) -> None:
        for name, value in values.items():
            self.page.locator(f"[name={name}]").fill(value)

    def choose(self, name: str, value: str) -> None:
        self.page.locator(f"label:has([name={name}][value={value}])").click()

    def set_up(self) -> None:
        self.page.goto("/")
        expect(self.page).to_have_url(re.compile("/setup$"))
        self.fill(code="wrong", clinic_name="和平里诊所", address="和平里 12 号", phone="0531-5550 1234")
        self.fill(name="安明远", sign_in="owner", password=PASSWORD)
        self.choose("language", self.language)
        self.primary()
        expect(self.page.locator("[name=code]")).to_have_attribute("aria-invalid", "true")
        expect(self.page.locator("[name=clinic_name]")).to_have_value("和平里诊所")
        self.fill(code=self.clinic.code, password=PASSWORD)
        self.primary()
        self.page.wait_for_url("**/today")
        assert self.page.troubles == [one for one in self.page.troubles if "422" in one]
        self.page.troubles.clear()

    def staff(self, sign_in: str, name: str, role: str) -> None:
        self.page.goto("/manage/staff/new")
        self.fill(name=name, sign_in=sign_in, password=PASSWORD)
        self.page.locator("[name=role]").select_option(role)
        self.choose("language", self.language)
        self.primary()
        self.page.wait_for_url(re.compile("/manage/staff(/\\d+)?$"))

    def sign_out(self) -> None:
        self.page.locator("details.menu summary").click()
        self.page.locator("form[action='/sign-out'] button").first.click()
        self.page.wait_for_url("**/sign-in")

    def sign_in(self, name: str) -> None:
        self.fill(sign_in=name, password=PASSWORD)
        self.primary()
        self.page.wait_for_url("**/today")

    def register_with_card(self) -> None:
        self.page.locator(".rail a[href='/patients']").click()
        self.page.locator("a.primary").click()
        self.fill(name="王秀英", document=resident_id(2))
        self.page.locator("[name=phone]").focus()
        expect(self.page.locator("[name=sex][value=female]")).to_be_checked()
        expect(self.page.locator("[name=birth]")).to_have_value(BORN.isoformat())
        self.fill(phone="138 0013 8000", address="和平里 3 号")
        self.page.locator("[name=card_type]").select_option(index=1)
        self.primary()
        self.page.wait_for_url(re.compile(r"/patients/\d+/cards$"))
        self.person = re.search(r"/patients/\d+", self.page.url)[0]
        expect(self.page.locator(".banner h1")).to_have_text("王秀英")

    def work_chain(self) -> None:
        """A new card asks for a doctor; the doctor asks for the record, with how complete it is."""
        self.page.locator(".rail a.place[href='/today']").click()
        task = self.page.locator(".task")
        expect(task).to_have_count(1)
        task.locator("details.first > summary").click()
        task.locator("button[name=doctor_id]").click()
        expect(self.page.locator(".task .meter")).to_be_visible()
        self.page.locator(".task .meter a").click()
        self.page.wait_for_url("**/record")
        self.page.locator("a[href$='/record/conditions/new']").click()
        self.fill(text="高血压")
        self.primary()
        expect(self.page.locator("#conditions")).to_contain_text("高血压")

    def vitals(self) -> None:
        self.page.goto(f"{self.person}/indicators")
        self.page.locator(".actions a.primary").click()
        self.fill(value_SBP="1680", value_DBP="102", value_WEIGHT="72", value_HEIGHT="158")
        self.primary()
        expect(self.page.locator("[name=value_SBP]")).to_have_attribute("aria-invalid", "true")
        self.fill(value_SBP="168")
        self.primary()
        self.page.wait_for_url(re.compile(r"/results/\d+$"))
        self.page.troubles.clear()

    def why(self) -> None:
        self.page.goto(self.person)
        tag = self.page.locator(".banner details.tag").first
        tag.locator("summary").click()
        expect(tag.locator(".evidence")).to_be_visible()
        expect(tag.locator(".evidence")).to_contain_text(re.compile(r"168|28\.8|1948|102|78"))

    def import_file(self) -> None:
        self.page.goto("/manage/imports/new")
        self.page.locator("[name=file]").set_input_files(CHECKUPS)
        self.fill(new_sender="市体检中心")
        self.primary()
        self.page.wait_for_url(re.compile(r"/manage/imports/\d+$"))
        self.page.locator("label:has([name=create_patients])").click()
        self.primary()
        filing = self.page.locator("form[action$='/filing'] button")
        expect(filing).to_be_visible(timeout=60_000)
        expect(self.page.locator(".account")).to_contain_text("34")
        filing.click()
        expect(self.page.locator("a[href^='/recalls/']")).to_be_visible(timeout=60_000)

    def follow_up(self) -> None:
        self.page.goto("/today")
        before = self.page.locator(".task").count()
        task = self.page.locator(".task:not(:has(.meter))").first
        task.locator("details.because summary").click()
        expect(task.locator(".evidence")).to_be_visible()
        task.locator("details.first > summary").click()
        task.locator("button[name=outcome]").first.click()
        expect(self.page.locator(".undo li")).not_to_have_count(0)
        assert self.page.locator(".task").count() <= before

    def report(self) -> None:
        self.page.goto(f"{self.person}/reports")
        self.fill(words="请按时服药，**少盐**。")
        self.primary()
        pdf = self.page.locator("a[href$='/report.pdf']").first
        expect(pdf).to_be_visible(timeout=90_000)
        answer = self.page.request.get(pdf.get_attribute("href"))
        assert answer.status == 200
        assert answer.body().startswith(b"%PDF-")
