"""What somebody tries who means harm, on the pages about people: lists, families, records joined, attachments, drafts, cards."""

import threading
from collections.abc import Callable

import pytest
from litestar.testing import TestClient
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from app.clinic import attachments, mistakes, patients, records
from app.core import judging
from app.core.access import Actor
from tests.attachments.conftest import picture
from tests.house.test_whose import everything  # noqa: F401  one of everything

TOKEN = "a" * 32
FORMS = {
    "conditions": ("record/conditions", {"text": "扭伤"}),
    "contacts": ("contacts", {"channel": "phone", "outcome": "reached"}),
    "consents": ("consents", {"consent_how": "signed"}),
    "diagnostic_reports": ("observations", {"value_SBP": "120", "value_DBP": "80", "taken_at": "2026-11-20T08:00"}),
    "completions": ("completeness/opening", {"address": "和平里 3 号"}),
    "medication_reviews": ("medicines", {"noticed": "x", "source": "patient"}),
    "reports": ("reports", {"language": "zh"}),
    "dossiers": ("dossiers", {"language": "zh"}),
}


@pytest.fixture
def owner(everything: tuple[int, int], sign_in: Callable[[str], TestClient]) -> TestClient:  # noqa: F811
    return sign_in("owner")


# ── tokens ──

@pytest.mark.parametrize("table", FORMS)
def test_a_forms_token_counts_for_its_person_alone(owner: TestClient, everything: tuple[int, int], table: str):  # noqa: F811
    path, typed = FORMS[table]
    rows, db = f"SELECT count(*) FROM {table} WHERE patient_id = :id", owner.app.state.db
    for person in everything:
        before = db.value(rows, id=person)
        for _tap in range(2):
            sent = owner.post(f"/patients/{person}/{path}", data=typed | {"token": TOKEN}, follow_redirects=False)
            assert sent.status_code == 303, sent.text
        assert db.value(rows, id=person) == before + 1


def test_two_taps_at_once_write_one_entry(owner: TestClient, who: Callable[[str], Actor], everything: tuple[int, int]):  # noqa: F811
    db, section, wrong = owner.app.state.db, records.section("allergies"), []

    def tap() -> None:
        try:
            records.record(db, who("nurse"), everything[1], section, section.new(substance="青霉素"), TOKEN)
        except Exception as error:  # noqa: BLE001  whatever it is, it would have been a page of error
            wrong.append(error)

    taps = [threading.Thread(target=tap) for _n in range(8)]
    for one in taps:
        one.start()
    for one in taps:
        one.join()
    assert not wrong and len(records.allergies(db, everything[1])) == 1


# ── what is sensitive ──

@pytest.fixture
def secret(owner: TestClient, who: Callable[[str], Actor], everything: tuple[int, int]) -> int:  # noqa: F811
    """A photo that is sensitive only for the entry it hangs on."""
    db, section = owner.app.state.db, records.section("conditions")
    entry = records.record(db, who("doctor"), everything[0], section, section.new(text="不可说", sensitive=True))
    with owner.app.state.files.incoming() as arriving:
        arriving.write(picture() + b"another")
        new = attachments.NewAttachment("化验单甲", place=attachments.Place("conditions", entry))
        return attachments.add(db, who("doctor"), owner.app.state.files, everything[0], new, arriving)


def test_where_an_attachment_hung_before_is_told_to_nobody_who_may_not_see_that(secret, who, sign_in, everything):  # noqa: F811
    mine, _other = everything
    browser = sign_in("nurse")
    moved = attachments.correct(browser.app.state.db, who("doctor"), mine, secret, attachments.NewAttachment("心电图"), "moved")
    html = browser.get(f"/patients/{mine}/attachments/{moved}").text
    assert "心电图" in html and "不可说" not in html and "化验单甲" not in html
    assert "不可说" in sign_in("doctor").get(f"/patients/{mine}/attachments/{moved}").text


def test_what_hung_on_something_sensitive_stays_so_with_the_right_person(secret, who, sign_in, everything):  # noqa: F811
    mine, other = everything
    browser = sign_in("nurse")
    db = browser.app.state.db
    mistakes.mark(db, who("doctor"), patients.get(db, mine), "attachments", secret, "不可说的理由", other)
    for person in everything:
        for page in ("attachments", "timeline"):
            html = browser.get(f"/patients/{person}/{page}").text
            assert "化验单甲" not in html and "不可说" not in html, (person, page)
    assert "化验单甲" in sign_in("doctor").get(f"/patients/{other}/attachments").text


# ── files ──

def test_a_program_that_follows_an_innocent_action_is_found(tmp_path):
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    program = DictionaryObject({NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")})
    after = DictionaryObject({NameObject("/S"): NameObject("/GoTo"), NameObject("/Next"): ArrayObject([program])})
    writer.root_object[NameObject("/OpenAction")] = after
    writer.write(tmp_path / "x.pdf")
    with pytest.raises(judging.Refused, match="program"):
        judging.judge(tmp_path / "x.pdf")


# ── looks ──

def test_looking_at_two_records_side_by_side_is_noted(owner: TestClient, who, everything):  # noqa: F811
    mine, other = everything
    db, looks = owner.app.state.db, "SELECT patient_id FROM looks WHERE actor_id = :reader ORDER BY patient_id"
    pair = patients.compare(db, who("desk"), mine, other)
    owner.get(f"/duplicates/{pair}")
    owner.app.state.looks.flush()
    assert db.all(int, looks, reader=who("owner").id) == [mine, other]


def test_looking_at_what_was_recorded_since_a_joining_is_noted(owner: TestClient, who, everything):  # noqa: F811
    mine, other = everything
    db = owner.app.state.db
    merge = patients.merge(db, who("desk"), mine, other)
    owner.get(f"/merges/{merge}")
    owner.app.state.looks.flush()
    assert db.all(int, "SELECT patient_id FROM looks WHERE actor_id = :reader", reader=who("owner").id) == [mine]


# ── drafts ──

@pytest.mark.parametrize("page", ["//evil.example", "/\\evil.example", "/\t/evil.example", "/\n/evil.example", "https://evil.example"])
def test_a_drafts_page_leads_nowhere_else(owner: TestClient, page: str):
    draft = {"key": "0" * 32, "page": "/patients/new", "form": "/patients", "title": "x", "fields": [["name", "x"]]}
    for name in ("page", "form"):
        assert owner.post("/drafts", json=draft | {name: page}).status_code == 400
    assert owner.post("/drafts", json=draft).status_code == 200
