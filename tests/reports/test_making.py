"""From wanted to made: once, whatever ends in between; and the pages as they come out."""

import io
import re
import threading
from collections.abc import Callable
from datetime import date, timedelta

import pypdf
import pytest

from app.clinic import patients, reports
from app.clinic.patients import NewPatient
from app.clinic.reports import actions
from app.core import clock, fonts, pdf, settings
from app.core.db import Database
from app.core.errors import Conflict, NotFound
from app.core.files import Files
from tests.reports.conftest import NOW, file


@pytest.fixture(scope="session", autouse=True)
def paper_fonts() -> None:
    fonts.prepare()


def kinds(db: Database, id: int) -> list[str]:
    found = db.all(tuple, "SELECT kind, details FROM events WHERE kind LIKE 'healthreport.%' ORDER BY id")
    return [kind for kind, details in found if f'"report":{id},' in details]


def made(db: Database, files: Files, patient_id: int, **asked) -> pypdf.PdfReader:
    id = reports.want(db, None, patient_id, **asked)
    assert reports.make_one(db, files, id)
    report = reports.get(db, patient_id, id)
    assert report.state(clock.stamp()) == "done" and report.missing == ""
    return pypdf.PdfReader(io.BytesIO(files.read(report.file)))


def text(page: pypdf.PageObject) -> str:
    return page.extract_text().replace("\u00a0", " ")


@pytest.mark.parametrize(("language", "page_x_of_y"), [("zh", "第 {x} 页 / 共 {y} 页"), ("en", "Page {x} / {y}")])
def test_every_page_says_clinic_person_number_and_page(
    db: Database, files: Files, wang: int, language: str, page_x_of_y: str
) -> None:
    pages = made(db, files, wang, language=language, words="**按时吃药**\n\n- 每天量一次").pages
    assert 2 <= len(pages) <= 4
    for x, page in enumerate(pages, 1):
        said = text(page)
        assert "和平里诊所" in said and "王秀英" in said and "Y-000001" in said
        assert page_x_of_y.format(x=x, y=len(pages)) in said.replace("  ", " ")
    assert "按时吃药" in text(pages[0]) and "青霉素" in text(pages[0])


def test_the_paper_says_what_is_known(db: Database, files: Files, wang: int) -> None:
    whole = "".join(text(page) for page in made(db, files, wang).pages).replace("\n", "")
    for said in ("152/94", "3.60 mmol/L", "低密度脂蛋白胆固醇", "↑", "≤139", "这说明", "全部结果", "空腹血糖"):
        assert said in whole, said


def test_fonts_are_embedded_in_part(db: Database, files: Files, wang: int) -> None:
    for page in made(db, files, wang).pages:
        for font in page["/Resources"]["/Font"].values():
            descriptor = font.get_object().get("/FontDescriptor")
            if descriptor is not None:
                assert re.fullmatch(r"/[A-Z]{6}\+.*", str(font.get_object()["/BaseFont"]))
                assert "/FontFile2" in descriptor.get_object()


def test_a_small_report_is_one_page(db: Database, files: Files, nameless: int) -> None:
    pages = made(db, files, nameless).pages
    assert len(pages) == 1 and "Y-000001" in text(pages[0])


def test_a_big_one_loses_nothing(db: Database, files: Files, who: Callable) -> None:
    """Everything the catalogue knows, a long rare name, a long address: no line cut, every head repeated."""
    from app.clinic.catalogue import indicators

    id = patients.register(db, None, NewPatient("欧阳𠮷䶮㛃·阿卜杜热合曼·买买提明", "male", date(1950, 1, 1)))
    values = {code: 1000.0 for code, one in indicators().items() if not one.in_words}
    with db.aside():
        for code, value in values.items():
            hard = indicators()[code].hard
            values[code] = (hard[1] or value) * 0.9 if hard[1] else 50.0
    file(db, who("doctor"), id, "2026-11-01", values)
    pages = made(db, files, id, words="很长的话。" * 200).pages
    whole = "".join(text(page) for page in pages).replace("\n", "")
    for code in values:
        assert indicators()[code].zh.replace(" ", "")[:6] in whole.replace(" ", ""), code
    assert "𠮷䶮㛃" in whole
    listing = [page for page in pages if "上次" in text(page)]
    assert len(listing) >= 1


def test_hostile_words_are_only_words(db: Database, files: Files, who: Callable) -> None:
    name = "<img src=file:///etc/passwd> & </td>"
    id = patients.register(db, None, NewPatient(name, "male", date(1950, 1, 1)))
    settings.put(db, None, clinic_name="<pdf:insertpdf src='/etc/passwd'/>")
    said = text(made(db, files, id, words="<script>alert(1)</script> ![x](file:///etc/passwd) [y](http://x)").pages[0])
    assert "<img src=file:///etc/passwd>" in said.replace("\n", "") and "script" not in said


def test_what_cannot_be_drawn_is_told(db: Database, files: Files) -> None:
    id = patients.register(db, None, NewPatient("김😀", "male", date(1950, 1, 1)))
    report = reports.want(db, None, id)
    assert reports.make_one(db, files, report)
    assert reports.get(db, id, report).missing == "김😀"


# ── once, whatever happens ──

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


