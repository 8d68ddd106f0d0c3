import json
from datetime import date

from app.clinic import patients, records
from app.clinic.work import rules
from app.clinic.work.explaining import UNSETTLED
from app.clinic.work.shapes import Contact, Counts, Item, Person, RecallList, Reminder, Step, Today
from app.core.access import Actor, May
from app.core.db import Database

PAGE = 20  # persons

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
SELECT c.id, c.patient_id, c.work_id, c.at, c.channel, c.outcome, c.note, c.next_on, e.actor_id
FROM contacts c JOIN events e ON e.id = c.event_id
WHERE c.patient_id = :patient ORDER BY c.at DESC, c.id DESC LIMIT :limit
"""


def contacts_of(db: Database, patient_id: int, limit: int = 50) -> list[Contact]:
    """Newest first."""
    return db.all(Contact, CONTACTS, patient=patient_id, limit=limit)


# ── one's list ──

_COLUMNS = "w.id, w.patient_id, w.due_on, w.show_until, w.tried_on"
_SHOWN = "w.closed_event_id IS NULL AND w.due_on IS NOT NULL AND w.show_from <= :today"
MINE = f"""
SELECT {_COLUMNS} FROM work_items w WHERE w.owner_id = :me AND {_SHOWN}
UNION ALL
SELECT {_COLUMNS} FROM json_each(:roles) r CROSS JOIN work_items w ON w.role = r.value WHERE {_SHOWN}
"""
CLINIC = f"SELECT {_COLUMNS} FROM work_items w WHERE {_SHOWN}"

# One statement for the list and its counts: they cannot disagree.
# Who was called today without an answer goes behind those not yet tried.
TODAY = """
WITH mine AS MATERIALIZED (
  SELECT *, CASE WHEN show_until < :today THEN 'missed' WHEN due_on < :today THEN 'late'
    WHEN due_on = :today THEN 'today' ELSE 'soon' END AS due
  FROM ({whose})
),
persons AS MATERIALIZED (
  SELECT patient_id, max(coalesce(tried_on, '') <> :today) AS untried, min(due_on) AS first_due, json_group_array(id) AS ids
  FROM mine WHERE due = :due OR (:due = 'all' AND due <> 'missed') GROUP BY patient_id
)
SELECT
  (SELECT json_array(sum(due <> 'missed'), sum(due = 'late'), sum(due = 'today'), sum(due = 'soon'), sum(due = 'missed'))
   FROM mine) AS counts,
  (SELECT count(*) FROM persons) AS people,
  (SELECT json_group_array(json_array(patient_id, json(ids))) FROM (
     SELECT patient_id, ids FROM persons ORDER BY untried DESC, first_due, patient_id LIMIT :limit OFFSET :offset
  )) AS page
