"""What a role may not see it finds nowhere: pages, fragments, lists, files and paper, each entry under its own address too."""

import io
import zipfile
from collections.abc import Callable, Iterator

import msgspec
import pypdf
import pytest
from litestar.testing import TestClient

from app.clinic import attachments, dossiers, encounters, patients, records, work
from app.core import clock
from app.core.access import Actor
from tests.attachments.conftest import picture
from tests.house.test_payloads import EVERY_COLUMN, pages
from tests.house.test_whose import everything  # noqa: F401  one of everything
from tests.mistakes.filled import entry_of

SECRET, CLINICAL = "不可说的金丝雀", "病里的金丝雀"
HTMX = {"HX-Request": "true"}
HOW = {"none": {}, "block": HTMX}


def written(db, doctor: Actor, patient: int, section: records.Section, words: str, sensitive: bool) -> int:
    """An entry with the words wherever it takes any."""
    entry = entry_of(section)
    if sensitive:
        entry = msgspec.structs.replace(entry, sensitive=True)
    id = records.record(db, doctor, patient, section, entry)
    for name, value in msgspec.structs.asdict(entry).items():
        if value == "2016":
            with db.aside():
                try:
                    db.execute(f"UPDATE {section.id} SET {name} = :words WHERE id = :id", words=words, id=id)
                except Exception:  # noqa: BLE001, S112  a column that is no words
                    continue
    return id


def paper(content: bytes) -> str:
    return "".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(content)).pages)


def text_of(answer) -> str:
    kind = answer.headers.get("content-type", "")
    if "pdf" in kind:
        return paper(answer.content)
    if "zip" in kind or "spreadsheet" in kind:
        archive = zipfile.ZipFile(io.BytesIO(answer.content))
        return "".join(archive.read(name).decode(errors="replace") for name in archive.namelist())
    return answer.text


def answers(browser: TestClient, addresses: list[str]) -> Iterator[tuple[str, str]]:
    """Every address as a page and as a block, what is found and what lists say."""
    for address in addresses:
        for headers in HOW.values():
            yield address, text_of(browser.get(address, headers=headers))
    yield "search", browser.post("/search", data={"q": "王"}, headers=HTMX).text
    for what in ("list", "labels"):
        yield what, browser.post("/patients/prints", data={"query": EVERY_COLUMN, "what": what, "sheet": "24", "first": "1"}).text
    for kind in ("csv", "xlsx"):
        yield kind, text_of(browser.post("/patients/exports", data={"query": EVERY_COLUMN, "format": kind}))


@pytest.fixture
def mine(everything: tuple[int, int]) -> int:  # noqa: F811
    return everything[0]


@pytest.fixture
def secrets(client: TestClient, who: Callable[[str], Actor], mine: int) -> dict[str, int]:
    """Section → a sensitive entry of it; with a photo on one, and one that was corrected and one that was struck out."""
    db, doctor = client.app.state.db, who("doctor")
    made = {one.id: written(db, doctor, mine, one, SECRET, True) for one in records.SECTIONS.values() if "sensitive" in one.new.__struct_fields__}
    corrected, struck = (records.record(db, doctor, mine, records.section("notes"), records.NewNote(SECRET, sensitive=True)) for _n in range(2))
    records.correct(db, doctor, mine, records.section("notes"), corrected, records.NewNote("nothing", sensitive=True), SECRET)
    records.withdraw(db, doctor, mine, records.section("notes"), struck, SECRET)
    with client.app.state.files.incoming() as arriving:
        arriving.write(picture() + b"another")
        attachments.add(db, doctor, client.app.state.files, mine, attachments.NewAttachment(SECRET, place=attachments.Place("conditions", made["conditions"])), arriving)
    assert len(made) > 10
    return made


def of_each(mine: int, secrets: dict[str, int]) -> list[str]:
    return [f"/patients/{mine}/{way}" for section, id in secrets.items() for way in (
        f"record/{section}/{id}", f"record/{section}/{id}/edit", f"record/{section}/new", f"mistakes/{section}/{id}")]


