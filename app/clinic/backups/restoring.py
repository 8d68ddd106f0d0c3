"""Restoring: everything is brought and looked over beside what is there; only then does it take its place."""

import os
import shutil
from collections.abc import Collection, Iterable
from contextlib import closing
from pathlib import Path

from app.clinic.backups.making import FILES, KEY, outside, reader
from app.clinic.backups.packing import FILE, read_manifest, unpack
from app.clinic.backups.proving import check_lengths, rows_agree
from app.clinic.backups.shapes import Manifest
from app.clinic.backups.working import Told, watched
from app.core import clock
from app.core.errors import NotFound, Refusal
from app.core.files import Files
from app.core.places import Place, keep_entry
from app.core.sealing import Damaged, keep_key, unseal
from app.core.words import N_

HALF = "restoring"  # where it is brought
WHOLE = "whole"  # in there once all of it was found sound: from then on it is moved in, by whoever comes next if we are killed
EMPTIED = "emptied"  # in there once what lived in the folder is out of the way
ASIDE = "before-restore-"
STAYS = {"clinic.lock", "backups", HALF}


def occupied(data: Path) -> bool:
    """Whether anything lives there that a restore would take the place of."""
    return data.is_dir() and bool(_former(data))


def broken_off(data: Path) -> bool:
    """A restore was killed while it moved things: what stands there is neither the old clinic nor the new one until `move_in`."""
    return (data / HALF / WHOLE).exists()


def restore(
    data: Path, place: Place, key: bytes, name: str, known: Iterable[str], told: Told, aside: bool = False
) -> tuple[Manifest, Path | None]:
    """Bring a backup into the folder, which the caller holds; what it says of itself, and where the former clinic stands now.

    known: the migrations this Yihe has. aside: move whatever lives there away, and keep it; else that is refused.
    """
    size = place.names().get(name)
    if size is None:
        raise NotFound(N_("There is no such backup there."))
    half = begin(data, aside)
    manifest = _bring(half, place, key, name, size, set(known), told)
    return manifest, settle(data)


def begin(data: Path, aside: bool) -> Path:
    """Where to bring it. Raises Refusal where something lives in the folder and may not be moved away."""
    if occupied(data) and not aside:
        raise Refusal(N_("There is something in this folder. Name an empty one, or add --aside: then it is moved away first, and kept."))
    half = data / HALF
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(mode=0o700, parents=True)
    return half


def settle(data: Path) -> Path | None:
    """All of it was brought and is sound: it takes its place."""
    half = data / HALF
    aside = f"{ASIDE}{clock.local_now():%Y%m%d-%H%M%S}"
    while (data / aside).exists():
        aside += "x"
    (half / WHOLE).write_text(aside, encoding="ascii")
    keep_entry(half)
    return move_in(data)


def _bring(half: Path, place: Place, key: bytes, name: str, size: int, known: set[str], told: Told) -> Manifest:
    manifest = read_manifest(unseal(key, place.get(name)))
    if set(manifest.migrations) - known:
        raise Refusal(N_("This backup was made by a newer Yihe. Update Yihe first."))
    check_lengths(place, key, manifest)
    if unpack(unseal(key, watched(place.get(name), told, "restoring", size)), half) != manifest:
        raise Damaged()
    with closing(reader(half / FILE)) as restored:
        rows_agree(restored, manifest, told)
    for left in (f"{FILE}-wal", f"{FILE}-shm"):
        (half / left).unlink(missing_ok=True)
    keep_key(half / "keys" / KEY, key)
    bring_files(Files(half / FILES), place, key, manifest.files, told)
    return manifest


def bring_files(files: Files, place: Place, key: bytes, hashes: Collection[str], told: Told) -> None:
    for done, hash in enumerate(hashes):
        told("reading", done, len(hashes))
        with files.incoming() as arriving:
            for piece in unseal(key, place.get(outside(key, hash))):
                arriving.write(piece)
            if arriving.name != hash:
                raise Damaged()
            arriving.keep()


def move_in(data: Path) -> Path | None:
    """What lived there goes aside, what was brought takes its place. Killed in between, calling it again goes on.

    The clinic's file goes first and comes last: at no moment is one there that does not belong to the rest.
    """
    half = data / HALF
    aside = data / (half / WHOLE).read_text(encoding="ascii")
    if not (half / EMPTIED).exists():
        for path in _former(data):
            aside.mkdir(mode=0o700, exist_ok=True)
            os.replace(path, aside / path.name)
        keep_entry(data)
        (half / EMPTIED).touch()
        keep_entry(half)
    for name in ("keys", FILES, FILE):
        if (half / name).exists():
            os.replace(half / name, data / name)
            keep_entry(data)
    shutil.rmtree(half)
    return aside if aside.exists() else None


def _former(data: Path) -> list[Path]:
    """What lives in the folder, the clinic's file first. Its lock stays, and what was kept by earlier restores."""
    found = (path for path in data.iterdir() if path.name not in STAYS and not path.name.startswith(ASIDE))
    return sorted(found, key=lambda path: (path.name != FILE, path.name))
