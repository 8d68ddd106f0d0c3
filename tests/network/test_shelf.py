"""On the clinic's shelf: a new tablet is set up, a shift is done over https by the clinic's name, the plug is pulled in the middle of it,
and in the end the box is gone and a new one goes on from the stick and the printed sheet.

Box and tablet are two networks joined by a cable. Every write of the box is recorded below SQLite, so that pulling the plug leaves a
disk as it can be after that: what was not synced kept, lost or torn.
"""

import os
import random
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import httpx
import pytest
from playwright.sync_api import Error, Page, Playwright, expect

from app.commands.environment import ROOT
from tests.browser.conftest import Clinic
from tests.browser.test_walk import Walk
from tests.conftest import CHROMIUM, FLAGS, PASSWORD, PATIENCE
from tests.kill.powercut import Disk, calls
from tests.network.cable import BOX_NUMBER, Machine, browser_of, cable, possible, trust

pytestmark = pytest.mark.skipif(not possible(), reason="needs root, ip, certutil and a C compiler")
NAME, PIN = "https://yihe.local", "480753"
HERE = Path(__file__).parent
FIND = """
import sys; from zeroconf import IPVersion, Zeroconf, AddressResolver
house = Zeroconf(interfaces=[sys.argv[1]], ip_version=IPVersion.V4Only)
found = AddressResolver("yihe.local."); found.request(house, 8000); print(*found.parsed_addresses()); house.close()
"""


class Box:
    """The program on its machine. As root it has the ports every browser tries: 443 and 80."""

    started: ClassVar[list[subprocess.Popen]] = []

    def __init__(self, machine: Machine, folder: Path, scratch: Path) -> None:
        self.machine, self.folder, self.told_in = machine, folder, scratch / f"{folder.name}.told"
        self.record, library = scratch / f"{folder.name}.calls", scratch / "powercut.so"
        if not library.exists():
            subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", library, HERE.parent / "kill" / "powercut.c", "-ldl"], check=True)
        folder.mkdir(exist_ok=True)
        self.before = {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        recorded = {"LD_PRELOAD": str(library), "POWERCUT_LOG": str(self.record), "POWERCUT_FOLDER": str(folder)}
        with self.told_in.open("wb") as out:
            self.process = subprocess.Popen(
                machine.does(sys.executable, "run.py", "--lan", "--data", str(folder)), cwd=ROOT, stdout=out, stderr=subprocess.STDOUT,
                env=os.environ | recorded | {"PYTHONIOENCODING": "utf-8"},
            )
        self.started.append(self.process)
        self.says("Ctrl-C")

    @property
    def told(self) -> str:
        return self.told_in.read_text("utf-8")

    def says(self, what: str) -> None:
        end = time.monotonic() + 60
        while what not in self.told:
            assert time.monotonic() < end and self.process.poll() is None, self.told
            time.sleep(0.05)

    def unplug(self, disk: Path) -> None:
        """Ended between two instructions; `disk` becomes what its disk may hold then."""
        self.process.kill()
        self.process.wait()
        found = Disk(self.before)
        for call in calls(self.record):
            if not call.path.endswith("-shm"):
                found.take(call)
        found.pull_the_plug(disk, str(self.folder), random.Random(4))

    def stop(self) -> None:
        self.process.terminate()
        assert self.process.wait(30) == 0, self.told


@pytest.fixture
def ends() -> Iterator[tuple[Machine, Machine]]:
    with cable() as both:
        yield both
        for one in Box.started:
            one.kill()
            one.wait()


class Tablet:
    """A browser on the other machine; it knows the clinic's authority once that was installed."""

    def __init__(self, machine: Machine, home: Path, driver: Playwright) -> None:
        self.machine, self.home, self.driver = machine, home, driver
        home.mkdir()

    def finds(self) -> str:
        """The number that the name leads to, asked on the network."""
        done = subprocess.run(self.machine.does(sys.executable, "-c", FIND, self.machine.number), capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def browse(self) -> Page:
        start = browser_of(self.machine, self.home, CHROMIUM)
        self.browser = self.driver.chromium.launch(executable_path=start, args=[*FLAGS, f"--host-resolver-rules=MAP yihe.local {self.finds()}"])
        context = self.browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 800}, timezone_id="Asia/Shanghai", accept_downloads=True)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.troubles = []
        return page


def test_on_the_shelf(ends: tuple[Machine, Machine], tmp_path: Path, driver: Playwright) -> None:
    box = Box(ends[0], tmp_path / "data", tmp_path)
    tablet = Tablet(ends[1], tmp_path / "tablet", driver)
    assert tablet.finds() == BOX_NUMBER
    trust(tablet.home, a_new_device(tablet, box, tmp_path))
    page = tablet.browse()
    clinic = Clinic(NAME, box.folder, {}, re.search(r"输入：(\S+)", box.told)[1])
    walk = Walk(clinic, page, "zh")
    person = a_shift(walk)
    key = backed_up(page, tmp_path)
    writing = Writing(ends[1], page, person, tmp_path / "data" / "keys" / "ca.pem", tmp_path)
    writing.until(12)
    box.unplug(tmp_path / "after")
    acknowledged = writing.acknowledged()
    again = Box(ends[0], tmp_path / "after", tmp_path)
    after_the_cut(page, person, acknowledged)
    again.stop()
    a_new_box(ends[0], page, person, key, tmp_path)
    tablet.browser.close()


