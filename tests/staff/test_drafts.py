"""What is typed and not yet sent: kept for its author alone, gone when it was taken, there when it was refused."""

from datetime import timedelta

import pytest

from app.clinic import patients, records, staff
from app.core import clock
from app.core.errors import Refusal, TooLarge
from tests.conftest import NOW

KEY, OTHER = "a" * 32, "b" * 32
PAGE = "/patients/1/record/notes/new"
FORM = "/patients/1/record/notes"


def draft(key=KEY, fields=(("text", "家属来电"), ("version", "1"))):
    return {"key": key, "page": PAGE, "form": FORM, "title": "王秀英", "fields": [list(one) for one in fields]}


@pytest.fixture
def browser(sign_in, who):
    browser = sign_in("nurse")
    patients.register(browser.app.state.db, who("desk"), patients.NewPatient("王秀英"))
    return browser


def kept(browser, at=PAGE):
    return browser.get("/drafts/of", params={"at": at}).json()


def test_what_was_typed_is_offered_again_on_its_page_only(browser):
    assert browser.post("/drafts", json=draft()).json() == {"saved": "09:30"}
    [one] = kept(browser)
    assert (one["key"], one["form"], one["begins"], one["fields"][0]) == (KEY, FORM, "家属来电", ["text", "家属来电"])
    assert kept(browser, "/patients/2/record/notes/new") == []
    assert "家属来电" in browser.get("/drafts").text


@pytest.mark.parametrize(("fields", "begins"), [
    ([("name", "王秀英"), ("document", "110101194803121234"), ("kind", "resident_id"), ("birth", "1948-03-12")], "王秀英"),
    ([("text", "coughs at night"), ("source", "elsewhere_by_letter")], "coughs at night"),
    ([("substance", "penicillin"), ("severity", "mild"), ("code", "T88.7XX")], "penicillin"),
    ([("phone", "138 0000 0000"), ("value", "152.5")], ""),
])
def test_it_is_known_by_words_and_never_by_a_number(browser, fields, begins):
    browser.post("/drafts", json=draft(fields=fields))
    assert [one["begins"] for one in kept(browser)] == [begins]


def test_typing_on_keeps_the_newest_text_once(browser):
    browser.post("/drafts", json=draft())
    browser.post("/drafts", json=draft(fields=[("text", "家属来电，下周复诊")]))
    assert [one["begins"] for one in kept(browser)] == ["家属来电，下周复诊"]


def test_two_sittings_at_one_form_keep_both_texts(browser):
    browser.post("/drafts", json=draft())
    browser.post("/drafts", json=draft(OTHER, [("text", "另一件事")]))
    assert {one["begins"] for one in kept(browser)} == {"家属来电", "另一件事"}


def test_nobody_else_sees_it_or_throws_it_away(browser, sign_in):
    browser.post("/drafts", json=draft())
    assert kept(sign_in("owner")) == [] and "家属来电" not in browser.get("/drafts").text
    browser.post(f"/drafts/{KEY}/removal")
    assert len(kept(sign_in("nurse"))) == 1


def test_sending_the_form_ends_its_draft_and_only_its(browser):
    browser.post("/drafts", json=draft())
    browser.post("/drafts", json=draft(OTHER))
    answer = browser.post(FORM, data={"text": "家属来电", "source": "clinic", "draft": KEY}, follow_redirects=False)
    assert answer.status_code == 303
    assert [one["key"] for one in kept(browser)] == [OTHER]
    assert len(records.notes(browser.app.state.db, 1)) == 1


def test_a_refused_form_keeps_its_draft(browser):
    browser.post("/drafts", json=draft())
    assert browser.post(FORM, data={"text": "", "draft": KEY}).status_code == 422
    assert len(kept(browser)) == 1


@pytest.mark.parametrize("wrong", [
    {"key": "x"}, {"page": "https://evil.example/"}, {"page": "//evil.example"}, {"form": "javascript:1"}, {"title": "x" * 201},
    {"fields": "text"}, {"fields": [["text"]]},
])
def test_what_no_page_of_ours_would_send_is_refused(browser, wrong):
    assert browser.post("/drafts", json=draft() | wrong).status_code == 400
    assert browser.get("/drafts").text.count("/removal") == 0


def test_a_draft_that_is_too_long_and_too_many_are_refused_with_words(browser, who):
    db, nurse = browser.app.state.db, who("nurse")
    with pytest.raises(TooLarge):
        staff.save_draft(db, nurse, staff.NewDraft(KEY, PAGE, FORM, "x", [("text", "长" * 50_000)]))
    for n in range(100):
        staff.save_draft(db, nurse, staff.NewDraft(f"{n:032x}", PAGE, FORM, "x", []))
    with pytest.raises(Refusal):
        staff.save_draft(db, nurse, staff.NewDraft(KEY, PAGE, FORM, "x", []))
    staff.save_draft(db, nurse, staff.NewDraft(f"{5:032x}", PAGE, FORM, "x", [("text", "still kept up")]))


def test_after_a_month_it_is_thrown_away(browser):
    db = browser.app.state.db
    browser.post("/drafts", json=draft())
    with clock.stop(NOW + timedelta(days=29)):
        staff.drop_old_drafts(db)
    assert len(kept(browser)) == 1
    with clock.stop(NOW + timedelta(days=31)):
        staff.drop_old_drafts(db)
    assert kept(browser) == []
