"""From wanted to made: once, whatever ends in between."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from app.clinic import reports
from app.clinic.reports import actions
from app.core import clock, pdf
from app.core.db import Database
from app.core.errors import Conflict, NotFound
from app.core.files import Files
from tests.reports.conftest import NOW


def kinds(db: Database, id: int) -> list[str]:
    found = db.all(tuple, "SELECT kind, details FROM events WHERE kind LIKE 'healthreport.%' ORDER BY id")
    return [kind for kind, details in found if f'"report":{id},' in details]


def drawing(monkeypatch: pytest.MonkeyPatch, draw: Callable) -> None:
    monkeypatch.setattr(actions.pdf, "draw", draw)


def paper(_html: str) -> pdf.Pdf:
    return pdf.Pdf(b"%PDF-paper", ())


def test_two_hands_draw_one_report_once(db: Database, files: Files, wang: int, monkeypatch: pytest.MonkeyPatch) -> None:
    started, go, drawn = threading.Event(), threading.Event(), []

    def slow(html: str) -> pdf.Pdf:
        drawn.append(1)
        started.set()
        go.wait(5)
        return paper(html)

    drawing(monkeypatch, slow)
    id = reports.want(db, None, wang)
    other = threading.Thread(target=reports.make_one, args=(db, files, id))
    other.start()
    started.wait(5)
    assert reports.get(db, wang, id).state(clock.stamp()) == "drawing" and reports.waiting(db) == []
    assert reports.make_one(db, files, id) is False
    go.set()
    other.join()
    assert drawn == [1] and kinds(db, id) == ["healthreport.wanted", "healthreport.made"]
    assert reports.make_one(db, files, id) is False


class Killed(BaseException):
    """Stands for the power cut: nothing of ours may catch it."""


def test_a_crash_in_between_loses_nothing(db: Database, files: Files, wang: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(_html: str) -> pdf.Pdf:
        raise Killed()

    drawing(monkeypatch, cut)
    id = reports.want(db, None, wang)
    with pytest.raises(Killed):
        reports.make_one(db, files, id)
    assert reports.waiting(db) == []
    drawing(monkeypatch, paper)
    with clock.stop(NOW + actions.LEASE + timedelta(seconds=1)):
        assert reports.waiting(db) == [id]
        assert reports.make_one(db, files, id)
    assert kinds(db, id) == ["healthreport.wanted", "healthreport.made"]


def test_after_a_crash_the_next_start_draws_at_once(db: Database, files: Files, wang: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(_html: str) -> pdf.Pdf:
        raise Killed()

    drawing(monkeypatch, cut)
    id = reports.want(db, None, wang)
    with pytest.raises(Killed):
        reports.make_one(db, files, id)
    before = db.value("SELECT count(*) FROM events")
    reports.free(db)
    assert reports.waiting(db) == [id] and db.value("SELECT count(*) FROM events") == before


def test_who_comes_back_too_late_writes_nothing(db: Database, files: Files, wang: int, monkeypatch: pytest.MonkeyPatch) -> None:
    id = reports.want(db, None, wang)

    def overtaken(html: str) -> pdf.Pdf:
        drawing(monkeypatch, paper)
        with clock.stop(NOW + actions.LEASE * 2):
            assert reports.make_one(db, files, id)
        return pdf.Pdf(b"%PDF-late", ())

    drawing(monkeypatch, overtaken)
    assert reports.make_one(db, files, id) is False
    assert files.read(reports.get(db, wang, id).file) == b"%PDF-paper"
    assert kinds(db, id) == ["healthreport.wanted", "healthreport.made"]


def test_what_kills_every_time_is_given_up(db: Database, files: Files, wang: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(_html: str) -> pdf.Pdf:
        raise Killed()

    drawing(monkeypatch, cut)
    id = reports.want(db, None, wang)
    for n in range(actions.MOST_TRIES):
        with clock.stop(NOW + actions.LEASE * 2 * n), pytest.raises(Killed):
            reports.make_one(db, files, id)
    with clock.stop(NOW + actions.LEASE * 20):
        assert reports.make_one(db, files, id) is False
        assert reports.get(db, wang, id).state(clock.stamp()) == "failed" and reports.waiting(db) == []


def test_failed_is_said_and_can_be_tried_again(db: Database, files: Files, wang: int, who: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_html: str) -> pdf.Pdf:
        raise pdf.NotDrawn(["xhtml2pdf:1 U+738B"])

    drawing(monkeypatch, broken)
    id = reports.want(db, None, wang)
    assert reports.make_one(db, files, id) is False
    assert reports.get(db, wang, id).state(clock.stamp()) == "failed" and reports.waiting(db) == []
    reports.retry(db, who("nurse"), wang, id)
    with pytest.raises(Conflict):
        reports.retry(db, who("nurse"), wang, id)
    drawing(monkeypatch, paper)
    assert reports.waiting(db) == [id] and reports.make_one(db, files, id)
    assert kinds(db, id) == ["healthreport.wanted", "healthreport.failed", "healthreport.retried", "healthreport.made"]


def test_who_printed_is_written_down(db: Database, files: Files, wang: int, nameless: int, who: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    drawing(monkeypatch, paper)
    id = reports.want(db, None, wang)
    with pytest.raises(NotFound):
        reports.note_print(db, who("nurse"), wang, id)
    reports.make_one(db, files, id)
    reports.note_print(db, who("nurse"), wang, id)
    reports.note_print(db, who("doctor"), wang, id)
    assert [print.by for print in reports.prints(db, wang)] == ["林文清", "周岚"]
    assert reports.get(db, wang, id).prints == 2
    with pytest.raises(NotFound):
        reports.note_print(db, who("nurse"), nameless, id)


