import json

from app.clinic.patients.belongings import belongs
from app.clinic.patients.documents import DOCUMENTS
from app.clinic.patients.reaching import Phone, Related
from app.clinic.patients.shapes import Consent, Patient
from app.core.db import Database

belongs("patient_phones", alike=("number",), ended="retired_event_id")
belongs("patient_identifiers")
belongs("consents")
belongs("related_people", alike=("kind", "name", "phone"), ended="retired_event_id")
belongs("related_people", "other_id")
belongs("channel_consents", alike=("channel",), ended="retired_event_id")
belongs("events", stays=True)
belongs("looks", stays=True)

_PATIENT = """
SELECT id, number, name, sex, birth_date, birth_about, name_is_number, address, language, doctor_id, manager_id, version,
  no_document, workplace, occupation, payment, source, photo, restricted_event_id IS NOT NULL AS restricted
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


LINES = """
SELECT number, relation, whose FROM patient_phones WHERE patient_id = :id AND retired_event_id IS NULL ORDER BY id
"""


def lines(db: Database, patient_id: int) -> list[Phone]:
    """Live numbers with whose they are, the first is the one to call."""
    return db.all(Phone, LINES, id=patient_id)


PHONES_OF = """
SELECT patient_id, number FROM patient_phones
WHERE patient_id IN (SELECT value FROM json_each(:ids)) AND retired_event_id IS NULL ORDER BY id DESC
"""


def phones_of(db: Database, ids: list[int]) -> dict[int, str]:
    """The first number of each of these people who has one."""
    return dict(db.all(tuple, PHONES_OF, ids=json.dumps(ids)))


TO_CALL = """
SELECT patient_id, number FROM patient_phones p
WHERE patient_id IN (SELECT value FROM json_each(:ids)) AND retired_event_id IS NULL AND NOT EXISTS (
  SELECT 1 FROM channel_consents c
  WHERE c.patient_id = p.patient_id AND c.channel = 'phone' AND c.allowed = 0 AND c.retired_event_id IS NULL
) ORDER BY id DESC
"""


def to_call(db: Database, ids: list[int]) -> dict[int, str]:
    """The number to call of each of these people who may be called."""
    return dict(db.all(tuple, TO_CALL, ids=json.dumps(ids)))


DOCUMENT = """
SELECT value FROM patient_identifiers WHERE patient_id = :id AND system = :system AND retired_event_id IS NULL
"""


def document(db: Database, patient_id: int, system: str) -> str:
    """This person's number in that system, or blank."""
    return db.value(DOCUMENT, id=patient_id, system=system) or ""


PAPERS = """
SELECT system, value FROM patient_identifiers
WHERE patient_id = :id AND system IN (SELECT value FROM json_each(:systems)) AND retired_event_id IS NULL ORDER BY id
"""


def documents(db: Database, patient_id: int) -> list[tuple[str, str]]:
    """(system, value) of this person's identity documents."""
    return db.all(tuple, PAPERS, id=patient_id, systems=json.dumps(list(DOCUMENTS)))


RELATED = """
SELECT kind, name, relation, phone, other_id FROM related_people
WHERE patient_id = :id AND retired_event_id IS NULL ORDER BY kind DESC, id
"""


def related(db: Database, patient_id: int) -> list[Related]:
    """Guardians first, then whom to call when something happens."""
    return db.all(Related, RELATED, id=patient_id)


CHANNELS = """
SELECT channel, allowed FROM channel_consents WHERE patient_id = :id AND retired_event_id IS NULL ORDER BY channel
"""


def channels(db: Database, patient_id: int) -> dict[str, bool]:
    """Which ways of reaching somebody were allowed or refused; those never asked about are not in it."""
    return {channel: bool(allowed) for channel, allowed in db.all(tuple, CHANNELS, id=patient_id)}


BY_TOKEN = "SELECT id FROM patients WHERE token = :token"
CONSENT_BY_TOKEN = "SELECT id FROM consents WHERE token = :token"


def by_token(db: Database, token: str) -> int | None:
    """Whom this form registered already."""
    return db.value(BY_TOKEN, token=token) if token else None


HOLDERS = """
SELECT value, patient_id FROM patient_identifiers
WHERE system = :system AND value IN (SELECT value FROM json_each(:values)) AND retired_event_id IS NULL
"""


def holders(db: Database, system: str, values: list[str]) -> dict[str, int]:
    """Whose numbers these are: value → patient id, for those that are somebody's."""
    return dict(db.all(tuple, HOLDERS, system=system, values=json.dumps(values)))


CONSENTS = """
SELECT text_version, how, given_on, given_by, '' AS token, id FROM consents
WHERE patient_id = :id AND withdrawn_event_id IS NULL ORDER BY id DESC
"""
CONSENT = """
SELECT text_version, how, given_on, given_by, '' AS token, id, withdrawn_event_id IS NOT NULL AS gone FROM consents
WHERE patient_id = :patient AND id = :id
"""


def consents(db: Database, patient_id: int) -> list[Consent]:
    """Newest first."""
    return db.all(Consent, CONSENTS, id=patient_id)


def consent_of(db: Database, patient_id: int, id: int) -> Consent | None:
    """One of this person's, standing or taken back."""
    return db.one(Consent, CONSENT, patient=patient_id, id=id)
