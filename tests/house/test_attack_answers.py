"""What somebody tries who means harm, on the pages of questionnaires and consultations: with a phone, a tablet handed over, other ids."""

import json
import re
import threading

import pytest

from app.clinic import encounters, invitations, patients, questionnaires, records, responses
from app.core import printed
from tests.conftest import PASSWORD
from tests.invitations.conftest import ask, both, db, invite, mood, option, other, publish, tea, wang  # noqa: F401

COOKIE = "yihe_fill"


def words(html: str) -> str:
    return re.sub(r"<[^>]*>", " ", html)


@pytest.fixture
def phone(client, wang, invite):  # noqa: F811
    """phone(questionnaire): somebody with a code of Wang's; its path and its cookie."""
    def enter(questionnaire: int) -> tuple[str, dict[str, str]]:
        way = invite(wang, questionnaire)
        client.post(f"/fill/t/{way.token}", data={"language": "zh"})
        headers = {"Cookie": f"{COOKIE}={client.cookies[COOKIE]}"}
        client.cookies.clear()
        return f"/fill/{way.asked.id}", headers
    return enter


def test_a_record_that_should_not_be_takes_no_answers(client, db, who, wang, mood, tea, invite):  # noqa: F811
    ways = [invite(wang, one) for one in (mood, tea)]
    client.post(f"/fill/t/{ways[0].token}", data={})
    cookie = {"Cookie": f"{COOKIE}={client.cookies[COOKIE]}"}
    client.cookies.clear()
    patients.withdraw(db, who("owner"), wang.id, "registered twice")
    for way in ways:
        got = [client.get(f"/fill/t/{way.token}").status_code, client.post(f"/fill/t/{way.token}", data={}).status_code, client.post("/fill", data={"code": way.code}).status_code]
        assert set(got) == {410}, got
    path = f"/fill/{ways[0].asked.id}"
    assert [client.get(path, headers=cookie).status_code, client.post(f"{path}/answers", data={"sleep": "0"}, headers=cookie).status_code] == [410, 410]


def test_one_question_takes_only_so_many_answers():
    many = questionnaires.read(json.dumps({"resourceType": "Questionnaire", "status": "active", "language": "zh", "title": "x", "item": [
        {"linkId": "a", "type": "string", "repeats": True, "text": "x"}]}))
    given, errors, _raw = questionnaires.take(many, {}, {"a": [f"x{n}" for n in range(20_000)]}, "en")
    assert given == {"a": []} and errors == {"a": "At most 50 answers."}


def test_what_a_note_says_is_not_offered_on_a_phone(client, db, who, wang, phone):  # noqa: F811
    records.record(db, who("doctor"), wang.id, records.section("notes"), records.section("notes").new(text="不可说"))
    peeping = {"resourceType": "Questionnaire", "status": "active", "language": "zh", "name": "peep", "url": "urn:test:peep", **both("看", "Peep", "title"),
               "item": [{"linkId": "a", "type": "text", **both("写？", "Write?"), "extension": [{"url": "urn:yihe:record", "valueCode": "notes.text"}]}]}
    path, cookie = phone(publish(db, who, peeping))
    assert "不可说" not in client.get(path, headers=cookie).text


def test_a_persons_own_page_says_no_score_and_no_alarm(client, db, who, wang, phone):  # noqa: F811
    phq = questionnaires.by_code(db, "phq-9")
    questionnaires.switch(db, who("owner"), phq.questionnaire_id, True)
    path, cookie = phone(phq.questionnaire_id)
    fields = {item.link_id: item.options[-1].code for item in phq.definition.by_id.values() if item.options}
    seen = client.post(f"{path}/answers", data=fields | {"_revision": "0"}, headers=cookie | {"HX-Request": "true"}).text
    client.post(f"{path}/looks", data={"whole": "1"}, headers=cookie)
    for look in map(words, (client.get(path, headers=cookie).text, seen, client.post(f"{path}/answers", data={"_go": "end", "_at": "x", "_revision": "1"}, headers=cookie, follow_redirects=True).text)):
        assert not re.search(r"\b27\b|重度|总分|severe|分数", look)
    thanks = client.post(f"{path}/submission", headers=cookie, follow_redirects=True)
    assert thanks.status_code == 200 and not re.search(r"\b27\b|重度|severe", words(thanks.text))
    assert db.value("SELECT count(*) FROM answers WHERE is_score = 1 AND number = 27 AND level = 'red'")


def test_handed_in_six_times_at_once_it_is_handed_in_once(client, db, wang, mood, phone):  # noqa: F811
    path, cookie = phone(mood)
    client.post(f"{path}/answers", data={"sleep": "0", "harm": "0", "_revision": "0"}, headers=cookie)
    got: list[int] = []
    taps = [threading.Thread(target=lambda: got.append(client.post(f"{path}/submission", headers=cookie, follow_redirects=False).status_code)) for _n in range(6)]
    for tap in taps:
        tap.start()
    for tap in taps:
        tap.join()
    assert got.count(303) == 1 and set(got) <= {303, 409, 410, 422} and len(responses.done(db, wang.id)) == 1


