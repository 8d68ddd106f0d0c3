"""What somebody tries who means harm: each of these once went through, or would have been easy to let through."""

import subprocess
import sys

import pytest

from app.clinic import cards, patients, staff, work
from app.clinic.exams import tables
from app.core import clock
from app.core.access import Role
from app.core.errors import TooLarge
from tests.conftest import PASSWORD

# htmx obeys attributes wherever it finds them, whatever the content policy says about scripts.
HARM = '<b hx-post="/manage/staff" hx-trigger="load">%(x)s 100%%</b>'


@pytest.fixture
def person(client, who) -> int:
    return patients.register(client.app.state.db, who("desk"), patients.NewPatient(name="王秀英", sex="female"))


def test_a_reason_somebody_typed_is_never_markup(sign_in, who, person):
    browser = sign_in("desk")
    db = browser.app.state.db
    card = cards.open_card(db, who("desk"), person, cards.types(db)[0].id)
    browser.post(f"/patients/{person}/cards/{card}/closing", data={"reason": HARM})
    html = sign_in("owner").get(f"/patients/{person}/cards").text
    assert "hx-post=&#34;/manage/staff&#34;" in html and "<b hx-post" not in html


def test_what_is_handed_to_a_page_as_a_word_is_markup_only_if_it_is_one(client):
    jinja = client.app.template_engine.engine
    assert jinja.from_string("{{ _(label) }}").render(label=HARM) == (
        "&lt;b hx-post=&#34;/manage/staff&#34; hx-trigger=&#34;load&#34;&gt;%(x)s 100%%&lt;/b&gt;")


@pytest.mark.parametrize("address", [
    "/patients/{big}", "/patients?before={big}", "/patients/{big}/timeline", "/work/{big}", "/recalls/{big}", "/manage/staff/{big}",
    "/manage/audit?before={big}", "/manage/imports/{big}", "/manage/imports?page={big}", "/manage/tray/{big}",
])
def test_a_number_no_row_can_bear_is_not_found(sign_in, address):
    assert sign_in("owner").get(address.format(big=2**63)).status_code == 404


def test_a_device_that_cannot_be_is_not_found(sign_in):
    assert sign_in("owner").post(f"/manage/sessions/{2**63}/end").status_code == 404


@pytest.mark.parametrize("next", ["//[", "http://[", "//evil.example", "/\\evil.example", "https://evil.example/", "/\t/evil.example"])
def test_signing_in_leads_nowhere_else(client, next):
    answer = client.post("/sign-in", data={"sign_in": "nurse", "password": PASSWORD, "next": next}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/today")
    assert client.get("/sign-in", params={"next": next}).status_code == 200


@pytest.mark.parametrize("origin", ["", "null", "http://[", "//testserver.local", "http://evil.example", "http://testserver.local.evil.example"])
def test_a_write_that_does_not_say_it_is_from_here_is_refused(sign_in, origin):
    browser = sign_in("owner")
    del browser.headers["Sec-Fetch-Site"]
    assert browser.post("/language", data={"language": "en"}, headers={"Origin": origin} if origin else {}).status_code == 403
    same = {"Origin": str(browser.base_url)}
    assert browser.post("/language", data={"language": "en"}, headers=same, follow_redirects=False).status_code == 303


@pytest.mark.parametrize("doctor", ["desk", "reader", 99999, -1])
def test_nobody_becomes_somebodys_doctor_by_a_form(sign_in, who, person, doctor):
    browser = sign_in("desk")
    chosen = who(doctor).id if isinstance(doctor, str) else doctor
    seen = patients.get(browser.app.state.db, person)
    given = {"name": "王秀英", "sex": "female", "doctor_id": chosen, "version": seen.version}
    assert browser.post(f"/patients/{person}", data=given).status_code == 422
    assert browser.post("/patients", data=given | {"name": "李雷"}).status_code == 422
    assert patients.get(browser.app.state.db, person).doctor_id is None


def test_a_doctor_who_left_does_not_block_a_correction(db, who):
    old = who("doctor")
    person = patients.register(db, old, patients.NewPatient("王秀英", doctor_id=old.id))
    staff.edit(db, who("owner"), old.id, staff.EditMember(old.name, Role.PHARMACIST, "zh"))
    patients.edit(db, who("desk"), person, 1, patients.NewPatient("王秀兰", doctor_id=old.id))
    assert patients.get(db, person).name == "王秀兰"


@pytest.mark.parametrize("address", ["/recalls/1/work", "/recalls/1/dismissal"])
def test_reception_cannot_empty_a_recall_list(sign_in, address):
    assert sign_in("desk").post(address, data={"patients": 1, "reason": "x", "due_on": "2027-01-01"}).status_code == 403


def test_how_somebody_was_is_not_told_by_an_items_history(sign_in, who, person):
    browser = sign_in("desk")
    db, nurse = browser.app.state.db, who("nurse")
    work.record(db, nurse, person, work.NewContact("phone", "reached", next_on=clock.today()))
    item = next(one for one in work.open_for(db, person) if one.pathway.clinical)
    work.complete(db, nurse, item.id, work.Completion("declined", item.seen, note="怕知道结果"))
    work.reopen(db, nurse, item.id)
    work.reassign(db, who("owner"), item.id, work.Reassignment("receptionist", work.get(db, item.id).seen))
    html = browser.get(f"/work/{item.id}").text
    assert "怕知道结果" not in html and item.pathway.outcome("declined").zh not in html[html.index('class="sofar"'):]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_days_one_cannot_count_on_from_are_refused(sign_in, person, day):
    browser = sign_in("nurse")
    for path, given in (
        ("contacts", {"channel": "phone", "outcome": "reached", "next_on": day}),
        ("observations", {"value_SBP": "120", "value_DBP": "80", "taken_at": day + "T00:00"}),
        ("record/conditions", {"text": "x", "noted_on": day}),
    ):
        assert browser.post(f"/patients/{person}/{path}", data=given).status_code == 422, path


def test_leaving_for_an_address_with_chinese_in_it(sign_in):
    answer = sign_in("nurse").post("/language", data={"language": "zh", "back": "/search?q=王"}, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, "/search?q=%E7%8E%8B")


@pytest.mark.parametrize("words", ["[" * 10_000, "![" * 5_000, "[a](" * 2_500, "1. " * 3_000, "> " * 5_000])
def test_a_note_cannot_hold_the_house_up(words):
    code = f"from app.core.text import clean_markdown; clean_markdown({words!r})"
    assert subprocess.run([sys.executable, "-c", code], timeout=20, check=False).returncode == 0


def test_a_file_that_claims_a_line_far_below_is_refused():
    with pytest.raises(TooLarge):
        tables.open_table(b"a,b\n1,2\n" + b"\n" * tables.LAST_LINE)
