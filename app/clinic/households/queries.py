import json

import msgspec

from app.clinic import patients
from app.clinic.households.relations import INVERSE, RELATIONS, guess, relation_name
from app.clinic.patients import Patient
from app.core.db import Database


class Tie(msgspec.Struct, frozen=True):
    """Somebody of the family as one person sees them. relation: what they are to that person, blank when not said yet."""

    patient: Patient
    relation: str = ""
    kinship_id: int = 0
    together: bool = False

    @property
    def name(self) -> str:
        return relation_name(self.relation, self.patient.sex) if self.relation else ""


class Family(msgspec.Struct, frozen=True):
    """household_id: None for somebody of whom nobody has said with whom they live."""

    household_id: int | None
    ties: list[Tie]

    @property
    def together(self) -> list[Tie]:
        return [tie for tie in self.ties if tie.together]


HOME = "SELECT household_id FROM household_members WHERE patient_id = :id AND left_event_id IS NULL"
# forward: told from this person's side; the other way round it is the inverse. Who lives here has no kinship.
TIES = f"""
SELECT relative_id, id, relation, 1, 0 FROM kinships WHERE patient_id = :id AND ended_event_id IS NULL
UNION ALL
SELECT patient_id, id, relation, 0, 0 FROM kinships WHERE relative_id = :id AND ended_event_id IS NULL
UNION ALL
SELECT patient_id, 0, '', 1, household_id FROM household_members
WHERE household_id = ({HOME}) AND left_event_id IS NULL
"""


def family(db: Database, patient_id: int) -> Family:
    """Who lives with this person, and whom they are related to; those who live together first, then by age."""
    rows, home = db.all(tuple, TIES, id=patient_id), None
    found: dict[int, dict] = {}
    for other, kinship_id, relation, forward, household_id in rows:
        home = household_id or home
        if other == patient_id:
            continue
        tie = found.setdefault(other, {})
        tie |= {"together": True} if household_id else {
            "relation": relation if forward else INVERSE[relation], "kinship_id": kinship_id}
    who = patients.get_many(db, list(found)) if found else {}
    ties = [Tie(who[other], **tie) for other, tie in found.items() if other in who]
    return Family(home, sorted(ties, key=lambda tie: (not tie.together, tie.patient.birth_date or "9", tie.patient.id)))


def named(db: Database, patient_id: int, ties: list[Tie]) -> list[Tie]:
    """Whom the desk wrote down as guardian or emergency contact, who is a patient here and not of the family yet."""
    there = {patient_id, *(tie.patient.id for tie in ties)}
    told = {one.other_id: one.relation for one in patients.related(db, patient_id) if one.other_id and one.other_id not in there}
    who = patients.get_many(db, list(told)) if told else {}
    return [Tie(who[id], relation if relation in RELATIONS else "other") for id, relation in told.items() if id in who]


class Member(msgspec.Struct, frozen=True):
    """One who lives in a household. kin: (what they are, of whom) for the others who live there."""

    patient: Patient
    kin: list[tuple[str, Patient]]


class Household(msgspec.Struct, frozen=True):
    """unsaid: pairs nobody has said anything about, with what the second probably is to the first. gone: see gone()."""

    id: int
    members: list[Member]
    gone: list[Patient]
    unsaid: list[tuple[Patient, Patient, str]]


MEMBERS = "SELECT patient_id FROM household_members WHERE household_id = :id AND left_event_id IS NULL ORDER BY id"


def members(db: Database, household_id: int) -> list[int]:
    return db.all(int, MEMBERS, id=household_id)


KNOWN = """
SELECT patient_id, relative_id, relation FROM kinships WHERE patient_id IN (SELECT value FROM json_each(:ids))
  AND relative_id IN (SELECT value FROM json_each(:ids)) AND ended_event_id IS NULL
"""


def known(db: Database, ids: list[int]) -> dict[tuple[int, int], str]:
    """(a, b) → what b is to a, both ways round."""
    found = {}
    for one, other, relation in db.all(tuple, KNOWN, ids=json.dumps(ids)):
        found |= {(one, other): relation, (other, one): INVERSE[relation]}
    return found


