"""The typeface on paper: made once, whole, and with every character of Chinese names."""

import json
from pathlib import Path

from app.core import fonts, glyphs


def test_fonts_are_made_once() -> None:
    said: list[str] = []
    fonts.prepare(say=said.append)
    assert said == []


def test_fonts_of_another_recipe_are_outdated(tmp_path: Path) -> None:
    assert not fonts.ready(tmp_path)
    for face in fonts.FACES:
        for weight in fonts.WEIGHTS:
            (tmp_path / fonts.file_name(face, weight)).touch()
    coverage = json.loads((fonts.FOLDER / "coverage.json").read_text())
    (tmp_path / "coverage.json").write_text(json.dumps(coverage))
    assert fonts.ready(tmp_path)
    (tmp_path / "coverage.json").write_text(json.dumps(coverage | {"made_from": "an older wheel"}))
    assert not fonts.ready(tmp_path)
    (tmp_path / "coverage.json").write_text("{ half a fi")
    assert not fonts.ready(tmp_path)


def test_every_gbk_character_can_be_drawn() -> None:
    drawable = set().union(*fonts.coverage().values())
    gbk = {bytes([high, low]) for high in range(0x81, 0xFF) for low in range(0x40, 0xFF) if low != 0x7F}
    characters = {code.decode("gbk", "ignore") for code in gbk} - {""}
    assert len(characters) > 21_000
    undrawn = {c for c in characters if len(c) == 1 and ord(c) not in drawable and not 0xE000 <= ord(c) < 0xF900}
    assert undrawn <= {"≒"}


def test_coverage_ranges_come_back_whole() -> None:
    assert fonts._ranges({7, 1, 2, 3}) == [(1, 3), (7, 7)] and fonts._ranges(set()) == []


def test_case_leaves_addresses_and_markup_alone() -> None:
    case = glyphs.Case(fonts.coverage())
    html = '<p title="a b">a &lt;b&gt; &amp; c</p>'
    assert case.document(html) == html
