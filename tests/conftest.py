"""The test cast, a migrated file copied per test, and a stopped clock."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from litestar import Litestar
from litestar.testing import TestClient
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from app.clinic import staff
from app.core import clock, settings, words
from app.core.access import Actor, Role
from app.core.db import Database
from app.main import build, furnish, open_clinic
from tests.canaries import _no_canary, _watched  # noqa: F401  in every test: what must stand in no log, address or page of error

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)  # Monday 09:30 at the clinic
PASSWORD = "quiet-lake-4711"

CAST = {
    "owner": ("安", Role.OWNER), "doctor": ("林文清", Role.DOCTOR), "nurse": ("周岚", Role.NURSE),
    "manager": ("何静", Role.HEALTH_MANAGER), "manager2": ("马超", Role.HEALTH_MANAGER),
    "desk": ("许佳", Role.RECEPTIONIST), "pharmacist": ("药小山", Role.PHARMACIST), "reader": ("Ada Reader", Role.READ_ONLY),
}


CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]
PATIENCE = 20_000  # milliseconds; two busy cores may need them
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)  # the cast signs in some thousand times
LONG = {"browser", "kill", "network"}  # minutes each: begun first, or one core would wait for the other at the end


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: LONG.isdisjoint(item.path.parts))


@pytest.fixture(autouse=True)
def stopped_clock() -> Iterator[None]:
    with clock.stop(NOW):
        yield


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with words.speaking("en"):
        yield


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clinic that is set up and staffed, made once and copied for every test."""
    folder = tmp_path_factory.mktemp("made")
    with clock.stop(NOW), pytest.MonkeyPatch.context() as patch:
        patch.setattr(staff.rules, "_hasher", QUICK)
        db = open_clinic(folder)
        settings.put(db, None, clinic_name="和平里诊所", clinic_address="和平里 12 号", clinic_phone="0531-5550 1234",
                     clinic_language="zh", reserve_mb=0)
        for sign_in, (name, role) in CAST.items():
            language = "en" if role is Role.READ_ONLY else "zh"
            staff.add(db, None, staff.NewMember(sign_in, name, role, language, PASSWORD))
        db.close()
    return folder


@pytest.fixture
def folder(made_once: Path, tmp_path: Path) -> Path:
    target = tmp_path / "data"
    shutil.copytree(made_once, target)
    return target


@pytest.fixture
def db(folder: Path) -> Iterator[Database]:
    opened = open_clinic(folder)
    yield opened
    opened.close()


@pytest.fixture
def who(db: Database) -> Callable[[str], Actor]:
    """An Actor of the cast by sign-in name."""
    members = {member.sign_in: member for member in staff.everyone(db)}

    def find(sign_in: str) -> Actor:
        member = members[sign_in]
        return Actor(member.id, member.name, Role(member.role), member.language)

    return find


@pytest.fixture(scope="session")
def the_house() -> Litestar:
    """The pages, built once: each test moves its own clinic in."""
    return build(tasks=False)


@pytest.fixture
def client(the_house: Litestar, folder: Path) -> Iterator[TestClient]:
    """A browser on the same clinic, nobody signed in. `client.app.state.db` is its file."""
    furnish(the_house, folder)
    with TestClient(the_house) as opened:
        opened.headers["Sec-Fetch-Site"] = "same-origin"
        yield opened


@pytest.fixture
def sign_in(client: TestClient) -> Callable[[str], TestClient]:
    """sign_in("nurse") signs the browser in as that member of the cast."""

    def enter(name: str) -> TestClient:
        client.cookies.clear()
        answer = client.post("/sign-in", data={"sign_in": name, "password": PASSWORD}, follow_redirects=False)
        assert answer.status_code == 303, answer.text
        return client

    return enter


@pytest.fixture(scope="session")
def driver() -> Iterator[Playwright]:
    """One for all tests of a process: a second one beside it is refused."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(driver: Playwright) -> Iterator[Browser]:
    browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield browser
    browser.close()
