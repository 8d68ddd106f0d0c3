"""People who answer a questionnaire, by the same verbs as the pages."""

import json
from collections.abc import Callable
from datetime import date

import pytest

from app.clinic import patients, questionnaires, responses, tags, work
from app.clinic.questionnaires import Version
from app.core.db import Database

TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"
ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"


def both(zh: str, en: str, name: str = "text") -> dict:
    translated = {"url": TRANSLATION, "extension": [{"url": "lang", "valueCode": "en"}, {"url": "content", "valueString": en}]}
    return {name: zh, f"_{name}": {"extension": [translated]}}


def option(code: str, zh: str, en: str, counts: int | None = None) -> dict:
    scored = {"extension": [{"url": ORDINAL, "valueDecimal": counts}]} if counts is not None else {}
    return {"valueCoding": {"code": code, **both(zh, en, "display")}} | scored


def wanted(zh: str, en: str, owner: str = "manager", days: int = 7) -> dict:
    return {"url": "work", "extension": [
        {"url": "title", **both(zh, en, "valueString")}, {"url": "owner", "valueCode": owner}, {"url": "days", "valueInteger": days}]}


def band(code: str, zh: str, en: str, low: float, high: float, level: str = "amber", status: str = "P", tag: bool = True, **more) -> dict:
    return {"url": "urn:yihe:band", "extension": [
        {"url": "low", "valueDecimal": low}, {"url": "high", "valueDecimal": high}, {"url": "code", "valueCode": code},
        {"url": "level", "valueCode": level}, {"url": "meaning", **both(zh, en, "valueString")}, {"url": "status", "valueCode": status},
        {"url": "tag", "valueBoolean": tag}, *more.values()]}


TOLERABLE = band("often", "常常疲倦", "Often tired", 2, 4, work=wanted("问问睡眠", "Ask about sleep"))
RARE = band("rare", "很少疲倦", "Rarely tired", 0, 1, tag=False)


def tiredness(*bands: dict, **more) -> str:
    """Two questions, a score of both, and a plain choice."""
    ticks = [option("never", "从不", "Never", 0), option("some", "有时", "Sometimes", 1), option("often", "常常", "Often", 2)]
    total = {"url": "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression", "valueExpression": {
        "language": "text/fhirpath", "expression": "%resource.item.where(linkId='a' or linkId='b').answer.value.ordinal().sum()"}}
    return json.dumps({
        "resourceType": "Questionnaire", "status": "active", "language": "zh", "name": "tired", "url": "urn:test:tired",
        **both("疲倦", "Tiredness", "title"), "item": [
            {"linkId": "a", "type": "choice", "required": True, **both("白天疲倦吗？", "Tired by day?"), "answerOption": ticks},
            {"linkId": "b", "type": "choice", "required": True, **both("晚上醒吗？", "Awake at night?"), "answerOption": ticks},
            {"linkId": "shift", "type": "boolean", **both("上夜班吗？", "Do you work at night?")},
            {"linkId": "tea", "type": "choice", **both("喝什么？", "What do you drink?"), "answerOption": [
                option("green/1", "绿茶", "Green tea"), option("none", "不喝", "None")]},
            {"linkId": "total", "type": "decimal", "readOnly": True, **both("总分", "Total"), "extension": [
                {"url": "urn:yihe:score", "valueBoolean": True}, total, *bands]},
        ]} | more, ensure_ascii=False)


@pytest.fixture
def publish(db: Database, who) -> Callable[..., Version]:
    """publish(text) is a new questionnaire, publish(text, id) the next version of it."""

    def make(text: str, id: int | None = None) -> Version:
        nurse = who("nurse")
        if id is None:
            id = questionnaires.begin(db, nurse, text)
        else:
            questionnaires.revise(db, nurse, id)
            questionnaires.keep_draft(db, nurse, id, text, 1)
        return questionnaires.version(db, questionnaires.publish(db, nurse, id, questionnaires.draft(db, id).revision))

    return make


@pytest.fixture
def tired(publish) -> Version:
    return publish(tiredness(TOLERABLE, RARE))


@pytest.fixture
def person(db: Database, who) -> Callable[..., patients.Patient]:
    def make(name: str = "王秀英", sex: str = "female", born: str = "1981-03-12") -> patients.Patient:
        new = patients.NewPatient(name, sex=sex, birth_date=date.fromisoformat(born))
        return patients.get(db, patients.register(db, who("desk"), new))

    return make


@pytest.fixture
def wang(person) -> patients.Patient:
    return person()


@pytest.fixture
def reply(db: Database, who) -> Callable[..., int]:
    """reply(patient, version, a="often", at="2026-11-20T09:00"): the completed response's id."""

    def send(patient: patients.Patient, version: Version, at: str = "", **fields: str | list[str]) -> int:
        id = responses.begin(db, who("nurse"), patient, version, "paper" if at else "staff", token=f"{patient.id}-{at}-{len(fields)}-{sorted(fields.items())}")
        given = {name: value if isinstance(value, list) else [value] for name, value in fields.items()}
        done = responses.answer(db, id, 0, given, "en")
        assert not done.errors, done.errors
        responses.complete(db, who("nurse"), id, at)
        return id

    return send


@pytest.fixture
def phq9(db: Database) -> Version:
    return questionnaires.by_code(db, "phq-9")


def phq(ninth: int = 0, others: int = 0) -> dict[str, str]:
    """Form fields of the PHQ-9; the code of an option is what it counts."""
    return {str(n): str(others) for n in range(1, 9)} | {"9": str(ninth)}


@pytest.fixture
def codes(db: Database) -> Callable[[int], set[str]]:
    return lambda patient_id: {tag.code for tag in tags.current(db, patient_id)}


@pytest.fixture
def to_do(db: Database) -> Callable[[int], list[work.Item]]:
    return lambda patient_id: work.open_for(db, patient_id)
