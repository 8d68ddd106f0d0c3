"""Every field of every page that takes a file is given what is none: markup, a picture that is also a page, an archive that climbs."""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from litestar.testing import TestClient

from app import main
from tests.attachments.conftest import picture
from tests.house.filling import Form, fill, read
from tests.house.test_whose import everything  # noqa: F401  one of everything


def climbing() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in ("../../climbed", "/tmp/climbed", "xl/workbook.xml", "..\\climbed"):
            archive.writestr(name, b"<x/>")
    return content.getvalue()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="evil()"><script>evil()</script></svg>'
WRONG = {
    "page.html": (b"<!doctype html><script>evil()</script>", "text/html"), "drawing.svg": (SVG, "image/svg+xml"),
    "drawing.png": (SVG, "image/png"), "page.jpg": (b"<html><script>evil()</script>", "image/jpeg"),
    "page.pdf": (b"<html>%PDF-1.7<script>evil()</script>", "application/pdf"), "both.png": (b"\x89PNG\r\n\x1a\n<script>evil()</script>", "image/png"),
    "program.exe": (b"MZ" + b"\0" * 400, "application/octet-stream"), "climbing.xlsx": (climbing(), "application/zip"),
    "../../climbed.jpg": (b"\xff\xd8\xff" + b"<script>" * 40, "image/jpeg"),
    "form.json": (b'{"resourceType": "Questionnaire", "title": "' + b"[" * 5000, "application/json"),
}


@pytest.fixture
def owner(everything: tuple[int, int], sign_in: Callable[[str], TestClient]) -> TestClient:  # noqa: F811
    return sign_in("owner")


# Which templates take a file, and a page that shows each.
PLACES = {
    "patients/_photo.html": "/patients/new", "rosters/new.html": "/manage/rosters/new", "staff/clinic.html": "/manage/clinic",
    "exams/new.html": "/manage/imports/new", "attachments/new.html": "/patients/{}/attachments/new", "questionnaires/new.html": "/manage/questionnaires/new",
}
ELSEWHERE = {"ui.html": "the macro", "responses/_items.html": "tests/invitations/test_files.py and tests/responses"}
TEMPLATES = Path(main.__file__).parent / "templates"


def test_every_template_that_takes_a_file_is_tried() -> None:
    takes = re.compile(r"""type="file"|ui\.file\(""")
    found = {path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html") if takes.search(path.read_text("utf-8"))}
    assert found == PLACES.keys() | ELSEWHERE.keys()


@pytest.fixture
def asked(owner: TestClient, everything: tuple[int, int]) -> list[Form]:  # noqa: F811
    return [next(form for form in read(owner.get(page.format(everything[0])).text).forms if form.file) for page in PLACES.values()]


def kept(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and not path.name.startswith("clinic.")}


def test_what_is_no_file_of_its_kind_is_refused_calmly_and_not_kept(owner: TestClient, asked: list[Form]) -> None:
    folder = owner.app.state.folder
    before = kept(folder)
    for form in asked:
        for name, (content, kind) in WRONG.items():
            answer = owner.post(form.action, data=fill(form, "x", {}, set()), files={form.file: (name, content, kind)}, follow_redirects=False)
            assert 400 <= answer.status_code < 500, f"{form.action} took {name}: {answer.status_code}"
            assert "<script>evil" not in answer.text and "onload=" not in answer.text, f"{form.action}: {name}"
    assert kept(folder) - before == set()
    assert not list(folder.parent.rglob("climbed*"))


def test_what_is_kept_is_served_as_what_it_is_and_draws_nothing_else(owner: TestClient, everything: tuple[int, int]) -> None:  # noqa: F811
    mine, _other = everything
    sound = picture() + b"<script>evil()</script>"  # a sound picture with a page behind it
    form = {"title": "x", "kind": "other"}
    owner.post(f"/patients/{mine}/attachments", data=form, files={"file": ("x.html", sound, "text/html")})
    for id in (1, 2):
        answer = owner.get(f"/patients/{mine}/attachments/{id}/file")
        assert (answer.status_code, answer.headers["content-type"], answer.headers["x-content-type-options"]) == (200, "image/jpeg", "nosniff")
        assert "sandbox" in answer.headers["content-security-policy"] or "default-src 'none'" in answer.headers["content-security-policy"]
        assert "script-src" not in answer.headers["content-security-policy"], answer.headers["content-security-policy"]
