"""A person who is asked to fill something in: a form with a question that must be answered, one that opens another, and one that may mean danger."""

import json
import re
from datetime import date

import pytest

from app.clinic import invitations, patients, questionnaires
from app.clinic.invitations import NewAsked

ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"


def both(zh: str, en: str, name: str = "text") -> dict:
    translated = {"url": TRANSLATION, "extension": [{"url": "lang", "valueCode": "en"}, {"url": "content", "valueString": en}]}
    return {name: zh, f"_{name}": {"extension": [translated]}}


def option(code: str, zh: str, en: str, score: int) -> dict:
    return {"valueCoding": {"code": code, **both(zh, en, "display")}, "extension": [{"url": ORDINAL, "valueDecimal": score}]}


OFTEN = [option("0", "完全不会", "Not at all", 0), option("1", "好几天", "Several days", 1)]
MOOD = {
    "resourceType": "Questionnaire", "status": "active", "language": "zh", "name": "mood", "url": "urn:test:mood",
    **both("近两周的心情", "Mood these two weeks", "title"), "item": [
        {"linkId": "sleep", "type": "choice", "required": True, **both("睡得不好吗？", "Do you sleep badly?"), "answerOption": OFTEN},
        {"linkId": "since", "type": "string", **both("多久了？", "Since when?"),
         "enableWhen": [{"question": "sleep", "operator": "=", "answerCoding": {"code": "1"}}]},
        {"linkId": "harm", "type": "choice", "required": True, **both("想过伤害自己吗？", "Thoughts of hurting yourself?"), "answerOption": OFTEN,
         "extension": [{"url": "urn:yihe:alarm", "extension": [{"url": "above", "valueDecimal": 0}]}]},
        {"linkId": "note", "type": "text", **both("还想说什么？", "Anything else?")},
    ],
}  # fmt: skip
PLAIN = {
    "resourceType": "Questionnaire", "status": "active", "language": "zh", "name": "tea", "url": "urn:test:tea", **both("喝茶", "Tea", "title"),
    "item": [{"linkId": "tea", "type": "boolean", **both("喝茶吗？", "Do you drink tea?")}],
}  # fmt: skip


def publish(db, who, form: dict) -> int:
    """The questionnaire's id."""
    id = questionnaires.begin(db, who("owner"), json.dumps(form, ensure_ascii=False))
    questionnaires.publish(db, who("owner"), id, 1)
    return id


@pytest.fixture
def db(client):
    """The one the browser's pages use."""
    return client.app.state.db


@pytest.fixture
def mood(db, who) -> int:
    return publish(db, who, MOOD)


@pytest.fixture
def tea(db, who) -> int:
    return publish(db, who, PLAIN)


@pytest.fixture
def wang(db, who) -> patients.Patient:
    return patients.get(db, patients.register(db, who("desk"), patients.NewPatient("王秀英", "female", birth_date=date(1948, 3, 12))))


@pytest.fixture
def other(db, who) -> patients.Patient:
    return patients.get(db, patients.register(db, who("desk"), patients.NewPatient("李建国", "male")))


@pytest.fixture
def ask(db, who):
    """ask(patient, questionnaire) asks for it; the id of what was asked."""
    def do(patient, questionnaire: int) -> int:
        invitations.ask(db, who("nurse"), patient.id, NewAsked("", [questionnaire]), [questionnaire])
        return next(one.id for one in invitations.open_of(db, patient.id) if one.questionnaire_id == questionnaire)
    return do


@pytest.fixture
def invite(db, who, ask):
    """invite(patient, questionnaire): a way in."""
    return lambda patient, questionnaire: invitations.invite(db, who("nurse"), patient.id, ask(patient, questionnaire))


def value(html: str, name: str) -> str:
    return re.search(rf'name="{re.escape(name)}" value="([^"]*)"', html)[1]
