"""Room on the disk: told before it ends, a reserve for when it has, and a log that does not grow for ever."""

import os
from contextlib import closing
from types import SimpleNamespace

import pytest

from app.clinic import box, patients
from app.core import disk, settings, troubles
from app.core.disk import MB, Ballast
from app.core.errors import DiskFull
from app.core.sqlite import sqlite3

GB = 1024 * MB


@pytest.fixture
def room(monkeypatch):
    """room(bytes): so much is left on the disk."""
    def leave(left):
        monkeypatch.setattr(disk, "free", lambda _folder: left)
    return leave


@pytest.mark.parametrize(("left", "code", "level", "for_whom"), [
    (50 * GB, None, None, None), (GB - 1, "disk.low", "amber", "owner"), (200 * MB - 1, "disk.low", "red", "everybody"),
    (20 * MB - 1, "disk.full", "red", "everybody"), (0, "disk.full", "red", "everybody"),
])  # fmt: skip
def test_what_is_left_is_told_before_it_ends(db, room, left, code, level, for_whom):
    room(left)
    said = troubles.LOOKS["disk"](SimpleNamespace(db=db, folder=db.path.parent))
    assert (said.code, said.level, said.for_whom) == (code, level, for_whom) if code else said is None


@pytest.mark.parametrize(("left", "made"), [(100 * GB, 500 * MB), (8 * GB, 409 * MB), (GB, 0)])
def test_the_reserve_is_as_large_as_fits_the_disk(db, room, monkeypatch, left, made):
    settings.put(db, None, reserve_mb=None)
    room(left)
    asked = []
    monkeypatch.setattr(Ballast, "make", lambda self, size: asked.append(size))
    box.tend(SimpleNamespace(db=db, folder=db.path.parent))
    assert asked == ([made] if made else [])


def test_the_reserve_is_real_blocks_one_tap_frees_it_and_it_comes_back_when_there_is_room(client, sign_in, room):
    state = client.app.state
    ballast = Ballast(state.folder)
    settings.put(state.db, None, reserve_mb=20)
    room(5 * GB)
    box.tend(state)
    assert ballast.size == 20 * MB and ballast.path.stat().st_mode & 0o777 == 0o600
    if hasattr(os, "posix_fallocate"):
        assert ballast.path.stat().st_blocks * 512 >= 20 * MB
    page = sign_in("owner").get("/manage/health").text
    assert "放出备用空间（20 MB）" in page
    room(0)
    assert client.post("/manage/health/room", follow_redirects=False).status_code == 303 and not ballast.size
    box.tend(state)
    assert not ballast.size, "there is no room yet"
    room(5 * GB)
    box.tend(state)
    assert ballast.size == 20 * MB
    settings.put(state.db, None, reserve_mb=0)
    box.tend(state)
    assert not ballast.size


def test_a_full_disk_gives_up_a_slice_once_so_that_an_owner_can_sign_in(client, room):
    state = client.app.state
    settings.put(state.db, None, reserve_mb=20)
    room(5 * GB)
    box.tend(state)
    room(0)
    for _beat in range(3):
        state.db.faults.writing = DiskFull()
        box.tend(state)
    assert Ballast(state.folder).size == 4 * MB and state.db.faults.writing is None, "and a real write ends the fault"


def test_the_size_is_asked_for_in_words_that_are_kept(client, sign_in):
    refused = sign_in("owner").post("/manage/health/reserve", data={"reserve_mb": "many"})
    assert refused.status_code == 422 and "many" in refused.text and "error" in refused.text
    assert client.post("/manage/health/reserve", data={"reserve_mb": "300"}, follow_redirects=False).status_code == 303
    assert settings.get(client.app.state.db, "reserve_mb") == 300
    assert sign_in("nurse").post("/manage/health/room").status_code == 403


def test_a_log_that_somebody_keeps_from_being_folded_in_is_told_and_folded_in_afterwards(db, who, monkeypatch):
    monkeypatch.setattr(box.watching, "FOLD", 0)
    monkeypatch.setattr(box.watching, "LONG_LOG", 64 * 1024)
    state = SimpleNamespace(db=db, folder=db.path.parent)
    with closing(sqlite3.connect(db.path, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM events").fetchone()
        for _n in range(10):
            patients.register(db, who("desk"), patients.NewPatient("王秀英", "female"))
        box.tend(state)
        said = troubles.LOOKS["log"](state)
        assert said.code == "log.long" and said.for_whom == "owner"
        assert patients.register(db, who("desk"), patients.NewPatient("王秀英", "female")), "work goes on meanwhile"
    box.tend(state)
    assert box.size(box.log_of(db)) == 0 and troubles.LOOKS["log"](state) is None
