"""From an empty page to a signed consultation: a nurse builds a questionnaire that scores and branches, a patient fills it in on a
phone whose network fails, the score sets a tag that says why and makes work, and a doctor signs what begins with all of it."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Clinic, served, yihe
from tests.browser.stranger import Stranger

PHONE = (390, 844)
CUT = ("Failed to load resource: net::ERR_INTERNET_DISCONNECTED", "htmx:sendError", "htmx:afterRequest")  # what the browser says of it
PERSON = re.compile(r"/patients/\d+$")
TITLE = {"zh": "夜里打鼾小问卷", "en": "Snoring, briefly"}
OFTEN = {"zh": "您夜里打鼾吗？", "en": "Do you snore at night?"}
WOKEN = {"zh": "鼾声吵醒过别人吗？", "en": "Has it woken anybody?"}
NEVER, NIGHTLY = {"zh": "从不", "en": "Never"}, {"zh": "每晚都打", "en": "Every night"}
WAKES, QUIET = {"zh": "吵醒过", "en": "It woke somebody"}, {"zh": "没有吵醒", "en": "Nobody noticed"}
TOTAL = {"zh": "打鼾总分", "en": "Snoring score"}
MEANS = {"zh": "打鼾较重", "en": "Snores heavily"}
WORK = {"zh": "打电话问一下睡眠", "en": "Call about the sleep"}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Clinic]:
    said = yihe("demo", "--no-serve", "--patients", "12", "--years", "2", "--data", str(tmp_path / "house"))
    passwords = dict(re.findall(r"^  (\w+)\s+([0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}) ", said, re.MULTILINE))
    with served(tmp_path / "house", passwords) as clinic:
        yield clinic


@pytest.mark.parametrize(("language", "size"), [("zh", (800, 1280))])
def test_from_a_question_to_a_signature(house: Clinic, browse: Callable[..., Page], language: str, size: tuple[int, int]) -> None:
    nurse = Nurse(house, browse(house, "", language, size), language)
    nurse.comes_in("zhou")
    nurse.begins()
    nurse.asks_how_often()
    nurse.asks_only_some()
    nurse.scores()
    nurse.tries()
    nurse.publishes()
    person, code = nurse.gives_it_out()
    patient = Patient(house, browse(house, "", language, PHONE), language)
    patient.comes_with(code)
    patient.answers_through_a_cut_line()
    patient.hands_in()
    nurse.sees_what_followed(person)
    nurse.leaves()
    doctor = Doctor(house, nurse.page, language)
    doctor.comes_in("lin")
    doctor.consults(person)
    doctor.signs(house.passwords["lin"])
    assert not nurse.page.troubles + patient.page.troubles


class Nurse(Stranger):
    def begins(self) -> None:
        self.goes("Manage")
        self.page.locator("main a").filter(has_text=self.word("Questionnaires")).first.click()
        self.page.get_by_role("link", name=self.word("New questionnaire")).click()
        self.fills("Name in Chinese", TITLE["zh"])
        self.fills("Name in English", TITLE["en"])
        self.press("Start building")
        self.page.wait_for_url(re.compile("/edit"))

    def fills(self, english: str, text: str, within: Locator | None = None) -> None:
        """Typed and left, as one goes to the next field."""
        field = self.field(english, within).first
        field.fill(text)
        field.press("Tab")

    def both(self, name: str, texts: dict[str, str], within: Locator | None = None) -> None:
        self.fills(f"{name} in Chinese", texts["zh"], within)
        self.fills(f"{name} in English", texts["en"], within)
        self.kept()

    def kept(self) -> None:
        """Until the page has sent what was typed."""
        self.page.wait_for_timeout(150)
        expect(self.page.locator(".htmx-request")).to_have_count(0)

    def adds(self, english: str) -> None:
        self.kept()
        self.page.locator("fieldset.addmore").get_by_role("button", name=self.word(english)).click()
        self.kept()

    def choices(self, *answers: tuple[dict[str, str], str]) -> None:
        for n, (texts, points) in enumerate(answers, 1):
            row = self.page.get_by_role("group", name=self.word("Answer %(n)s", n=n), exact=True)
            if not row.count():
                self.press("Add an answer")
            expect(row).to_be_visible()
            for name, text in [("In Chinese", texts["zh"]), ("In English", texts["en"]), ("Points", points)]:
                self.fills(name, text, row)
            self.kept()

    def asks_how_often(self) -> None:
        self.adds("Choose one")
        self.both("Question", OFTEN)
        self.choices((NEVER, "0"), (NIGHTLY, "3"))
        self.page.locator("label.card").filter(has_text=self.word("Must be answered")).click()

    def asks_only_some(self) -> None:
        self.adds("Choose one")
        self.both("Question", WOKEN)
        self.choices((QUIET, "0"), (WAKES, "2"))
        self.press("Only after a certain answer")
        self.kept()
        row = self.page.get_by_role("group", name=self.word("Condition %(n)s", n=1))
        self.field("Answer", row).select_option(label=NIGHTLY[self.language])
        self.kept()

    def scores(self) -> None:
        self.adds("Score")
        self.both("Name of the score", TOTAL)
        for text in (OFTEN, WOKEN):
            self.page.locator(".addends label.card").filter(has_text=text[self.language]).click()
            self.kept()
        self.press("Add a range")
        self.kept()
        expect(self.page.locator(".bandcard")).to_have_count(1)
        band = self.page.get_by_role("group", name=self.word("Range %(n)s", n=1))
        self.fills("From", "4", band)
        self.fills("Up to", "5", band)
        self.field("How urgent", band).select_option(label=self.word("See to it"))
        self.both("Meaning", MEANS, band)
        band.locator("summary").click()
        band.locator("label.card").click()
        self.kept()
        self.fills("Work to do, in Chinese", WORK["zh"], band)
        self.fills("Work to do, in English", WORK["en"], band)
        self.fills("Within how many days", "0", band)
        self.kept()
        self.whole()

    def tries(self) -> None:
        """The form beside it answers as it will."""
        trial = self.page.locator("#trial")
        expect(trial.locator("fieldset").filter(has_text=WOKEN[self.language])).to_have_count(0)
        trial.locator("label.card").filter(has_text=NIGHTLY[self.language]).click()
        expect(trial.locator("fieldset").filter(has_text=WOKEN[self.language])).to_be_visible()
        trial.locator("label.card").filter(has_text=WAKES[self.language]).click()
        expect(trial).to_contain_text(MEANS[self.language])

    def publishes(self) -> None:
        self.press("Check and publish")
        self.reads("No mistakes found.")
        self.press("Publish version %(n)s", n=1)
        self.sees(TITLE[self.language])

    def gives_it_out(self) -> tuple[str, str]:
        """To whom nothing is known of yet; the person's page and the short code."""
        self.goes("Patients")
        self.page.locator("main tbody a").first.click()
        self.page.wait_for_url(PERSON)
        person = self.page.url
        self.tab("Questionnaires")
        self.follow("To be filled in by the person")
        self.taps(TITLE[self.language])
        self.press("Ask for it")
        self.press("Show a code")
        code = self.page.locator(".waycode").inner_text()
        self.whole()
        return person, code

    def sees_what_followed(self, person: str) -> None:
        self.page.goto(person)
        self.sees(MEANS[self.language], WORK[self.language])
        tag = self.page.locator(".tag, .level, li, span").filter(has_text=MEANS[self.language])
        expect(tag.first).to_be_visible()
        self.tab("Questionnaires")
        self.sees(TITLE[self.language], MEANS[self.language], "5")
        self.follow(TITLE[self.language])
        self.sees(OFTEN[self.language], NIGHTLY[self.language], WAKES[self.language])


