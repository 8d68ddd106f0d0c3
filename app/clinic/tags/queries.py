import json
from collections import defaultdict
from functools import lru_cache

import msgspec

from app.clinic import criteria, patients
from app.clinic.tags.field import KNOWN, name_of
from app.clinic.tags.shapes import HistoryLine, Hold, Rule, Tag
from app.core.db import Database

patients.belongs("tags", alike=("code",), ended="removed_event_id")
patients.belongs("tag_holds", alike=("code",), ended="ended_event_id")

_RULE = """
SELECT id, code, version, origin, name_zh, name_en, level, criterion, source_zh, source_en, status, is_on,
  retired_event_id IS NOT NULL AS retired, questionnaire_id FROM tag_rules
"""
SINCE = "SELECT 1 FROM tag_rules WHERE questionnaire_id = :questionnaire AND event_id > :event LIMIT 1"
RULES = f"{_RULE} WHERE retired_event_id IS NULL ORDER BY id"


def rules(db: Database) -> list[Rule]:
    """The version in force of each, on or off."""
    found = db.all(Rule, RULES)
    KNOWN.update({rule.code: (rule.name_zh, rule.name_en) for rule in found})
    return found


def rule(db: Database, code: str) -> Rule | None:
    return next((one for one in rules(db) if one.code == code), None)


VERSIONS = f"{_RULE} WHERE code = :code ORDER BY version DESC"


def versions(db: Database, code: str) -> list[Rule]:
    return db.all(Rule, VERSIONS, code=code)


@lru_cache(500)
def tree_of(criterion: str) -> criteria.Criterion:
    return criteria.parse(criterion)


@lru_cache(500)
def statement_of(criterion: str) -> criteria.Statement:
    return criteria.compile(tree_of(criterion))


@lru_cache(200)
def statement_of_all(criterions: tuple[str, ...]) -> criteria.Statement:
    return criteria.together([statement_of(one) for one in criterions])


_LIVE = """
SELECT t.id, t.patient_id, t.code, t.evidence, t.reason, t.rule_id, coalesce(s.name, '') AS by, e.at
FROM tags t JOIN events e ON e.id = t.set_event_id LEFT JOIN staff s ON s.id = e.actor_id
"""
OF_ONE = f"{_LIVE} WHERE t.patient_id = :patient AND t.removed_event_id IS NULL ORDER BY t.id"
OF_MANY = f"{_LIVE} WHERE t.patient_id IN (SELECT value FROM json_each(:patients)) AND t.removed_event_id IS NULL ORDER BY t.id"
BY_ID = f"{_RULE} WHERE id IN (SELECT value FROM json_each(:ids))"
URGENCY = {"red": 0, "amber": 1, "info": 2}


def current(db: Database, patient_id: int) -> list[Tag]:
    """This person's tags, the most urgent first."""
    return _tags(db, db.all(tuple, OF_ONE, patient=patient_id))


def current_of(db: Database, patient_ids: list[int]) -> dict[int, list[Tag]]:
    """Of each of these who has any."""
    found = defaultdict(list)
    for tag in _tags(db, db.all(tuple, OF_MANY, patients=json.dumps(patient_ids))):
        found[tag.patient_id].append(tag)
    return dict(found)


def _tags(db: Database, rows: list[tuple]) -> list[Tag]:
    ids = {row[5] for row in rows if row[5] is not None}
    by_id = {rule.id: rule for rule in db.all(Rule, BY_ID, ids=json.dumps(sorted(ids)))} if ids else {}
    tags = [Tag(*row[:5], by_id.get(row[5]), row[6], row[7]) for row in rows]
    return sorted(tags, key=lambda tag: URGENCY[tag.level])


ONE = "SELECT id, code, rule_id FROM tags WHERE id = :id AND patient_id = :patient AND removed_event_id IS NULL"


class Standing(msgspec.Struct, frozen=True):
    id: int
    code: str
    rule_id: int | None


def standing(db: Database, patient_id: int, tag_id: int) -> Standing | None:
    return db.one(Standing, ONE, id=tag_id, patient=patient_id)


BY_HAND = """
SELECT id, code, reason, removed_event_id IS NOT NULL AS gone FROM tags WHERE patient_id = :patient AND rule_id IS NULL ORDER BY id
"""


class ByHand(msgspec.Struct, frozen=True):
    """A label somebody put on a person, gone or not."""

    id: int
    code: str
    reason: str
    gone: int


def by_hand(db: Database, patient_id: int) -> list[ByHand]:
    return db.all(ByHand, BY_HAND, patient=patient_id)


HISTORY = """
SELECT t.code, t.id, t.rule_id IS NULL AS manual, coalesce(r.level, 'info') AS level, t.reason, se.at, coalesce(ss.name, ''), coalesce(re.at, ''),
  coalesce(rs.name, ''), coalesce(nullif(t.removed_reason, ''), he.details ->> 'reason', '')
FROM tags t LEFT JOIN tag_rules r ON r.id = t.rule_id
JOIN events se ON se.id = t.set_event_id LEFT JOIN staff ss ON ss.id = se.actor_id
LEFT JOIN events re ON re.id = t.removed_event_id LEFT JOIN events he ON he.id = re.cause_id AND he.kind = 'tag.held'
LEFT JOIN staff rs ON rs.id = coalesce(re.actor_id, he.actor_id)
WHERE t.patient_id = :patient ORDER BY t.id DESC LIMIT :most
"""
MOST_HISTORY = 200


def history(db: Database, patient_id: int) -> list[HistoryLine]:
    """Every tag this person has or had, newest first."""
    rules(db)
    rows = db.all(tuple, HISTORY, patient=patient_id, most=MOST_HISTORY)
    return [HistoryLine(name_of(code), *rest) for code, *rest in rows]


HOLDS = """
SELECT h.id, h.code, h.reason, coalesce(s.name, '') AS by, e.at FROM tag_holds h
JOIN events e ON e.id = h.event_id LEFT JOIN staff s ON s.id = e.actor_id
WHERE h.patient_id = :patient AND h.ended_event_id IS NULL ORDER BY h.id
"""


def holds(db: Database, patient_id: int) -> list[Hold]:
    """Tags this person is not to have."""
    rows = db.all(tuple, HOLDS, patient=patient_id)
    return [Hold(id, code, name_of(code), reason, by, at) for id, code, reason, by, at in rows]


COUNTS = "SELECT code, count(*) FROM tags WHERE removed_event_id IS NULL GROUP BY code"


def counts(db: Database) -> dict[str, int]:
    """How many people have each tag now."""
    return dict(db.all(tuple, COUNTS))


LABELS = """
SELECT code FROM tags WHERE removed_event_id IS NULL AND rule_id IS NULL GROUP BY code ORDER BY count(*) DESC, code LIMIT 30
"""


def labels(db: Database) -> list[str]:
    """Labels people here have written, the most used first."""
    return db.all(str, LABELS)


HOLDERS = """
SELECT patient_id FROM tags WHERE code = :code AND removed_event_id IS NULL ORDER BY id DESC LIMIT :most
"""


def holders(db: Database, code: str, most: int = 20) -> list[int]:
    """Patient ids of those who got this tag last."""
    return db.all(int, HOLDERS, code=code, most=most)
