"""The clinic as an app on a tablet: what a browser asks for before it offers that."""

import re
from io import BytesIO

import pytest
from PIL import Image

from app.main import STATIC


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_manifest_says_what_a_browser_asks_for(client, language) -> None:
    client.cookies.set("yihe_language", language)
    page = client.get("/sign-in").text
    address = re.search(r'<link rel="manifest" href="([^"]+)">', page)[1]
    answer = client.get(address)
    found = answer.json()
    assert answer.headers["content-type"].startswith("application/manifest+json") and answer.headers["cache-control"] == "no-store"
    assert (found["name"], found["display"], found["start_url"], found["scope"]) == ("和平里诊所", "standalone", "/today", "/")
    assert found["lang"].startswith(language)
    assert {(icon["sizes"], icon["purpose"]) for icon in found["icons"]} == {(s, p) for s in ("192x192", "512x512") for p in ("any", "maskable")}
    for icon in found["icons"]:
        drawn = Image.open(BytesIO(client.get(icon["src"]).content))
        assert drawn.format == "PNG" and "%dx%d" % drawn.size == icon["sizes"], icon


def test_a_maskable_icon_is_filled_to_its_corners_and_its_middle_holds_the_seal(client) -> None:
    icons = client.get("/manifest/en").json()["icons"]
    for address in [icon["src"] for icon in icons if icon["purpose"] == "maskable"]:
        drawn = Image.open(BytesIO(client.get(address).content)).convert("RGBA")
        side, ground = drawn.width, drawn.getpixel((0, 0))
        assert ground == (0x1A, 0x66, 0x52, 255)
        outside = [(x, y) for x in range(side) for y in range(side) if (x - side / 2) ** 2 + (y - side / 2) ** 2 > (0.41 * side) ** 2]
        assert {drawn.getpixel(point) for point in outside[::7]} == {ground}


def test_ipads_find_their_own(client) -> None:
    page = client.get("/sign-in").text
    icon = Image.open(BytesIO(client.get(re.search(r'<link rel="apple-touch-icon" href="([^"]+)">', page)[1]).content))
    assert icon.size == (180, 180) and icon.convert("RGBA").getchannel("A").getextrema() == (255, 255)
    assert '<meta name="apple-mobile-web-app-capable" content="yes">' in page and '<meta name="apple-mobile-web-app-title" content="和平里诊所">' in page


def test_the_bars_have_the_colours_of_the_paper(client) -> None:
    page, tokens = client.get("/sign-in").text, (STATIC / "css" / "tokens.css").read_text(encoding="utf-8")
    light, dark = re.findall(r"--paper: (#\w+)", tokens)
    assert re.findall(r'name="theme-color" content="(#\w+)"', page) == [light, dark]
    found = client.get("/manifest/zh").json()
    assert (found["theme_color"], found["background_color"]) == (light, light)


def test_a_patients_page_is_not_installed(client) -> None:
    assert "manifest" not in client.get("/fill").text and client.get("/manifest/xx").status_code == 404


def test_nothing_keeps_pages_in_the_browser() -> None:
    """No service worker, no browser storage: what a page shows of people is gone with it."""
    for script in (STATIC / "js").glob("*.js"):
        assert not re.search(r"serviceWorker|localStorage|sessionStorage|indexedDB|caches\.", script.read_text(encoding="utf-8")), script
