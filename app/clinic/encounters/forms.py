"""Questionnaires within a consultation: specialty forms begun in it, and the constitution from the last one answered."""

import msgspec

from app.clinic import patients, questionnaires, responses
from app.clinic.encounters.keeping import check_open
from app.clinic.encounters.shapes import Encounter
from app.clinic.questionnaires import Text
from app.core import clock, words
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import NotFound
from app.core.words import _

USE = "consultation"
CONSTITUTION, DECISION = "tcm-", "-type"  # codes of the constitution questionnaires; link ids of what they decide
MOST = 50  # responses looked through for the last constitution
LINKED = "SELECT response_id FROM encounter_responses WHERE encounter_id = :id ORDER BY response_id"
THERE = "SELECT 1 FROM encounter_responses WHERE response_id = :response"


class Form(msgspec.Struct, frozen=True):
    """One that was filled in in a consultation. said: (question, answer) or (score, value and meaning); empty while it is open."""

    response: responses.Response
    said: list[tuple[str, str]]


class Constitution(msgspec.Struct, frozen=True):
    """What the last constitution questionnaire came to: (kind, decision) of each kind that is not a plain no."""

    response: responses.Response
    kinds: list[tuple[str, str]]


def templates(db: Database) -> list[questionnaires.Version]:
    """The specialty forms this clinic offers in a consultation."""
    return questionnaires.current(db, USE)


def begin_form(db: Database, actor: Actor, patient: patients.Patient, id: int, questionnaire_id: int, token: str) -> int:
    """A specialty form of this consultation; the response's id. The same token again begins nothing. Raises NotFound."""
    version = next((one for one in templates(db) if one.questionnaire_id == questionnaire_id), None)
    if version is None:
        raise NotFound()
    with db.aside():
        check_open(db, patient, id)
        begun = responses.begin(db, actor, patient, version, "staff", token, words.language())
        if not db.value(THERE, response=begun):
            db.insert("encounter_responses", {"encounter_id": id, "response_id": begun})
    return begun


def forms(db: Database, one: Encounter) -> list[Form]:
    """Those of a consultation, as corrected until it was signed; later corrections stand with the questionnaire."""
    until = clock.wall(clock.to_local(one.signed_at)) if one.signed else "9999"
    found = [_as_of(db, id, until) for id in db.all(int, LINKED, id=one.id)]
    return [Form(response, [] if response.open else said(db, response)) for response in found if response and not (one.signed and response.open)]


def _as_of(db: Database, id: int, until: str) -> responses.Response | None:
    versions = [one for one in responses.history(db, responses.newest(db, id)) if (one.completed_at or "") <= until]
    latest = versions[0] if versions else None
    return None if latest is None or (latest.retired and until == "9999") else latest


def said(db: Database, response: responses.Response) -> list[tuple[str, str]]:
    """Scores with their meaning first, then each answer, in the reader's language where somebody translated it."""
    definition, language = responses.definition_of(db, response), words.language()
    told = responses.scored(definition, responses.answers(db, response.id))
    answers = responses.lines(definition, responses.fhir(db, response.id))
    return [(_text(one.item.text), _meant(one)) for one in told] + [
        (_text(line.item.text), line.told(language)) for line in answers if line.values]


def _meant(one: responses.Told) -> str:
    meaning = _text(one.band.meaning) if one.band else ""
    return meaning if one.band and one.band.exactly else _(", ").join(filter(None, (one.value, meaning)))


def _text(text: Text) -> str:
    return text.said(words.language())[0]


def constitution(db: Database, patient_id: int) -> Constitution | None:
    last = next((one for one in responses.done(db, patient_id, MOST) if one.code.startswith(CONSTITUTION)), None)
    if last is None:
        return None
    told = responses.scored(responses.definition_of(db, last), responses.answers(db, last.id))
    return Constitution(last, [(_text(one.item.text), _meant(one)) for one in told if one.item.link_id.endswith(DECISION) and one.value != "no"])