"""


def today(db: Database, actor: Actor, day: date, due: str = "all", of: str = "mine", page: int = 1, size: int = PAGE) -> Today:
    """One's list for a day: mine and my role's, or the whole clinic's for who may see care."""
    whose = CLINIC if of == "clinic" and actor.may(May.SEE_CLINICAL) else MINE
    values = {"today": day.isoformat(), "due": due, "limit": size, "offset": (page - 1) * size, **_me(actor, whose)}
    counts, people, shown = db.one(tuple, TODAY.format(whose=whose), **values)
    numbers = [n or 0 for n in json.loads(counts)]
    return Today(
        _people(db, actor, json.loads(shown)), Counts(*numbers, people=people),
        done_by(db, actor, day), page, max(1, -(-people // size)),
    )


def _me(actor: Actor, whose: str) -> dict:
    return {"me": actor.id, "roles": json.dumps(rules.roles_of(actor.role))} if whose is MINE else {}


def _people(db: Database, actor: Actor, shown: list[tuple[int, list[int]]]) -> list[Person]:
    """shown: patient and their items' ids, in order."""
    patient_ids = [patient for patient, _ids in shown]
    items: dict[int, list[Item]] = {}
    for item in get_many(db, [id for _patient, ids in shown for id in ids]):
        items.setdefault(item.patient_id, []).append(item)
    who = patients.get_many(db, patient_ids)
    phones = patients.phones_of(db, patient_ids)
    allergies = records.warnings_of(db, patient_ids) if actor.may(May.SEE_CLINICAL) else {}
    return [
        Person(who[id], phones.get(id), allergies.get(id, []), items[id]) for id in patient_ids if id in who
    ]


DONE = "SELECT count(*) FROM work_steps WHERE actor_id = :me AND day = :day AND step = 'done'"


def done_by(db: Database, actor: Actor, day: date) -> int:
    return db.value(DONE, me=actor.id, day=day.isoformat())


MAY_SEE = """
SELECT 1 FROM work_items WHERE id = :id
  AND (owner_id = :me OR role IN (SELECT value FROM json_each(:roles)) OR :clinical)
"""


JUST_DONE = """
SELECT s.work_id FROM work_steps s JOIN work_items i ON i.id = s.work_id
WHERE s.actor_id = :me AND s.day = :day AND s.step = 'done' AND i.closed_event_id = s.event_id
ORDER BY s.id DESC LIMIT :limit
"""


def just_done(db: Database, actor: Actor, day: date, limit: int = 3) -> list[Item]:
    """What one closed last today, newest first: it may have been a slip of the finger."""
    order = db.all(int, JUST_DONE, me=actor.id, day=day.isoformat(), limit=limit)
    found = {item.id: item for item in get_many(db, order)}
    return [found[id] for id in order]


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


# The pathway stands in the statement itself: only so the small index that knows it is used.
ELSEWHERE = """
SELECT (SELECT count(due_on) FROM work_items WHERE closed_event_id IS NULL AND pathway = 'explain_abnormal'),
  (SELECT count(DISTINCT patient_id) FROM work_items INDEXED BY work_items_listed
   WHERE list_id IS NOT NULL AND closed_event_id IS NULL AND due_on IS NULL)
"""


def unexplained_and_listed(db: Database) -> tuple[int, int]:
    """In the whole clinic: explanations still owed, and persons waiting on recall lists."""
    return db.one(tuple, ELSEWHERE)


LISTED = """
WITH persons AS (
  SELECT patient_id, json_group_array(id) AS ids FROM work_items
  WHERE list_id = :list AND closed_event_id IS NULL AND due_on IS NULL AND (:pathway = '' OR pathway = :pathway)
  GROUP BY patient_id
)
SELECT (SELECT count(*) FROM persons) AS people,
  (SELECT json_group_array(json_array(patient_id, json(ids))) FROM (
     SELECT patient_id, ids FROM persons ORDER BY patient_id LIMIT :limit OFFSET :offset
  )) AS page
"""


def listed(db: Database, actor: Actor, list_id: int, pathway: str = "", page: int = 1, size: int = PAGE) -> tuple[list[Person], int]:
    """The people of a recall list, page by page, and how many pages there are."""
    people, shown = db.one(tuple, LISTED, list=list_id, pathway=pathway, limit=size, offset=(page - 1) * size)
    return _people(db, actor, json.loads(shown)), max(1, -(-people // size))


LISTED_BY_PATHWAY = """
SELECT pathway, count(DISTINCT patient_id) FROM work_items
WHERE list_id = :list AND closed_event_id IS NULL AND due_on IS NULL GROUP BY pathway ORDER BY 2 DESC
"""


def listed_by_pathway(db: Database, list_id: int) -> dict[str, int]:
    """How many persons wait for what."""
    return dict(db.all(tuple, LISTED_BY_PATHWAY, list=list_id))


REMINDERS = """
SELECT r.id, r.kind, r.day, r.n, e.at, r.seen_event_id IS NOT NULL AS seen
FROM reminders r JOIN events e ON e.id = r.event_id
WHERE r.staff_id = :me ORDER BY r.id DESC LIMIT 60
"""


def reminders_of(db: Database, actor: Actor) -> list[Reminder]:
    """Newest first."""
    return db.all(Reminder, REMINDERS, me=actor.id)


UNSEEN = "SELECT count(*) FROM reminders WHERE staff_id = :me AND seen_event_id IS NULL"


def unseen(db: Database, actor: Actor) -> int:
    """The number on the bell."""
    return db.value(UNSEEN, me=actor.id)
