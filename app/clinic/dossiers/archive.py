"""The archive that is handed out: person.json for machines, person.pdf for people, and what is attached."""

import io
import json
import zipfile
from collections.abc import Iterator
from time import perf_counter, sleep
from typing import Any

import pypdf

from app.clinic.dossiers.bundle import entries, head
from app.clinic.dossiers.paper import pieces
from app.clinic.dossiers.rows import Everything, everything
from app.clinic.patients import Patient
from app.core import clock, pdf, printed, settings, words
from app.core.access import Actor
from app.core.db import Database
from app.core.files import Files


AT_WORK, AT_REST = 0.02, 0.02  # seconds: pages are answered in between


def archive(db: Database, files: Files, actor: Actor, patient: Patient, language: str) -> tuple[str, int]:
    """Make it and keep it; (hash, bytes). What is large goes to the disk piece by piece."""
    clinic = settings.get(db, "clinic_name", "")
    with words.speaking(language), files.incoming() as arriving:
        known = everything(db, actor, patient)
        with zipfile.ZipFile(_Pipe(arriving), "w", zipfile.ZIP_DEFLATED) as packed:
            with packed.open(_named("person.json"), "w") as told:
                for piece in _json(known, clinic):
                    told.write(piece.encode())
            packed.writestr(_named("person.pdf"), _paper(known, clinic, language))
            for name, place in _attached(known):
                packed.writestr(_named(place), files.read(name), zipfile.ZIP_STORED)
        return arriving.keep(), arriving.size


def _named(place: str) -> zipfile.ZipInfo:
    """An archive has no zone: the clinic's wall time."""
    info = zipfile.ZipInfo(place, clock.local_now().timetuple()[:6])
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _json(known: Everything, clinic: str) -> Iterator[str]:
    """The bundle, an entry at a time, with rests."""
    start, before = json.dumps(head(), ensure_ascii=False)[:-1] + ', "entry": [\n', ""
    yield start
    for entry in _resting(entries(known, clinic)):
        yield before + json.dumps(entry, ensure_ascii=False)
        before = ",\n"
    yield "\n]}\n"


def _resting(ones: Iterator[Any]) -> Iterator[Any]:
    began = perf_counter()
    for one in ones:
        yield one
        if perf_counter() - began > AT_WORK:
            sleep(AT_REST)
            began = perf_counter()


class _Pipe(io.RawIOBase):
    """A file that is only ever written on, as the store takes it."""

    def __init__(self, arriving) -> None:
        self._arriving = arriving

    def writable(self) -> bool:
        return True

    def write(self, piece) -> int:
        self._arriving.write(bytes(piece))
        return len(piece)


def _paper(known: Everything, clinic: str, language: str) -> bytes:
    joined, parts = pypdf.PdfWriter(), pieces(known)
    for number, sections in enumerate(parts, 1):
        html = printed.html(
            "pdf/dossier.html", language, sections=sections, patient=known.patient, clinic=clinic, part=number, parts=len(parts),
            withheld=known.withheld,
        )
        joined.append(io.BytesIO(pdf.draw(html).content))
    paper = io.BytesIO()
    joined.write(paper)
    return paper.getvalue()


def _attached(known: Everything) -> list[tuple[str, str]]:
    """(hash, place in the archive), each once."""
    found = {row["file"]: f"files/{row['file']}.{row['kind']}" for row in known.tables["attachments"]}
    found |= {row["file"]: f"files/{row['file']}.pdf" for row in known.tables["reports"] if row["file"]}
    found |= {row["photo"]: f"files/{row['photo']}.jpg" for row in known.tables["patients"] if row["photo"]}
    return list(found.items())
