"""What follows from what: the listener inside every write.

It looks at how things stand for the persons an event touched, not at the order of the events, so
hearing the same twice changes nothing.
"""

import json

from app.clinic.work import asking, own, chain, consulting, expiring, explaining, giving_back, handover, joining, leaving, resting
from app.clinic.work.evidence import newest_day
from app.clinic.work.items import Close, Wanted, close, ids, make
from app.clinic.work.pathways import Pathway, pathways
from app.core.db import Database
from app.core.events import Event

# A tag's evidence may be renewed without the tag being set anew: new results are heard too.
TAGGED = ("tag.", "report.", "observation.", "response.")


def follow(db: Database, events: list[Event]) -> None:
    joining.follow(db, events)
    resting.follow(db, events)
    chain.follow(db, events)
    expiring.follow(db, events)
    handover.follow(db, events)
    giving_back.follow(db, events)
    own.follow(db, events)
    consulting.follow(db, events)
    asking.follow(db, events)
    leaving.follow(db, events)
    tags_changed(db, [event for event in events if event.patient_id and event.kind.startswith(TAGGED)])
    explaining.follow(db, events)


LIVE_TAGS = """
SELECT id, patient_id, code, evidence, evidence_event_id FROM tags
WHERE patient_id IN (SELECT value FROM json_each(:patients)) AND code IN (SELECT value FROM json_each(:codes))
  AND removed_event_id IS NULL ORDER BY id
"""
GONE_TAGS = """
SELECT patient_id, code FROM tags
WHERE patient_id IN (SELECT value FROM json_each(:patients)) AND removed_event_id IN (SELECT value FROM json_each(:events))
"""
OPEN = """
SELECT id, patient_id, pathway FROM work_items
WHERE patient_id IN (SELECT value FROM json_each(:patients)) AND closed_event_id IS NULL
"""


def tags_changed(db: Database, events: list[Event]) -> None:
    """A tag asks for its pathways, once for every day it is found true; one that went takes back what it asked for."""
    if not events:
        return
    cause = {event.patient_id: event.id for event in events}
    patients = ids(sorted(cause))
    started = {code: pathway for pathway in pathways().values() for code in pathway.starts.tags}
    live = db.all(tuple, LIVE_TAGS, patients=patients, codes=ids(sorted(started)))
    standing = {(patient, started[code].code) for _tag, patient, code, _evidence, _event in live}
    by_tags = [event.id for event in events if event.kind.startswith("tag.")]
    gone = db.all(tuple, GONE_TAGS, patients=patients, events=ids(by_tags)) if by_tags else []
    ended = {(patient, started[code].code) for patient, code in gone if code in started} - standing
    for id, patient, pathway in db.all(tuple, OPEN, patients=patients) if ended else ():
        if (patient, pathway) in ended and pathways()[pathway].stops:
            close(db, Close(id, patient, pathway, "withdrawn", cause[patient]))
    make(db, [_wanted(started[code], tag, patient, json.loads(found), event) for tag, patient, code, found, event in live if not started[code].retired])
    leaving.hand_over(db, cause)


def _wanted(pathway: Pathway, tag: int, patient: int, evidence: dict, event: int) -> Wanted:
    """An alarm is asked for again by every answer, even of the same day."""
    day = newest_day(evidence)
    answers = "".join(f"/{id}" for id in own.responses(evidence)) if pathway.alarm else ""
    return Wanted(patient, pathway, f"tag:{tag}/{day or ''}{answers}", event, evidence, day)
