"""Small files of our own, and a way to bring them in as the sweep does."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from app.clinic import exams
from app.core.db import Database
from app.core.files import Files

HEAD = ["id", "性别", "年龄", "体检日期", "总胆固醇", "甘油三酯", "红细胞压积", "血糖"]
LINES = [
    ["1", "男", "41", "12/10/2017", "4.43", "1.31", "0.479", "6.06"],
    ["2", "女", "48", "26/10/2017", "7.20", "1.15", "0.354", "5.42"],
    ["3", "??", "53", "19/10/2017", "5.1", "", "0.41", "11.6"],
    ["4", "女", "15", "19/10/2017", "9.9", "1.0", "0.40", "5.0"],
]
VALUES = 15


def csv_of(*lines: list[str], head: list[str] = HEAD, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([head, *lines])
    return text.getvalue().encode(encoding)


def xlsx_of(*rows: list) -> bytes:
    book, content = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(content)
    return content.getvalue()


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "files")


@pytest.fixture
def bring(db: Database, files: Files) -> Callable[..., exams.Batch]:
    """bring(content, create_patients=True, …) files it in one go and checks that the counts add up."""

    def run(content: bytes, name: str = "centre.csv", **how) -> exams.Batch:
        batch, _rehearsal = exams.import_file(db, None, files, name, content, **{"sender": "centre", **how})
        adds_up(db, batch)
        return batch

    return run


def adds_up(db: Database, batch: exams.Batch) -> None:
    """The counts are what really stands in the tables."""
    batch = exams.batch(db, batch.id)
    assert batch.received == batch.filed + batch.duplicate + batch.tray + batch.refused
    waiting = db.value("SELECT coalesce(sum(n), 0) FROM tray_items WHERE batch_id = :id AND closed_event_id IS NULL", id=batch.id)
    assert batch.tray == waiting
    assert sum(batch.why.values()) == batch.tray + batch.refused


def filed_values(db: Database, batch_id: int | None = None) -> int:
    """Live values that were sent, not computed."""
    return db.value(
        "SELECT count(*) FROM observations o JOIN diagnostic_reports r ON r.id = o.report_id WHERE o.retired_event_id IS NULL "
        "AND (:batch IS NULL OR r.batch_id = :batch) AND o.id NOT IN (SELECT observation_id FROM observation_inputs)",
        batch=batch_id,
    )
