"""A stranger at the desk, without documentation: registers, finds, corrects, joins and parts, moves a wrong entry,
opens, loses and replaces a card, brings an old list in, prints a health file. In Chinese on a tablet that lies, in
English on one that stands."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Clinic, served, yihe
from tests.browser.stranger import Stranger
from tests.browser.test_walk import BORN, resident_id
from tests.rosters.people_list import PeopleList, people_list

NUMBER = re.compile(r"Y-\d{6}")
CARD = re.compile(r"8\d{3} ?\d{4}")
WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")  # as an input method writes digits
NAME, SLIP, ADDRESS = "孟繁霜", "孟凡霜", "槐荫里 7 号 2 单元"
PHONE = "138 0531 4477"
PATIENCE = 60_000  # milliseconds that 2,000 people may take
LINES = {"zh": 2000, "en": 60}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Clinic]:
    """An invented clinic of its own: what the walk does to it is in nobody's way."""
    said = yihe("demo", "--no-serve", "--patients", "12", "--years", "2", "--data", str(tmp_path / "house"))
    passwords = dict(re.findall(r"^  (\w+)\s+([0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}) ", said, re.MULTILINE))
    with served(tmp_path / "house", passwords) as clinic:
        yield clinic


@pytest.mark.parametrize(("language", "size"), [("zh", (1280, 800)), ("en", (800, 1280))])
def test_a_stranger_at_the_desk(house: Clinic, browse: Callable[..., Page], tmp_path: Path, language: str, size: tuple[int, int]) -> None:
    walk = Walk(house, browse(house, "", language, size), language)
    walk.comes_in("xu")
    walk.registers()
    walk.is_found()
    walk.corrects()
    walk.registers_again()
    walk.joins()
    walk.parts()
    walk.opens_a_card()
    walk.loses_it()
    walk.leaves()
    walk.comes_in("lin")
    walk.writes_on_the_wrong_person()
    walk.moves_it()
    walk.prints_the_health_file()
    walk.leaves()
    walk.comes_in("owner")
    walk.brings_a_list_in(tmp_path / "members.xlsx", LINES[language])
    assert not walk.page.troubles


