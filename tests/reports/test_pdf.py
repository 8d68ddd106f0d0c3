"""The drawing process: what comes out, what it refuses, what it never tells."""

import io
import json
import os
import signal
import subprocess
import sys
import time

import pypdf
import pytest
from PIL import ImageFont

from app.core import charts, fonts, linebreak, pdf

STYLE = 'body { font-family: "Yihe Sans", "Yihe Rare", "Yihe Rarest"; overflow-wrap: anywhere; font-size: 10pt; }'
HEAD = f'<html lang="zh"><head><title>王秀英</title><style>{STYLE}</style></head>'


def drawn(body: str) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf.draw(f"{HEAD}<body>{body}</body></html>").content))


def fonts_of(page: pypdf.PageObject) -> dict[str, pypdf.generic.DictionaryObject]:
    return {str(f.get_object()["/BaseFont"]): f.get_object() for f in page["/Resources"]["/Font"].values()}


def test_chinese_is_text_in_embedded_subset_fonts() -> None:
    page = drawn("<p>空腹血糖 5.8 mmol/L</p><p><b>王秀英</b></p>").pages[0]
    text = page.extract_text()
    assert "空腹血糖" in text and "王秀英" in text
    used = fonts_of(page)
    assert {name.split("+")[1] for name in used} == {"NotoSansSC-sans-regular", "NotoSansSC-sans-bold"}
    for name, font in used.items():
        assert name.index("+") == 7, "a subset says so in its name"
        assert len(font["/FontDescriptor"]["/FontFile2"].get_object().get_data()) < 100_000


@pytest.mark.parametrize("character", "䶮㛃𠮷龘镕喆堃珺昇")
def test_rare_name_characters_are_drawn(character: str) -> None:
    made = pdf.draw(f"{HEAD}<body><p><b>王{character}</b></p></body></html>")
    assert made.missing == ()
    assert character in pypdf.PdfReader(io.BytesIO(made.content)).pages[0].extract_text()


def test_a_rare_character_is_drawn_in_a_drawing_too() -> None:
    made = pdf.draw(f'{HEAD}<body><img src="{charts.image(charts.trend([charts.Line("𠮷", [charts.Point("2026-01-01", 1.0)])], "𠮷"))}"></body></html>')
    assert made.missing == ()
    assert any("NotoSansJP" in name for name in fonts_of(pypdf.PdfReader(io.BytesIO(made.content)).pages[0]))


def test_what_no_font_has_is_told_and_marked() -> None:
    made = pdf.draw(f"{HEAD}<body><p>王&#x1F600;김</p></body></html>")
    assert made.missing == ("김", "😀")
    assert "王〓〓" in pypdf.PdfReader(io.BytesIO(made.content)).pages[0].extract_text()


def test_powers_are_raised_where_no_font_has_them() -> None:
    assert "6.1 ×109/L" in drawn("<p>6.1 ×10⁹/L</p>").pages[0].extract_text()


@pytest.mark.parametrize("body", [
    '<img src="file:///etc/passwd">', '<img src="/etc/hostname">', '<img src="../README.md">', '<img src="http://127.0.0.1:9/a.png">',
    '<img src="https://example.org/a.png">', '<link rel="stylesheet" href="file:///etc/passwd">',
    "<style>@import url(http://127.0.0.1:9/a.css);</style>", "<style>@font-face { font-family: a; src: url(/etc/passwd) }</style>",
    '<p style="background-image: url(/etc/passwd)">x</p>', '<pdf:insertpdf src="/etc/passwd"/>',
])  # fmt: skip
def test_it_reads_nothing_but_its_fonts(body: str) -> None:
    with pytest.raises(pdf.NotDrawn):
        drawn(body)


@pytest.mark.parametrize("body", [
    "<svg><rect/></svg>", "<style>@layer a { p { color: red } }</style>", "<style>@supports (display: grid) { p { color: red } }</style>",
    '<p style="float: left">x</p>', '<p style="font-family: Nowhere">x</p>', '<img src="data:image/svg+xml;base64,AAAA">',
])  # fmt: skip
def test_what_would_silently_be_left_out_is_an_error(body: str) -> None:
    with pytest.raises(pdf.NotDrawn):
        drawn(body)


def test_its_complaints_hold_no_word_of_the_document() -> None:
    with pytest.raises(pdf.NotDrawn) as problem:
        drawn('<img src="file:///王秀英-secret"><p style="font-family: 王秀英-secret; float: secret">王秀英-secret</p>')
    assert problem.value.notes
    assert not any("secret" in note or "王" in note for note in problem.value.notes)


