"""Every page of the route table: nothing for axe, nothing too small to touch or read, nothing wider than
the screen, no word in the console; in both languages, light and dark, at the sizes people hold."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from app.main import create_app
from tests.browser.addresses import addresses, paths
from tests.browser.conftest import Clinic, served

SIZES = [(1280, 800), (800, 1280), (768, 1024), (390, 844)]
TOUCHED = {(1280, 800), (800, 1280)}
MEASURE = (Path(__file__).parent / "measure.js").read_text("utf-8")
AXE = Axe()


def complaints(page: Page, **options) -> list[str]:
    found = AXE.run(page, options=options | {"resultTypes": ["violations"], "preload": False}).response["violations"]
    return [f"axe {one['id']}: {node['target']} {node['html'][:120]}" for one in found for node in one["nodes"][:3]]


def look(page: Page, address: str, dark: bool = True) -> list[str]:
    """What is wrong with one page, each line beginning with its address."""
    page.goto("about:blank")
    page.troubles.clear()  # axe's own attempts at inline styles are refused by the house's policy, as they should be
    answer = page.goto(address)
    wrong = [f"status {answer.status}"] if answer.status != (404 if address == "/nowhere" else 200) else []
    for size in SIZES:
        wrong += measured(page, *size)
    wrong += [one for one in page.troubles if not ("404" in one and address == "/nowhere")]
    wrong += complaints(page)
    if dark:
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        wrong += [f"dark {one}" for one in complaints(page, runOnly=["color-contrast"])]
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
    return [f"{address}: {one}" for one in wrong]


def measured(page: Page, width: int, height: int) -> list[str]:
    page.set_viewport_size({"width": width, "height": height})
    wide, tall = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    wrong = [f"{wide} wide"] if wide > width else []
    if (width, height) in TOUCHED:
        page.set_viewport_size({"width": width, "height": min(tall, 9000)})
        wrong += page.evaluate(MEASURE)
    return [f"{width}×{height}: {one}" for one in wrong]


@pytest.fixture(scope="session")
def every_page(demo: Clinic, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    app = create_app(tmp_path_factory.mktemp("routes"), tasks=False)
    app.state.db.close()
    return addresses(demo.folder, paths(app))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page(demo: Clinic, every_page: list[str], browse: Callable[..., Page], language: str) -> None:
    page = browse(demo, "owner", language)
    wrong = [one for address in every_page for one in look(page, address, dark=language == "zh")]  # colours know no language
    assert page.locator("html").get_attribute("lang")[:2] == language
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", ["xu", "reader"])
def test_the_same_for_those_who_see_less(demo: Clinic, browse: Callable[..., Page], name: str) -> None:
    page = browse(demo, name, "en")
    wrong = [one for address in ("/today", "/patients", "/patients/1", "/patients/1/timeline", "/manage") for one in look(page, address)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_doors(demo: Clinic, first_run: Clinic, browse: Callable[..., Page], language: str) -> None:
    wrong = look(browse(demo, "", language), "/sign-in") + look(browse(first_run, "", language), "/setup")
    assert not wrong, "\n".join(wrong)


@pytest.fixture(scope="session")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    with served(tmp_path_factory.mktemp("browser") / "empty", {}) as clinic:
        yield clinic
