"""A folder as a place: whole or not at all, and never taken for what is not there."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core import places
from app.core.errors import NotFound
from app.core.places import FolderPlace, NoRoom, Unreachable


@pytest.fixture
def place(tmp_path: Path) -> FolderPlace:
    place = FolderPlace(tmp_path / "stick" / "yihe-1")
    place.prepare()
    return place


def test_what_is_put_can_be_listed_got_and_dropped(place: FolderPlace) -> None:
    assert place.put("files/ab/abcd", [b"one", b"two"]) == 6
    place.put("a.yihe", [b"x"])
    assert place.names() == {"a.yihe": 1} and place.names("files/ab") == {"files/ab/abcd": 6} and place.names("files/00") == {}
    assert b"".join(place.get("files/ab/abcd")) == b"onetwo"
    place.put("a.yihe", [b"newer"])
    assert b"".join(place.get("a.yihe")) == b"newer"
    place.drop("a.yihe")
    place.drop("a.yihe")
    assert place.names() == {}
    with pytest.raises(NotFound):
        place.get("a.yihe")


def broken() -> Iterator[bytes]:
    yield b"half"
    raise KeyError("the source")


def test_what_breaks_off_leaves_what_was_there(place: FolderPlace) -> None:
    place.put("a.yihe", [b"before"])
    with pytest.raises(KeyError):
        place.put("a.yihe", broken())
    assert b"".join(place.get("a.yihe")) == b"before"
    assert sorted(path.name for path in place.folder.iterdir()) == ["README.txt", "a.yihe"]


def test_what_a_killed_run_left_half_is_never_shown_and_goes(place: FolderPlace) -> None:
    (place.folder / "b.yihe.part").write_bytes(b"half")
    assert place.names() == {}
    place.put("c.yihe", [b"x"])
    assert not (place.folder / "b.yihe.part").exists()


def test_an_unplugged_stick_is_not_an_empty_one(place: FolderPlace) -> None:
    """Its mount point is still there, on the machine's own disk."""
    (place.folder / "README.txt").unlink()
    for what in (place.names, lambda: place.put("a.yihe", [b"x"]), lambda: place.get("a.yihe"), lambda: place.drop("a.yihe")):
        with pytest.raises(Unreachable):
            what()
    assert list(place.folder.iterdir()) == []


@pytest.mark.parametrize(("code", "kind"), [(errno.ENOSPC, NoRoom), (errno.EDQUOT, NoRoom), (errno.EROFS, Unreachable), (errno.EIO, Unreachable)])
def test_a_full_or_failing_disk_is_said(place: FolderPlace, monkeypatch: pytest.MonkeyPatch, code: int, kind: type) -> None:
    def fail(_file: object, _piece: bytes) -> int:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(places, "_whole", fail)
    with pytest.raises(kind):
        place.put("a.yihe", [b"x"])
    assert place.names() == {} and not list(place.folder.glob("*.part"))


@pytest.mark.parametrize("name", ["../out", "/etc/passwd", "a/../../out", "files//x", "", ".", "a\0b", "files/.hidden"])
def test_no_name_leads_out_of_it(place: FolderPlace, name: str) -> None:
    with pytest.raises(NotFound):
        place.put(name, [b"x"])
