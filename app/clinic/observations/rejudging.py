"""When it turns out that somebody has another sex or birth date, their values are judged anew; two joined records are one person's.

A judgement is part of a value's version: those that change get a new version, the old one is kept.
"""

from collections.abc import Sequence

from app.clinic import catalogue, patients
from app.clinic.catalogue import Judgement, judgement
from app.clinic.observations import queries
from app.clinic.observations.actions import RETIRE
from app.clinic.observations.correcting import replace
from app.clinic.observations.derived import INPUTS
from app.clinic.observations.filing import Limits, abnormal, age_when
from app.clinic.observations.shapes import NewValue, Observation
from app.clinic.observations.unjoining import take_back
from app.core.db import Database
from app.core.events import Event

MATTERS = {"sex", "birth_date"}
ASKS = {"CREA"}  # its formula asks for sex and age, so its value may change with them


def rejudge(db: Database, heard: Sequence[Event]) -> None:
    """The listener inside the write that corrected who somebody is."""
    for event in heard:
        if event.kind == "patient.unmerged":
            take_back(db, event)
        if event.kind in patients.JOINED or event.kind == "patient.edited" and MATTERS & set(event.details.get("after", {})):
            _judge_anew(db, event)


def _judge_anew(db: Database, event: Event) -> None:
    patient, limits = patients.get(db, event.patient_id), catalogue.in_force(db)
    through = {
        input.id for value in queries.computed(db, patient.id) if _differs(patient, value, limits)
        for input in queries.inputs(db, value.id) if input.code == INPUTS[value.code][0]
    }
    touched = [
        value for value in queries.measured(db, patient.id)
        if value.code in ASKS or value.id in through or _differs(patient, value, limits)
    ]
    if not touched:
        return
    with db.change(None, "observation.rejudged", patient.id, cause=event.id) as details:
        made = []
        for value in touched:
            db.execute(RETIRE, id=value.id, event=details.event_id)
            new = NewValue(value.code, value.value, value.comparator, value.text)
            made += replace(db, patient, value, new, value.taken_at, details.event_id)
        details |= {"n": len(touched), "abnormal": abnormal(made)}


def _differs(patient: patients.Patient, value: Observation, limits: Limits) -> bool:
    years = age_when(patient, value.taken_at)
    now = judgement(limits[value.code], value.value, value.text, value.comparator, sex=patient.sex, age=years)
    return now != Judgement(value.level, value.range_low, value.range_high)
