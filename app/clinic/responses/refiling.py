"""Answers that were filed with the wrong person, filed again with the right one as they were given."""

from app.clinic import patients, questionnaires
from app.clinic.responses import queries
from app.clinic.responses.completing import complete
from app.clinic.responses.shapes import Response
from app.clinic.responses.sitting import definition_of, open_row
from app.core.access import Actor
from app.core.db import Database


def file_again(db: Database, actor: Actor, patient: patients.Patient, old: Response) -> int:
    """The same answers of the same day, worked out for who they are; what was open stays open."""
    with db.aside():
        version = questionnaires.version(db, old.version_id)
        if old.open:
            given = queries.sitting(db, old.id).given
        else:
            given = questionnaires.given_of(definition_of(db, old), queries.fhir(db, old.id))
        id = open_row(db, actor, patient, version, old.asked_by, given, language=old.language)
        if not old.open:
            complete(db, actor, id, old.completed_at)
    return id
