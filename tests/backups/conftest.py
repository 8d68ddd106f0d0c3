"""A small clinic with a person, a photo and a report that was drawn; a stick; and a run beside them."""

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfWriter

from app.clinic import attachments, backups, patients, reports
from app.core import pdf
from app.core.access import Actor
from app.core.db import Database
from app.core.files import Files
from app.core.pdf import Pdf
from app.core.places import FolderPlace
from tests.attachments.conftest import picture


def quiet(_step: str, _done: int, _of: int) -> None:
    """Nobody listens."""


def blank_page() -> bytes:
    drawn, writer = io.BytesIO(), PdfWriter()
    writer.add_blank_page(210, 297)
    writer.write(drawn)
    return drawn.getvalue()


@pytest.fixture
def files(folder: Path) -> Files:
    return Files(folder / "files")


@pytest.fixture
def person(db: Database, who: Callable[[str], Actor], files: Files, monkeypatch: pytest.MonkeyPatch) -> int:
    doctor = who("doctor")
    id = patients.register(db, doctor, patients.NewPatient("王秀英", "female", birth_date=date(1948, 3, 12)))
    with files.incoming() as arriving:
        arriving.write(picture())
        attachments.add(db, doctor, files, id, attachments.NewAttachment("ECG"), arriving)
    monkeypatch.setattr(pdf, "draw", lambda _html: Pdf(blank_page(), ()))
    assert reports.make_one(db, files, reports.want(db, doctor, id))
    return id


@pytest.fixture
def stick(tmp_path: Path) -> FolderPlace:
    place = FolderPlace(tmp_path / "stick" / "yihe-1")
    place.prepare()
    return place


@pytest.fixture
def made(folder: Path, person: int, stick: FolderPlace) -> backups.Proof:  # noqa: ARG001
    return backups.whole(folder, stick, "yihe-20261122-020000.yihe", quiet)
