"""Results that were filed with the wrong person, filed again with the right one as they came."""

from collections.abc import Sequence

from app.clinic import catalogue
from app.clinic.observations import queries
from app.clinic.observations.actions import STAFF, file_report, record
from app.clinic.observations.queries import last_values
from app.clinic.observations.shapes import NewValue, Observation, Report
from app.clinic.patients import Patient
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Refusal
from app.core.words import N_


def as_reported(values: Sequence[Observation]) -> list[NewValue]:
    """Measured values as they were typed or sent; what was computed is computed anew."""
    return [_as_reported(value) for value in values if not value.derived]


def _as_reported(value: Observation) -> NewValue:
    read = catalogue.read(value.reported_value) if value.reported_value else None
    if read and read.value is not None:
        return NewValue(value.code, read.value, value.comparator, value.text, value.reported_unit, value.reported_value)
    return NewValue(value.code, value.value, value.comparator, value.text)


def file_again(db: Database, actor: Actor, patient: Patient, report: Report, values: Sequence[Observation]) -> int:
    """These values of a report with another person: same day, same source, judged for who they are."""
    return _file(db, actor, patient, report, values)


def put_back(db: Database, actor: Actor, patient: Patient, report: Report) -> int:
    """What was taken back stands again, as results of their own; their report's id. Twice is once."""
    if report.withdrawn_event_id is None:
        raise Refusal(N_("These results stand."))
    with db.aside():
        if (filed := put_back_as(db, report.id)) is not None:
            return filed
        again = _file(db, actor, patient, report, last_values(db, patient.id, report))
        db.execute(SIGN, token=_sign(report.id), id=again)
    return again


def put_back_as(db: Database, report_id: int) -> int | None:
    """As which report these results stand again, if they do."""
    return queries.by_token(db, _sign(report_id))


def _sign(report_id: int) -> str:
    return f"again:{report_id}"


SIGN = "UPDATE diagnostic_reports SET token = :token WHERE id = :id"


def _file(db: Database, actor: Actor, patient: Patient, report: Report, values: Sequence[Observation]) -> int:
    if report.source == STAFF:
        return record(db, actor, patient, report.taken_at, as_reported(values))
    return file_report(db, actor, patient, report.taken_at, report.source, as_reported(values), report.batch_id)
