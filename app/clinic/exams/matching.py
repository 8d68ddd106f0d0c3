"""Whose line it is: by numbers only, never by a name, and never somebody whose sex or age speaks against it."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from app.clinic import patients
from app.clinic.exams.shapes import Incoming, Person
from app.core.db import Database

BY_NUMBER = """
SELECT number, id FROM patients WHERE number IN (SELECT value FROM json_each(:numbers))
UNION
SELECT c.number, k.patient_id FROM cards c JOIN card_people k ON k.card_id = c.id AND k.removed_event_id IS NULL
WHERE c.number IN (SELECT value FROM json_each(:numbers)) AND c.closed_event_id IS NULL
"""
NAMESAKES = """
SELECT name, birth_date FROM patients
WHERE birth_date IN (SELECT value FROM json_each(:births)) AND name IN (SELECT value FROM json_each(:names))
  AND birth_about = 0 AND withdrawn_event_id IS NULL
"""


def system_of(sender_id: int) -> str:
    return f"sender:{sender_id}"


class Holders:
    """Whose numbers these are, for a chunk of lines; learns as people are registered."""

    def __init__(self, db: Database, sender_id: int, people: Sequence[Person]) -> None:
        self.by_id = patients.holders(db, system_of(sender_id), sorted({p.id for p in people if p.id}))
        self.by_document = patients.holders(db, patients.RESIDENT_ID, sorted({p.document for p in people if p.document}))
        self.by_card = _by_card(db, {p.card for p in people if p.card})
        self.restricted = patients.restricted(db, {*self.by_id.values(), *self.by_document.values(), *set().union(*self.by_card.values())})
        named = [p for p in people if p.name and p.birth]
        self.namesakes = set(db.all(
            tuple, NAMESAKES, births=json.dumps(sorted({p.birth.isoformat() for p in named})),
            names=json.dumps(sorted({p.name for p in named})),
        )) if named else set()

    def of(self, person: Person) -> set[int]:
        found = {self.by_id.get(person.id), self.by_document.get(person.document)} | self.by_card.get(person.card, set())
        return found - {None}

    def learn(self, person: Person, patient_id: int) -> None:
        if person.id:
            self.by_id[person.id] = patient_id
        if person.document:
            self.by_document[person.document] = patient_id
        if person.name and person.birth:
            self.namesakes.add((person.name, person.birth.isoformat()))


def _by_card(db: Database, cards: set[str]) -> dict[str, set[int]]:
    """The number of a record that was joined to another finds that one."""
    found = defaultdict(set)
    rows = db.all(tuple, BY_NUMBER, numbers=json.dumps(sorted(cards))) if cards else []
    now = patients.survivors(db, [patient_id for _number, patient_id in rows]) if rows else {}
    for number, patient_id in rows:
        if patient_id in now:
            found[number].add(now[patient_id])
    return found


def owner(incoming: Incoming, holders: Holders) -> tuple[int | None, str]:
    """(patient, "") or (None, why not)."""
    if incoming.reason:
        return None, incoming.reason
    person, found = incoming.person, holders.of(incoming.person)
    if len(found) > 1:
        return None, "several_people"
    if found & holders.restricted:
        return None, "restricted"
    if found:
        return found.pop(), ""
    if not (person.id or person.document or person.card):
        return None, "no_identifier"
    return None, "unknown_person"


def may_be_registered(person: Person, holders: Holders) -> str:
    """Blank, or why a line's person must not be registered from it."""
    if not (person.id or person.document):
        return "unknown_person"  # a card of ours that nobody holds was misread
    if person.name and person.birth and (person.name, person.birth.isoformat()) in holders.namesakes:
        return "looks_like"
    return ""


def contradicts(person: Person, patient: patients.Patient, taken_at: str) -> bool:
    """Whether a line cannot be about this patient: the number was used again, or misread."""
    if {person.sex, patient.sex} == {"male", "female"}:
        return True
    if person.name and not patient.name_is_number and person.name != patient.name:
        return True
    born = patient.born
    if born is None:
        return False
    if person.birth:
        return person.birth.year != born.year if patient.birth_about else person.birth != born
    if person.age is None:
        return False
    years = patients.age(patient, date.fromisoformat(taken_at[:10]))
    return abs(years - person.age) > (2 if patient.birth_about else 1)


def new_patient(person: Person, sender_id: int, taken_at: str, language: str) -> patients.NewPatient:
    """As the line says; without a birth date the year follows from the age, and is marked as about."""
    born, about = person.birth, False
    if born is None and person.age is not None:
        born, about = patients.about(int(taken_at[:4]) - person.age), True
    identifiers = [(system_of(sender_id), person.id)] if person.id else []
    identifiers += [(patients.RESIDENT_ID, person.document)] if person.document else []
    return patients.NewPatient(
        name=person.name, sex=person.sex or "unknown", birth_date=born, birth_about=about,
        phones=(person.phone,) if person.phone else (), identifiers=tuple(identifiers), language=language,
    )


def people_of(lines: Iterable[Incoming]) -> list[Person]:
    return [incoming.person for incoming in lines]
