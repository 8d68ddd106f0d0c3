"""The icons under which the clinic stands on a tablet's home screen, drawn from static/icon.svg: `python3 bench/icons.py`."""

import re
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parent.parent
CHROMIUM = "/usr/bin/chromium"
GLYPHS = 67.5  # the two characters from corner to corner, in the drawing's own units: 31 wide, 60 high
SAFE = 0.8  # of a maskable icon's width nothing is cut off

# name: size, how much of it the characters take, how round its ground is; apple's and the maskable are cut to shape by the tablet
ICONS = {
    "any-192": (192, 0.92, 0.18), "any-512": (512, 0.92, 0.18), "maskable-192": (192, SAFE, 0), "maskable-512": (512, SAFE, 0), "apple-180": (180, SAFE, 0),
}


def drawing(size: int, part: float, round_by: float) -> str:
    """The seal's characters in the middle of a square of its colour."""
    seal = (ROOT / "static" / "icon.svg").read_text()
    ground, (ink, carved) = re.search(r'<rect fill="(#\w+)"', seal)[1], re.search(r'<path fill="(#\w+)" d="([^"]+)"', seal).groups()
    scale = size * part / GLYPHS
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}">'
        f'<rect width="{size}" height="{size}" rx="{size * round_by}" fill="{ground}"/>'
        f'<path fill="{ink}" transform="translate({size / 2} {size / 2}) scale({scale}) translate(-19.9 -36)" d="{carved}"/></svg>'
    )


def main() -> None:
    folder = ROOT / "static" / "icons"
    folder.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"]).new_page()
        for name, (size, part, round_by) in ICONS.items():
            page.set_viewport_size({"width": size, "height": size})
            page.set_content(f"<body style='margin:0'>{drawing(size, part, round_by)}</body>")
            page.screenshot(path=folder / f"{name}.png", omit_background=True)


if __name__ == "__main__":
    main()
