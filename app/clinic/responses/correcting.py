"""What was answered wrongly: a new response in the place of the old one, or none."""

from app.clinic import observations, patients, questionnaires
from app.clinic.responses import queries
from app.clinic.responses.completing import RETIRE_ANSWERS, filed, take_back_measured
from app.clinic.responses.shapes import Response
from app.clinic.responses.sitting import definition_of, open_row
from app.clinic.responses.telling import details_of
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Invalid, NotFound, Refusal
from app.core.words import N_

WHY = N_("Please say why.")
GONE = N_("These answers have been taken out or corrected already.")
BACK = N_("They have been put back already.")
PUT_ANSWERS_BACK = "UPDATE answers SET retired_event_id = NULL WHERE response_id = :response"


def correct(db: Database, actor: Actor, patient_id: int, response_id: int, reason: str) -> int:
    """Begin a correction: a sitting with the old answers in it; the open response's id. Who comes second joins the first's."""
    if not reason.strip():
        raise Invalid({"reason": WHY})
    with db.aside():
        old = _standing(db, patient_id, response_id)
        if begun := queries.correction_of(db, old.id):
            return begun
        given = questionnaires.given_of(definition_of(db, old), queries.fhir(db, old.id))
        version = questionnaires.version(db, old.version_id)
        return open_row(
            db, actor, patients.get(db, patient_id), version, old.asked_by, given, language=old.language, replaces_id=old.id, reason=reason)


def withdraw(db: Database, actor: Actor, patient_id: int, response_id: int, reason: str) -> None:
    """Take out answers that are not so, or throw away a sitting. They stay readable and can be put back."""
    if not reason.strip():
        raise Invalid({"reason": WHY})
    with db.change(actor, "response.withdrawn", patient_id) as details:
        one = _mine(db, patient_id, response_id)
        if one.retired:
            raise Refusal(GONE)
        db.update("responses", one.id, {"retired_event_id": details.event_id, "retired_reason": reason})
        db.execute(RETIRE_ANSWERS, event=details.event_id, response=one.id)
        take_back_measured(db, actor, one.id, reason)
        details |= details_of(one, reason)


def put_back(db: Database, actor: Actor, patient_id: int, response_id: int) -> None:
    with db.change(actor, "response.restored", patient_id) as details:
        one = _mine(db, patient_id, response_id)
        if not one.retired:
            raise Refusal(BACK)
        if queries.newest(db, one.id) != one.id:
            raise Refusal(GONE)
        db.update("responses", one.id, {"retired_event_id": None, "retired_reason": ""})
        db.execute(PUT_ANSWERS_BACK, response=one.id)
        _put_back_measured(db, actor, one, details.event_id)
        details |= details_of(one)


def _put_back_measured(db: Database, actor: Actor, one: Response, event_id: int) -> None:
    """The newest report that was filed of it stands again."""
    reports = [report for report, *_entry in queries.filed(db, one.id) if report]
    report = observations.report(db, one.patient_id, reports[-1]) if reports else None
    if report and report.withdrawn_event_id:
        again = observations.put_back(db, actor, patients.get(db, one.patient_id), report)
        filed(db, one, event_id, report_id=again)


def _mine(db: Database, patient_id: int, response_id: int) -> Response:
    one = queries.get(db, response_id, patient_id)
    if one is None:
        raise NotFound()
    return one


def _standing(db: Database, patient_id: int, response_id: int) -> Response:
    one = _mine(db, patient_id, response_id)
    if one.open:
        raise NotFound()
    if one.retired:
        raise Refusal(GONE)
    return one