def test_the_sweep_would_find_it(secrets: dict[str, int], mine: int, sign_in) -> None:
    browser = sign_in("doctor")
    seen = {address for address in of_each(mine, secrets) if SECRET in browser.get(address).text}
    assert len(seen) > 2 * len(secrets)
    assert SECRET in browser.get(f"/patients/{mine}/record").text and SECRET in browser.get(f"/patients/{mine}/record/file").text


@pytest.mark.parametrize("name", ["manager", "reader"])
def test_what_is_sensitive_stands_nowhere_for_who_may_not_see_it(secrets: dict[str, int], mine: int, who, sign_in, name: str) -> None:
    browser = sign_in(name)
    drawn = ("/report.pdf", ".pdf")
    addresses = [one for one in pages(browser, mine) if not one.endswith(drawn)] + of_each(mine, secrets) + [f"/patients/{mine}/attachments/2"]
    assert {address for address, text in answers(browser, addresses) if SECRET in text} == set()


def test_nor_in_the_persons_file_that_such_a_one_asks_for(secrets: dict[str, int], mine: int, who, sign_in) -> None:
    browser = sign_in("manager")
    state = browser.app.state
    for asked in (who("manager"), who("doctor")):
        id = dossiers.want(state.db, asked, mine, "zh", asked.name)
        dossiers.make_one(state.db, state.files, id)
        answer = browser.post(f"/patients/{mine}/dossiers/{id}/copies")
        if asked.name == who("doctor").name:
            assert answer.status_code == 404
        else:
            archive = zipfile.ZipFile(io.BytesIO(answer.content))
            assert {name[-4:] for name in archive.namelist()} >= {".pdf", "json"}
            for file in archive.namelist():
                content = archive.read(file)
                assert SECRET not in (paper(content) if file.endswith(".pdf") else content.decode(errors="replace")), file


def test_nor_is_it_changed_by_who_may_not_see_it(secrets: dict[str, int], mine: int, sign_in) -> None:
    browser = sign_in("manager")
    db = browser.app.state.db
    before = [db.all(tuple, f"SELECT * FROM {section} WHERE patient_id = :id ORDER BY id", id=mine) for section in secrets]
    for section, id in secrets.items():
        for way in ("", "/withdrawal", "/verification", "/restoration"):
            answer = browser.post(f"/patients/{mine}/record/{section}/{id}{way}", data={"reason": "x", "text": "x", "why": "x"}, follow_redirects=False)
            assert answer.status_code in (403, 404, 422), f"{section}{way}: {answer.status_code}"
        assert browser.post(f"/patients/{mine}/mistakes/{section}/{id}", data={"reason": "x"}, follow_redirects=False).status_code in (403, 404), section
    assert [db.all(tuple, f"SELECT * FROM {section} WHERE patient_id = :id ORDER BY id", id=mine) for section in secrets] == before


def test_reception_finds_nothing_of_anybodys_health(client: TestClient, who: Callable[[str], Actor], mine: int, sign_in) -> None:
    db, doctor = client.app.state.db, who("doctor")
    for section in records.SECTIONS.values():
        written(db, doctor, mine, section, CLINICAL, False)
    work.record(db, doctor, mine, work.NewContact("phone", "reached", note=CLINICAL, next_on=clock.today()))
    visit = encounters.begin(db, doctor, mine)
    encounters.keep(db, doctor, patients.get(db, mine), visit, "complaint", encounters.Typed({"text": CLINICAL}, hand="a" * 32, n=1))
    browser = sign_in("desk")
    addresses = [one for one in pages(browser, mine) if not one.endswith(".pdf")]
    found = {address for address, text in answers(browser, addresses) if CLINICAL in text}
    assert found == set()
    assert CLINICAL in sign_in("doctor").get(f"/patients/{mine}/record").text
