import json

from app.clinic.work import rules
from app.clinic.work.explaining import UNSETTLED
from app.clinic.work.shapes import Contact, Item, RecallList, Reminder, Step
from app.core.access import Actor, May
from app.core.db import Database

_ITEM = f"""
SELECT i.id, i.patient_id, i.pathway AS pathway_code, i.version, i.trigger, i.params AS params_json,
  i.evidence AS evidence_json, i.list_id, i.show_from, i.due_on, i.show_until, i.owner_id, i.role, i.tried_on,
  i.closed_event_id IS NOT NULL AS closed, e.at AS created_at,
  (SELECT coalesce(max(id), 0) FROM work_steps s WHERE s.work_id = i.id) AS seen,
  (SELECT count(*) FROM work_steps s WHERE s.work_id = i.id AND s.step = 'attempted') AS tries,
  (SELECT count(*) FROM work_findings w JOIN findings f ON f.id = w.finding_id
   WHERE w.work_id = i.id AND {UNSETTLED}) AS pending
FROM work_items i JOIN events e ON e.id = i.event_id
"""
_URGENT_FIRST = "ORDER BY i.due_on IS NULL, i.due_on, i.id"

ONE = f"{_ITEM} WHERE i.id = :id"


def get(db: Database, id: int) -> Item | None:
    return db.one(Item, ONE, id=id)


MANY = f"{_ITEM} WHERE i.id IN (SELECT value FROM json_each(:ids)) {_URGENT_FIRST}"


def get_many(db: Database, ids: list[int]) -> list[Item]:
    return db.all(Item, MANY, ids=json.dumps(ids))


OPEN_FOR = f"{_ITEM} WHERE i.patient_id = :patient AND i.closed_event_id IS NULL {_URGENT_FIRST}"


def open_for(db: Database, patient_id: int) -> list[Item]:
    """Everything open for a person, what waits on a recall list (due_on None) last."""
    return db.all(Item, OPEN_FOR, patient=patient_id)


CLOSED_FOR = f"""{_ITEM}
WHERE i.patient_id = :patient AND i.closed_event_id IS NOT NULL ORDER BY i.closed_event_id DESC LIMIT :limit
"""


def closed_for(db: Database, patient_id: int, limit: int = 50) -> list[Item]:
    return db.all(Item, CLOSED_FOR, patient=patient_id, limit=limit)


FINDINGS = f"""
SELECT f.id FROM work_items i JOIN work_findings w ON w.work_id = i.id JOIN findings f ON f.id = w.finding_id
WHERE i.id = :id AND {UNSETTLED} ORDER BY f.id
"""


def findings_of(db: Database, id: int) -> list[int]:
    """The abnormal results an item is still about."""
    return db.all(int, FINDINGS, id=id)


CLOSING = "SELECT closed_event_id FROM work_items WHERE id = :id"


def closing_event(db: Database, id: int) -> int | None:
    return db.value(CLOSING, id=id)


STEPS = """
SELECT s.id, s.work_id, s.step, s.day, s.actor_id, s.outcome, s.note, s.due_was, s.due_on, e.at
FROM work_steps s JOIN events e ON e.id = s.event_id
WHERE s.work_id IN (SELECT value FROM json_each(:ids)) ORDER BY s.id
"""


def steps(db: Database, ids: list[int]) -> dict[int, list[Step]]:
    """What happened to each of these items, oldest first."""
    found: dict[int, list[Step]] = {id: [] for id in ids}
    for step in db.all(Step, STEPS, ids=json.dumps(ids)):
        found[step.work_id].append(step)
    return found


CONTACTS = """
SELECT c.id, c.patient_id, c.work_id, c.at, c.channel, c.outcome, c.note, c.next_on, e.actor_id,
  c.withdrawn_event_id IS NOT NULL AS withdrawn, c.withdrawn_reason
FROM contacts c JOIN events e ON e.id = c.event_id
WHERE c.patient_id = :patient ORDER BY c.at DESC, c.id DESC LIMIT :limit
"""


def contacts_of(db: Database, patient_id: int, limit: int = 50) -> list[Contact]:
    """Newest first."""
    return db.all(Contact, CONTACTS, patient=patient_id, limit=limit)


MAY_SEE = """
SELECT 1 FROM work_items WHERE id = :id
  AND (owner_id = :me OR role IN (SELECT value FROM json_each(:roles)) OR :clinical)
"""


def may_see(db: Database, actor: Actor, id: int) -> bool:
    """Mine, my role's, or anyone's for those who may see care."""
    return db.value(
        MAY_SEE, id=id, me=actor.id, roles=json.dumps(rules.roles_of(actor.role)), clinical=actor.may(May.SEE_CLINICAL)
    ) is not None


# ── recall lists and the bell ──

_LISTS = """
SELECT l.id, l.batch_id, e.at, count(i.id) AS waiting, count(DISTINCT i.patient_id) AS people
FROM recall_lists l JOIN events e ON e.id = l.event_id
LEFT JOIN work_items i ON i.list_id = l.id AND i.closed_event_id IS NULL AND i.due_on IS NULL
"""
LISTS = f"{_LISTS} GROUP BY l.id ORDER BY l.id DESC"


def recall_lists(db: Database) -> list[RecallList]:
    return db.all(RecallList, LISTS)


LIST = f"{_LISTS} WHERE l.id = :id GROUP BY l.id"


def recall_list(db: Database, id: int) -> RecallList | None:
    return db.one(RecallList, LIST, id=id)


LIST_OF_BATCH = f"{_LISTS} WHERE l.batch_id = :batch GROUP BY l.id"


def recall_list_of(db: Database, batch_id: int) -> RecallList | None:
    return db.one(RecallList, LIST_OF_BATCH, batch=batch_id)


REMINDERS = """
SELECT r.id, r.kind, r.day, r.n, e.at, r.seen_event_id IS NOT NULL AS seen
FROM reminders r JOIN events e ON e.id = r.event_id
WHERE r.staff_id = :me AND r.id < :before ORDER BY r.id DESC LIMIT :limit
"""


def reminders_of(db: Database, actor: Actor, before: int | None = None, limit: int = 50) -> list[Reminder]:
    """Newest first, those with an id below `before`."""
    return db.all(Reminder, REMINDERS, me=actor.id, before=before or 2**62, limit=limit)


UNSEEN = "SELECT count(*) FROM reminders WHERE staff_id = :me AND seen_event_id IS NULL"


def unseen(db: Database, actor: Actor) -> int:
    """The number on the bell."""
    return db.value(UNSEEN, me=actor.id)
