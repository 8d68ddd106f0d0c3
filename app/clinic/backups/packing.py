"""The inside of a sealed backup: a compressed tar of the manifest, the clinic's file and its keys, written and read as a stream."""

import io
import os
import re
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from app.clinic.backups.shapes import FORMAT, Manifest
from app.core.errors import Refusal
from app.core.sealing import Damaged
from app.core.words import N_

PIECE = 256 * 1024
MANIFEST, FILE, KEYS = "manifest.json", "clinic.db", "keys/"
KEY_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def pack(manifest: Manifest, file: Path, keys: dict[str, bytes]) -> Iterator[bytes]:
    """The manifest stands first, so that it can be read without the rest."""
    return _deflated(_tar(manifest, file, keys))


def _tar(manifest: Manifest, file: Path, keys: dict[str, bytes]) -> Iterator[bytes]:
    yield from _entry(MANIFEST, [said := msgspec.json.encode(manifest)], len(said))
    with file.open("rb") as copy:
        yield from _entry(FILE, iter(lambda: copy.read(PIECE), b""), file.stat().st_size)
    for name, content in keys.items():
        yield from _entry(KEYS + name, [content], len(content))
    yield bytes(tarfile.BLOCKSIZE * 2)


def _entry(name: str, pieces: Iterable[bytes], size: int) -> Iterator[bytes]:
    about = tarfile.TarInfo(name)
    about.size, about.mode = size, 0o600
    yield about.tobuf(tarfile.PAX_FORMAT)
    yield from pieces
    yield bytes(-size % tarfile.BLOCKSIZE)


def read_manifest(pieces: Iterator[bytes]) -> Manifest:
    """Of an unsealed backup, reading no further than it stands."""
    with _opened(_inflated(pieces)) as tar:
        return _manifest(tar)


def unpack(pieces: Iterator[bytes], folder: Path) -> Manifest:
    """Everything into `folder`, and the stream read to its very end. Raises Damaged; what is there by then is of no use."""
    stream = _inflated(pieces)
    with _opened(stream) as tar:
        manifest = _manifest(tar)
        expected = {FILE, *(KEYS + name for name in manifest.keys)}
        (folder / KEYS).mkdir(mode=0o700, parents=True)
        while about := tar.next():
            if about.name not in expected or not about.isreg():
                raise Damaged()
            expected.remove(about.name)
            _write(folder / about.name, tar.extractfile(about))
    for _rest in stream:
        pass
    if expected:
        raise Damaged()
    return manifest


def _manifest(tar: tarfile.TarFile) -> Manifest:
    first = tar.next()
    if first is None or first.name != MANIFEST:
        raise Damaged()
    said = tar.extractfile(first).read()
    if msgspec.json.decode(said)["format"] > FORMAT:
        raise Refusal(N_("This backup was made by a newer Yihe. Update Yihe first."))
    manifest = msgspec.json.decode(said, type=Manifest)
    if not all(KEY_NAME.fullmatch(name) for name in manifest.keys):
        raise Damaged()
    return manifest


def _write(path: Path, content: io.BufferedIOBase) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with open(handle, "wb") as file:
        while piece := content.read(PIECE):
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())


class _opened:
    """A tar read as a stream; whatever is wrong with it is damage."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.pieces = pieces

    def __enter__(self) -> tarfile.TarFile:
        try:
            self.tar = tarfile.open(fileobj=_Stream(self.pieces), mode="r|", format=tarfile.PAX_FORMAT)  # noqa: SIM115
        except (tarfile.TarError, zlib.error):
            raise Damaged() from None
        return self.tar

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        self.tar.close()
        if isinstance(error, (tarfile.TarError, zlib.error, msgspec.MsgspecError, KeyError, TypeError)):
            raise Damaged() from None


class _Stream(io.RawIOBase):
    """Pieces as a file that can be read forward."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.pieces, self.held = pieces, b""

    def read(self, size: int = -1) -> bytes:
        found = bytearray(self.held[:size])
        self.held = self.held[size:]
        while len(found) < size and (piece := next(self.pieces, None)) is not None:
            missing = size - len(found)
            found += piece[:missing]
            self.held = piece[missing:]
        return bytes(found)


def _deflated(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Lightly: a clinic's file shrinks to a quarter at a hundred megabytes a second."""
    squeeze = zlib.compressobj(1)
    for piece in pieces:
        if out := squeeze.compress(piece):
            yield out
    yield squeeze.flush()


def _inflated(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """A piece at a time, however much it unfolds to."""
    unfold = zlib.decompressobj()
    for piece in pieces:
        while piece:
            if out := unfold.decompress(piece, PIECE):
                yield out
            piece = unfold.unconsumed_tail
    if out := unfold.flush():
        yield out
    if not unfold.eof:
        raise Damaged()