EXISTS = "SELECT 1 FROM households WHERE id = :id"


def household(db: Database, household_id: int) -> Household | None:
    """The people who live there, the eldest first."""
    if db.value(EXISTS, id=household_id) is None:
        return None
    ids = members(db, household_id)
    who = patients.get_many(db, ids)
    people = sorted(who.values(), key=lambda one: (one.birth_date or "9", one.id))
    kin = known(db, ids)
    unsaid = [
        (one, other, guess(kin, one.id, other.id)) for n, one in enumerate(people) for other in people[n + 1:]
        if (one.id, other.id) not in kin
    ]
    return Household(household_id, [_member(one, people, kin) for one in people], gone(db, household_id), unsaid)


def _member(one: Patient, people: list[Patient], kin: dict[tuple[int, int], str]) -> Member:
    told = [(relation_name(kin[other.id, one.id], one.sex), other) for other in people if (other.id, one.id) in kin]
    return Member(one, told)


BETWEEN = """
SELECT id, patient_id, relation FROM kinships WHERE ended_event_id IS NULL
  AND ((patient_id = :one AND relative_id = :other) OR (patient_id = :other AND relative_id = :one))
"""


def between(db: Database, one: int, other: int) -> tuple[int, str] | None:
    """The live kinship of two people: its id and what `other` is to `one`."""
    found = db.one(tuple, BETWEEN, one=one, other=other)
    return found and (found[0], found[2] if found[1] == one else INVERSE[found[2]])


KINSHIP = """
SELECT patient_id, relative_id, relation, ended_event_id IS NOT NULL FROM kinships
WHERE id = :id AND (patient_id = :patient OR relative_id = :patient)
"""


def kinship(db: Database, patient_id: int, kinship_id: int) -> tuple[int, str, bool] | None:
    """Of this person's kinship: the other person, what they are to this one, and whether it has ended."""
    found = db.one(tuple, KINSHIP, id=kinship_id, patient=patient_id)
    if found is None:
        return None
    one, other, relation, ended = found
    return (other, relation, bool(ended)) if one == patient_id else (one, INVERSE[relation], bool(ended))


class Past(msgspec.Struct, frozen=True):
    """A kinship that was taken away and may be put back."""

    patient: Patient
    relation: str
    kinship_id: int

    @property
    def name(self) -> str:
        return relation_name(self.relation, self.patient.sex)


ENDED = """
SELECT k.id, CASE WHEN k.patient_id = :id THEN k.relative_id ELSE k.patient_id END AS other
FROM kinships k WHERE (k.patient_id = :id OR k.relative_id = :id) AND k.ended_event_id IS NOT NULL
ORDER BY k.ended_event_id DESC LIMIT 20
"""
GONE = """
SELECT patient_id, max(left_event_id) FROM household_members m WHERE household_id = :id AND left_event_id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM household_members n WHERE n.patient_id = m.patient_id AND n.left_event_id IS NULL)
GROUP BY patient_id ORDER BY 2 DESC LIMIT 10
"""


def gone(db: Database, household_id: int) -> list[Patient]:
    """Who lived there and lives nowhere else now, the last who left first."""
    ids = [id for id, _event in db.all(tuple, GONE, id=household_id)]
    who = patients.get_many(db, ids) if ids else {}
    return [who[id] for id in ids if id in who]


def past(db: Database, patient_id: int) -> list[Past]:
    """Ended kinships with people this person is not related to now, the last one of each."""
    found: dict[int, int] = {}
    for kinship_id, other in db.all(tuple, ENDED, id=patient_id):
        if other not in found and other != patient_id and between(db, patient_id, other) is None:
            found[other] = kinship_id
    who = patients.get_many(db, list(found)) if found else {}
    return [Past(who[other], kinship(db, patient_id, id)[1], id) for other, id in found.items() if other in who]
