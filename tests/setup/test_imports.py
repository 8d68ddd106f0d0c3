"""The import command: one JSON object, and the same file twice is filed once."""

import json
from pathlib import Path

from tests.setup.test_serve import yihe

RESULTS = """编号,性别,年龄,体检日期,收缩压,舒张压,空腹血糖
A1,女,61,2026-10-03,152,96,5.4
A2,男,45,2026-10-04,118,76,7.4
"""


def imported(folder: Path, file: Path, *words: str) -> dict:
    done = yihe("import", "checkups", str(file), "--data", str(folder), "--json", *words)
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def counts(told: dict) -> tuple[int, ...]:
    return tuple(told[name] for name in ("received", "filed", "duplicate", "tray", "refused", "patients_created", "patients_matched"))


def test_filed_once(folder, tmp_path):
    file = tmp_path / "results.csv"
    file.write_text(RESULTS, encoding="gb18030")
    rehearsed = imported(folder, file, "--create-patients", "--dry-run")
    assert counts(rehearsed) == (6, 6, 0, 0, 0, 2, 0)
    assert rehearsed["findings"] and rehearsed["tags"]
    assert counts(imported(folder, file, "--create-patients")) == (6, 6, 0, 0, 0, 2, 0)
    assert counts(imported(folder, file, "--create-patients")) == (6, 0, 6, 0, 0, 0, 2)


def test_unknown_people_wait_in_the_tray(folder, tmp_path):
    file = tmp_path / "results.csv"
    file.write_text(RESULTS, encoding="utf-8-sig")
    told = imported(folder, file)
    assert counts(told) == (6, 0, 0, 6, 0, 0, 0)
    assert sum(told["reasons"].values()) == 6


def test_what_cannot_be_read_is_said_in_one_line(folder, tmp_path):
    for words in ([str(tmp_path / "none.csv")], [str(tmp_path / "picture.csv")]):
        (tmp_path / "picture.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
        refused = yihe("import", "checkups", *words, "--data", str(folder))
        assert refused.returncode in (1, 2)
        assert refused.stderr.count("\n") == 1, refused.stderr
        assert refused.stdout == ""