def a_new_device(tablet: Tablet, box: Box, scratch: Path) -> Path:
    """It is refused by https, told what to do by http, and takes the authority that the box's terminal names."""
    page = tablet.browse()
    with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
        page.context.new_page().goto(NAME)
    page.goto(f"http://{BOX_NUMBER}/")
    shown = "".join(page.locator("main").inner_text().split()).upper()
    printed = re.search(r"(?:[0-9A-F]{2}:){31}[0-9A-F]{2}", box.told)[0]
    assert printed.replace(":", "") in shown.replace(":", "")
    with page.expect_download() as taken:
        page.locator("a[href$='yihe.pem'], a[href$='yihe.crt']").first.evaluate("link => link.click()")
    authority = scratch / "authority"
    taken.value.save_as(authority)
    kind = "PEM" if authority.read_bytes().startswith(b"-----") else "DER"
    told = subprocess.run(["openssl", "x509", "-inform", kind, "-in", authority, "-noout", "-fingerprint", "-sha256"], capture_output=True, text=True, check=True)
    assert printed in told.stdout
    tablet.browser.close()
    if kind == "DER":
        subprocess.run(["openssl", "x509", "-inform", "DER", "-in", authority, "-out", scratch / "authority.pem"], check=True)
        return scratch / "authority.pem"
    return authority


def a_shift(walk: Walk) -> str:
    """Set up, the tablet enrolled, two on shift; a person with a card, a work chain and a raised pressure. The address of the person."""
    page = walk.page
    page.goto(NAME)
    assert page.evaluate("isSecureContext")
    page.goto(f"{NAME}/")
    walk.fill(clinic_name="和平里诊所", address="和平里 12 号", phone="0531-5550 1234", name="安明远", sign_in="owner", password=PASSWORD, code=walk.clinic.code)
    walk.choose("language", "zh")
    walk.primary()
    page.wait_for_url("**/today")
    for sign_in, name, role in (("lin", "林文清", "doctor"), ("he", "何静", "health_manager")):
        page.goto(f"{NAME}/manage/staff/new")
        walk.fill(name=name, sign_in=sign_in, password=PASSWORD)
        page.locator("[name=role]").select_option(role)
        walk.choose("language", "zh")
        walk.primary()
        page.wait_for_url(re.compile("/manage/staff(/\\d+)?$"))
    page.goto(f"{NAME}/manage/tablets")
    page.locator("#tablet-form [name=name]").fill("前台")
    page.locator("[formaction='/manage/tablets/here']").click()
    expect(page.locator("table.list")).to_contain_text("前台")
    a_pin(page)
    page.goto(f"{NAME}/sign-in")  # she begins her shift beside the owner's
    walk.sign_in("he")
    switch(page, "安明远")
    a_pin_of(page, "何静")
    page.goto(f"{NAME}/patients")
    walk.register_with_card()
    walk.clinic = Clinic(NAME, walk.clinic.folder, {}, "")
    walk.work_chain()
    page.goto(f"{NAME}{walk.person}/indicators")
    page.locator(".actions a.primary").click()
    walk.fill(value_SBP="168", value_DBP="102")
    walk.primary()
    page.wait_for_url(re.compile(r"/results/\d+$"))
    page.goto(f"{NAME}{walk.person}")
    expect(page.locator(".banner details.tag").first).to_be_visible()
    return walk.person


def a_pin_of(page: Page, name: str) -> None:
    """Without a PIN the tile asks for the password; then she has one, and comes back by it."""
    switch(page, name, PASSWORD)
    a_pin(page)
    switch(page, "安明远")
    switch(page, name)


