import json

from app.clinic.responses.shapes import Answer, Response, Sitting
from app.core import fhirjson
from app.core.db import Database

_RESPONSE = """
SELECT r.id, r.patient_id, r.questionnaire_id, r.version_id, r.asked_by, r.language, r.replaces_id, r.reason, r.completed_at,
  r.retired_event_id IS NOT NULL AS retired, r.retired_reason, q.code, v.number AS version, v.title_zh, v.title_en,
  s.name AS author, b.at AS begun_at
FROM responses r JOIN questionnaires q ON q.id = r.questionnaire_id JOIN questionnaire_versions v ON v.id = r.version_id
JOIN events b ON b.id = r.begun_event_id LEFT JOIN events c ON c.id = r.completed_event_id
LEFT JOIN staff s ON s.id = coalesce(c.actor_id, CASE WHEN c.id IS NULL THEN b.actor_id END)
"""
ONE = f"{_RESPONSE} WHERE r.id = :id"
OPEN = f"{_RESPONSE} WHERE r.patient_id = :patient AND r.completed_at IS NULL AND r.retired_event_id IS NULL ORDER BY r.id DESC"
DONE = f"""
{_RESPONSE} WHERE r.patient_id = :patient AND r.completed_at IS NOT NULL AND r.retired_event_id IS NULL
ORDER BY r.completed_at DESC, r.id DESC LIMIT :limit OFFSET :offset
"""
GONE = f"""
{_RESPONSE} WHERE r.patient_id = :patient AND r.retired_event_id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM responses n WHERE n.replaces_id = r.id AND n.completed_at IS NOT NULL)
ORDER BY r.id DESC LIMIT 50
"""
LAST = f"""
{_RESPONSE} WHERE r.patient_id = :patient AND r.questionnaire_id = :questionnaire AND r.completed_at IS NOT NULL
  AND r.retired_event_id IS NULL AND r.id <> :except ORDER BY r.completed_at DESC, r.id DESC LIMIT 1
"""
COUNT = "SELECT count(*) FROM responses WHERE patient_id = :patient"
BY_TOKEN = "SELECT id FROM responses WHERE token = :token"
REPLACED_BY = "SELECT id FROM responses WHERE replaces_id = :id AND completed_at IS NOT NULL"
BEING_CORRECTED = "SELECT id FROM responses WHERE replaces_id = :id AND completed_at IS NULL AND retired_event_id IS NULL"
FHIR = "SELECT fhir FROM responses WHERE id = :id"
SITTING = "SELECT given, calculated, taken_over, touched, revision, saved_at FROM sittings WHERE response_id = :id"
_ANSWER = "SELECT id, response_id, code, link_id, path, n, kind, number, choice, words, ordinal, at, is_score, band, level FROM answers"
ANSWERS = f"{_ANSWER} WHERE response_id = :response ORDER BY id"
SCORES = f"{_ANSWER} WHERE response_id IN (SELECT value FROM json_each(:responses)) AND is_score = 1 ORDER BY id"
FILED = "SELECT report_id, section, entry_id, offer FROM response_filings WHERE response_id = :response"


def get(db: Database, id: int, patient_id: int | None = None) -> Response | None:
    """One response, open or completed, standing or not; with `patient_id` only if it is that person's."""
    found = db.one(Response, ONE, id=id)
    return None if found is None or patient_id not in (None, found.patient_id) else found


def open_ones(db: Database, patient_id: int) -> list[Response]:
    return db.all(Response, OPEN, patient=patient_id)


def done(db: Database, patient_id: int, limit: int = 50, offset: int = 0) -> list[Response]:
    """Those completed that stand, the newest first."""
    return db.all(Response, DONE, patient=patient_id, limit=limit, offset=offset)


def taken_out(db: Database, patient_id: int) -> list[Response]:
    """Those withdrawn or thrown away, not those a correction stands in the place of."""
    return db.all(Response, GONE, patient=patient_id)


def last(db: Database, patient_id: int, questionnaire_id: int, other_than: int = 0) -> Response | None:
    """The newest one completed of this questionnaire."""
    return db.one(Response, LAST, patient=patient_id, questionnaire=questionnaire_id, **{"except": other_than})


def count(db: Database, patient_id: int) -> int:
    return db.value(COUNT, patient=patient_id)


def newest(db: Database, id: int) -> int:
    """The response that stands today in the place of this one."""
    while (later := db.value(REPLACED_BY, id=id)) is not None:
        id = later
    return id


def correction_of(db: Database, id: int) -> int | None:
    """The correction of this response that is being filled in now."""
    return db.value(BEING_CORRECTED, id=id)


def history(db: Database, id: int) -> list[Response]:
    """The versions of a response, the newest first."""
    found, at = [], newest(db, id)
    while at is not None:
        found.append(db.one(Response, ONE, id=at))
        at = found[-1].replaces_id
    return found


def sitting(db: Database, response_id: int) -> Sitting | None:
    row = db.one(tuple, SITTING, id=response_id)
    return row and Sitting(fhirjson.loads(row[0]), fhirjson.loads(row[1]), json.loads(row[2]), json.loads(row[3]), *row[4:])


def fhir(db: Database, response_id: int) -> dict:
    """The QuestionnaireResponse of a completed one."""
    return fhirjson.loads(db.value(FHIR, id=response_id))


def answers(db: Database, response_id: int) -> list[Answer]:
    return db.all(Answer, ANSWERS, response=response_id)


def scores(db: Database, responses: list[Response]) -> dict[int, list[Answer]]:
    """Response → its scores, in the order of the questionnaire."""
    found: dict[int, list[Answer]] = {}
    for one in db.all(Answer, SCORES, responses=json.dumps([one.id for one in responses])):
        found.setdefault(one.response_id, []).append(one)
    return found


TROUBLED = """
SELECT r.id FROM responses r, json_each(r.fhir, '$.extension') one WHERE r.id IN (SELECT value FROM json_each(:responses))
  AND json_extract(one.value, '$.url') = 'urn:yihe:not-worked-out' AND json_extract(one.value, '$.extension[1].valueCode') <> 'unanswered'
"""


def troubled(db: Database, responses: list[Response]) -> set[int]:
    """Those of them in which something could not be worked out."""
    return set(db.all(int, TROUBLED, responses=json.dumps([one.id for one in responses])))


def filed(db: Database, response_id: int) -> list[tuple[int | None, str | None, int | None, str]]:
    """(report, section, entry, offer) that were made of a response."""
    return db.all(tuple, FILED, response=response_id)
