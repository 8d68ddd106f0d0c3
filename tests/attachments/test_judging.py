"""What a file is, its content says; what would hang or burst the server is refused and the server goes on."""

import io
import zlib
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from app.core import judging
from tests.attachments.conftest import paper, picture


def judged(tmp_path: Path, content: bytes) -> judging.Judged:
    path = tmp_path / "x"
    path.write_bytes(content)
    return judging.judge(path)


def written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def locked(password: str) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.encrypt(password, owner_password="owner", algorithm="RC4-128")
    return written(writer)


def acting(name: str) -> bytes:
    """A PDF that runs a program, when it is opened or when a place in it is touched."""
    writer = PdfWriter()
    page = writer.add_blank_page(200, 200)
    act = DictionaryObject({NameObject("/S"): NameObject(name), NameObject("/JS"): TextStringObject("app.alert(1)")})
    if name == "/Launch":
        page[NameObject("/Annots")] = ArrayObject([DictionaryObject({NameObject("/A"): act})])
    else:
        writer.root_object[NameObject("/OpenAction")] = act
    return written(writer)


def bomb_pdf() -> bytes:
    """A megabyte that unfolds to a gigabyte while the table of contents is read."""
    packed = zlib.compress(b"0" * 2**30, 9)
    head = f"%PDF-1.5\n1 0 obj<</Type/XRef/Size 3/W[1 2 1]/Root 1 0 R/Filter/FlateDecode/Length {len(packed)}>>stream\n"
    return head.encode() + packed + b"\nendstream endobj\nstartxref\n9\n%%EOF"


def bomb_picture() -> bytes:
    """A hundred kilobytes that unfold to 900 million points."""
    out = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(out, "PNG")
    return out.getvalue()


LOOP = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 1/Kids[2 0 R]>>endobj\nxref\n0 3\n"
    b"0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \ntrailer<</Size 3/Root 1 0 R>>\nstartxref\n103\n%%EOF"
)


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp"])
def test_a_picture_is_what_its_content_says(tmp_path: Path, kind: str) -> None:
    found = judged(tmp_path, picture(kind.upper()))
    assert (found.kind, found.pages) == (kind, None)
    with Image.open(io.BytesIO(found.small)) as small:
        assert small.format == "JPEG" and small.size == (480, 360)


def test_a_small_picture_stands_upright_and_says_nothing_of_the_camera(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "camera"
    with Image.open(io.BytesIO(judged(tmp_path, picture(exif=exif)).small)) as small:
        assert small.size == (360, 480) and not small.getexif()


def test_a_pdf_is_counted(tmp_path: Path) -> None:
    assert judged(tmp_path, paper(3)) == judging.Judged("pdf", 3)


@pytest.mark.parametrize(("content", "reason"), [
    (b"", "other"), (b"<script>alert(1)</script>", "other"), (b"<html>%PDF-1.4", "other"), (b"GIF89a" + b"\0" * 90, "other"),
    (b"PK\x03\x04" + b"\0" * 90, "other"), (b"RIFF\0\0\0\0WAVE", "other"), (b"\0\0\0\x18ftypheic" + b"\0" * 90, "heic"),
    (picture()[:2000], "damaged"), (b"\xff\xd8\xff" + b"junk" * 90, "damaged"), (b"%PDF-1.7\n" + b"junk" * 90, "damaged"), (LOOP, "damaged"),
], ids=range(11))
def test_what_is_no_sound_photo_or_pdf_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    with pytest.raises(judging.Refused) as refused:
        judged(tmp_path, content)
    assert refused.value.reason == reason


@pytest.mark.parametrize(("make", "reason"), [
    (lambda: locked("secret"), "locked"), (lambda: acting("/JavaScript"), "program"), (lambda: acting("/Launch"), "program"),
    (lambda: paper(2001), "large"), (bomb_pdf, "damaged"),
    (bomb_picture, "large"),
], ids=["locked", "script", "launch", "pages", "pdf bomb", "picture bomb"])
def test_what_would_harm_is_refused(tmp_path: Path, make, reason: str) -> None:
    with pytest.raises(judging.Refused) as refused:
        judged(tmp_path, make())
    assert refused.value.reason == reason


def test_a_pdf_that_only_may_not_be_printed_is_kept(tmp_path: Path) -> None:
    assert judged(tmp_path, locked("")).pages == 1


def test_one_that_takes_too_long_is_let_go(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(paper())
    with pytest.raises(judging.Refused):
        judging.judge(path, seconds=0.01)
