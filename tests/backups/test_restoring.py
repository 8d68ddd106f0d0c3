"""From a stick and a sheet of paper to a clinic that is signed in to; killed at any moment, it is the old one or the new one."""

import os
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from app.clinic import backups
from app.clinic.backups import restoring
from app.commands import folder as held_folder
from app.commands import main
from app.core import typable
from app.core.db import Database
from app.core.places import FolderPlace
from app.main import furnish
from tests.backups.conftest import quiet
from tests.conftest import PASSWORD


@pytest.fixture
def typed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """What stands on the input of a command; the sheet's groups unless something else is given."""
    return lambda text="": monkeypatch.setattr(sys, "stdin", StringIO(text or " ".join(typable.groups(backups.key(folder)))))


@pytest.fixture
def file(made: backups.Proof, stick: FolderPlace, db: Database) -> str:
    db.close_readers()
    return str(stick.folder / made.name)


def test_an_empty_machine_with_the_stick_and_the_sheet_is_the_clinic_again(
    file: str, typed: Callable, tmp_path: Path, the_house: Litestar, person: int, folder: Path, capsys: pytest.CaptureFixture,
) -> None:
    target = tmp_path / "new"
    typed()
    assert main(["restore", file, "--data", str(target)]) == 0
    assert "恢复完成" in capsys.readouterr().out
    if os.name == "posix":
        assert (target / "clinic.db").stat().st_mode & 0o777 == 0o600 and (target / "keys" / "backup.key").stat().st_mode & 0o777 == 0o600
    assert {path.name for path in (target / "files").glob("??/*")} == {path.name for path in (folder / "files").glob("??/*")}
    assert not (target / "restoring").exists()
    furnish(the_house, target)
    with TestClient(the_house) as browser:
        browser.headers["Sec-Fetch-Site"] = "same-origin"
        assert browser.post("/sign-in", data={"sign_in": "doctor", "password": PASSWORD}, follow_redirects=False).status_code == 303
        assert "王秀英" in browser.get(f"/patients/{person}").text
        assert browser.get(f"/patients/{person}/reports/1/report.pdf").content.startswith(b"%PDF")


def test_it_can_be_verified_without_being_restored(file: str, typed: Callable, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    typed()
    assert main(["verify-backup", file, "--data", str(tmp_path / "nowhere")]) == 0
    typed()
    assert main(["verify-backup", str(Path(file).parent), "--data", str(tmp_path / "nowhere")]) == 0  # the newest in a folder
    assert main(["verify-backup", str(tmp_path), "--data", str(tmp_path / "nowhere")]) == 2
    assert "whole" in capsys.readouterr().out
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize(("text", "says"), [("AAAA", "第 1 组与恢复单不符"), ("-", "缺第 1 组"), (" ".join(typable.groups(bytes(32))), "密钥与这份备份不符")])
def test_a_wrong_sheet_is_said_in_both_languages(
    file: str, typed: Callable, tmp_path: Path, capsys: pytest.CaptureFixture, text: str, says: str,
) -> None:
    typed(text)
    assert main(["restore", file, "--data", str(tmp_path / "new")]) == 1
    said = capsys.readouterr().err
    assert says in said and "sheet" in said and not (tmp_path / "new" / "clinic.db").exists()


def test_a_tampered_one_is_refused_and_what_lives_there_is_as_it_was(file: str, folder: Path, capsys: pytest.CaptureFixture) -> None:
    path = Path(file)
    content = bytearray(path.read_bytes())
    content[-40] ^= 1
    path.write_bytes(content)
    before = {one: one.read_bytes() for one in folder.rglob("*") if one.is_file() and one.suffix not in (".lock",) and "clinic.db-" not in one.name}
    assert main(["restore", file, "--data", str(folder), "--aside"]) == 1
    assert "damaged" in capsys.readouterr().err
    assert {one: one.read_bytes() for one in before} == before


def test_a_folder_that_is_lived_in_is_only_taken_when_it_is_said(file: str, folder: Path, capsys: pytest.CaptureFixture) -> None:
    """The former clinic is kept whole, and the data folder's own key is used where it fits."""
    former = (folder / "clinic.db").stat().st_ino
    assert main(["restore", file, "--data", str(folder)]) == 1
    assert "--aside" in capsys.readouterr().err and (folder / "clinic.db").stat().st_ino == former
    assert main(["restore", file, "--data", str(folder), "--aside"]) == 0
    [aside] = folder.glob("before-restore-*")
    assert (aside / "clinic.db").stat().st_ino == former and (aside / "files").is_dir() and (aside / "keys" / "backup.key").exists()
    assert (folder / "clinic.db").stat().st_ino != former


def test_a_yihe_at_work_is_not_restored_over(file: str, folder: Path, capsys: pytest.CaptureFixture) -> None:
    with held_folder.held(folder):
        assert main(["restore", file, "--data", str(folder), "--aside"]) == 2
    assert "Another Yihe" in capsys.readouterr().err


def test_killed_at_any_move_it_is_finished_by_whoever_comes_next(made: backups.Proof, folder: Path, stick: FolderPlace, db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the first move the folder is the former clinic; after it, no clinic's file is there until the last."""
    db.close_readers()
    key, moves, replace = backups.key(folder), [0], os.replace

    def dying(after: int) -> Callable:
        def move(source: Path, target: Path) -> None:
            moves[0] += 1
            if moves[0] > after:
                raise KeyboardInterrupt
            replace(source, target)
        return move

    killed = 0
    for after in range(40):
        moves[0] = 0
        with monkeypatch.context() as patch:
            patch.setattr(restoring.os, "replace", dying(after))
            patch.setattr(restoring, "bring_files", lambda *_: None)  # its moves are not the ones meant here
            try:
                backups.restore(folder, stick, key, made.name, known(), quiet, aside=True)
                break
            except KeyboardInterrupt:
                killed += 1
        assert (folder / "clinic.db").exists() == (after == 0)
        with held_folder.held(folder):  # as starting Yihe does
            assert (folder / "clinic.db").exists() and (folder / "keys" / "backup.key").read_bytes() == key
        assert not (folder / "restoring").exists()
    assert killed >= 4
    assert len(list(folder.glob("before-restore-*"))) >= 1


def known() -> list[str]:
    from app.core import migrations

    return [path.stem for path in migrations.FOLDER.glob("[0-9]*.sql")]


def test_the_terminal_makes_one_and_a_clinic_at_rest_hears_of_it(
    folder: Path, person: int, db: Database, tmp_path: Path, capsys: pytest.CaptureFixture,
) -> None:
    db.close_readers()
    assert main(["backup", "--data", str(folder)]) == 0
    assert "proved" in capsys.readouterr().out
    assert backups.newest_proved(db).proven.pages == 1
    assert main(["backup", "--data", str(folder), "--to", str(tmp_path / "usb")]) == 0
    [file] = (tmp_path / "usb").glob("yihe-*/yihe-*.yihe")
    assert main(["verify-backup", str(file), "--data", str(folder)]) == 0
    with held_folder.held(folder):
        assert main(["backup", "--data", str(folder)]) == 0
    assert "does not list" in capsys.readouterr().out
