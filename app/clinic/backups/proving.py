"""Proving a backup: restored into a scratch folder from the place itself, compared, and a report in it opened."""

import io
import logging
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from app.clinic.backups.digests import digests, holds, sound
from app.clinic.backups.making import in_place, outside, put_files, reader
from app.clinic.backups.packing import read_manifest, unpack
from app.clinic.backups.shapes import Manifest, Proof, made
from app.clinic.backups.working import Told, watched, working
from app.core import clock
from app.core.errors import NotFound, Refusal
from app.core.places import Place
from app.core.sealing import Damaged, WrongKey, sealed_size, unseal
from app.core.sqlite import sqlite3
from app.core.words import N_

REPORT = "SELECT file FROM reports WHERE file IS NOT NULL ORDER BY id DESC LIMIT 1"
OWNERS = "SELECT count(*) FROM staff WHERE role = 'owner' AND disabled_event_id IS NULL"
DAYS = 7  # in which every file of a place is read back once
Again = Callable[[str], object]

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its warnings may quote a report


class Unproved(Refusal):
    """It is there, but it is not what it should be."""


class Unsound(Unproved):
    """It is just like the clinic's own file, and that one is not as it should be: better than nothing, so it stays."""


def prove(
    data: Path, place: Place, key: bytes, name: str, told: Told, expected: Manifest | None = None, new: list[str] | None = None
) -> Proof:
    """Restore it beside the clinic and compare, with what it says of itself and, where that is given, with what the clinic's file held.

    new: the files that were put away just now. These are read back, and a seventh of the others each day; without it, all are.
    Every one is looked for in its full length. Raises Damaged, WrongKey, Unproved.
    """
    size = place.names().get(name)
    if size is None:
        raise NotFound()
    with working(data, (data / "clinic.db").stat().st_size if expected else size * 4) as scratch:
        manifest = unpack(unseal(key, watched(place.get(name), told, "restoring", size)), scratch / "restored")
        if expected is not None and manifest != expected:
            raise Unproved(N_("The restored backup does not say what was put away."))
        with closing(reader(scratch / "restored" / "clinic.db")) as restored:
            rows_agree(restored, manifest, told)
            report, parted = restored.execute(REPORT).fetchone(), parted_from(restored, place, key, name)
    check_lengths(place, key, manifest)
    fresh = set(new or ())
    due = [hash for hash in manifest.files if new is None or hash in fresh or due_today(hash)]
    again = (lambda hash: put_files(data, place, key, {hash: manifest.files[hash]}, told, there={})) if expected else None
    count = read_back(place, key, due, told, again)
    pages = open_report(place, key, report[0]) if report else 0
    return Proof(name, size, len(manifest.tables) - 1, manifest.rows, len(manifest.files), count, pages, parted=parted)


def rows_agree(restored, manifest: Manifest, told: Told) -> None:
    if digests(restored, lambda done, of: told("comparing", done, of)) != manifest.tables:
        raise Unproved(N_("The restored tables are not the same as the clinic's."))
    if not sound(restored):
        raise Unsound(N_("The clinic's own file is damaged, and so is its copy, which is kept. See Manage › The box."))
    if not restored.execute(OWNERS).fetchone()[0] and manifest.tables["staff"][0]:
        raise Unsound(N_("Nobody could sign in as owner in the restored clinic."))


def parted_from(restored: sqlite3.Connection, place: Place, key: bytes, name: str) -> str:
    """The backup before it, where the audit that one holds does not go on in this one. What cannot be read says nothing."""
    before = max((other for other in place.names() if made(other) and other < name), default=None)
    try:
        manifest = read_manifest(unseal(key, place.get(before))) if before else None
    except Refusal:
        return ""
    return before if manifest and manifest.head and not holds(restored, manifest.head) else ""


def check_lengths(place: Place, key: bytes, manifest: Manifest) -> None:
    there = in_place(place, key, manifest.files)
    missing = sum(there.get(outside(key, hash)) != sealed_size(size) for hash, size in manifest.files.items())
    if missing:
        raise Unproved(N_("%(n)s of the backup's files are missing or cut short."), n=missing)


def read_back(place: Place, key: bytes, hashes: list[str], told: Told, again: Again | None = None) -> int:
    """How many were read; one that came back damaged is put away again, once, where it is still at hand."""
    for done, hash in enumerate(hashes):
        told("reading", done, len(hashes))
        if not _same(place, key, hash):
            if again is None:
                raise Damaged()
            again(hash)
            if not _same(place, key, hash):
                raise Damaged()
    return len(hashes)


def _same(place: Place, key: bytes, hash: str) -> bool:
    digest = sha256()
    try:
        for piece in unseal(key, place.get(outside(key, hash))):
            digest.update(piece)
    except (Damaged, WrongKey, NotFound):
        return False
    return digest.hexdigest() == hash


def due_today(hash: str) -> bool:
    """A seventh of the files each day, so that each is read back within the week, without a list of when which was."""
    return int(hash[:8], 16) % DAYS == clock.today().toordinal() % DAYS


def open_report(place: Place, key: bytes, hash: str) -> int:
    """The newest report as a reader would open it; how many pages it has."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    content = b"".join(unseal(key, place.get(outside(key, hash))))
    try:
        pages = PdfReader(io.BytesIO(content)).pages
        if sha256(content).hexdigest() == hash and len(pages) and pages[0].mediabox:
            return len(pages)
    except PyPdfError:
        pass
    raise Unsound(N_("The newest report in the backup cannot be opened."))
