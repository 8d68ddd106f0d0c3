import errno
import os
from pathlib import Path

import pytest

from app.core.errors import DiskFull
from app.core.files import Files


def test_the_same_content_is_kept_once(tmp_path: Path) -> None:
    files = Files(tmp_path / "files")
    first, again, other = files.put(b"one"), files.put(b"one"), files.put(b"")
    assert first == again != other
    assert files.read(first) == b"one" and files.read(other) == b""
    assert len([path for path in (tmp_path / "files").rglob("*") if path.is_file()]) == 2


@pytest.mark.parametrize("name", ["../clinic.db", "/etc/passwd", "a" * 63, "A" * 64, "a" * 64 + "/..", ""])
def test_a_name_is_never_a_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileNotFoundError):
        Files(tmp_path).read(name)


def test_a_broken_write_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = Files(tmp_path)

    def full(_handle: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("app.core.files.os.fsync", full)
    with pytest.raises(OSError, match="no space"):
        files.put(b"one")
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_file_and_its_folders_are_on_the_disk_before_its_hash_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file before it takes its name, then every folder on the way down; also where the same content stood already."""
    done = []
    fsync, replace = os.fsync, os.replace
    monkeypatch.setattr("app.core.files.os.fsync", lambda handle: (done.append(os.fstat(handle).st_ino), fsync(handle)))
    monkeypatch.setattr("app.core.files.os.replace", lambda one, other: (done.append("named"), replace(one, other)))
    files = Files(tmp_path / "files")
    name = files.put(b"one")
    target = tmp_path / "files" / name[:2] / name
    folders = [folder.stat().st_ino for folder in list(target.parents)[:3]]
    assert done == [target.stat().st_ino, "named", *folders]
    done.clear()
    assert files.put(b"one") == name and done == folders


def test_what_arrives_in_pieces_is_whole_or_not_there(tmp_path: Path) -> None:
    files = Files(tmp_path / "files")
    with files.incoming() as arriving:
        for piece in (b"one ", b"and ", b"two"):
            arriving.write(piece)
        arriving.flush()
        assert arriving.path.read_bytes() == b"one and two" and arriving.size == 11
        name = arriving.keep()
    assert files.read(name) == b"one and two" and name == Files(tmp_path / "other").put(b"one and two")
    with pytest.raises(RuntimeError), files.incoming() as arriving:
        arriving.write(b"cut off")
        raise RuntimeError
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 2


def test_a_full_disk_is_told_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr("app.core.files.os.fsync", full)
    with pytest.raises(DiskFull):
        Files(tmp_path).put(b"one")
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