class Patient(Stranger):
    def comes_with(self, code: str) -> None:
        self.page.goto(f"{self.clinic.address}/fill")
        self.page.locator("[name=code]").fill(code)
        self.page.locator("button.primary").click()
        self.sees(TITLE[self.language])
        self.page.locator(f"button[lang={self.language}], button.primary").first.click()
        self.sees(OFTEN[self.language])

    def answers_through_a_cut_line(self) -> None:
        self.page.context.set_offline(True)
        self.taps(NIGHTLY[self.language])
        expect(self.page.locator("#offline")).to_be_visible()
        self.page.context.set_offline(False)
        expect(self.page.locator("#offline")).to_be_hidden()
        self.press("Next question")
        self.sees(WOKEN[self.language])
        self.page.reload()
        self.sees(WOKEN[self.language])
        self.page.context.set_offline(True)
        self.taps(WAKES[self.language])
        self.press("Next question")
        expect(self.page.locator("#offline")).to_be_visible()
        self.page.context.set_offline(False)
        self.reads("That was the last question.")
        assert all(one.startswith(CUT) for one in self.page.troubles), self.page.troubles
        self.page.troubles.clear()

    def hands_in(self) -> None:
        there = self.page.url
        assert MEANS[self.language] not in self.page.content()
        self.press("Hand in")
        self.page.wait_for_url(re.compile("/thanks"))
        self.whole()
        with self.expecting("410"):
            assert self.page.goto(there).status == 410


class Doctor(Stranger):
    def consults(self, person: str) -> None:
        self.page.goto(person)
        self.tab("Consultation")
        self.press("Begin a consultation")
        self.sees(TITLE[self.language])
        self.whole()
        self.page.get_by_role("button", name=re.compile(self.word("Write down") + ".*" + TITLE[self.language])).first.click()
        expect(self.page.locator("#illness-text")).to_have_value(re.compile(TITLE[self.language]))
        self.page.locator("#complaint-text").fill("打鼾三年")
        self.page.locator("#assessment-text_1").fill("打鼾，待查")
        self.page.locator("#advice-text").fill("先侧着睡。")
        self.page.locator("#plan-what_1").fill("打电话问侧睡有没有用")
        self.page.locator("#plan-on_1").fill("2099-01-05")
        self.page.locator("#plan-on_1").press("Tab")
        expect(self.page.locator("#kept-plan small")).to_be_visible()

    def signs(self, password: str) -> None:
        self.follow("Look through and sign")
        self.sees("打鼾三年", TITLE[self.language])
        with self.expecting("422"):
            self.types("Your password", "nonsense")
            self.press("Sign")
            expect(self.complaint("Your password")).to_be_visible()
        self.types("Your password", password)
        self.press("Sign")
        self.follow("The person's copy, large print")
        self.sees("先侧着睡。", "2099-01-05")
        self.page.go_back()
        expect(self.page.locator("textarea#complaint-text")).to_have_count(0)
        self.sees("打鼾三年")
