"""The plug is pulled at any moment between any two writes: whatever was acknowledged is there, and the file is whole.

The writer really runs; what it asked of the disk is recorded below SQLite, and then played up to a moment and broken off there,
with what was not synced kept, lost or torn. YIHE_SLOW=1 pulls it a thousand times.
"""

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from app.clinic import patients
from app.clinic.patients import NewPatient
from app.core import clock
from app.core.sqlite import sqlite3
from app.main import open_clinic
from tests.kill.powercut import Call, Disk, calls

HERE = Path(__file__).parent
PULLS = 1000 if os.environ.get("YIHE_SLOW") else 60
WRITES = 120

pytestmark = pytest.mark.skipif(not shutil.which("gcc"), reason="the recorder needs a C compiler")
Record = Callable[[str], tuple[dict[str, bytes], list[Call], Path]]


@pytest.fixture
def record(folder: Path, tmp_path: Path) -> Record:
    """record("full") has the writer write and tells: the files before, every call on them, the folder's name."""
    with clock.stop(datetime.now(UTC)):
        db = open_clinic(folder)
        patients.register(db, None, NewPatient("王秀英", "female", date(1950, 1, 1)))
        db.close()
    before = {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    library, log = tmp_path / "powercut.so", tmp_path / "calls"
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", library, HERE / "powercut.c", "-ldl"], check=True)

    def run(synchronous: str) -> tuple[dict[str, bytes], list[Call], Path]:
        preloaded = os.environ | {"LD_PRELOAD": str(library), "POWERCUT_LOG": str(log), "POWERCUT_FOLDER": str(folder)}
        subprocess.run([sys.executable, HERE / "writer.py", folder, str(WRITES), synchronous], env=preloaded, check=True)
        return before, calls(log), folder

    return run


def pulls(before: dict[str, bytes], record: list[Call], root: Path, scratch: Path):
    """(what was acknowledged before the moment, the folder as it may be after it), for moments all over the record."""
    chance = random.Random(11)
    moments = set(chance.sample(range(len(record)), min(PULLS, len(record))))
    disk, acknowledged = Disk(before), []
    for n, call in enumerate(record):
        if n in moments:
            target = scratch / str(n)
            disk.pull_the_plug(target, str(root), chance)
            yield list(acknowledged), target
            shutil.rmtree(target)
        if call.path.endswith("/acks"):
            acknowledged += call.content.decode().split()
        elif not call.path.endswith("-shm"):  # shared memory: not on the disk, made anew
            disk.take(call)


def missing(acknowledged: list[str], folder: Path) -> set[str]:
    """What was acknowledged and is not there; the file must be whole besides."""
    db = sqlite3.connect(folder / "clinic.db")
    try:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        kept = {token.partition("@")[0] for (token,) in db.execute("SELECT token FROM diagnostic_reports")}
    finally:
        db.close()
    files = {path.name for path in (folder / "files").rglob("*") if path.is_file()}
    return set(acknowledged) - kept - files


def test_whatever_was_acknowledged_outlasts_a_power_cut(record: Record, tmp_path: Path) -> None:
    before, made, root = record("full")
    folded = sum(call.what == "W" and call.path.endswith("/clinic.db") for call in made)
    pulled, most = 0, 0
    for acknowledged, folder in pulls(before, made, root, tmp_path / "cut"):
        assert not missing(acknowledged, folder)
        pulled, most = pulled + 1, max(most, len(acknowledged))
    print(f"{pulled} power cuts among {len(made)} calls, {folded} of them folding the log; up to {most} acknowledged: none lost")
    assert pulled == PULLS and most > WRITES / 2 and folded > 50


def test_a_house_that_does_not_wait_for_the_disk_is_caught(record: Record, tmp_path: Path) -> None:
    before, made, root = record("normal")
    assert any(missing(acknowledged, folder) for acknowledged, folder in pulls(before, made, root, tmp_path / "cut"))
