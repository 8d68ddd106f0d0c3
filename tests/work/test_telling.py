"""The timeline tells all of it in both languages."""

import json

import pytest

from app.clinic import observations, patients, work
from app.clinic.observations import NewValue
from app.core import events, words

OURS = "SELECT kind, details FROM events WHERE kind GLOB 'work.*' OR kind GLOB 'contact.*' OR kind GLOB 'recall.*'"


@pytest.mark.parametrize("language, parts", [
    ("zh", ["待办，", "没接：", "改到 2026-11-30：", "出差", "转给 周岚：", "办好：", "有不适", "撤回：", "列入召回名单：", "不再需要："]),
    ("en", ["To do by ", "No answer: ", "Moved to 2026-11-30: ", "出差", "Handed to 周岚: ", "Done: ", "Feels unwell",
            "Taken back: ", "On the recall list: ", "No longer needed: "]),
])
def test_every_step_has_its_sentence(db, who, register, today, language, parts):
    actor = who("manager")
    person = patients.get(db, register(manager_id=actor.id, birth_date=today.replace(year=1960)))
    observations.record(db, who("nurse"), person, "2017-05-04", [NewValue("SBP", 150.0)])
    work.record(db, actor, person.id, work.NewContact("phone", "reached", "血压日记", today))
    seen = lambda: next(one for one in work.open_for(db, person.id) if one.pathway_code == "agreed")  # noqa: E731
    work.attempt(db, actor, seen().id, work.Attempt(seen().seen))
    work.postpone(db, actor, seen().id, work.Postponement(today.replace(day=30), "出差", seen().seen))
    work.reassign(db, actor, seen().id, work.Reassignment(str(who("nurse").id), seen().seen))
    item = seen()
    work.complete(db, actor, item.id, work.Completion("unwell", item.seen))
    work.reopen(db, actor, item.id)
    with words.speaking(language):
        told = [events.tell(kind, json.loads(details)) for kind, details in db.all(tuple, OURS)]
    text = "\n".join(told)
    assert all(part in text for part in parts), text
    assert "—" not in text and "%" not in text
