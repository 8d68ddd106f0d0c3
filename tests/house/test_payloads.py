"""Every field that takes words is given script, template, formula and SQL, and every page, print and export is looked at.

The forms are read from the pages, so a new field is tried without anybody thinking of it.
"""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import openpyxl
import pypdf
import pytest
from litestar.testing import TestClient
from markupsafe import escape

from app.clinic import dossiers, lists
from app.core.spreadsheets import XLSX_TYPE
from tests.attachments.conftest import picture
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
    "phone": "13800138000", "birth": "1948-03-12", "sign_in": "somebody.new", "password": "quiet-lake-4712",
    "taken_at": "2026-11-20", "due_on": "2026-11-24", "next_on": "2026-12-01", "price_fen": "12", "days": "30", "label": "x",
}
CHOSEN = {"all.0.what": "age", "all.0.value": "60"}
EVERY_COLUMN = urlencode({"columns": [name for name in lists.COLUMNS if name not in ("sex", "age")]}, doseq=True)
BROWSER = Path(__file__).parents[1] / "browser"
FILES = {
    "/manage/imports": ("x.csv", (BROWSER / "checkups.csv").read_bytes(), "text/csv"),
    "/manage/rosters": ("x.csv", (BROWSER / "people.csv").read_bytes(), "text/csv"),
    "/patients/…/attachments": ("x.jpg", picture() + b"one more", "image/jpeg"),
}
# What takes no words, though it is typed: each is read as something, and says so beside the field when it is not that.
PAPER, SOMEBODY = "a document's number", "the number of somebody here"
STRICT = {
    ("/manage/rules", "all.0.value"): "a number",
    **{(place, name): what for place in ("/patients", "/patients/…") for name, what in {
        "birth": "a birth date", "document": PAPER, "document_2": PAPER, "guardian_number": SOMEBODY, "emergency_number": SOMEBODY,
        "emergency_2_number": SOMEBODY,
    }.items()},
    ("/patients/…/completeness/opening", "document"): PAPER,
    ("/patients/…/family", "q"): "only looks somebody up; nothing is kept",
    ("/fill", "code"): "a code somebody was given", ("/tablet", "code"): "a code somebody was given",
    ("/manage/backup/places", "at"): "a folder that is there", ("/manage/backup/sheet/keeping", "group"): "letters printed on the recovery sheet",
    ("/manage/entrance", "other_hosts"): "names and numbers of a network", ("/manage/network", "lan_name"): "a name of a network",
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


def forms(browser: TestClient, addresses: list[str], method: str = "post") -> Iterator[tuple[str, Form]]:
    """Each form with words in it, once, and where it stands."""
    told = set()
    for address in addresses:
        answer = browser.get(address)
        if answer.status_code != 200 or "html" not in answer.headers.get("content-type", ""):
            continue
        for form in read(answer.text).forms:
            place = same_place(form.action or address)
            if form.method == method and form.words and place not in told and not ENDS.search(form.action):
                told.add(place)
                yield address, form


def turn(action: str) -> int:
    """Work comes first, for much of what is typed closes it; what takes something away late, what stops all writing last."""
    if action.startswith("/work/"):
        return 0
    return 3 if action.endswith("/restriction") else 1 + bool(action == "/manage/rules" or LATER.search(action))


def newest(html: str, form: Form) -> Form:
    """The same form as the page has it now: with the version, the token, the question that stand there."""
    same = (same_place(form.action), form.method)
    return next((one for one in read(html).forms if (same_place(one.action), one.method) == same and one.words), form)


def send(browser: TestClient, address: str, form: Form, words: str) -> set[str]:
    """Which fields took the words; a field that says no is given something fitting, or nothing."""
    instead: dict[str, str] = dict(CHOSEN)
    leave: set[str] = set()
    form = newest(browser.get(address).text, form)
    for _try in range(5):
        sent = fill(form, words, instead, leave) | {"told_apart": "on"}
        file = {form.file: FILES[same_place(form.action)]} if form.file and same_place(form.action) in FILES else None
        answer = browser.post(form.action, data=sent, files=file, follow_redirects=False)
        check(answer, form.action)
        if answer.status_code < 400:
            return {one.name for one in form.words if one.name not in instead and one.name not in leave}
        form = newest(answer.text, form)
        for name in {one.name for one in form.controls if one.wrong}:
            (leave.add(name) if name in instead else instead.update({name: fitting(name)}))
    return set()


def fitting(name: str) -> str:
    return next((value for ends, value in FITTING.items() if name == ends or name.endswith("_" + ends)), "")


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
    elif "zip" in kind:
        archive = zipfile.ZipFile(io.BytesIO(answer.content))
        for name in archive.namelist():
            assert not name.startswith("/") and ".." not in name, f"{address}: {name}"
            if name.endswith(".pdf"):
                _check_pdf(archive.read(name), name)


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
    every = sorted(forms(owner, looked), key=lambda found: turn(found[1].action))
    asked = {(same_place(form.action), one.name) for _address, form in every for one in form.words}
    took: set[tuple[str, str]] = set()
    for address, form in every:
        for words in (PAYLOADS[kind], SHORT[kind]):
            took |= {(same_place(form.action), name) for name in send(owner, address, form, words)}
    assert {pair for pair in asked - took if pair not in STRICT} == set()
    kinds = look_at_everything(owner, looked, mine, kind)
    assert kinds >= {"text/html", "application/pdf", "text/csv", XLSX_TYPE, "application/zip"}
    assert owner.app.state.db.value("SELECT count(*) FROM patients") >= 2


def look_at_everything(browser: TestClient, addresses: list[str], patient: int, kind: str) -> set[str]:
    """Pages, what is looked for on them, lists that go out, the person's file; which kinds of content these were."""
    answers = [(address, browser.get(address)) for address in addresses]
    if kind == "script":  # as a piece of a page too, and in an address that leads nowhere
        answers += [(address, browser.get(address, headers={"HX-Request": "true"})) for address in addresses if not address.endswith(".pdf")]
        answers += [(address, browser.get(f"{address}/{quote(PAYLOADS[kind], safe='')}?{urlencode({'q': PAYLOADS[kind]})}")) for address in ("", "/patients", "/fill", "/static")]
    for address, form in forms(browser, addresses, "get"):
        for words in (PAYLOADS[kind], SHORT[kind]):
            answers.append((form.action, browser.get(form.action or address, params=fill(form, words, {}, set()))))
    browser.post(f"/patients/{patient}/restriction/end", data={"lifted": PAYLOADS[kind]})
    answers += [(address, browser.get(address)) for address in addresses if "rights" in address or "/timeline" in address]
    for what in ("csv", "xlsx"):
        answers.append((what, browser.post("/patients/exports", data={"query": EVERY_COLUMN, "format": what})))
    for what in ("list", "labels"):
        answers.append((what, browser.post("/patients/prints", data={"query": EVERY_COLUMN, "what": what, "sheet": "24", "first": "1"})))
    answers += [(f"answers of {id}", browser.post(f"/manage/questionnaires/{id}/exports")) for id in range(1, 6)]
    state = browser.app.state
    for id in dossiers.waiting(state.db):
        dossiers.make_one(state.db, state.files, id)
    answers.append(("dossier", browser.post(f"/patients/{patient}/dossiers/1/copies")))
    for address, answer in answers:
        check(answer, address)
    short = str(escape(SHORT[kind]))
    assert sum("html" in one.headers.get("content-type", "") and short in one.text for _address, one in answers) > 5
    return {one.headers.get("content-type", "").partition(";")[0] for _address, one in answers if one.status_code == 200}
