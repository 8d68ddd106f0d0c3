"""Who answered a question that calls a person, and left without handing in: called for as if they had handed it in.

A sitting is looked at once nothing was saved in it for a while, and again only after another save. Once somebody said so a person
speaks with them: what was asked for ends with the answers taken out, or when the ordinary alarm of the same answers stands instead.
"""

from datetime import timedelta
from typing import Any

import msgspec

from app.clinic import questionnaires, responses, tags
from app.clinic.questionnaires import Item, Value
from app.clinic.responses import Response, Sitting
from app.clinic.tags import Asks
from app.clinic.work import own, resting
from app.clinic.work.items import Close, Wanted, close, ids, make
from app.clinic.work.pathways import LEFT, pathways
from app.core import clock
from app.core.db import Database
from app.core.events import Event

QUIET_FOR = timedelta(minutes=10)
AT_ONCE = 100

# Whose data may not be used is not looked at; once that is lifted, it is.
UNSEEN = """
SELECT s.response_id FROM sittings s JOIN responses r ON r.id = s.response_id JOIN patients p ON p.id = r.patient_id
WHERE s.looked < s.revision AND s.saved_at <= :before AND r.completed_event_id IS NULL AND r.retired_event_id IS NULL
  AND p.restricted_event_id IS NULL AND p.withdrawn_event_id IS NULL
ORDER BY s.saved_at LIMIT :most
"""
BEGUN = "SELECT begun_event_id FROM responses WHERE id = :id"
# Only what was looked at counts as seen: not a save that came meanwhile, nor answers taken out meanwhile.
SEEN = """
UPDATE sittings SET looked = revision WHERE response_id = :id AND revision = :revision AND looked < revision
  AND EXISTS (SELECT 1 FROM responses r WHERE r.id = :id AND r.completed_event_id IS NULL AND r.retired_event_id IS NULL)
"""


def left(db: Database) -> list[int]:
    """Responses in whose sitting nothing was saved for a while, and nobody has looked at since."""
    return db.all(int, UNSEEN, before=clock.stamp(clock.now() - QUIET_FOR), most=AT_ONCE)


def ask_about(db: Database, response_id: int) -> None:
    """Look at one; what it says and that it was looked at are kept together or not at all."""
    one, sitting = responses.get(db, response_id), responses.sitting(db, response_id)
    if one is None or sitting is None:
        return
    wanted = _wanted(db, one, sitting)
    with db.aside():
        if db.execute(SEEN, id=one.id, revision=sitting.revision):
            make(db, wanted)


def _wanted(db: Database, one: Response, sitting: Sitting) -> list[Wanted]:
    calling = _calling(db, one)
    found = list(_alarming(db, one, sitting, calling)) if calling else []
    if not found:
        return []
    owner = calling[found[0]["code"]].work.owner
    pathway = msgspec.structs.replace(pathways()[LEFT], owner=owner if owner in own.OWNERS else "manager")
    evidence = {"because": found, "alarms": sorted({calling[line["code"]].rule.code for line in found})}
    about = [one.title_zh, one.title_en or ""]
    return [Wanted(one.patient_id, pathway, f"sitting:{one.id}", db.value(BEGUN, id=one.id), evidence, params={"about": about}, alone=True)]


def _calling(db: Database, one: Response) -> dict[str, Asks]:
    """Questions of it that call a person, unless the clinic has switched that off, as a criterion names them."""
    version = questionnaires.version(db, one.version_id)
    if not any(item.alarm for item in version.definition.by_id.values()):
        return {}
    asked = [asks for asks in tags.asks_of(version).values() if asks.work and asks.rule.code.startswith(tags.ALARM)]
    on = {rule.code for rule in tags.rules(db) if rule.is_on}
    return {asks.rule.criterion.code: asks for asks in asked if asks.rule.code in on}


def _alarming(db: Database, one: Response, sitting: Sitting, calling: dict[str, Asks]):
    """A line of evidence for every such answer. Of a correction only what it changed: the rest was handed in before."""
    state = responses.state_of(db, one, sitting)
    for place in state.shown:
        code = f"{one.code}/{place.item.link_id}"
        if code in calling and (not one.replaces_id or place.path in sitting.touched):
            for value in state.values.get(place.path, []):
                counts = _counts(place.item, value)
                if counts is not None and counts > float(place.item.alarm.above):
                    yield _line(code, one, sitting, value, counts)


def _counts(item: Item, value: Value) -> float | None:
    """What the option counts, else the number it is."""
    points = questionnaires.ordinal(item, value)
    if points is None:
        points = next(iter(value.values()))
        points = points.get("value") if isinstance(points, dict) else points
    return None if points is None or isinstance(points, str) else float(points)


def _line(code: str, one: Response, sitting: Sitting, value: Value, counts: float) -> dict[str, Any]:
    coding = value.get("valueCoding") or {}
    return {"field": "answer", "code": code, "take": "latest", "value": counts, "choice": coding.get("code") or coding.get("display"),
            "taken_at": clock.wall(clock.to_local(sitting.saved_at)), "responses": [one.id]}


# ── what becomes of it ──

# Handed in, and each of its answers has called a person in the ordinary way.
INSTEAD = """
SELECT i.id, i.patient_id FROM work_items i JOIN responses r ON i.trigger = 'sitting:' || r.id AND r.patient_id = i.patient_id
WHERE i.closed_event_id IS NULL AND i.pathway GLOB 'alarm.*' AND i.pathway = :left AND r.completed_event_id IS NOT NULL
  AND i.patient_id IN (SELECT value FROM json_each(:patients))
  AND NOT EXISTS (SELECT 1 FROM json_each(i.evidence, '$.alarms') a WHERE NOT EXISTS (
    SELECT 1 FROM work_items o WHERE o.patient_id = i.patient_id AND o.pathway = a.value AND o.closed_event_id IS NULL))
"""


def hand_over(db: Database, cause: dict[int, int]) -> None:
    """cause: patient → the event that touched them."""
    for id, patient in db.all(tuple, INSTEAD, left=LEFT, patients=ids(sorted(cause))):
        close(db, Close(id, patient, LEFT, "withdrawn", cause[patient]))


TAKEN_OUT = """
SELECT i.id FROM work_items i JOIN work_steps s ON s.work_id = i.id AND s.event_id = i.closed_event_id JOIN sittings t ON t.response_id = :response
WHERE i.patient_id = :patient AND i.pathway = :left AND i.trigger = 'sitting:' || :response AND s.step = 'withdrawn'
"""


def follow(db: Database, events: list[Event]) -> None:
    """Answers on their way that were taken out by mistake and put back call again."""
    for event in events:
        if event.kind == "response.restored":
            for id in db.all(int, TAKEN_OUT, patient=event.patient_id, left=LEFT, response=event.details["response"]):
                resting.go_on(db, event, id, LEFT)
