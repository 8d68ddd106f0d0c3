"""Every field that takes words is given script, template, formula and SQL, and every page, print and export is looked at.

The forms are read from the pages, so a new field is tried without anybody thinking of it.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator

import openpyxl
import pypdf
import pytest
from litestar.testing import TestClient

from tests.house.filling import Form, fill, read, same_place
from tests.house.routes import routes
from tests.house.test_whose import everything  # noqa: F401  one of everything

MARK = "q{{7*7}}q"
PAYLOADS = {
    "script": f'"><evilx onerror=evil()>{MARK}</evilx><script>evil()</script>',
    "template": MARK + "${7*7}{% for x in 1 %}%(name)s %s {0}",
    "formula": f'=HYPERLINK("http://evil.example";"{MARK}")',
    "sql": f"x'); DROP TABLE patients; --{MARK}",
}
SHORT = {"script": "<evilx>", "template": MARK, "formula": "=1+1", "sql": "';--"}
# What a field takes that does not take just any words.
FITTING = {
    "phone": "13800138000", "birth": "1948-03-12", "sign_in": "somebody.new", "password": "quiet-lake-4712", "taken_at": "2026-11-20",
    "due_on": "2026-12-01", "next_on": "2026-12-01", "price_fen": "12", "days": "30", "reason": "",
}
ENDS = re.compile(r"(sign-out|password|/language|/end|closure|reopening|filing|/switch|drafts.*)$")  # would end the test, or says nothing
LATER = re.compile(r"(withdrawal|closing|closure|removal|undo|undoing|completion|dismissal|merge|error|restoration|retirement|taking-off)")


@pytest.fixture
def owner(everything: tuple[int, int], sign_in: Callable[[str], TestClient]) -> TestClient:  # noqa: F811
    return sign_in("owner")


def pages(browser: TestClient, patient: int) -> list[str]:
    """Every address that can be looked at."""
    found = {one.address for one in routes(browser.app) if one.method == "GET" and not one.path.startswith("/static")}
    return sorted(address.replace("/patients/1", f"/patients/{patient}") for address in found)


def forms(browser: TestClient, addresses: list[str]) -> Iterator[Form]:
    """Each form with words in it, once."""
    told = set()
    for address in addresses:
        answer = browser.get(address)
        if answer.status_code != 200 or "html" not in answer.headers.get("content-type", ""):
            continue
        for form in read(answer.text).forms:
            place = same_place(form.action)
            if form.method == "post" and form.words and place not in told and not ENDS.search(form.action):
                told.add(place)
                yield form


def send(browser: TestClient, form: Form, words: str) -> set[str]:
    """Which fields took the words; a field that says no is given something fitting, or nothing."""
    instead: dict[str, str] = {}
    leave: set[str] = set()
    for _try in range(4):
        sent = fill(form, words, instead, leave)
        answer = browser.post(form.action, data=sent, follow_redirects=False)
        check(answer, form.action)
        if answer.status_code < 400:
            return {one.name for one in form.words if one.name not in instead and one.name not in leave}
        wrong = {one.name for again in read(answer.text).forms for one in again.controls if one.wrong} or {""}
        for name in wrong:
            (leave.add(name) if name in instead else instead.update({name: FITTING.get(name, "")}))
    return set()


def check(answer, address: str) -> None:
    """Nothing that was typed has become part of the page, the sheet or the paper."""
    kind = answer.headers.get("content-type", "")
    assert answer.status_code < 500, f"{address}: {answer.status_code}"
    if "html" in kind:
        _check_html(answer.text, address)
    elif "csv" in kind:
        for row in csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))):
            for cell in row:
                assert not cell.startswith(("=", "+", "@", "\t", "\r")) and not re.match(r"-\D", cell), f"{address}: {cell[:40]}"
    elif "spreadsheet" in kind:
        for sheet in openpyxl.load_workbook(io.BytesIO(answer.content)):
            formulas = [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
            assert not formulas, f"{address}: {formulas}"
    elif "pdf" in kind:
        _check_pdf(answer.content, address)


def _check_html(html: str, address: str) -> None:
    for tag, given in read(html).tags:
        assert tag != "evilx", f"{address}: typed markup is an element"
        assert not [name for name in given if name.startswith("on")], f"{address}: {tag} {given}"
        assert tag != "script" or (given.get("src") or "").startswith("/static/"), f"{address}: a script"
        for name in ("href", "src", "action"):
            assert not (given.get(name) or "").lower().startswith(("javascript:", "data:text")), f"{address}: {given}"
    assert "q49q" not in html, f"{address}: what was typed was run as a template"


def _check_pdf(content: bytes, address: str) -> None:
    text = "".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(content)).pages)
    assert "q49q" not in text and b"/JavaScript" not in content and b"/Launch" not in content, address


@pytest.mark.parametrize("kind", PAYLOADS)
def test_what_is_typed_stays_text(owner: TestClient, everything: tuple[int, int], kind: str) -> None:  # noqa: F811
    mine, _other = everything
    looked = pages(owner, mine)
    every = list(forms(owner, looked))
    asked: dict[str, set[str]] = {}
    took: dict[str, set[str]] = {}
    for form in [one for one in every if not LATER.search(one.action)] + [one for one in every if LATER.search(one.action)]:
        for words in (PAYLOADS[kind], SHORT[kind]):
            fields = send(owner, form, words)
            asked.setdefault(same_place(form.action), set()).update(one.name for one in form.words)
            took.setdefault(same_place(form.action), set()).update(fields)
    seen = 0
    for address in looked:
        answer = owner.get(address)
        check(answer, address)
        seen += "html" in answer.headers.get("content-type", "") and SHORT[kind].replace("'", "&#39;").replace("<", "&lt;").replace(">", "&gt;") in answer.text
    assert owner.app.state.db.value("SELECT count(*) FROM patients") >= 2
    refused = {(place, name) for place, names in asked.items() for name in names - took[place]}
    print(sorted(refused), seen)
    assert sum(map(len, took.values())) > 20 and seen > 5, (took, seen)
