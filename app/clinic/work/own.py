"""Pathways made in this clinic: what the bands and alarms of its questionnaires ask for, in the shape of the shipped ones.

The interval is always the clinic's own. An alarm is due today and is not taken back by a better answer: once somebody said so, a
person speaks with them. Only answers that were taken out, as another person's, take it back.
"""

import json
from collections.abc import Iterable
from pathlib import Path

import msgspec

from app.clinic import criteria, questionnaires, tags
from app.clinic.questionnaires import Work
from app.clinic.work import pathways
from app.clinic.work.items import Close, close
from app.clinic.work.pathways import Outcome, Pathway, Starts, Words
from app.core import events
from app.core.access import Role
from app.core.db import Database
from app.core.events import Event
from app.core.words import LANGUAGES, N_, _, speaking

events.declare("pathways.asked", N_("Took over %(n)s pathways of the questionnaire %(title)s"), clinical=False)

OUTCOMES = Path(__file__).parent / "own_outcomes.json"
OWNERS = {"doctor", "manager", *(f"role:{role}" for role in Role)}
EARLY, GRACE = 7, 28
LONGEST_TITLE = 80

ALL = "SELECT definition, retired_event_id IS NOT NULL FROM own_pathways ORDER BY id"
STANDING = "SELECT id, code, version, definition FROM own_pathways WHERE questionnaire_id = :questionnaire AND retired_event_id IS NULL"
LAST = "SELECT max(version) FROM own_pathways WHERE code = :code"


def learn(db: Database) -> None:
    """Know them all, as the file has them."""
    found = [(msgspec.json.decode(text, type=Pathway), retired) for text, retired in db.all(tuple, ALL)]
    pathways.learn([msgspec.structs.replace(one, retired=bool(retired)) for one, retired in found])


def follow(db: Database, heard: list[Event]) -> None:
    for event in heard:
        if event.kind == "questionnaire.published":
            _take_over(db, questionnaires.version(db, event.details["version"]), event.id)
        elif event.kind == "response.withdrawn":
            _take_back(db, event)


def _take_over(db: Database, version: questionnaires.Version, cause: int) -> None:
    standing = {code: (id, n, msgspec.json.decode(text, type=Pathway)) for id, code, n, text in db.all(tuple, STANDING, questionnaire=version.questionnaire_id)}
    asked = {code: _made(one, one.work) for code, one in tags.asks_of(version).items() if one.work}
    fresh = [one for code, one in asked.items() if code not in standing or _differs(one, standing[code][2])]
    gone = [id for code, (id, _n, _one) in standing.items() if code not in asked or asked[code] in fresh]
    if not fresh and not gone:
        return
    with db.change(None, "pathways.asked", cause=cause) as details:
        details |= {"n": len(asked), "title": version.title_zh, "questionnaire": version.questionnaire_id}
        for id in gone:
            db.update("own_pathways", id, {"retired_event_id": details.event_id})
        for one in fresh:
            numbered = msgspec.structs.replace(one, version=(db.value(LAST, code=one.code) or 0) + 1)
            db.insert("own_pathways", {
                "questionnaire_id": version.questionnaire_id, "code": one.code, "version": numbered.version,
                "definition": msgspec.json.encode(numbered).decode(), "event_id": details.event_id,
            })
    learn(db)


def _differs(one: Pathway, old: Pathway) -> bool:
    return msgspec.structs.replace(one, version=old.version) != old


def _made(asks: tags.Asks, work: Work) -> Pathway:
    rule, alarm = asks.rule, asks.rule.code.startswith(tags.ALARM)
    days = 0 if alarm else work.days
    return Pathway(
        code=rule.code, version=1, programme="questionnaire", clinical=True, starts=Starts(tags=(rule.code,)), stops=not alarm,
        owner=work.owner if work.owner in OWNERS else "manager", due_days=days, early_days=min(days, EARLY), grace_days=GRACE,
        counted_from="today" if alarm else "evidence", title=_title(work, rule), rule=_rule(rule.criterion),
        source=Words(rule.source_zh, rule.source_en), status="P", outcomes=_outcomes("alarm" if alarm else "band"),
    )


def _title(work: Work, rule) -> Words:
    """Titles are filled in by % later on: one of its own is written wide."""
    said = {code: work.title.said(code)[0][:LONGEST_TITLE].replace("%", "％") for code in LANGUAGES}
    return Words(said["zh"] or rule.name_zh, said["en"] or rule.name_en)


def _rule(criterion: criteria.Criterion) -> Words:
    return Words(**{code: criteria.sentence(criterion, code) for code in LANGUAGES})


def _outcomes(kind: str) -> tuple[Outcome, ...]:
    return msgspec.json.decode(OUTCOMES.read_bytes(), type=dict[str, tuple[Outcome, ...]])[kind]


# ── answers that were taken out ──

OPEN = """
SELECT id, pathway, evidence FROM work_items
WHERE patient_id = :patient AND closed_event_id IS NULL AND pathway GLOB 'alarm.*'
"""


def _take_back(db: Database, event: Event) -> None:
    for id, pathway, evidence in db.all(tuple, OPEN, patient=event.patient_id):
        if event.details["response"] in responses(json.loads(evidence)):
            close(db, Close(id, event.patient_id, pathway, "withdrawn", event.id))


def responses(evidence: dict) -> list[int]:
    """The responses an item or a tag rests on."""
    found: Iterable[dict] = evidence.get("because", [])
    return sorted({id for one in found for id in one.get("responses", [])})
