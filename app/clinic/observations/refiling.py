"""Results that were filed with the wrong person, filed again with the right one as they came."""

from collections.abc import Sequence

from app.clinic import catalogue
from app.clinic.observations.actions import STAFF, file_report, record
from app.clinic.observations.shapes import NewValue, Observation, Report
from app.clinic.patients import Patient
from app.core.access import Actor
from app.core.db import Database


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
    if report.source == STAFF:
        return record(db, actor, patient, report.taken_at, as_reported(values))
    return file_report(db, actor, patient, report.taken_at, report.source, as_reported(values), report.batch_id)