class Walk(Stranger):
    number = second = card = ""

    def registers(self) -> None:
        self.goes("Patients")
        self.follow("Register somebody")
        self.types("Name", NAME)
        self.types("Its number", resident_id(2).translate(WIDE))
        self.field("Its number").press("Enter")
        expect(self.page.get_by_role("radio", name=self.word("Female"))).to_be_checked()
        expect(self.field("Birth date")).to_have_value(BORN.isoformat())
        self.types("Phone", "1380")
        with self.expecting("422"):
            self.press("Register")
            expect(self.complaint("Phone")).to_be_visible()
        expect(self.field("Name")).to_have_value(NAME)
        self.types("Phone", PHONE)
        self.types("Address", "槐荫里 7 号")
        self.press("Register")
        expect(self.page.locator("h1")).to_have_text(NAME)
        self.sees(PHONE, "槐荫里 7 号", resident_id(2)[-4:])
        self.number = NUMBER.search(self.page.locator("main").inner_text())[0]

    def is_found(self) -> None:
        """By the initials, by the phone's last digits, by the number, from any page."""
        self.goes("Today")
        self.finds("mfs", NAME)
        self.finds("4477", NAME)
        self.goes("Today")
        self.scans(self.number)
        expect(self.page.locator("h1")).to_have_text(NAME)

    def corrects(self) -> None:
        self.follow("Correct who this is")
        expect(self.field("Name")).to_have_value(NAME)
        self.types("Address", ADDRESS)
        self.press("Save")
        self.sees(ADDRESS)
        self.tab("Timeline")
        expect(self.page.locator("main")).to_contain_text(re.compile(self.word("Address"), re.IGNORECASE))

    def registers_again(self) -> None:
        """A colleague hears the name a little differently and has no ID card: the house asks, and may be overruled."""
        self.goes("Patients")
        self.follow("Register somebody")
        self.types("Name", SLIP)
        self.types("Phone", PHONE)
        self.types("Birth date", BORN.isoformat())
        with self.expecting("422"):
            self.press("Register")
            expect(self.button("It is somebody else, save")).to_be_visible()
        expect(self.part(self.word("Is it one of these people?"))).to_contain_text(self.number)
        self.whole()
        self.press("It is somebody else, save")
        expect(self.page.locator("h1")).to_have_text(SLIP)
        self.second = NUMBER.search(self.page.locator("main").inner_text())[0]
        assert self.second != self.number

    def joins(self) -> None:
        self.follow("Registered twice?")
        self.press("Compare", self.part(self.number))
        self.reads("One person or two?")
        self.taps(self.number)
        self.taps(NAME)
        self.press("One person: join the records")
        self.reads("%(gone)s is now part of %(kept)s", gone=self.second, kept=self.number)
        self.finds(self.second, NAME)
        self.sees(self.number, ADDRESS)

    def parts(self) -> None:
        """The way back is where the earlier number stands."""
        self.follow("earlier %(number)s", number=self.second)
        self.press("Undo: they are two people")
        self.reads("Two records again")
        self.follow("Open %(number)s", number=self.second)
        expect(self.page.locator("h1")).to_have_text(SLIP)
        self.finds(self.number, NAME)
        self.sees(ADDRESS, resident_id(2)[-4:])

    def opens_a_card(self) -> None:
        self.tab("Cards")
        self.page.locator("main label.card").first.click()
        self.press("Open the card")
        self.card = CARD.search(self.page.locator("main .membership h2").inner_text())[0].replace(" ", "")
        self.follow("Print the card")
        self.whole()
        self.page.go_back()
        self.goes("Today")
        self.scans(self.card)
        expect(self.page.locator("h1")).to_have_text(NAME)

    def loses_it(self) -> None:
        self.tab("Cards")
        self.unfold("Lost: new number")
        self.types("What happened to it?", "在公交车上丢了")
        self.press("Stop the old number")
        expect(self.page.locator("main .membership h2")).not_to_contain_text(self.card[4:])
        new = CARD.search(self.page.locator("main .membership h2").inner_text())[0].replace(" ", "")
        self.goes("Today")
        self.scans(self.card)
        self.page.wait_for_url("**/search?*")
        told = self.page.locator("main [role=alert] p").filter(visible=True)
        expect(told).to_be_visible()
        assert told.inner_text() != ""
        self.goes("Today")
        self.scans(new)
        expect(self.page.locator("h1")).to_have_text(NAME)

    def writes_on_the_wrong_person(self) -> None:
        self.finds(self.number, NAME)
        self.tab("Record")
        self.follow("Add a condition")
        self.types("Condition, in words", "慢性萎缩性胃炎")
        self.press("Save")
        self.page.wait_for_url(re.compile("/record(#.*)?$"))
        self.sees("慢性萎缩性胃炎")

    def moves_it(self) -> None:
        self.follow("Details", self.part("慢性萎缩性胃炎"))
        self.follow("Entered in error")
        self.types("Why is it wrong here?", "两人姓名只差一字")
        self.types("Whose entry is it?", self.second)
        self.field("Whose entry is it?").press("Enter")
        self.taps(SLIP)
        self.press("Strike it out, and file it with whom it belongs to")
        self.reads("It is filed with %(number)s now.", number=self.second)
        self.tab("Timeline")
        self.sees("慢性萎缩性胃炎", self.second)
        self.finds(self.second, SLIP)
        self.tab("Timeline")
        self.sees("慢性萎缩性胃炎", self.number)
        self.tab("Record")
        self.sees("慢性萎缩性胃炎")

    def prints_the_health_file(self) -> None:
        self.finds(self.number, NAME)
        self.tab("Record")
        self.follow("Resident health file")
        self.sees(NAME, resident_id(2))
        self.whole()
        self.page.get_by_role("button", name=self.word("Print")).click()
        assert self.page.evaluate("window.printed") == 1
        answer = self.page.request.get(self.page.get_by_role("link", name="PDF").get_attribute("href"))
        assert answer.body().startswith(b"%PDF-")
        self.page.get_by_role("link", name=self.word("Back to %(name)s", name=NAME)).click()

    def brings_a_list_in(self, file: Path, lines: int) -> None:
        made = people_list(lines)
        file.write_bytes(made.xlsx())
        self.goes("Manage")
        self.page.get_by_role("link", name=self.word("People from lists")).click()
        self.follow("Bring a list in")
        self.field("File").set_input_files(file)
        self.types("Name of a new place", "老会员名单")
        self.press("Read the list")
        self.sees_what_the_columns_are()
        self.press("Look everybody up")
        self.decides_the_piles()
        self.takes_over(made)

    def sees_what_the_columns_are(self) -> None:
        expect(self.page.locator("h1")).to_contain_text(self.word("What the columns are"))
        self.sees("身份证号码", "联系电话")
        for who in self.page.locator("main section", has_text=self.word("Who is meant?")).get_by_role("combobox").all():
            who.select_option(label=self.word("Nobody here"))

    def decides_the_piles(self) -> None:
        """What is likely the same person in one tap a pile; one line is looked at by itself first."""
        expect(self.page.locator("main .account")).to_be_visible(timeout=PATIENCE)
        self.reads("Nobody is registered yet. What you do not decide waits here.")
        waiting = self.page.locator("main article", has=self.button("The same person", self.page))
        self.follow("One by one", waiting.last)
        first = self.page.locator("main article").first
        self.press("Register as a new person", first)
        expect(self.button("Decide again", first)).to_be_visible()
        self.page.locator("main a.back").click()
        while count := waiting.count():
            self.press("The same person", waiting.first)
            expect(waiting).to_have_count(count - 1)

    def takes_over(self, made: PeopleList) -> None:
        """The sum adds up, nobody stands there twice but the one who was told apart; taken back, they are gone again."""
        self.page.locator("main button.primary").click()
        expect(self.page.locator("summary", has_text=self.word("Take the whole list back"))).to_be_visible(timeout=PATIENCE)
        self.reads("Adds up to exactly %(n)s; nothing is lost", n=len(made.rows))
        expect(self.page.locator("main .account .sum b").first).to_have_text(str(made.distinct + 1))
        known = made.people[3]
        self.finds(known.phone, known.name)
        self.page.go_back()
        self.unfold("Take the whole list back")
        self.press("Take it back")
        expect(self.page.locator("main .notice", has_text=self.word("This list was taken back."))).to_be_visible(timeout=PATIENCE)
        self.page.get_by_role("searchbox").press_sequentially(known.phone)
        expect(self.page.locator("#found")).to_contain_text(self.word("Nobody is found by “%(q)s”.", q=known.phone))
