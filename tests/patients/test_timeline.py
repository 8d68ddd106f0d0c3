"""One timeline: read in order, narrowed down, searched in what it tells, printed for a period, quick with ten thousand entries."""

import json
from datetime import date

import pytest
from msgspec.structs import replace

from app.clinic import patients, records
from app.clinic.patients import Wanted
from app.clinic.patients.happenings import GROUPS
from app.clinic.patients.timeline import _ONES, _PAGE
from app.clinic.records import NewCondition, NewNote
from app.core import clock, events
from tests.conftest import NOW

MANY = 10_000


@pytest.fixture
def busy(db, who, wang) -> int:
    """A person with 60 changes of address."""
    for n in range(60):
        seen = patients.as_new(db, patients.get(db, wang))
        patients.edit(db, who("desk"), wang, n + 1, replace(seen, address=f"和平里 {n} 号 2"))
    return wang


@pytest.fixture
def old(db, who, wang) -> int:
    """A person of whom ten thousand things are told, among them one from long ago."""
    note = {"entry": 1, "sensitive": False, "what": "**膝痛**"}
    with db.change(who("doctor"), "note.recorded", wang) as details:
        details |= note
        db.write_events((who("nurse"), "note.recorded", wang, {"entry": 2, "sensitive": False, "what": f"第 {n} 次"}) for n in range(MANY))
    return wang


def ids(entries) -> list[int]:
    return [entry.id for entry in entries]


def test_the_timeline_pages_through_everything_once(db, who, busy) -> None:
    seen, before = [], None
    while page := patients.timeline(db, who("doctor"), busy, before=before, limit=25):
        seen += ids(page)
        before = page[-1].id
    assert len(seen) == db.value("SELECT count(*) FROM events WHERE patient_id = :id", id=busy) > 60
    assert seen == sorted(set(seen), reverse=True)


def test_it_is_filtered_by_kind(db, who, busy) -> None:
    assert len(patients.timeline(db, who("doctor"), busy, Wanted("identity"), limit=100)) == 61
    assert patients.timeline(db, who("doctor"), busy, Wanted("record"), limit=100) == []


def test_reception_is_offered_no_clinical_filter(db, who) -> None:
    assert "record" in patients.groups(who("doctor"))
    assert not set(patients.groups(who("desk"))) & {"results", "tags", "attachments", "reports"}


def test_every_section_of_the_record_has_its_filter(db) -> None:
    shown = {noun for _name, nouns in GROUPS.values() for noun in nouns}
    assert {section.noun for section in records.SECTIONS.values()} <= shown


def test_it_is_filtered_by_author(db, who, busy) -> None:
    records.record(db, who("doctor"), busy, records.section("notes"), NewNote("x"))
    [one] = patients.timeline(db, who("nurse"), busy, Wanted(by=who("doctor").id))
    assert one.sentence == "Note: x"
    assert {entry.actor for entry in patients.timeline(db, who("nurse"), busy, Wanted(by=who("desk").id), limit=99)} == {"许佳"}
    assert {entry.actor for entry in patients.timeline(db, who("nurse"), busy, Wanted(by=patients.NOBODY))} == {None}


@pytest.mark.parametrize(("since", "until", "n"), [
    (date(2026, 11, 23), None, 1), (date(2026, 11, 24), None, 0), (None, date(2026, 11, 22), 1), (None, date(2026, 11, 21), 0),
    (date(2026, 11, 22), date(2026, 11, 23), 2), (date(2026, 11, 22), date(2026, 11, 22), 1),
])
def test_a_period_is_of_the_clinics_days(db, who, wang, since, until, n) -> None:
    """One note just before and one just after the clinic's midnight, which are the same day in UTC."""
    for day, hour in ((22, 15), (22, 16)):
        with clock.stop(NOW.replace(day=day, hour=hour, minute=0 if hour == 16 else 59)):
            records.record(db, who("doctor"), wang, records.section("notes"), NewNote("x"))
    assert len(patients.timeline(db, who("doctor"), wang, Wanted("record", since, until))) == n


def test_words_are_looked_for_in_what_is_told(db, who, busy) -> None:
    records.record(db, who("doctor"), busy, records.section("conditions"), NewCondition("Gout", "M10.9"))
    assert [entry.sentence for entry in patients.timeline(db, who("doctor"), busy, Wanted(text="condition: gO"))] == ["Condition: Gout"]
    assert patients.timeline(db, who("doctor"), busy, Wanted(text="M10.9 or so")) == []


def test_what_is_withheld_is_not_found_by_its_words(db, who, wang) -> None:
    section = records.section("conditions")
    entry = records.record(db, who("doctor"), wang, section, NewCondition("抑郁发作"))
    records.correct(db, who("doctor"), wang, section, entry, NewCondition("抑郁发作", sensitive=True), "hers")
    for actor, n in (("doctor", 1), ("nurse", 0)):
        withheld = records.withheld(db, who(actor), wang)
        assert len(patients.timeline(db, who(actor), wang, Wanted(text="抑郁"), withheld=withheld)) == n


