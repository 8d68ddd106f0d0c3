from app.clinic.invitations.shapes import Asked, Asking
from app.core.db import Database

# As the index asked_by_state has it, to the letter.
STATE = """(CASE
  WHEN {0}done_event_id IS NOT NULL THEN 'done' WHEN {0}ended_event_id IS NOT NULL THEN 'withdrawn' WHEN {0}response_id IS NOT NULL THEN 'started'
  WHEN {0}sent_event_id IS NOT NULL THEN 'sent' ELSE 'asked' END)"""
# What is asked is called as its newest version is; a questionnaire without one is not given out.
TITLES = """
JOIN questionnaire_versions v ON v.id = (SELECT max(id) FROM questionnaire_versions n WHERE n.questionnaire_id = {0}.questionnaire_id)
"""
_ASKED = f"""
SELECT a.id, a.asking_id, a.patient_id, a.questionnaire_id, v.title_zh, v.title_en, a.due_on, {STATE.format("a.")} AS state, a.response_id,
  e.at, s.name AS by, sent.at AS sent_at, reminded.at AS reminded_at, done.at AS done_at
FROM asked a {TITLES.format("a")} JOIN askings g ON g.id = a.asking_id JOIN events e ON e.id = g.event_id LEFT JOIN staff s ON s.id = e.actor_id
LEFT JOIN events sent ON sent.id = a.sent_event_id LEFT JOIN events reminded ON reminded.id = a.reminded_event_id
LEFT JOIN events done ON done.id = a.done_event_id
"""
ONE = f"{_ASKED} WHERE a.id = :id"
OF_PATIENT = f"""
{_ASKED} WHERE a.patient_id = :patient AND (:before IS NULL OR a.id < :before) ORDER BY a.id DESC LIMIT :limit
"""
OPEN_OF = f"{_ASKED} WHERE a.patient_id = :patient AND a.ended_event_id IS NULL ORDER BY a.id DESC LIMIT 50"
OF_ASKING = f"{_ASKED} WHERE a.asking_id = :asking AND (:before IS NULL OR a.id < :before) ORDER BY a.id DESC LIMIT :limit"
IN_STATE = f"""
{_ASKED} WHERE a.asking_id = :asking AND {STATE.format("a.")} = :state AND (:before IS NULL OR a.id < :before) ORDER BY a.id DESC LIMIT :limit
"""
COUNTS = f"SELECT {STATE.format('')} AS state, count(*) FROM asked WHERE asking_id = :asking GROUP BY state"


def get(db: Database, id: int, patient_id: int | None = None) -> Asked | None:
    """With `patient_id` only if it is that person's."""
    found = db.one(Asked, ONE, id=id)
    return None if found is None or patient_id not in (None, found.patient_id) else found


def of_patient(db: Database, patient_id: int, before: int | None = None, limit: int = 50) -> list[Asked]:
    """What this person was asked to fill in, newest first."""
    return db.all(Asked, OF_PATIENT, patient=patient_id, before=before, limit=limit)


def open_of(db: Database, patient_id: int) -> list[Asked]:
    return db.all(Asked, OPEN_OF, patient=patient_id)


def of_asking(db: Database, asking_id: int, state: str = "", before: int | None = None, limit: int = 50) -> list[Asked]:
    """The people of one giving out, newest first; only those in this state."""
    if state:
        return db.all(Asked, IN_STATE, asking=asking_id, state=state, before=before, limit=limit)
    return db.all(Asked, OF_ASKING, asking=asking_id, before=before, limit=limit)


def counts(db: Database, asking_id: int) -> dict[str, int]:
    """How many people are how far."""
    return dict(db.all(tuple, COUNTS, asking=asking_id))


_ASKING = f"""
SELECT g.id, g.questionnaire_id, v.title_zh, v.title_en, g.whom, g.name, g.query, g.people, g.seen, g.due_on, e.at, s.name AS by,
  g.finished_event_id IS NOT NULL AS finished, g.stopped_event_id IS NOT NULL AS stopped, coalesce(g.remind_event_id, 0) AS reminding
FROM askings g {TITLES.format("g")} JOIN events e ON e.id = g.event_id LEFT JOIN staff s ON s.id = e.actor_id
"""
ASKING = f"{_ASKING} WHERE g.id = :id"
GIVEN_OUT = f"{_ASKING} WHERE g.whom <> 'person' AND (:before IS NULL OR g.id < :before) ORDER BY g.id DESC LIMIT :limit"


def asking(db: Database, id: int) -> Asking | None:
    return db.one(Asking, ASKING, id=id)


def given_out(db: Database, before: int | None = None, limit: int = 50) -> list[Asking]:
    """What was given out to many at once, newest first."""
    return db.all(Asking, GIVEN_OUT, before=before, limit=limit)


# Who still has one they were asked for by themselves, for the page that shows all that is open.
LATELY = f"""
{_ASKED} WHERE g.whom = 'person' AND (:before IS NULL OR a.id < :before) ORDER BY a.id DESC LIMIT :limit
"""


def lately(db: Database, before: int | None = None, limit: int = 50) -> list[Asked]:
    """Single people who were asked, newest first."""
    return db.all(Asked, LATELY, before=before, limit=limit)
