"""A person's photo, from the camera to the banner."""

from io import BytesIO

import pytest
from PIL import Image

from app.clinic import patients
from tests.patients.test_desk_pages import GROWN, HTMX, register


@pytest.fixture
def house(client):
    return client.app.state.db


def picture(kind="PNG", size=(900, 1200), **more) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "tan").save(out, kind, **more)
    return out.getvalue()


def take(browser, content: bytes, photo=""):
    return browser.post("/patients/photo", files={"camera": ("x.exe", content)}, data={"photo": photo}, headers=HTMX)


def taken(answer) -> str:
    return answer.text.split('name="photo" value="')[1].split('"')[0]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_photo_is_drawn_anew_small_and_kept_until_the_form_is_saved(house, client, sign_in, kind) -> None:
    browser = sign_in("desk")
    answer = take(browser, picture(kind))
    assert answer.status_code == 200 and 'src="data:image/jpeg;base64,' in answer.text
    assert register(browser, photo=taken(answer)).status_code == 303
    shown = browser.get("/patients/1/photo")
    assert shown.headers["content-type"] == "image/jpeg" and shown.headers["x-content-type-options"] == "nosniff"
    with Image.open(BytesIO(shown.content)) as drawn:
        assert (drawn.format, drawn.size) == ("JPEG", (360, 480))
    assert 'src="/patients/1/photo"' in browser.get("/patients/1").text


def test_nothing_of_the_cameras_notes_stays(client, sign_in) -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "a maker", 6  # and lying on its side
    name = taken(take(sign_in("desk"), picture("JPEG", exif=exif)))
    content = client.app.state.files.read(name)
    assert b"a maker" not in content
    with Image.open(BytesIO(content)) as drawn:
        assert drawn.size == (480, 360) and not drawn.getexif()


@pytest.mark.parametrize("content", [b"", b"<svg onload=alert(1)>", b"GIF89a" + b"\0" * 50, picture()[:200], b"%PDF-1.7"])
def test_what_is_no_photo_is_refused_and_the_one_before_stays(sign_in, content) -> None:
    browser = sign_in("desk")
    before = taken(take(browser, picture()))
    answer = take(browser, content, before)
    assert answer.status_code == 422 and "JPEG、PNG 或 WebP" in answer.text
    assert taken(answer) == before


def test_a_picture_of_endless_pixels_is_refused_before_it_is_unpacked(sign_in) -> None:
    answer = take(sign_in("desk"), picture(size=(12_000, 6_000)))
    assert answer.status_code == 422 and "太大" in answer.text


def test_only_a_photo_taken_here_becomes_somebodys(client, sign_in) -> None:
    stored = client.app.state.files.put(b"%PDF-1.7 another person's letter")
    for photo in ("0" * 64, stored, "../../clinic.db"):
        answer = register(sign_in("desk"), photo=photo)
        assert answer.status_code == 422 and "请重拍" in answer.text


def test_a_photo_is_taken_off_and_its_being_there_stays_told(house, who, sign_in) -> None:
    browser = sign_in("desk")
    register(browser, photo=taken(take(browser, picture())))
    assert taken(browser.post("/patients/photo", headers=HTMX)) == ""
    assert browser.post("/patients/1", data=GROWN | {"version": "1", "photo": ""}, follow_redirects=False).status_code == 303
    assert browser.get("/patients/1/photo").status_code == 404
    assert patients.timeline(house, who("desk"), 1)[0].sentence == "Corrected: Photo"
