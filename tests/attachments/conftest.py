"""A person, and files of every kind, made on the spot."""

import io

import pytest
from PIL import Image
from pypdf import PdfWriter

from app.clinic import patients


@pytest.fixture
def house(client):
    return client.app.state.db


@pytest.fixture
def wang(house, who) -> int:
    return patients.register(house, who("desk"), patients.NewPatient("王秀英"))


def picture(kind: str = "JPEG", size: tuple[int, int] = (640, 480), colour: str = "seagreen", **more) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind, **more)
    return out.getvalue()


def paper(pages: int = 1) -> bytes:
    out, writer = io.BytesIO(), PdfWriter()
    for _page in range(pages):
        writer.add_blank_page(200, 280)
    writer.write(out)
    return out.getvalue()


def send(browser, person: int, content: bytes, name: str = "../../x.html", headers: dict | None = None, **typed):
    return browser.post(
        f"/patients/{person}/attachments", data=typed, files={"file": (name, content, "text/html")}, headers=headers, follow_redirects=False,
    )
