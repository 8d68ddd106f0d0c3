"""A consultation written for the wrong person. With the right one its words stand unsigned: a signature is for one person's only."""

from app.clinic import encounters, patients
from app.clinic.mistakes.shapes import Entry, Kind
from app.core.access import Actor, May
from app.core.db import Database
from app.core.errors import Forbidden
from app.core.words import N_, _


def _visit(db: Database, actor: Actor, patient_id: int, id: int) -> Entry | None:
    one = encounters.encounter(db, patient_id, id)
    if one is None:
        return None
    if one.signed and not actor.may(May.SIGN):
        raise Forbidden()
    sheet = encounters.sheet(db, patients.get(db, patient_id), one)
    told = [(_("Day"), one.at.replace("T", " "))] + [(_(block.title), text) for block in sheet.blocks.values() for _label, text in block.said]
    return Entry(id, _("Consultation"), told, f"/encounters/{id}", one, bool(one.withdrawn))


def _strike_visit(db: Database, actor: Actor, patient: patients.Patient, entry: Entry, reason: str) -> None:
    encounters.withdraw(db, actor, patient.id, entry.id, reason)


def _refile_visit(db: Database, actor: Actor, patient: patients.Patient, entry: Entry) -> None:
    encounters.file_again(db, actor, patient.id, entry.whole)


VISITS = (Kind("encounters", N_("Consultation"), _visit, _strike_visit, _refile_visit),)
