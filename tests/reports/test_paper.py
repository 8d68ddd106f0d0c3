"""The pages as they come out of the printer."""

import io
import re
from collections.abc import Callable
from datetime import date

import pypdf
import pytest

from app.clinic import patients, reports
from app.clinic.catalogue import indicators
from app.clinic.patients import NewPatient
from app.core import clock, settings
from app.core.db import Database
from app.core.files import Files
from tests.reports.conftest import file



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
    assert "𠮷䶮㛃" in whole and len(pages) < 14
    listing = [page for page in pages if "上次" in text(page)]
    assert len(listing) >= 2, "the head stands on every page of the table"


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