def a_pin(page: Page) -> None:
    page.goto(f"{NAME}/account")
    form = page.locator("#pin-form")
    form.locator("[name=pin]").fill(PIN)
    form.locator("[name=again]").fill(PIN)
    form.locator("[name=password]").fill(PASSWORD)
    form.locator("button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("您已有 PIN 码")


def switch(page: Page, name: str, password: str = "") -> None:
    """By a tap on the name and the PIN; by the password where there is none."""
    page.locator("details.menu summary").click()
    page.locator("form[action='/lock'] button").first.click()
    expect(page.locator("#lock-box")).to_contain_text(name)
    if not page.locator("#lock-form", has_text=name).count():
        page.get_by_role("link", name=name).click()
    expect(page.locator("#lock-form")).to_contain_text(name)
    page.locator("[name=secret]").fill(password or PIN)
    if password:  # six digits are sent by themselves
        page.locator("#lock-form button.primary").click()
    expect(page.locator("summary.actor")).to_contain_text(name)


def backed_up(page: Page, scratch: Path) -> str:
    """The owner puts a stick in and prints the sheet; the groups of its key, read off the paper."""
    (scratch / "stick").mkdir()
    switch(page, "安明远")
    page.goto(f"{NAME}/manage/backup")
    page.locator("#place-form [name=at]").fill(str(scratch / "stick"))
    page.locator("#place-form button[type=submit]").click()
    expect(page.locator("#standing .notice.good")).to_be_visible(timeout=90_000)
    page.locator("#recovery [name=password]").fill(PASSWORD)
    page.locator("#recovery button[value=page]").click()
    expect(page.locator("table.groups")).to_be_visible()
    page.pdf(path=scratch / "sheet.pdf")
    paper = subprocess.run(["pdftotext", "-layout", scratch / "sheet.pdf", "-"], capture_output=True, text=True, check=True).stdout
    groups = re.findall(r"\b[0-9A-Z]{4}\b", "\n".join(line for line in paper.splitlines() if len(re.findall(r"\b[0-9A-Z]{4}\b", line)) >= 3))
    assert "restore" in paper and len(groups) >= 6, paper
    return " ".join(groups)


class Writing(threading.Thread):
    """Somebody on the tablet records one value after the other, from a machine of its own; each that was answered for is told."""

    SCRIPT = """
import os, ssl, sys, httpx
address, cookies, authority, person = sys.argv[1:5]
context = ssl.create_default_context(cafile=authority)
with httpx.Client(base_url=address, verify=context, headers={"Cookie": open(cookies).read(), "Sec-Fetch-Site": "same-origin", "Host": "yihe.local"}) as tablet:
    n = 0
    while True:
        n += 1
        answer = tablet.post(f"{person}/observations", data={"token": f"shelf-{n}", "value_SBP": str(110 + n % 30), "value_DBP": "70"}, extensions={"sni_hostname": "yihe.local"})
        if answer.status_code == 303:
            print(f"shelf-{n}", flush=True)
        else:
            print("refused", answer.status_code, flush=True)
"""

    def __init__(self, machine: Machine, page: Page, person: str, authority: Path, scratch: Path) -> None:
        super().__init__(daemon=True)
        jar, script = scratch / "jar", scratch / "writing.py"
        jar.write_text("; ".join(f"{one['name']}={one['value']}" for one in page.context.cookies()))
        script.write_text(self.SCRIPT)
        self.process = subprocess.Popen(
            machine.does(sys.executable, script, f"https://{BOX_NUMBER}", jar, authority, person), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.lines: list[str] = []
        self.start()

    def run(self) -> None:
        for line in self.process.stdout:
            self.lines.append(line.strip())

    def until(self, many: int) -> None:
        end = time.monotonic() + 60
        while len(self.lines) < many:
            assert time.monotonic() < end and self.process.poll() is None, self.lines
            time.sleep(0.002)

    def acknowledged(self) -> list[str]:
        self.process.wait(60)
        self.join()
        self.process.stdout.close()
        assert all(one.startswith("shelf-") for one in self.lines), self.lines
        return self.lines


def after_the_cut(page: Page, person: str, acknowledged: list[str]) -> None:
    """The tablet is still signed in, and what was answered for is there."""
    page.goto(f"{NAME}{person}/indicators/SBP")
    expect(page.locator(".banner h1")).to_have_text("王秀英")
    shown = page.locator("main").inner_text()
    assert len(acknowledged) >= 12 and re.search(r"\b168\b", shown)
    for token in acknowledged:
        assert re.search(rf"\b{110 + int(token.removeprefix('shelf-')) % 30}\b", shown), token


def a_new_box(machine: Machine, page: Page, person: str, key: str, scratch: Path) -> None:
    """Only the stick and the sheet are left. What the sheet says is done; then people sign in as before."""
    backups = sorted((scratch / "stick").rglob("*.yihe"))
    typed = scratch / "typed"
    typed.write_text(key)
    shutil.rmtree(scratch / "data")
    shutil.rmtree(scratch / "after")
    done = subprocess.run(
        [sys.executable, "run.py", "restore", str(backups[-1]), "--data", str(scratch / "new"), "--key-file", str(typed)],
        cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    box = Box(machine, scratch / "new", scratch)
    page.context.clear_cookies()
    page.goto(f"{NAME}/sign-in")  # its certificate is of the same authority: that was in the backup
    page.locator("[name=sign_in]").fill("lin")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button.primary").click()
    page.wait_for_url("**/today")
    page.goto(f"{NAME}{person}/indicators")
    expect(page.locator(".banner h1")).to_have_text("王秀英")
    expect(page.locator("main")).to_contain_text("168")
    box.stop()
