"""Lists of people and what is to be done for them: one's own for a day, the clinic's, a recall list's."""

import json
from datetime import date

from app.clinic import patients, records
from app.clinic.work import rules
from app.clinic.work.queries import get_many
from app.clinic.work.shapes import Counts, Item, Person, Today
from app.core.access import Actor, May
from app.core.db import Database

PAGE = 20  # persons

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


def today(
    db: Database, actor: Actor, day: date, due: str = "all", of: str = "mine", page: int = 1, size: int = PAGE
) -> Today:
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
    phones = patients.to_call(db, patient_ids)
    allergies = records.warnings_of(db, patient_ids) if actor.may(May.SEE_CLINICAL) else {}
    return [
        Person(who[id], phones.get(id), allergies.get(id, []), items[id]) for id in patient_ids if id in who
    ]


DONE = "SELECT count(*) FROM work_steps WHERE actor_id = :me AND day = :day AND step = 'done'"


def done_by(db: Database, actor: Actor, day: date) -> int:
    return db.value(DONE, me=actor.id, day=day.isoformat())


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


# The code's beginning stands in the statement itself: only so the index of alarms is used.
ALARMS = """
SELECT w.patient_id, json_group_array(w.id) FROM work_items w INDEXED BY work_items_alarms JOIN patients p ON p.id = w.patient_id
WHERE w.closed_event_id IS NULL AND w.pathway GLOB 'alarm.*' AND w.due_on IS NOT NULL AND p.withdrawn_event_id IS NULL
GROUP BY w.patient_id ORDER BY min(w.due_on), w.patient_id LIMIT 50
"""


def alarms(db: Database, actor: Actor) -> list[Person]:
    """Who must be spoken with today, whoever's work it is: for everybody who cares for people."""
    if not (actor.may(May.SEE_CLINICAL) and actor.may(May.DO_WORK)):
        return []
    return _people(db, actor, [(patient, json.loads(ids)) for patient, ids in db.all(tuple, ALARMS)])


# ── elsewhere and recall lists ──

# The pathway stands in the statement itself: only so the small index that knows it is used.
ELSEWHERE = """
SELECT (SELECT count(due_on) FROM work_items WHERE closed_event_id IS NULL AND pathway = 'explain_abnormal'),
  (SELECT count(*) FROM work_items INDEXED BY work_items_listed
   WHERE list_id IS NOT NULL AND closed_event_id IS NULL AND due_on IS NULL)
"""


def unexplained_and_listed(db: Database) -> tuple[int, int]:
    """In the whole clinic: explanations still owed, and items waiting on recall lists."""
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


def listed(
    db: Database, actor: Actor, list_id: int, pathway: str = "", page: int = 1, size: int = PAGE
) -> tuple[list[Person], int]:
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
