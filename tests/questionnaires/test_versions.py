"""Drafts are edited freely, versions never change, and what is offered is the version in force."""

import json

import pytest

from app.clinic import questionnaires as q
from app.core.errors import Conflict, NotFound, Refusal
from app.core.sqlite import sqlite3


def fhir(title: str = "Form", **more) -> str:
    item = {"linkId": "a", "type": "string", "text": "A", "_text": zh("甲")}
    return json.dumps({"resourceType": "Questionnaire", "status": "draft", "language": "en", "name": "Form", "title": title, "_title": zh("表"), "item": [item], **more})


def zh(words: str) -> dict:
    parts = [{"url": "lang", "valueCode": "zh"}, {"url": "content", "valueString": words}]
    return {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/translation", "extension": parts}]}


def published(db, actor, text: str) -> tuple[int, int]:
    id = q.begin(db, actor, text)
    return id, q.publish(db, actor, id, 1)


def test_a_draft_becomes_a_version_and_the_next_one_leaves_it_as_it_was(db, who) -> None:
    id, first = published(db, who("nurse"), fhir())
    assert q.draft(db, id) is None and q.version(db, first).fhir == fhir() and q.version(db, first).by == "周岚"
    q.revise(db, who("nurse"), id)
    assert q.keep_draft(db, who("nurse"), id, fhir("Better"), 1) == 2
    second = q.publish(db, who("nurse"), id, 2)
    assert [version.number for version in q.versions(db, id)] == [2, 1] and q.version(db, first).fhir == fhir()
    assert [version.id for version in q.current(db) if version.questionnaire_id == id] == [second]
    assert q.by_code(db, "form").title_en == "Better"


def test_the_file_refuses_to_change_or_lose_a_version(db, who) -> None:
    _id, version_id = published(db, who("nurse"), fhir())
    for sql in ("UPDATE questionnaire_versions SET fhir = '{}' WHERE id = :id", "DELETE FROM questionnaire_versions WHERE id = :id"):
        with pytest.raises(sqlite3.IntegrityError, match="never"), db.aside():
            db.execute(sql, id=version_id)


def test_two_at_one_draft_get_both_texts(db, who) -> None:
    id = q.begin(db, who("nurse"), fhir())
    q.keep_draft(db, who("nurse"), id, fhir("Hers"), 1)
    with pytest.raises(Conflict) as conflict:
        q.keep_draft(db, who("doctor"), id, fhir("His"), 1)
    (_label, mine, theirs), = conflict.value.texts
    assert "His" in mine and "Hers" in theirs and q.draft(db, id).fhir == fhir("Hers")
    with pytest.raises(Conflict):
        q.publish(db, who("doctor"), id, 1)


def test_an_unsound_draft_is_kept_but_not_published(db, who) -> None:
    unsound = fhir(item=[{"linkId": "a", "type": "string", "text": "A", "enableWhen": [{"question": "nobody", "operator": "=", "answerString": "x"}]}])
    id = q.begin(db, who("nurse"), unsound)
    with pytest.raises(Refusal):
        q.publish(db, who("nurse"), id, 1)
    assert q.draft(db, id) and not q.versions(db, id)
    with pytest.raises(q.Unreadable):
        q.keep_draft(db, who("nurse"), id, "{}", 1)


def test_a_second_tap_begins_nothing_and_a_taken_name_gets_a_number(db, who) -> None:
    id = q.begin(db, who("nurse"), fhir(), "t")
    assert q.begin(db, who("nurse"), fhir(), "t") == id
    q.begin(db, who("nurse"), fhir())
    assert [one.code for one in q.everything(db) if one.origin == "clinic"] == ["form", "form-2"]


def test_retired_and_switched_off_are_not_offered_and_come_back(db, who) -> None:
    id, version_id = published(db, who("nurse"), fhir())

    def offered() -> bool:
        return version_id in {version.id for version in q.current(db)}

    q.retire(db, who("nurse"), id)
    assert not offered() and q.version(db, version_id)
    q.restore(db, who("nurse"), id)
    assert offered()
    q.switch(db, who("nurse"), id, False)
    assert not offered()
    q.switch(db, who("nurse"), id, True)
    assert offered()
    told = [kind for (kind,) in db.all(tuple, "SELECT kind FROM events WHERE kind LIKE 'questionnaire.%' AND actor_id IS NOT NULL ORDER BY id")]
    assert told == [f"questionnaire.{verb}" for verb in ("begun", "published", "retired", "restored", "switched_off", "switched_on")]


def test_a_draft_is_thrown_away_only_where_a_version_stays(db, who) -> None:
    id = q.begin(db, who("nurse"), fhir())
    with pytest.raises(Refusal):
        q.drop_draft(db, id)
    q.publish(db, who("nurse"), id, 1)
    q.revise(db, who("nurse"), id)
    q.drop_draft(db, id)
    assert q.draft(db, id) is None and len(q.versions(db, id)) == 1
    with pytest.raises(NotFound):
        q.revise(db, who("nurse"), 99_999)


def test_what_comes_with_the_house_is_taken_over_once_and_keeps_the_clinics_switch(db, who) -> None:
    q.ship(db, "shipped-form", fhir(), "0" * 64, False)
    id = next(one.id for one in q.everything(db) if one.code == "shipped-form")
    q.ship(db, "shipped-form", fhir(), "0" * 64, False)
    assert len(q.versions(db, id)) == 1 and "shipped-form" not in {version.code for version in q.current(db)}
    q.switch(db, who("owner"), id, True)
    q.ship(db, "shipped-form", fhir("New"), "1" * 64, False)
    assert q.by_code(db, "shipped-form").number == 2 and "shipped-form" in {version.code for version in q.current(db)}
    q.begin(db, who("nurse"), fhir())
    q.ship(db, "form", fhir("Ours"), "2" * 64, True)
    assert not q.versions(db, next(one.id for one in q.everything(db) if one.code == "form"))


def test_a_version_is_read_once(db, who, monkeypatch) -> None:
    _id, version_id = published(db, who("nurse"), fhir())
    first = q.version(db, version_id).definition
    monkeypatch.setattr("app.core.fhirjson.loads", lambda text: pytest.fail("read again"))
    assert q.version(db, version_id).definition is first
