"""Another machine as the second place: chosen on the page, filled by the run, restored from on an empty one."""

import html
import re
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from litestar.testing import TestClient

from app.clinic import backups
from app.clinic.backups import queries
from app.commands import main
from app.commands import unsealing as asking
from app.core import typable
from tests.places.conftest import PASSWORD, Machine
from tests.places.conftest import machine as machine

SHOWN = re.compile(r'name="host_key" value="([^"]+)"')


def test_from_the_page_to_an_empty_machine(
    sign_in: Callable[[str], TestClient], person: int, folder: Path, machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,  # noqa: F811
    capsys: pytest.CaptureFixture,
) -> None:
    browser = sign_in("owner")
    db = browser.app.state.db
    where = {"address": str(machine.server("/backups"))}
    where["host_key"] = html.unescape(SHOWN.search(browser.post("/manage/backup/machines", data=where).text)[1])
    wrong = browser.post("/manage/backup/machines/trusted", data=where | {"password": "not it"})
    assert wrong.status_code == 422 and "127.0.0.1" in wrong.text and backups.places(db)[0].kind == "own"
    assert browser.post("/manage/backup/machines/trusted", data=where | {"password": PASSWORD}, follow_redirects=False).status_code == 303
    [place] = backups.places(db)
    assert backups.elsewhere(db) and backups.do(db, folder, queries.open_run(db, place.id), lambda: False)
    proof = backups.last_proved(db, place.id).proven
    assert proof.pages == 1 and (machine.folder / "backups").is_dir() and "核对无误" in browser.get("/manage/backup").text

    machine.stop()
    backups.want(db, None, place.id)
    assert not backups.do(db, folder, queries.open_run(db, place.id), lambda: False)
    assert "127.0.0.1" in backups.open_run(db, place.id).why_told and backups.open_run(db, place.id).tries == 0
    machine.start()

    restored = tmp_path / "new"
    sheet = StringIO(" ".join(typable.groups(backups.key(folder))))
    monkeypatch.setattr(sys, "stdin", sheet)
    address = f"{machine.server('/backups')}/{Path(place.told).name}/{proof.name}"
    assert main(["restore", address, "--data", str(restored)]) == 2  # nobody at a terminal compared its key
    monkeypatch.setattr(sheet, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda prompt: "y" if "y/N" in prompt else sheet.readline())
    monkeypatch.setattr(asking.getpass, "getpass", lambda _prompt: PASSWORD)
    assert main(["restore", address, "--data", str(restored)]) == 0
    assert (restored / "clinic.db").is_file() and PASSWORD not in capsys.readouterr().out
