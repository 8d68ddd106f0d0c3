from pathlib import Path

import pytest

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
