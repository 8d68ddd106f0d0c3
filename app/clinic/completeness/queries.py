"""What is known of a person and what is missing, in two indexed reads however many purposes there are."""

import json
from collections.abc import Iterable
from datetime import date, timedelta

import msgspec

from app.clinic import patients, records
from app.clinic.completeness.shapes import ASKS, PURPOSES, Ask, Purpose
from app.core import clock
from app.core.db import Database


class State(msgspec.Struct, frozen=True):
    """How complete somebody's record is for a purpose. missing: what to ask, by its id. suits: whether it is for this person."""

    purpose: Purpose
    percent: int
    missing: dict[str, Ask]
    suits: bool = True

    @property
    def names(self) -> list[str]:
        """What is missing, in the reader's language."""
        return [ask.name for ask in self.missing.values()]


def _there(ask: Ask) -> str:
    """Whether a section says something; of what stands once, whether it says this. A sensitive entry is not asked about again."""
    filled = f"AND ({ask.needs} <> '' OR sensitive = 1)" if ask.needs else ""
    return f"EXISTS (SELECT 1 FROM {ask.section} WHERE patient_id = :patient AND retired_event_id IS NULL {filled})"


_SECTIONS = {id: ask for id, ask in ASKS.items() if ask.section}
KNOWN = f"""
SELECT
  EXISTS (SELECT 1 FROM patient_phones WHERE patient_id = :patient AND retired_event_id IS NULL),
  EXISTS (SELECT 1 FROM patient_identifiers WHERE patient_id = :patient AND retired_event_id IS NULL
    AND system IN (SELECT value FROM json_each(:documents))),
  EXISTS (SELECT 1 FROM consents WHERE patient_id = :patient AND withdrawn_event_id IS NULL),
  (SELECT json_group_array(section) FROM none_known WHERE patient_id = :patient AND retired_event_id IS NULL),
  {", ".join(_there(ask) for ask in _SECTIONS.values())}
"""
MEASURED = """
SELECT code, max(taken_at) FROM observations
WHERE patient_id = :patient AND retired_event_id IS NULL AND code IN (SELECT value FROM json_each(:codes)) AND value IS NOT NULL
GROUP BY code
"""
LASTING = ("HEIGHT",)  # of an adult: once measured, it serves
ADULT = 18


def opening(db: Database, patient: patients.Patient) -> State:
    """How complete it is for opening a record: what every list and the overview show."""
    return _state(PURPOSES["opening"], patient, _known(db, patient), {})


def states(db: Database, patient: patients.Patient) -> list[State]:
    """For every purpose, those that are for this person first."""
    known, measured = _known(db, patient), _measured(db, patient)
    codes = {one.code for one in records.conditions(db, patient.id) if one.status == "active"}
    found = [_state(one, patient, known, measured, codes) for one in PURPOSES.values()]
    return sorted(found, key=lambda one: not one.suits)


def state(db: Database, patient: patients.Patient, purpose: Purpose) -> State:
    return _state(purpose, patient, _known(db, patient), _measured(db, patient))


def missing_ids(db: Database, patient: patients.Patient, ids: Iterable[str], days: int | None) -> set[str]:
    """Which of these are missing now."""
    known, measured = _known(db, patient), _measured(db, patient)
    return {id for id in ids if not _answered(id, patient, known, measured, days)}


def _known(db: Database, patient: patients.Patient) -> set[str]:
    phone, document, consent, none, *sections = db.one(
        tuple, KNOWN, patient=patient.id, documents=json.dumps(list(patients.DOCUMENTS)))
    said_none = set(json.loads(none))
    known = {
        "name": not patient.name_is_number, "sex": patient.sex != "unknown", "phone": phone, "consent": consent,
        "birth_date": patient.birth_date is not None and not patient.birth_about, "document": document or patient.no_document,
        "address": patient.address, "doctor": patient.doctor_id,
    } | {id: there or ask.section in said_none for (id, ask), there in zip(_SECTIONS.items(), sections, strict=True)}
    return {id for id, there in known.items() if there}


def _measured(db: Database, patient: patients.Patient) -> dict[str, str]:
    """Indicator → the day of its newest value."""
    return dict(db.all(tuple, MEASURED, patient=patient.id, codes=json.dumps([id for id, ask in ASKS.items() if ask.indicator])))


def _answered(id: str, patient: patients.Patient, known: set[str], measured: dict[str, str], days: int | None) -> bool:
    if not ASKS[id].indicator:
        return id in known
    taken = measured.get(id)
    if taken is None or days is None:
        return taken is not None
    if id in LASTING and patients.age(patient, date.fromisoformat(taken[:10])) is not None:
        return patients.age(patient, date.fromisoformat(taken[:10])) >= ADULT or _fresh(taken, days)
    return _fresh(taken, days)


def _fresh(taken: str, days: int) -> bool:
    return taken[:10] >= (clock.today() - timedelta(days=days)).isoformat()


def _state(
    purpose: Purpose, patient: patients.Patient, known: set[str], measured: dict[str, str], codes: Iterable[str] = (),
) -> State:
    ids = purpose.asked_of(patient.sex)
    missing = {id: ASKS[id] for id in ids if not _answered(id, patient, known, measured, purpose.days)}
    percent = (len(ids) - len(missing)) * 100 // len(ids)
    return State(purpose, percent, missing, _suits(purpose, patient, codes))


def _suits(purpose: Purpose, patient: patients.Patient, codes: Iterable[str]) -> bool:
    age = patients.age(patient, clock.today())
    of_age = purpose.ages is None or (age is not None and purpose.ages[0] <= age <= purpose.ages[1])
    return of_age and (not purpose.codes or any(code.startswith(purpose.codes) for code in codes))
