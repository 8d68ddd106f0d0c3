"""Making a backup: a copy of one moment, sealed, and every file beside it that the place does not have yet."""

import os
import re
from collections.abc import Iterable
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from app.clinic.backups.digests import digests, head, migrations
from app.clinic.backups.packing import KEY_NAME, PIECE, pack
from app.clinic.backups.shapes import Manifest, made
from app.clinic.backups.working import Told, watched, working
from app.core.places import Place
from app.core.sealing import name_of, seal, sealed_size
from app.core.sqlite import sqlite3

KEY = "backup.key"
FILES = "files"
_HASH = re.compile(r"[0-9a-f]{64}")


def key_path(data: Path) -> Path:
    return data / "keys" / KEY


def make(data: Path, place: Place, key: bytes, name: str, told: Told) -> tuple[Manifest, list[str]]:
    """Put a backup there under this name; what it says of itself, and which files went along for the first time.

    The files go first: a backup that can be seen has everything it names. What is there already is not sent again, so that a
    run which was cut off goes on where it stood.
    """
    live = data / "clinic.db"
    keys = read_keys(data)  # before the copy: what they say of the file's end must not be newer than it
    with working(data, live.stat().st_size) as scratch:
        copy = scratch / "clinic.db"
        tables, known, end = snapshot(live, copy, told)
        keys = read_keys(data) | keys
        files = kept_files(data)
        manifest = Manifest(f"{made(name):%Y-%m-%d %H:%M}", known, tables, files, list(keys), head=end)
        new = put_files(data, place, key, files, told)
        size = copy.stat().st_size
        place.put(name, seal(key, watched(pack(manifest, copy, keys), told, "putting", size)))
    return manifest, new


def snapshot(live: Path, copy: Path, told: Told) -> tuple[dict[str, tuple[int, str]], list[str], tuple[int, str] | None]:
    """A copy of the file as it is at one moment; what the tables held in that same moment, its migrations and the end of its audit, read from the file itself.

    Both in one reading transaction: nobody's writing waits for it, and nothing of it comes into it.
    """
    handle = os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    os.close(handle)
    with closing(reader(live)) as source, closing(sqlite3.connect(copy)) as target:
        source.execute("BEGIN")
        tables = digests(source, lambda done, of: told("copying", done, of))
        known, end = migrations(source), head(source)
        source.backup(target)
        source.execute("ROLLBACK")
        target.execute("PRAGMA journal_mode = delete")
    return tables, known, end


def reader(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
    connection.executescript("PRAGMA query_only = on; PRAGMA trusted_schema = off; PRAGMA busy_timeout = 5000; PRAGMA temp_store = memory;")
    return connection


def read_keys(data: Path) -> dict[str, bytes]:
    """What else must be there on another machine; not the backups' own key, which is on the sheet."""
    folder = data / "keys"
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return {path.name: path.read_bytes() for path in found if path.is_file() and KEY_NAME.fullmatch(path.name) and not path.name.startswith(KEY)}


def kept_files(data: Path) -> dict[str, int]:
    """Every file by its hash, with its size. A row never names one that is not there yet, so those of the copy are among them."""
    return {path.name: path.stat().st_size for path in sorted((data / FILES).glob("??/*")) if _HASH.fullmatch(path.name)}


def outside(key: bytes, content: str) -> str:
    """Where the place keeps a file."""
    name = name_of(key, content)
    return f"{FILES}/{name[:2]}/{name}"


def in_place(place: Place, key: bytes, hashes: Iterable[str]) -> dict[str, int]:
    """What the place has in the folders these files belong to; a machine far away is asked no more than needed."""
    folders = {outside(key, hash).rpartition("/")[0] for hash in hashes}
    return {name: size for folder in sorted(folders) for name, size in place.names(folder).items()}


def everything_in(place: Place) -> list[str]:
    return [name for number in range(256) for name in place.names(f"{FILES}/{number:02x}")]


def put_files(data: Path, place: Place, key: bytes, files: dict[str, int], told: Told, there: dict[str, int] | None = None) -> list[str]:
    """Those that are not there, or not in their full length; returns which. there: what the place is known to have."""
    there = in_place(place, key, files) if there is None else there
    missing = [hash for hash, size in files.items() if there.get(outside(key, hash)) != sealed_size(size)]
    for done, hash in enumerate(missing):
        told("files", done, len(missing))
        place.put(outside(key, hash), seal(key, _pieces(data / FILES / hash[:2] / hash, hash)))
    return missing


class Changed(Exception):
    """A file on this machine is no longer what it was: args hold its hash."""


def _pieces(path: Path, expected: str):
    """The file, which must still be what its name says: a rotten one must not take a sound one's place."""
    digest = sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
            yield piece
    if digest.hexdigest() != expected:
        raise Changed(expected)
