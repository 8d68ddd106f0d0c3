"""Answers to a questionnaire that are another person's."""

from app.clinic import responses
from app.clinic.mistakes.shapes import Entry, Kind
from app.clinic.patients import Patient
from app.core.access import Actor
from app.core.db import Database
from app.core.words import N_, _


def _response(db: Database, _actor: Actor, patient_id: int, id: int) -> Entry | None:
    one = responses.get(db, responses.newest(db, id), patient_id) if responses.get(db, id, patient_id) else None
    if one is None:
        return None
    told = [(_("Questionnaire"), one.title), (_("Day"), one.day or _("Not finished yet"))]
    return Entry(one.id, _("Questionnaire"), told, f"/questionnaires/{one.id}", one, bool(one.retired))


def _strike(db: Database, actor: Actor, patient: Patient, entry: Entry, reason: str) -> None:
    responses.withdraw(db, actor, patient.id, entry.id, reason)


def _refile(db: Database, actor: Actor, patient: Patient, entry: Entry) -> None:
    responses.file_again(db, actor, patient, entry.whole)


ANSWERED = (Kind("responses", N_("Questionnaire"), _response, _strike, _refile),)
