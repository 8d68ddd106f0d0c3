"""A real browser on the real program: one Chromium and one demo clinic for all of it."""

import os
import re
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import msgspec
import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from app.commands.environment import ROOT
from tests.browser.addresses import patient
from tests.conftest import PATIENCE

ZONE = "Asia/Shanghai"
NAMED = "SELECT name FROM patients WHERE name_is_number = 0 UNION SELECT number FROM patient_phones UNION SELECT value FROM patient_identifiers"
CHECKUPS, PEOPLE = Path(__file__).parent / "checkups.csv", Path(__file__).parent / "people.csv"


class Clinic(msgspec.Struct, frozen=True):
    """A served data folder. passwords: by sign-in name; code: of the first run."""

    address: str
    folder: Path
    passwords: dict[str, str]
    code: str


def yihe(*words: str) -> str:
    done = subprocess.run(
        [sys.executable, "run.py", *words], cwd=ROOT, capture_output=True, text=True, timeout=300, encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def served(folder: Path, passwords: dict[str, str]) -> Iterator[Clinic]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    told = folder.parent / f"{folder.name}.told"
    with told.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "run.py", "serve", "--data", str(folder), "--port", str(port)],
            cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, env=os.environ | {"PYTHONIOENCODING": "utf-8"},
        )
    try:
        wait_for(lambda: "Ctrl-C" in told.read_text("utf-8") or process.poll() is not None)
        said = told.read_text("utf-8")
        assert process.poll() is None, said
        code = re.search(r"输入：(\S+)", said)
        yield Clinic(f"http://127.0.0.1:{port}", folder, passwords, code[1] if code else "")
    finally:
        process.terminate()
        process.wait(30)
    says_nobody(told.read_text("utf-8"), folder)


def says_nobody(log: str, folder: Path) -> None:
    """What the server has said in all that time names no patient, no number and no password."""
    with closing(sqlite3.connect(f"{(folder / 'clinic.db').as_uri()}?mode=ro", uri=True)) as file:
        words = {one for (one,) in file.execute(NAMED)}
    assert {one for one in words if len(one) > 2 and one in log} == set()


def wait_for(what: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    """A small invented clinic with people, results, work, an old import and a report, served."""
    folder = tmp_path_factory.mktemp("browser") / "demo"
    said = yihe("demo", "--no-serve", "--patients", "30", "--years", "4", "--data", str(folder))
    passwords = dict(re.findall(r"^  (\w+)\s+([0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}) ", said, re.MULTILINE))
    yihe("import", "checkups", str(CHECKUPS), "--create-patients", "--data", str(folder))
    yihe("import", "checkups", str(CHECKUPS), "--sender", "丙", "--data", str(folder))  # of people nobody knows: for the tray
    yihe("import", "people", str(PEOPLE), "--source", "丁", "--data", str(folder))
    with served(folder, passwords) as clinic:
        make_report(clinic)
        start_imports(clinic)
        yield clinic


def make_report(clinic: Clinic) -> None:
    reports = f"/patients/{patient(clinic.folder)}/reports"
    with door(clinic, "owner") as opened:
        assert opened.post(reports, data={"language": "zh", "words": "", "token": "browser"}).status_code in (200, 303)
        wait_for(lambda: "report.pdf" in opened.get(reports).text, 90)


def start_imports(clinic: Clinic) -> None:
    """Two files more: one whose columns wait to be confirmed, one that has been counted and waits to be filed; and a list of people."""
    with door(clinic, "owner") as opened:
        for sender in ("甲", "乙"):
            answer = opened.post("/manage/imports", data={"new_sender": sender}, files={"file": (CHECKUPS.name, CHECKUPS.read_bytes())})
            assert answer.status_code == 303, answer.text
        people = opened.post("/manage/rosters", data={"new_source": "甲"}, files={"file": (PEOPLE.name, PEOPLE.read_bytes())})
        assert people.status_code == 303, people.text
        batch = answer.headers["location"]
        assert opened.post(f"{batch}/columns", data={"create_patients": "on"}).status_code == 303
        wait_for(lambda: f"{batch}/filing" in opened.get(batch).text, 60)


@pytest.fixture
def browse(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """browse(clinic, "lin", "zh", (1280, 800)) is a signed-in page; without a name nobody is signed in.
    `page.troubles` collects whatever its console and network complain about."""
    contexts = []

    def enter(clinic: Clinic, name: str = "", language: str = "zh", size: tuple[int, int] = (1280, 800)) -> Page:
        context = chromium.new_context(
            base_url=clinic.address, viewport={"width": size[0], "height": size[1]}, timezone_id=ZONE,
            locale="zh-CN" if language == "zh" else "en-GB", reduced_motion="reduce",
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.troubles = []
        page.on("console", lambda message: message.type == "error" and page.troubles.append(message.text))
        page.on("pageerror", lambda error: page.troubles.append(str(error)))
        if name:
            sign_in(context, clinic, name, language)
        return page

    yield enter
    for context in contexts:
        context.close()


def sign_in(context: BrowserContext, clinic: Clinic, name: str, language: str) -> None:
    """Straight at the door, without drawing the page; then in the language that was asked for."""
    with door(clinic, name) as opened:
        opened.post("/language", data={"language": language})
        context.add_cookies([{"name": key, "value": value, "url": clinic.address} for key, value in opened.cookies.items()])


@contextmanager
def door(clinic: Clinic, name: str) -> Iterator[httpx.Client]:
    """A client that is signed in."""
    with httpx.Client(base_url=clinic.address, headers={"Sec-Fetch-Site": "same-origin"}) as client:
        answer = client.post("/sign-in", data={"sign_in": name, "password": clinic.passwords[name]})
        assert answer.status_code == 303, answer.text
        yield client
