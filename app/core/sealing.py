"""Sealed streams: what leaves the house is encrypted, and whatever was changed, cut, swapped or appended is refused.

A stream is a head (magic, version, which key, salt) and chunks. Each stream has a key of its own, derived from the clinic's and
its salt; each chunk is ChaCha20-Poly1305 under a nonce of its number and whether it is the last (the STREAM construction), with
the head as what is signed along. So nothing needs to be known in advance of how long a stream will be.
"""

import os
from collections.abc import Iterable, Iterator
from hashlib import sha256
from hmac import HMAC
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.core.errors import Refusal
from app.core.words import N_

MAGIC = b"YIHE\x01"
KEY, SALT, ID, TAG = 32, 32, 8, 16
HEAD = len(MAGIC) + ID + SALT
CHUNK = 256 * 1024


class Damaged(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("This backup is damaged or was changed: it is not used."))


class WrongKey(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("This key does not belong to this backup. Look whether the recovery sheet is this clinic's."))


def key_of(path: Path) -> bytes:
    """The clinic's key, made the first time it is asked for; two who ask at once get the same one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        keep_key(path, os.urandom(KEY))
    return path.read_bytes()


def keep_key(path: Path, key: bytes) -> None:
    """Whole and on the disk before it has its name: half a key would be worse than none. What stands there stays."""
    half = path.with_name(f"{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        with open(handle, "wb") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(half, path)
        except FileExistsError:
            pass
        except OSError:  # a file system without links
            os.rename(half, path)
    finally:
        half.unlink(missing_ok=True)


def id_of(key: bytes) -> bytes:
    """Which key it is, telling nothing of it."""
    return _derived(key, b"", b"yihe which key")[:ID]


def name_of(key: bytes, content: str) -> str:
    """What a content of this hash is called outside: the same for the same, and nobody without the key can tell which it is."""
    return HMAC(_derived(key, b"", b"yihe names"), content.encode(), sha256).hexdigest()[:40]


def sealed_size(size: int) -> int:
    return HEAD + size + TAG * max(1, -(-size // CHUNK))


def seal(key: bytes, pieces: Iterable[bytes]) -> Iterator[bytes]:
    head = MAGIC + id_of(key) + os.urandom(SALT)
    cipher = _cipher(key, head)
    yield head
    for number, (chunk, last) in enumerate(_chunks(pieces, CHUNK)):
        yield cipher.encrypt(_nonce(number, last), chunk, head)


def unseal(key: bytes, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """What was sealed, chunk by chunk, none before it was found sound. Raises WrongKey and Damaged.

    Who acts on the pieces before the end must be ready to undo it: only the last one proves that nothing is missing.
    """
    head, rest = _split(pieces)
    if len(head) < HEAD or not head.startswith(MAGIC):
        raise Damaged()
    if head[len(MAGIC):][:ID] != id_of(key):
        raise WrongKey()
    cipher = _cipher(key, head)
    for number, (chunk, last) in enumerate(_chunks(rest, CHUNK + TAG)):
        try:
            yield cipher.decrypt(_nonce(number, last), chunk, head)
        except InvalidTag:
            raise Damaged() from None


def which(pieces: Iterable[bytes]) -> bytes:
    """The id of the key a stream was sealed with. Raises Damaged for what is none of ours."""
    head, _rest = _split(pieces)
    if len(head) < HEAD or not head.startswith(MAGIC):
        raise Damaged()
    return head[len(MAGIC):][:ID]


def _cipher(key: bytes, head: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(_derived(key, head[-SALT:], b"yihe stream"))


def _derived(key: bytes, salt: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), KEY, salt, purpose).derive(key)


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _split(pieces: Iterable[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """The head, and everything after it."""
    pieces, start = iter(pieces), b""
    for piece in pieces:
        start += piece
        if len(start) >= HEAD:
            break

    def rest() -> Iterator[bytes]:
        yield start[HEAD:]
        yield from pieces

    return start[:HEAD], rest()


def _chunks(pieces: Iterable[bytes], size: int) -> Iterator[tuple[bytes, bool]]:
    """Chunks of exactly `size` and a last one of at most that; the last is known only when nothing follows."""
    held = bytearray()
    for piece in pieces:
        held += piece
        while len(held) > size:
            yield bytes(held[:size]), False
            del held[:size]
    yield bytes(held), True
