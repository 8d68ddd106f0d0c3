"""A sealed stream comes back whole or not at all."""

import os
from pathlib import Path

import pytest

from app.core import sealing
from app.core.sealing import CHUNK, HEAD, TAG, Damaged, WrongKey, seal, unseal

KEY = bytes(range(32))
CONTENT = os.urandom(CHUNK * 2 + 1000)


@pytest.fixture(scope="module")
def sealed() -> bytes:
    return b"".join(seal(KEY, [CONTENT]))


def opened(stream: bytes, key: bytes = KEY) -> bytes:
    return b"".join(unseal(key, [stream]))


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_it_comes_back_whatever_its_length_and_pieces(size: int) -> None:
    content = os.urandom(size)
    stream = b"".join(seal(KEY, [content[:7], content[7:]]))
    assert len(stream) == sealing.sealed_size(size)
    assert b"".join(unseal(KEY, (stream[at : at + 1000] for at in range(0, len(stream), 1000)))) == content


def test_nothing_of_the_content_can_be_seen_and_no_two_are_alike(sealed: bytes) -> None:
    assert CONTENT[:32] not in sealed
    assert b"".join(seal(KEY, [CONTENT])) != sealed


@pytest.mark.parametrize("at", [0, 4, 5, 13, HEAD - 1, HEAD, HEAD + CHUNK, HEAD + CHUNK + TAG, -TAG, -1])
def test_a_changed_bit_is_refused_wherever_it_is(sealed: bytes, at: int) -> None:
    changed = bytearray(sealed)
    changed[at] ^= 1
    with pytest.raises((Damaged, WrongKey)):
        opened(bytes(changed))


def chunks(stream: bytes) -> list[bytes]:
    return [stream[at : at + CHUNK + TAG] for at in range(HEAD, len(stream), CHUNK + TAG)]


@pytest.mark.parametrize("changed", [
    lambda head, parts: head + b"".join(parts[:-1]), lambda head, parts: head + b"".join(parts[:-1]) + parts[-1][:-1],
    lambda head, parts: head + parts[1] + parts[0] + parts[2], lambda head, parts: head + parts[0] + parts[0] + parts[2],
    lambda head, parts: head + b"".join(parts) + parts[-1], lambda head, parts: head + b"".join(parts) + b"x",
    lambda head, parts: head, lambda head, parts: head[:-1], lambda head, parts: b"", lambda head, parts: b"".join(seal(KEY, [b"other"]))[:HEAD] + b"".join(parts),
], ids=["a chunk less", "a byte less", "swapped", "doubled", "one more", "a byte more", "only a head", "half a head", "nothing", "another's head"])  # fmt: skip
def test_cutting_swapping_and_appending_are_refused(sealed: bytes, changed) -> None:
    with pytest.raises(Damaged):
        opened(changed(sealed[:HEAD], chunks(sealed)))


def test_another_key_is_said_to_be_one(sealed: bytes) -> None:
    with pytest.raises(WrongKey):
        opened(sealed, bytes(32))
    assert sealing.which([sealed]) == sealing.id_of(KEY)


def test_the_key_is_made_once_and_for_us_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "backup.key"
    key = sealing.key_of(path)
    sealing.keep_key(path, bytes(32))  # somebody who came a moment later
    assert sealing.key_of(path) == key != bytes(32)
    assert [left.name for left in path.parent.iterdir()] == ["backup.key"]
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600 and path.parent.stat().st_mode & 0o777 == 0o700


def test_a_content_has_one_name_outside_that_tells_nothing() -> None:
    assert sealing.name_of(KEY, "a" * 64) == sealing.name_of(KEY, "a" * 64) != sealing.name_of(bytes(32), "a" * 64)
