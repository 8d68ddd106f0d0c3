"""Some people have answered something: a mood questionnaire twice, a life-style form that was begun and left."""

from collections.abc import Sequence
from datetime import timedelta

from app.clinic import patients, questionnaires, responses
from app.clinic.upkeep.demo.house import Crew
from app.clinic.upkeep.demo.lives import Life
from app.core import clock
from app.core.access import Actor, Role
from app.core.db import Database

SOME, DAYS_AGO = 8, (60, 6)


def settle(db: Database, crew: Crew, lives: Sequence[Life]) -> None:
    nurse = crew.one(Role.NURSE)
    people = [patients.get(db, crew.patients[life.serial]) for life in lives[:SOME] if life.serial in crew.patients]
    for n, patient in enumerate(one for one in people if one and not one.restricted):
        for turn, days in enumerate(DAYS_AGO):
            with clock.stop(clock.now() - timedelta(days=days, minutes=-10 * n)):
                _answered(db, nurse, patient, "gad-7", (n + turn) % 3)
        if n % 4 == 0:
            responses.begin(db, nurse, patient, questionnaires.by_code(db, "lifestyle"), "staff")


def _answered(db: Database, nurse: Actor, patient: patients.Patient, code: str, chosen: int) -> None:
    form = questionnaires.by_code(db, code)
    id = responses.begin(db, nurse, patient, form, "staff")
    said = {item.link_id: [item.options[min(chosen, len(item.options) - 1)].code] for item in form.definition.by_id.values() if item.options}
    responses.answer(db, id, 0, said, patient.language)
    responses.complete(db, nurse, id)