def test_reception_learns_of_no_answer_and_no_alarm(sign_in, client, db, wang, mood, phone):  # noqa: F811
    path, cookie = phone(mood)
    client.post(f"{path}/answers", data={"sleep": "0", "harm": "1", "_revision": "0"}, headers=cookie)
    assert client.post(f"{path}/submission", headers=cookie, follow_redirects=False).status_code == 303
    browser = sign_in("desk")
    pages = [f"/patients/{wang.id}", f"/patients/{wang.id}/timeline", "/today", "/today?of=clinic", "/today/sheet", "/reminders", "/patients"]
    for page in pages:
        answer = browser.get(page)
        assert answer.status_code == 200 and not re.search("近两周|心情|伤害", answer.text), page


def test_what_was_begun_before_it_was_retired_is_gone_on_with_anywhere_and_begun_nowhere(client, db, who, wang, other, mood, invite):  # noqa: F811
    begun, new = invite(wang, mood), invite(other, mood)
    client.post(f"/fill/t/{begun.token}", data={})
    questionnaires.retire(db, who("owner"), mood)
    client.cookies.clear()
    assert client.get(f"/fill/t/{begun.token}").status_code == client.post(f"/fill/t/{begun.token}", data={}).status_code == 200
    client.cookies.clear()
    assert client.get(f"/fill/t/{new.token}").status_code == client.post(f"/fill/t/{new.token}", data={}).status_code == 410
    assert not responses.open_ones(db, other.id)


BUTTONS = ["_repeat", "_drop", "_confirm", "_unfile", "_go", "_at", "_hand", "_revision"]
MADE_UP = ["x", "*", "g[99999]", "g[-1]", "[", "]", "g[0]/q", "a#1", "\x00", "9" * 400, "to:", "to:harm"]


def test_no_button_somebody_made_up_breaks_a_page(client, mood, phone):  # noqa: F811
    path, cookie = phone(mood)
    for step in BUTTONS:
        for value in MADE_UP:
            for headers in (cookie, cookie | {"HX-Request": "true"}):
                answer = client.post(f"{path}/answers", data={"sleep": "0", "_revision": "0", step: value}, headers=headers, follow_redirects=False)
                assert answer.status_code < 500, (step, value)
    assert client.get(path, headers=cookie).status_code == 200


# ── consultations ──

def test_what_cannot_be_signed_yet_can_be_printed(sign_in, db, who, wang):  # noqa: F811
    id = encounters.begin(db, who("doctor"), wang.id)
    browser = sign_in("doctor")
    path = f"/patients/{wang.id}/encounters/{id}"
    browser.post(f"{path}/sections/plan", data={"what_1": "<b>%(n)s</b>", "on_1": "never", "seen": "0"})
    for page in ("", "/signature", "/paper", "/paper.pdf"):
        assert browser.get(path + page).status_code == 200, page


def test_what_is_signed_is_signed_once_and_nothing_is_written_in_it_after(sign_in, db, who, wang, other):  # noqa: F811
    id = encounters.begin(db, who("doctor"), wang.id)
    path, password = f"/patients/{wang.id}/encounters/{id}", {"password": PASSWORD}
    browser = sign_in("nurse")
    browser.post(f"{path}/sections/complaint", data={"text": "头晕", "seen": "0"})
    assert {browser.post(f"{path}/{what}", data=password | {"seen": "1", "text": "x"}).status_code for what in ("signature", "addenda")} == {403}
    browser = sign_in("doctor")
    assert browser.post(f"{path}/signature", data=password | {"seen": "0"}).status_code == 409
    assert browser.post(f"/patients/{other.id}/encounters/{id}/signature", data=password | {"seen": "1"}).status_code == 404
    for _time in range(2):
        browser.post(f"{path}/signature", data=password | {"seen": "1"})
    for what, sent in (("sections/complaint", {"text": "y", "seen": "1"}), ("history", {"part": "past", "what": "none"}), ("withdrawal", {}),
                       ("measurements", {"value_SBP": "150", "value_DBP": "90"})):
        assert browser.post(f"{path}/{what}", data=sent).status_code == 422, what
    assert db.value("SELECT count(*) FROM events WHERE kind = 'encounter.signed'") == 1
    assert encounters.texts(db, id)["complaint"].body == {"text": "头晕"} and not db.value("SELECT count(*) FROM observations")


def test_on_paper_too_a_word_is_markup_only_if_it_is_one():
    jinja = printed._jinja()
    assert jinja.from_string("{{ _(word) }}").render(word="<b>%(n)s</b>") == "&lt;b&gt;%(n)s&lt;/b&gt;"
