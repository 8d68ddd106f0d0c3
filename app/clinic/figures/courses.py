"""A person's scores over time, questionnaire by questionnaire."""

from itertools import groupby

import msgspec

from app.clinic import criteria, questionnaires
from app.clinic.questionnaires import Band, Item, Text
from app.core.db import Database

SCORES = """
SELECT a.code, a.link_id, a.response_id, a.at, a.number, a.choice, a.band, r.version_id FROM answers a JOIN responses r ON r.id = a.response_id
WHERE a.patient_id = :patient AND a.is_score = 1 AND a.retired_event_id IS NULL ORDER BY a.questionnaire_id, a.link_id, a.at, a.response_id
"""


class Moment(msgspec.Struct, frozen=True):
    """value: a number, or the word a decision came to. band: as the version that was asked has it."""

    response_id: int
    at: str
    number: float | None
    choice: str | None
    band: Band | None


class Course(msgspec.Struct, frozen=True):
    """One score of one questionnaire, oldest first. item: as it is called now."""

    code: str
    title: Text
    item: Item
    moments: tuple[Moment, ...]


def courses(db: Database, patient_id: int) -> list[Course]:
    """In the order of the questionnaires and their scores; those that are only steps on the way come too."""
    found = []
    for (code, link_id), rows in groupby(db.all(tuple, SCORES, patient=patient_id), key=lambda row: row[:2]):
        asked = criteria.answers.KNOWN.get(f"{code}/{link_id}")
        if asked:
            found.append(Course(code, asked.title, asked.item, tuple(_moment(db, row) for row in rows)))
    place = {(one.code, id): n for one in found for n, id in enumerate(_order(db, one.code))}
    return sorted(found, key=lambda one: (one.code, place.get((one.code, one.item.link_id), 0)))


def _order(db: Database, code: str) -> list[str]:
    version = questionnaires.by_code(db, code)
    return list(version.definition.by_id) if version else []


def _moment(db: Database, row: tuple) -> Moment:
    _code, link_id, response_id, at, number, choice, band, version_id = row
    item = questionnaires.version(db, version_id).definition.by_id.get(link_id)
    return Moment(response_id, at, number, choice, next((one for one in item.bands if one.code == band), None) if item and band else None)
