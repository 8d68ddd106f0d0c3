"""A disk that fails: nothing half is kept, reading goes on, and nobody sees a bare error page."""

import errno
import shutil
import subprocess
import sys
from contextlib import closing

import pytest

from app.clinic import patients, staff
from app.core import faults
from app.core.access import Actor, Role
from app.core.errors import Busy, Damaged, DiskFails, DiskFull, ReadOnly
from app.core.sqlite import sqlite3

NEW = patients.NewPatient("王秀英", "female")


def error(name):
    one = sqlite3.OperationalError("disk I/O error")
    one.sqlite_errorname = name
    return one


@pytest.mark.parametrize(("met", "kind"), [
    (error("SQLITE_FULL"), DiskFull), (error("SQLITE_IOERR_WRITE"), DiskFails), (error("SQLITE_IOERR_FSYNC"), DiskFails),
    (error("SQLITE_READONLY_DIRECTORY"), ReadOnly), (error("SQLITE_READONLY"), ReadOnly), (error("SQLITE_BUSY_SNAPSHOT"), Busy),
    (error("SQLITE_CORRUPT_INDEX"), Damaged), (error("SQLITE_NOTADB"), Damaged), (error("SQLITE_CANTOPEN"), DiskFails),
    (OSError(errno.ENOSPC, "x"), DiskFull), (OSError(errno.EROFS, "x"), ReadOnly), (OSError(errno.EIO, "x"), DiskFails),
    (error("SQLITE_CONSTRAINT_CHECK"), type(None)), (error("SQLITE_ERROR"), type(None)), (FileNotFoundError(), type(None)),
    (ValueError(), type(None)),
])  # fmt: skip
def test_every_failure_of_the_disk_has_its_refusal(met, kind):
    assert type(faults.of(met)) is kind


@pytest.fixture
def who_is():
    """who_is(db, "desk"): one of the cast in a clinic that a test opened itself."""
    return lambda db, sign_in: next(Actor(m.id, m.name, Role(m.role), m.language) for m in staff.everyone(db) if m.sign_in == sign_in)


@pytest.fixture
def small(made_once, tmp_path):
    """A clinic on a disk of its own of 8 MB, where the system lets us have one; else one whose file may not grow."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount") and subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", folder], capture_output=True)
    mounted = bool(mount) and mount.returncode == 0
    shutil.copytree(made_once, folder / "data")
    yield folder / "data"
    if mounted:
        subprocess.run(["umount", "--lazy", folder], check=True)


def fill(db):
    """Take all that is left of the disk; what gives it back."""
    filler = db.path.parent / "filler"
    if db.path.parent.parent.is_mount():
        with filler.open("wb", buffering=0) as file:
            while True:
                try:
                    file.write(bytes(4096))
                except OSError:
                    return filler.unlink
    db.writer.execute(f"PRAGMA max_page_count = {db.value('PRAGMA page_count')}")
    return lambda: db.writer.execute("PRAGMA max_page_count = 1073741823")


@pytest.fixture
def house_on(the_house):
    """house_on(folder): a browser of the owner's on the clinic there."""
    from litestar.testing import TestClient

    from app.main import furnish
    from tests.conftest import PASSWORD

    opened = []

    def enter(folder):
        furnish(the_house, folder)
        client = TestClient(the_house)
        opened.append(client.__enter__())
        client.headers["Sec-Fetch-Site"] = "same-origin"
        assert client.post("/sign-in", data={"sign_in": "owner", "password": PASSWORD}, follow_redirects=False).status_code == 303
        return client

    yield enter
    for client in opened:
        client.__exit__(None, None, None)


def test_a_full_disk_takes_nothing_half_and_goes_on_showing_what_is_there(small, house_on, who_is):
    client = house_on(small)
    db, kept = client.app.state.db, 0
    free = fill(db)
    with pytest.raises(DiskFull):
        for _n in range(500):
            patients.register(db, who_is(db, "desk"), NEW)
            kept += 1
    assert db.value("SELECT count(*) FROM patients") == kept, "what was acknowledged is what is stored"
    assert isinstance(db.faults.writing, DiskFull)
    refused = client.post("/patients", data={"name": "李小小", "sex": "female", "address": "和" * 100}, follow_redirects=False)
    assert refused.status_code == 503 and "磁盘满了" in refused.text and db.value("SELECT count(*) FROM patients") == kept
    assert client.get("/patients").status_code == 200 and client.get("/manage/audit").status_code == 200
    free()
    patients.register(db, who_is(db, "desk"), NEW)
    assert db.faults.writing is None


def test_a_disk_that_turns_read_only_refuses_writing_in_words_and_goes_on_showing(client, sign_in):
    sign_in("owner")
    db = client.app.state.db
    db.writer.execute("PRAGMA query_only = on")  # SQLite says the same of a disk that was made read-only under it
    refused = client.post("/patients", data={"name": "李小小", "sex": "female"}, follow_redirects=False)
    assert refused.status_code == 503 and "磁盘写不进去了" in refused.text and isinstance(db.faults.writing, ReadOnly)
    assert client.get("/patients").status_code == 200
    db.writer.execute("PRAGMA query_only = off")
    assert client.post("/patients", data={"name": "李小小", "sex": "female"}, follow_redirects=False).status_code == 303
    assert db.faults.writing is None


def test_an_input_or_output_error_anywhere_is_no_bare_error_page(client, sign_in, monkeypatch):
    sign_in("owner")

    def fail(*_of, **_named):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(patients, "get", fail)
    answer = client.get("/patients/1")
    assert answer.status_code == 503 and "磁盘读写出错" in answer.text


def spoil(path, table):
    """Flip bytes in the page where a table begins, as a worn-out disk does. The file is closed."""
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA journal_mode = delete")
        page = file.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()[0]
        size = file.execute("PRAGMA page_size").fetchone()[0]
        file.execute("PRAGMA journal_mode = wal")
    with path.open("r+b") as raw:
        raw.seek((page - 1) * size)
        start = raw.read(64)
        raw.seek((page - 1) * size)
        raw.write(bytes(byte ^ 0xFF for byte in start))




@pytest.mark.skipif(sys.platform == "win32", reason="no limit on a file's size there")
def test_a_write_the_system_fails_is_rolled_back_and_reading_goes_on(db, who):
    """The system itself refuses to make any file longer: SQLite calls that an input/output error."""
    import resource

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    people = db.value("SELECT count(*) FROM patients")
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))
    try:
        with pytest.raises(DiskFails):
            patients.register(db, who("desk"), NEW)
        assert db.value("SELECT count(*) FROM patients") == people and isinstance(db.faults.writing, DiskFails)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert patients.register(db, who("desk"), NEW) and db.faults.writing is None
