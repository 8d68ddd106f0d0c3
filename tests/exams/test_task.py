"""What the sweep does with a batch: claims it, works, lets go when the house closes, stands still when something breaks."""

from types import SimpleNamespace

import app.tasks
import pytest
from app.clinic import exams
from app.tasks import imports, sweep

from tests.exams.conftest import VALUES, LINES, adds_up, csv_of


@pytest.fixture
def house(monkeypatch, db, files):
    running = SimpleNamespace(stopping=False, nudged=True)
    monkeypatch.setattr(app.tasks, "_running", running)
    monkeypatch.setattr(sweep, "state", SimpleNamespace(db=db, files=files))
    return running


@pytest.fixture
def batch(db, files, who, house) -> int:
    """Rehearsed by the task, wanted to be filed."""
    id = exams.upload(db, who("nurse"), files, "c.csv", csv_of(*LINES, *([str(n), *LINES[0][1:]] for n in range(10, 40))), "centre")
    exams.settle_columns(db, who("nurse"), files, id, [], create_patients=True)
    work(db)
    assert exams.batch(db, id).state == "ready"
    exams.begin(db, who("nurse"), id)
    return id


def work(db) -> None:
    batch, claim = exams.claim(db)
    imports.run.call_local(batch.id, claim)


def test_the_task_files_and_takes_back(db, who, batch) -> None:
    work(db)
    assert exams.batch(db, batch).state == "done" and exams.batch(db, batch).filed == VALUES + 30 * 4
    exams.undo(db, who("doctor"), batch)
    work(db)
    assert exams.batch(db, batch).state == "undone" and exams.claim(db) is None


def test_a_closing_house_stops_after_a_chunk_and_the_next_one_goes_on(db, house, batch) -> None:
    house.stopping = True
    work(db)
    stands = exams.batch(db, batch)
    assert stands.state == "filing" and 0 < stands.next_line < 34
    adds_up(db, stands)
    house.stopping = False
    work(db)
    assert exams.batch(db, batch).filed == VALUES + 30 * 4


def test_what_breaks_stands_still_with_a_sentence(db, batch, monkeypatch) -> None:
    def broken(*_values, **_named):
        raise ZeroDivisionError

    monkeypatch.setattr(exams, "file", broken)
    work(db)
    stands = exams.batch(db, batch)
    assert stands.state == "stopped" and stands.problem and exams.claim(db) is None


def test_a_file_that_has_gone_says_so(db, files, batch) -> None:
    kept = files._path(exams.batch(db, batch).file_hash)
    kept.write_bytes(b"PK\x03\x04 no more")
    work(db)
    assert exams.batch(db, batch).state == "stopped" and "damaged" in exams.batch(db, batch).problem


def test_two_batches_are_worked_on_one_after_the_other(db, files, who, batch) -> None:
    other = exams.upload(db, who("nurse"), files, "d.csv", csv_of(*LINES), "elsewhere")
    exams.settle_columns(db, who("nurse"), files, other, [], create_patients=True)
    first = exams.claim(db)
    assert first and exams.claim(db) is None
    exams.release(db, first[1])
    assert exams.claim(db)
