"""Writes about households. The same said twice is said once, so a double tap stores nothing twice."""

from typing import Any

from app.clinic import patients
from app.clinic.households import queries
from app.clinic.households.relations import INVERSE, RELATIONS
from app.core import events
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Invalid, NotFound
from app.core.words import N_, _


def _told(sentence: str):
    def tell(details: dict[str, Any]) -> str:
        return _(sentence, relation=_(RELATIONS.get(details.get("relation", ""), "")), number=details.get("number", "—"))
    return tell


events.declare("household.joined", N_("Lives together with %(number)s"), clinical=False)
events.declare("household.left", N_("Lives in that household no more"), clinical=False)
events.declare("kinship.told", "", clinical=False, describe=_told(N_("Family: %(number)s (%(relation)s)")))
events.declare("kinship.ended", "", clinical=False, describe=_told(N_("No longer named as family: %(number)s (%(relation)s)")))

patients.belongs("household_members", alike=(), ended="left_event_id")
patients.belongs("kinships", alike=("relative_id",), ended="ended_event_id")
patients.belongs("kinships", "relative_id", alike=("patient_id",), ended="ended_event_id")


def connect(db: Database, actor: Actor | None, patient_id: int, other_id: int, relation: str, together: bool) -> None:
    """Say how two people are related (blank: not said), and whether they live together."""
    if not relation and not together:
        raise Invalid({"relation": N_("Please say how they are related, or that they live together.")})
    with db.aside():
        if relation:
            relate(db, actor, patient_id, other_id, relation)
        if together:
            _move_in(db, actor, patient_id, other_id)


def relate(db: Database, actor: Actor | None, patient_id: int, other_id: int, relation: str) -> None:
    """Say, or say anew, what `other` is to `patient`."""
    with db.aside():
        one, other = _two(db, patient_id, other_id)
        known = queries.between(db, patient_id, other_id)
        if known == (known and known[0], relation):
            return
        if known:
            end(db, actor, patient_id, known[0])
        with db.change(actor, "kinship.told", patient_id) as details:
            details |= {"relation": relation, "number": other.number}
            db.insert("kinships", {
                "patient_id": patient_id, "relative_id": other_id, "relation": relation, "event_id": details.event_id,
            })
            _tell_the_other(db, actor, "kinship.told", other_id, INVERSE[relation], one.number)


def end(db: Database, actor: Actor | None, patient_id: int, kinship_id: int) -> None:
    """They are not related after all, or no more. Ended already is as well."""
    other_id, relation, ended = _mine(db, patient_id, kinship_id)
    if ended:
        return
    with db.change(actor, "kinship.ended", patient_id) as details:
        one, other = _two(db, patient_id, other_id)
        details |= {"relation": relation, "number": other.number}
        db.update("kinships", kinship_id, {"ended_event_id": details.event_id})
        _tell_the_other(db, actor, "kinship.ended", other_id, INVERSE[relation], one.number)


def put_back(db: Database, actor: Actor | None, patient_id: int, kinship_id: int) -> None:
    """Take back an end: the same two people are related again as they were."""
    other_id, relation, _ended = _mine(db, patient_id, kinship_id)
    if queries.between(db, patient_id, other_id) is None:
        relate(db, actor, patient_id, other_id, relation)


def leave(db: Database, actor: Actor | None, household_id: int, patient_id: int) -> None:
    """This person does not live there any more. Who left already has left."""
    row = db.value(MEMBERSHIP, id=patient_id, household=household_id)
    if row is None:
        return
    with db.change(actor, "household.left", patient_id) as details:
        details["household"] = household_id
        db.update("household_members", row, {"left_event_id": details.event_id})


def come_back(db: Database, actor: Actor | None, household_id: int, patient_id: int) -> None:
    """Take back a leaving; who lives somewhere else by now stays there."""
    gone = {one.id for one in queries.gone(db, household_id)}
    if patient_id in gone:
        known = next(iter(queries.members(db, household_id)), patient_id)
        _join(db, actor, patient_id, household_id, known)


MEMBERSHIP = """
SELECT id FROM household_members WHERE household_id = :household AND patient_id = :id AND left_event_id IS NULL
"""


def _move_in(db: Database, actor: Actor | None, patient_id: int, other_id: int) -> None:
    """Into the household that one of the two has, or a new one."""
    one, other = _two(db, patient_id, other_id)
    mine, theirs = db.value(queries.HOME, id=patient_id), db.value(queries.HOME, id=other_id)
    if mine is not None and mine == theirs:
        return
    if mine is not None and theirs is not None:
        raise Invalid({"together": (ELSEWHERE, {"name": other.name})})
    home = mine if mine is not None else theirs
    if home is None:
        with db.change(actor, "household.joined", patient_id) as details:
            home = db.insert("households", {"event_id": details.event_id})
            details |= {"household": home, "number": other.number}
            _enter(db, patient_id, home, details.event_id)
        mine = home
    newcomer, known = (other_id, patient_id) if mine is not None else (patient_id, other_id)
    _join(db, actor, newcomer, home, known)


ELSEWHERE = N_("%(name)s lives in another household. Take them out there first.")


def _join(db: Database, actor: Actor | None, patient_id: int, home: int, known: int) -> None:
    with db.change(actor, "household.joined", patient_id) as details:
        details |= {"household": home, "number": _there(db, known).number}
        _enter(db, patient_id, home, details.event_id)


def _enter(db: Database, patient_id: int, home: int, event_id: int) -> None:
    db.insert("household_members", {"household_id": home, "patient_id": patient_id, "event_id": event_id})


def _tell_the_other(db: Database, actor: Actor | None, kind: str, other_id: int, relation: str, number: str) -> None:
    """What is said of two people stands on both timelines."""
    with db.change(actor, kind, other_id) as details:
        details |= {"relation": relation, "number": number}


def _two(db: Database, one: int, other: int) -> tuple[patients.Patient, patients.Patient]:
    if one == other:
        raise Invalid({"other": N_("This is the person themselves.")})
    return _there(db, one), _there(db, other)


def _there(db: Database, patient_id: int) -> patients.Patient:
    patient = patients.get(db, patient_id)
    if patient is None:
        raise NotFound()
    return patient


def _mine(db: Database, patient_id: int, kinship_id: int) -> tuple[int, str, bool]:
    found = queries.kinship(db, patient_id, kinship_id)
    if found is None:
        raise NotFound()
    return found