@pytest.mark.parametrize(("text", "told"), [
    ("**独居**，女儿周末来", "独居，女儿周末来"), ("# 家庭\n- 女儿", "家庭"), ("- [ ] _慢_ 走", "[ ] 慢 走"), ("| 药 | 量 |\n|---|---|", "药, 量"),
    ("---\n> 1. 先吃药", "先吃药"), ("2*3*4 mg", "2*3*4 mg"),
])
def test_a_note_is_told_without_the_signs_of_markdown(db, who, wang, text, told) -> None:
    records.record(db, who("doctor"), wang, records.section("notes"), NewNote(text))
    assert patients.timeline(db, who("doctor"), wang)[0].sentence == f"Note: {told}"
    assert events.tell("note.recorded", {"what": text.splitlines()[0]}).count("**") == 0  # as older events have it


# ── ten thousand ──

def test_of_ten_thousand_a_page_reads_its_own(db, who, old) -> None:
    page = patients.timeline(db, who("doctor"), old, limit=50)
    assert len(page) == 50 and page[0].id - page[-1].id == 49
    plan = db.all(tuple, "EXPLAIN QUERY PLAN " + _PAGE.format(ones=" UNION ALL ".join(_ONES.format(patient=id) for id in (1, 2))),
                  before=2**62, kinds=json.dumps(list(events.KINDS)), limit=50, by=None, since="0000", until="9999")
    told = " ".join(row[3] for row in plan)
    assert told.count("SEARCH e USING INDEX events_by_patient (patient_id=? AND ") == 2 and "SCAN e" not in told
    assert "MERGE (UNION ALL)" in told and "TEMP B-TREE" not in told


def test_of_ten_thousand_the_first_is_found(db, who, old) -> None:
    [one] = patients.timeline(db, who("doctor"), old, Wanted(text="膝痛"))
    assert (one.sentence, one.actor) == ("Note: 膝痛", "林文清")
    assert len(patients.timeline(db, who("doctor"), old, Wanted(text="第 99"), limit=200)) == 111
    assert len(patients.timeline(db, who("doctor"), old, Wanted(by=who("doctor").id))) == 1


def test_two_records_that_became_one_are_told_in_order(db, who, wang) -> None:
    other = patients.register(db, who("desk"), patients.NewPatient("王秀英"))
    for person in (wang, other, wang, other):
        records.record(db, who("doctor"), person, records.section("notes"), NewNote(f"of {person}"))
    patients.merge(db, who("desk"), wang, other)
    told = [entry for entry in patients.timeline(db, who("doctor"), wang) if entry.kind == "note.recorded"]
    assert [entry.sentence for entry in told] == [f"Note: of {id}" for id in (other, wang, other, wang)]
    assert ids(told) == sorted(ids(told), reverse=True)


# ── the pages ──


@pytest.fixture
def told(client, who) -> int:
    """Somebody with a condition written by the doctor and a note by the nurse."""
    house = client.app.state.db
    person = patients.register(house, who("desk"), patients.NewPatient("王秀英"))
    records.record(house, who("doctor"), person, records.section("conditions"), NewCondition("痛风"))
    records.record(house, who("nurse"), person, records.section("notes"), NewNote("**膝痛**"))
    return person


def test_what_was_asked_stands_in_the_address_and_the_form(sign_in, who, told) -> None:
    browser, doctor = sign_in("nurse"), who("doctor").id
    text = browser.get(f"/patients/{told}/timeline?kind=record&by={doctor}&since=2026-11-23&until=2026-11-23").text
    assert "疾病：痛风" in text and "膝痛" not in text
    assert f"/patients/{told}/timeline?kind=results&amp;since=2026-11-23&amp;until=2026-11-23&amp;by={doctor}" in text
    assert f'value="{doctor}" selected' in text and 'value="2026-11-23"' in text
    assert "没有找到" in browser.get(f"/patients/{told}/timeline", params={"text": "没有这回事"}).text


@pytest.mark.parametrize(("asked", "says"), [
    ({"since": "gestern"}, "请填日期"), ({"since": "2026-11-23", "until": "2026-11-01"}, "结束日期早于开始日期"), ({"text": "x" * 61}, "60"),
    ({"by": "-1"}, "不能小于"), ({"until": "9999-12-31"}, "请填日期"),
])
def test_a_wrong_question_is_told_beside_its_field(sign_in, told, asked, says) -> None:
    for path in ("timeline", "timeline/sheet"):
        answer = sign_in("doctor").get(f"/patients/{told}/{path}", params=asked)
        assert answer.status_code == 422
    answer = sign_in("doctor").get(f"/patients/{told}/timeline", params=asked)
    assert says in answer.text and all(value in answer.text for value in asked.values())


@pytest.mark.parametrize("asked", ["before=x", "before=99999999999999999999", "kind=nonsense", "before=-1", "by=&text=&since=", "unknown=1"])
def test_what_nobody_would_ask_begins_at_the_top(sign_in, told, asked) -> None:
    assert "疾病：痛风" in sign_in("nurse").get(f"/patients/{told}/timeline?{asked}").text


def test_on_paper_stands_the_period_and_whose_it_is(sign_in, told) -> None:
    text = sign_in("nurse").get(f"/patients/{told}/timeline/sheet?since=2026-11-01&text=膝").text
    assert "2026-11-01 – 2026-11-23" in text and "王秀英" in text and "Y-000001" in text and "和平里诊所" in text
    assert "膝痛" in text and "**" not in text and "痛风" not in text
    assert sign_in("desk").get(f"/patients/{told}/timeline/sheet").status_code == 403


def test_reception_finds_nothing_clinical_by_asking(sign_in, told) -> None:
    text = sign_in("desk").get(f"/patients/{told}/timeline?kind=record&text=痛").text
    assert "痛风" not in text and "膝痛" not in text