def test_it_opens_no_connection_and_starts_no_program() -> None:
    code = """
import socket, subprocess, sys
from app.core import pdf_child
sys.addaudithook(pdf_child._refuse)
for attempt in (lambda: socket.create_connection(("127.0.0.1", 9)), lambda: subprocess.run(["true"]), lambda: __import__("os").system("true")):
    try:
        attempt()
    except PermissionError:
        continue
    raise SystemExit("not refused")
"""
    assert subprocess.run([sys.executable, "-c", code], cwd=pdf._HOUSE).returncode == 0


def test_it_is_given_up_after_its_time() -> None:
    began = time.monotonic()
    with pytest.raises(pdf.NotDrawn, match="not ready"):
        pdf.draw(f"{HEAD}<body>{'<p>x</p>' * 5000}</body></html>", seconds=0.4)
    assert time.monotonic() - began < 5


def test_being_killed_is_a_failure_and_not_half_a_file() -> None:
    asked = json.dumps({"html": f"{HEAD}<body>{'<p>x</p>' * 20000}</body></html>", "fonts": str(fonts.FOLDER)}).encode()
    child = subprocess.Popen([sys.executable, "-m", "app.core.pdf"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=pdf._HOUSE)
    child.stdin.write(asked)
    child.stdin.close()
    time.sleep(0.5)
    os.kill(child.pid, signal.SIGKILL)
    assert child.stdout.read() == b"" and child.wait() == -signal.SIGKILL
    child.stdout.close()


def test_hostile_words_stay_words() -> None:
    text = drawn("<p>&lt;img src=&quot;file:///etc/passwd&quot;&gt; &amp;lt; &#60;pdf:insertpdf/&#62;</p>").pages[0].extract_text()
    assert '<img src="file:///etc/passwd">' in text.replace("\u00a0", " ").replace("\n", " ")


# ── lines ──

@pytest.mark.parametrize(("before", "after", "allowed"), [
    ("血", "压", True), ("高", "，", False), ("，", "血", True), ("（", "高", False), ("高", "）", False), ("“", "好", False),
    ("L", "D", False), ("压", "1", True), ("5", "0", False), ("5\u00a0", "m", False), ("C\u00a0", "3", True), ("5\u00a0", "血", True),
    ("血", "\u00a0", False), ("L", "，", False), ("%", "血", True),
])  # fmt: skip
def test_where_a_line_may_end(before: str, after: str, allowed: bool) -> None:
    assert linebreak.between(before, after) is allowed


def test_what_is_asked_not_to_be_broken_stays_together() -> None:
    options = "\u00a0 ".join(f'<span class="option">{n}\u00a0国家机关办事人员</span>' for n in range(9))
    text = drawn(f"<style>.option {{ white-space: nowrap; }}</style><p>{options}</p>").pages[0].extract_text()
    lines = [line for line in text.replace("\u00a0", " ").splitlines() if line.strip()]
    assert len(lines) > 1 and all(line.strip()[0].isdigit() and line.rstrip().endswith("人员") for line in lines)


def test_no_line_begins_with_a_comma_and_none_leaves_the_page() -> None:
    page = drawn("<p>" + "血压偏高，LDL-C 3.6 mmol/L（目标 2.6 以下），请“按时”吃药。" * 60 + "</p>").pages[0]
    rows: dict[float, str] = {}

    def note(text: str, _cm: list, place: list, _font: dict, _size: float) -> None:
        rows[place[5]] = rows.get(place[5], "") + text.strip("\n")

    page.extract_text(visitor_text=note)
    lines = [line for line in rows.values() if line.strip()]
    assert len(lines) > 20
    assert not any(line[0] in "，。）、”" for line in lines)
    assert not any(line.rstrip().endswith(("（", "“")) for line in lines)
    face = ImageFont.truetype(fonts.FOLDER / fonts.file_name("sans", "regular"), 10)
    widths = [face.getlength(line) for line in lines]
    assert max(widths) <= 595 - 2 * 28 and min(widths[:-1]) > 450


def test_the_mended_steps_still_exist_in_the_library() -> None:
    from reportlab.pdfbase import ttfonts
    from xhtml2pdf import reportlab_paragraph

    assert callable(reportlab_paragraph._chunkWord) and callable(ttfonts.makeToUnicodeCMap)
