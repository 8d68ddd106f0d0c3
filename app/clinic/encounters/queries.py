import msgspec

from app.clinic import patients
from app.clinic.encounters.shapes import Addendum, Assessment, Encounter, Promise, Text
from app.core.db import Database

patients.belongs("encounters")

_ONE = """
SELECT x.id, x.patient_id, x.at, coalesce(b.name, '') AS by, e.actor_id AS begun_by, coalesce(s.name, '') AS signer, coalesce(g.at, '') AS signed_at,
  x.withdrawn_event_id IS NOT NULL AS withdrawn, x.withdrawn_reason
FROM encounters x JOIN events e ON e.id = x.event_id LEFT JOIN staff b ON b.id = e.actor_id
  LEFT JOIN events g ON g.id = x.signed_event_id LEFT JOIN staff s ON s.id = g.actor_id
"""
ONE = f"{_ONE} WHERE x.patient_id = :patient AND x.id = :id"
OF_PATIENT = f"{_ONE} WHERE x.patient_id = :patient ORDER BY x.at DESC, x.id DESC LIMIT :most OFFSET :skip"
LAST_SIGNED = f"""{_ONE} WHERE x.patient_id = :patient AND x.signed_event_id IS NOT NULL AND x.withdrawn_event_id IS NULL
  AND x.id <> :but ORDER BY x.at DESC, x.id DESC LIMIT 1"""
OPEN = f"""{_ONE} WHERE x.patient_id = :patient AND x.signed_event_id IS NULL AND x.withdrawn_event_id IS NULL
  ORDER BY x.at DESC, x.id DESC LIMIT 1"""


def encounter(db: Database, patient_id: int, id: int) -> Encounter | None:
    """One consultation of this person, taken back ones included."""
    return db.one(Encounter, ONE, patient=patient_id, id=id)


def encounters_of(db: Database, patient_id: int, most: int = 50, skip: int = 0) -> list[Encounter]:
    """The newest first."""
    return db.all(Encounter, OF_PATIENT, patient=patient_id, most=most, skip=skip)


def last_signed(db: Database, patient_id: int, but: int = 0) -> Encounter | None:
    """The last one that counts, another than `but`."""
    return db.one(Encounter, LAST_SIGNED, patient=patient_id, but=but)


def open_of(db: Database, patient_id: int) -> Encounter | None:
    """The newest one somebody still writes in."""
    return db.one(Encounter, OPEN, patient=patient_id)


_TEXT = """
SELECT t.section, t.revision, t.body, t.hand, t.n, t.staff_id, s.name, t.saved_at
FROM encounter_texts t JOIN staff s ON s.id = t.staff_id WHERE t.encounter_id = :id
"""
NEWEST = f"{_TEXT} ORDER BY t.section, t.revision"
OF_SECTION = f"{_TEXT} AND t.section = :section ORDER BY t.revision DESC"


def texts(db: Database, id: int) -> dict[str, Text]:
    """Section → its words as they stand."""
    return {text.section: text for text in map(_text, db.all(tuple, NEWEST, id=id))}


def earlier(db: Database, id: int) -> dict[str, list[Text]]:
    """Section → what stood there before other hands went on with it, the newest first; only what said something else."""
    found: dict[str, list[Text]] = {}
    for text in map(_text, db.all(tuple, NEWEST, id=id)):
        found.setdefault(text.section, []).insert(0, text)
    return {section: [text for text in all[1:] if text.body and text.body != all[0].body] for section, all in found.items()}


def newest(db: Database, id: int, section: str) -> Text | None:
    row = db.one(tuple, f"{OF_SECTION} LIMIT 1", id=id, section=section)
    return _text(row) if row else None


def _text(row: tuple) -> Text:
    section, revision, body, *rest = row
    return Text(section, revision, msgspec.json.decode(body, type=dict[str, str]), *rest)


SEEN = """
SELECT (SELECT coalesce(sum(newest), 0) FROM (SELECT max(revision) AS newest FROM encounter_texts WHERE encounter_id = :id GROUP BY section))
  + (SELECT count(*) + count(retired_event_id) FROM encounter_checks WHERE encounter_id = :id)
  + (SELECT count(*) FROM encounter_reports WHERE encounter_id = :id)
  + (SELECT count(*) + count(r.completed_event_id) FROM encounter_responses x JOIN responses r ON r.id = x.response_id WHERE x.encounter_id = :id)
"""


def seen(db: Database, id: int) -> int:
    """How far a consultation has come: it grows with every word saved in it, with what was asked, measured and answered."""
    return db.value(SEEN, id=id) or 0


ASSESSMENTS = "SELECT n, text, code, certainty, condition_id FROM assessments WHERE encounter_id = :id ORDER BY n"
PROMISES = "SELECT n, what, due_on FROM encounter_promises WHERE encounter_id = :id ORDER BY n"
ADDENDA = """
SELECT a.id, a.text, s.name AS by, e.at FROM addenda a JOIN events e ON e.id = a.event_id JOIN staff s ON s.id = e.actor_id
WHERE a.encounter_id = :id ORDER BY a.id
"""
REPORTS = "SELECT report_id FROM encounter_reports WHERE encounter_id = :id ORDER BY report_id"
OF_REPORT = "SELECT encounter_id FROM encounter_reports WHERE report_id = :report"


def assessments(db: Database, id: int) -> list[Assessment]:
    """As signed."""
    return db.all(Assessment, ASSESSMENTS, id=id)


def promises(db: Database, id: int) -> list[Promise]:
    """As signed."""
    return db.all(Promise, PROMISES, id=id)


def addenda(db: Database, id: int) -> list[Addendum]:
    return db.all(Addendum, ADDENDA, id=id)


def reports_of(db: Database, id: int) -> list[int]:
    """The results that were measured in it."""
    return db.all(int, REPORTS, id=id)


def of_report(db: Database, report_id: int) -> int | None:
    return db.value(OF_REPORT, report=report_id)


class Check(msgspec.Struct, frozen=True):
    """A part of the history that was said to be unchanged. at: UTC. encounter_id: in which consultation."""

    part: str
    at: str
    by: str
    encounter_id: int


CHECKS = """
SELECT c.part, e.at, coalesce(s.name, '') AS by, c.encounter_id
FROM encounters x JOIN encounter_checks c ON c.encounter_id = x.id JOIN events e ON e.id = c.event_id LEFT JOIN staff s ON s.id = e.actor_id
WHERE x.patient_id = :patient AND x.withdrawn_event_id IS NULL AND c.retired_event_id IS NULL ORDER BY c.id
"""


CHECKED_IN = """
SELECT c.part, e.at, coalesce(s.name, '') AS by, c.encounter_id
FROM encounter_checks c JOIN events e ON e.id = c.event_id LEFT JOIN staff s ON s.id = e.actor_id
WHERE c.encounter_id = :id AND c.retired_event_id IS NULL ORDER BY c.id
"""


def checks(db: Database, patient_id: int) -> dict[str, Check]:
    """Part → when it was last said to be unchanged."""
    return {check.part: check for check in db.all(Check, CHECKS, patient=patient_id)}


def checked_in(db: Database, id: int) -> dict[str, Check]:
    """Part → when it was said to be unchanged in this consultation, whatever later ones say."""
    return {check.part: check for check in db.all(Check, CHECKED_IN, id=id)}
