import json

from app.clinic.patients.shapes import Consent, Patient, Row
from app.core.db import Database

_PATIENT = """
SELECT id, number, name, sex, birth_date, birth_about, name_is_number, address, language, doctor_id, manager_id, version
FROM patients
"""

ONE = f"{_PATIENT} WHERE id = :id AND withdrawn_event_id IS NULL"


def get(db: Database, patient_id: int) -> Patient | None:
    return db.one(Patient, ONE, id=patient_id)


MANY = f"{_PATIENT} WHERE id IN (SELECT value FROM json_each(:ids)) AND withdrawn_event_id IS NULL"


def get_many(db: Database, ids: list[int]) -> dict[int, Patient]:
    return {one.id: one for one in db.all(Patient, MANY, ids=json.dumps(ids))}


PHONES = "SELECT number FROM patient_phones WHERE patient_id = :id AND retired_event_id IS NULL ORDER BY id"


def phones(db: Database, patient_id: int) -> list[str]:
    """Live numbers, the first is the one to call."""
    return db.all(str, PHONES, id=patient_id)


PHONES_OF = """
SELECT patient_id, number FROM patient_phones
WHERE patient_id IN (SELECT value FROM json_each(:ids)) AND retired_event_id IS NULL ORDER BY id DESC
"""


def phones_of(db: Database, ids: list[int]) -> dict[int, str]:
    """The number to call of each of these people who has one."""
    return dict(db.all(tuple, PHONES_OF, ids=json.dumps(ids)))


DOCUMENT = """
SELECT value FROM patient_identifiers WHERE patient_id = :id AND system = :system AND retired_event_id IS NULL
"""


def document(db: Database, patient_id: int, system: str) -> str:
    """This person's number in that system, or blank."""
    return db.value(DOCUMENT, id=patient_id, system=system) or ""


HOLDERS = """
SELECT value, patient_id FROM patient_identifiers
WHERE system = :system AND value IN (SELECT value FROM json_each(:values)) AND retired_event_id IS NULL
"""


def holders(db: Database, system: str, values: list[str]) -> dict[str, int]:
    """Whose numbers these are: value → patient id, for those that are somebody's."""
    return dict(db.all(tuple, HOLDERS, system=system, values=json.dumps(values)))


CONSENTS = """
SELECT text_version, how, given_on, given_by FROM consents
WHERE patient_id = :id AND withdrawn_event_id IS NULL ORDER BY id DESC
"""


def consents(db: Database, patient_id: int) -> list[Consent]:
    """Newest first."""
    return db.all(Consent, CONSENTS, id=patient_id)


_ROW = """
SELECT p.id, p.number, p.name, p.sex, p.birth_date, p.birth_about,
  (SELECT number FROM patient_phones WHERE patient_id = p.id AND retired_event_id IS NULL ORDER BY id LIMIT 1) AS phone,
  p.doctor_id, p.manager_id
"""
_TAGGED = """
FROM tags t CROSS JOIN patients p ON p.id = t.patient_id
WHERE t.code = :tag AND t.removed_event_id IS NULL AND t.patient_id < :before
"""
_EVERYBODY = "FROM patients p WHERE p.id < :before"
_NEWEST = "AND p.withdrawn_event_id IS NULL ORDER BY p.id DESC LIMIT :limit"


def page_of(
    db: Database, *, before: int | None, limit: int, doctor: int | None = None, manager: int | None = None, tag: str = ""
) -> list[Row]:
    """Newest first, those with an id below `before`. doctor and manager: 0 for those who have none."""
    sql = [_ROW, _TAGGED if tag else _EVERYBODY, _whose("doctor_id", doctor), _whose("manager_id", manager), _NEWEST]
    return db.all(
        Row, " ".join(sql), before=before or 2**62, limit=limit, tag=tag, doctor_id=doctor, manager_id=manager
    )


def _whose(column: str, staff_id: int | None) -> str:
    if staff_id is None:
        return ""
    return f"AND p.{column} = :{column}" if staff_id else f"AND p.{column} IS NULL"

