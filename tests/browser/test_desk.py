"""The desk's form in a real browser: a document scanned into its field, a child's guardian, a photo from the camera."""

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from app.clinic.patients import check_character
from tests.browser.test_pages import SIZES, complaints, measured


@pytest.fixture
def face(tmp_path: Path) -> Path:
    Image.new("RGB", (1200, 1600), "tan").save(tmp_path / "face.jpg")
    return tmp_path / "face.jpg"


@pytest.mark.parametrize(("language", "first17"), [("zh", "99990120190607301"), ("en", "99990120190607303")])
def test_a_child_is_registered_by_scanning(demo, browse, face: Path, language: str, first17: str) -> None:
    page = browse(demo, "xu", language, (1280, 800))
    page.goto("/patients/new")
    page.fill("#name", {"zh": "陈小宝", "en": "罗一诺"}[language])
    page.focus("#document")
    page.keyboard.type(first17 + check_character(first17), delay=5)  # as fast as a reader
    page.keyboard.press("Enter")
    expect(page.locator("#birth")).to_have_value("2019-06-07")
    expect(page.locator("#sex input[value=male]")).to_be_checked()
    expect(page.locator("#belongs")).to_have_attribute("open", "")
    page.set_input_files("#camera", face)
    expect(page.locator("#photo-field img")).to_be_visible()
    page.fill("#guardian_name", "陈大明")
    page.locator("#registration .actions button").click()
    page.wait_for_url("**/patients/*")
    expect(page.locator(".identity .portrait")).to_be_visible()
    expect(page.locator(".facts2").first).to_contain_text("陈大明")
    assert not page.troubles


def test_enter_reads_a_typed_document_and_sends_nothing(demo, browse) -> None:
    page = browse(demo, "xu", "zh", (1280, 800))
    page.goto("/patients/new")
    page.fill("#document", "９９９９０１ 19480312 004")
    page.press("#document", "Enter")
    expect(page.locator("#document-error")).to_contain_text("18 位")
    page.fill("#document", "９９９９０１ 19480312 004" + check_character("99990119480312004"))
    page.press("#document", "Enter")
    expect(page.locator("#birth")).to_have_value("1948-03-12")
    expect(page.locator("#name-error")).to_have_count(0)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_unfolded_the_form_is_as_fit_to_touch_and_to_read(demo, browse, language: str) -> None:
    page = browse(demo, "owner", language)
    wrong = []
    for address in ("/patients/new", "/patients/1/edit"):
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        wrong += [one for size in SIZES for one in measured(page, *size)] + complaints(page)
    assert not wrong, "\n".join(wrong)
