"""Beside the pages: a process of its own that clears up however it ends, once a night, tried again where a place was not there."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from app.clinic import backups
from app.clinic.backups import actions, queries, running
from app.clinic.backups.proving import Unsound
from app.clinic.backups.running import Broken, Job, Later, Stopped
from app.clinic.backups.shapes import Far, Proof
from app.core import clock
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Refusal
from app.core.places import FolderPlace
from tests.conftest import NOW

PROOF = Proof("yihe-20261123-020000.yihe", 1000, 100, 5000, 3, 3, 1)


@pytest.fixture
def run(db: Database, who: Callable[[str], Actor]) -> backups.Run:
    return queries.run(db, backups.want(db, who("owner"), 1))


@pytest.fixture
def child(monkeypatch: pytest.MonkeyPatch) -> Callable[[object], None]:
    """What the child would answer: a proof, or something that is raised."""

    def answers(what: object) -> None:
        def instead(_job: Job, _told: Callable, _stop: Callable) -> Proof:
            if isinstance(what, Exception):
                raise what
            return what

        monkeypatch.setattr(actions, "run_child", instead)

    return answers


# ── the process ──

def test_a_real_one_makes_proves_and_says_so(db: Database, folder: Path, person: int, run: backups.Run, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[Far] = []
    keep = actions._far.update
    monkeypatch.setattr(actions, "_far", type("Far", (dict,), {"update": lambda self, far: (heard.extend(far.values()), keep(far))})())
    assert backups.do(db, folder, run, lambda: False)
    proof = backups.newest_proved(db).proven
    assert proof.pages == 1 and proof.files >= 2 and {one.step for one in heard} >= {"copying", "putting", "restoring", "comparing", "reading"}
    assert proof.name in {path.name for path in (folder / "backups").iterdir()}
    told = db.one(dict, "SELECT kind, details, actor_id FROM events WHERE kind = 'backup.proved'")
    assert json.loads(told["details"])["rows"] == proof.rows and told["actor_id"] is None


def test_broken_off_it_leaves_nothing_half(folder: Path, person: int, tmp_path: Path, db: Database) -> None:
    db.close_readers()
    job = Job(str(folder), "own", "", "yihe-20261123-020000.yihe", clock.DEFAULT_ZONE)
    heard: list[Far] = []
    with pytest.raises(Stopped):
        running.run(job, heard.append, lambda: bool(heard))
    assert [path.name for path in (folder / "scratch").iterdir()] == ["backup.lock"]
    assert not list((folder / "backups").rglob("*.part")) and not list((folder / "backups").glob("*.yihe"))


def test_when_the_house_is_killed_the_child_ends_too(folder: Path, db: Database) -> None:
    """Its input ends with whoever held it."""
    db.close_readers()
    job = msgspec.json.encode(Job(str(folder), "own", "", "yihe-20261123-020000.yihe", clock.DEFAULT_ZONE))
    child = subprocess.run([sys.executable, "-m", "app.clinic.backups.child"], input=job + b"\n", capture_output=True, cwd=running.HOUSE, timeout=20, check=False)
    assert child.returncode == 0 and b"proof" not in child.stdout and child.stderr == b""
    assert [path.name for path in (folder / "scratch").iterdir()] == ["backup.lock"]


@pytest.mark.skipif(sys.platform != "linux", reason="children are found in /proc")
def test_a_killed_child_is_noticed_and_what_it_left_goes_with_the_next(folder: Path, person: int, db: Database) -> None:
    db.close_readers()
    job = Job(str(folder), "own", "", "yihe-20261123-020000.yihe", clock.DEFAULT_ZONE)

    def kill(_far: Far) -> None:
        for thread in Path("/proc/self/task").iterdir():
            for pid in (thread / "children").read_text().split():
                if b"backups.child" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    os.kill(int(pid), signal.SIGKILL)

    with pytest.raises(Broken, match="-9"):
        running.run(job, kill, lambda: False)
    assert running.run(job, lambda _far: None, lambda: False).kept == 1
    assert [path.name for path in (folder / "scratch").iterdir()] == ["backup.lock"]


# ── what came of it ──

def test_a_place_that_is_not_there_is_waited_for_without_end(db: Database, folder: Path, run: backups.Run, child: Callable) -> None:
    for hour in range(30):
        with clock.stop(NOW + timedelta(hours=hour)):
            [due] = backups.due(db)
            child(Later("The place of the backups is not there: is the stick plugged in, the folder's disk switched on?"))
            assert not backups.do(db, folder, due, lambda: False)
            assert backups.due(db) == []
    waiting = backups.open_run(db, 1)
    assert waiting.tries == 0 and "stick" in waiting.why_told
    with clock.stop(NOW + timedelta(hours=31)):
        child(PROOF)
        assert backups.do(db, folder, backups.due(db)[0], lambda: False)
    assert backups.open_run(db, 1) is None and backups.last_proved(db, 1).proven == PROOF and backups.last_proved(db, 1).why == ""


@pytest.mark.parametrize("answer", [Refusal("This backup is damaged or was changed: it is not used."), Broken("KeyError at here.py:7")])
def test_what_fails_again_and_again_is_said_and_left_until_tomorrow(db: Database, folder: Path, run: backups.Run, child: Callable, answer: Exception) -> None:
    child(answer)
    for hour in range(3):
        with clock.stop(NOW + timedelta(hours=hour)):
            backups.do(db, folder, backups.due(db)[0], lambda: False)
    failed = backups.last(db, 1)
    assert failed.failed and failed.tries == 3 and failed.why_told and backups.due(db) == [] and backups.newest_proved(db) is None


def test_the_house_closing_leaves_it_due(db: Database, folder: Path, run: backups.Run, child: Callable) -> None:
    child(Stopped())
    assert not backups.do(db, folder, run, lambda: True)
    assert [one.id for one in backups.due(db)] == [run.id]


def test_what_was_cancelled_is_never_called_proved(db: Database, folder: Path, run: backups.Run, who: Callable, child: Callable) -> None:
    """Also when it was cancelled in the moment in which it was done."""
    backups.cancel(db, who("owner"), run.id)
    child(PROOF)
    backups.do(db, folder, run, lambda: False)
    backups.cancel(db, who("owner"), run.id)
    assert backups.last(db, 1).cancelled and backups.newest_proved(db) is None
    assert db.value("SELECT count(*) FROM events WHERE kind = 'backup.cancelled'") == 1


def test_a_copy_of_a_damaged_file_is_not_made_again_and_again(db: Database, folder: Path, run: backups.Run, child: Callable) -> None:
    child(Unsound("The clinic's own file is damaged, and so is its copy, which is kept. See Manage › The box."))
    backups.do(db, folder, run, lambda: False)
    assert backups.last(db, 1).failed and backups.due(db) == []


# ── when ──

def at(text: str) -> clock.stop:
    return clock.stop(clock.datetime.fromisoformat(f"{text}+08:00"))


def test_once_each_night_and_made_up_where_the_machine_was_off(db: Database, folder: Path, child: Callable) -> None:
    child(PROOF)
    wanted = []
    for moment in ("2026-11-23T01:59", "2026-11-23T02:00", "2026-11-23T02:01", "2026-11-23T23:00", "2026-11-24T01:00", "2026-11-24T09:30", "2026-11-24T10:00"):
        with at(moment):
            backups.want_nightly(db)
            for one in backups.due(db):
                wanted.append(moment)
                backups.do(db, folder, one, lambda: False)
    assert wanted == ["2026-11-23T02:00", "2026-11-24T09:30"]


def test_asked_for_twice_it_is_one(db: Database, who: Callable) -> None:
    assert backups.want(db, who("owner"), 1) == backups.want(db, None, 1)


# ── where ──

def test_chosen_places_take_the_place_of_this_machine(db: Database, folder: Path, who: Callable, tmp_path: Path) -> None:
    """The folder is the clinic's own in the chosen one; adding it again changes nothing; what is removed keeps what lies there."""
    usb = tmp_path / "usb"
    usb.mkdir()
    assert [one.kind for one in backups.places(db)] == ["own"]
    id = backups.add_folder(db, who("owner"), folder, str(usb))
    assert backups.add_folder(db, who("owner"), folder, str(usb)) == id
    [one] = backups.places(db)
    assert one.kind == "folder" and Path(one.at).parent == usb and backups.open_run(db, id) is not None
    assert FolderPlace(Path(one.at)).names() == {} and not backups.elsewhere(db)  # the same disk, so no protection from its loss
    backups.remove_place(db, who("owner"), id)
    assert [one.kind for one in backups.places(db)] == ["own"] and backups.open_run(db, id) is None and Path(one.at).is_dir()
    assert backups.add_folder(db, who("owner"), folder, str(usb)) != id


@pytest.mark.parametrize("folder_name", ["relative", "/nowhere/at/all", "{data}/files"])
def test_a_folder_that_will_not_do_is_refused(db: Database, folder: Path, who: Callable, folder_name: str) -> None:
    (folder / "files").mkdir(exist_ok=True)
    with pytest.raises(Refusal):
        backups.add_folder(db, who("owner"), folder, folder_name.format(data=folder))
