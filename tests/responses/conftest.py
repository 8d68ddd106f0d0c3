"""A person, and a form that has one question of each sort that matters here."""

import json
from datetime import date

import pytest

from app.clinic import patients, questionnaires

EN = "http://hl7.org/fhir/StructureDefinition/translation"
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"
HL7 = "http://hl7.org/fhir/StructureDefinition/"


def both(zh: str, en: str, name: str = "text") -> dict:
    """Words in Chinese with their English beside them, as FHIR has it."""
    translated = {"url": EN, "extension": [{"url": "lang", "valueCode": "en"}, {"url": "content", "valueString": en}]}
    return {name: zh, f"_{name}": {"extension": [translated]}}


def option(code: str, zh: str, en: str, ordinal: int | None = None) -> dict:
    scored = {"extension": [{"url": f"{HL7}ordinalValue", "valueDecimal": ordinal}]} if ordinal is not None else {}
    return {"valueCoding": {"code": code, **both(zh, en, "display")}} | scored


def asked(link_id: str, type: str, zh: str, en: str, **more) -> dict:
    return {"linkId": link_id, "type": type, **both(zh, en), **more}


def marked(*pairs: tuple[str, dict]) -> dict:
    return {"extension": [{"url": url, **value} for url, value in pairs]}


def form(*items: dict, name: str = "habits", **more) -> str:
    return json.dumps({
        "resourceType": "Questionnaire", "status": "active", "language": "zh", "name": name, "url": f"urn:test:{name}",
        **both("生活习惯", "Habits", "title"), "item": list(items), **more,
    }, ensure_ascii=False)  # fmt: skip


SMOKES = asked("smokes", "choice", "您吸烟吗？", "Do you smoke?", required=True, answerOption=[
    option("never", "从不", "Never"), option("former", "已戒", "Stopped"), option("current", "吸", "Yes"),
], **marked(("urn:yihe:record", {"valueCode": "smoking.status"})))  # fmt: skip
PER_DAY = asked("per_day", "decimal", "每天几支？", "How many a day?", required=True, enableWhen=[
    {"question": "smokes", "operator": "=", "answerCoding": {"code": "current"}},
], **marked(("urn:yihe:record", {"valueCode": "smoking.per_day"})))  # fmt: skip
WEIGHT = asked("weight", "decimal", "体重", "Weight", **marked(
    ("urn:yihe:indicator", {"valueCode": "WEIGHT"}), (f"{HL7}questionnaire-unit", {"valueCoding": {"code": "kg", "display": "kg"}}),
    (f"{SDC}observationLinkPeriod", {"valueDuration": {"value": 3, "code": "mo"}}),
))  # fmt: skip
SYMPTOMS = asked("symptoms", "open-choice", "有哪些不适？", "What troubles you?", repeats=True, answerOption=[
    option("cough", "咳嗽", "Cough"), option("pain", "疼痛", "Pain"),
])  # fmt: skip
WISH = asked("wish", "text", "您最看重什么？", "What matters to you?", **marked(("urn:yihe:record", {"valueCode": "wishes.text"})))
DRUGS = asked("drugs", "group", "药", "Medicines", repeats=True, item=[asked("drug", "string", "药名", "Name", **marked(("urn:yihe:record", {"valueCode": "medications.drug"}))), asked("dose", "string", "剂量", "Dose", **marked(("urn:yihe:record", {"valueCode": "medications.dose"})))])
HABITS = form(SMOKES, PER_DAY, WEIGHT, SYMPTOMS, WISH, DRUGS)


@pytest.fixture
def wang(db, who) -> patients.Patient:
    return patients.get(db, patients.register(db, who("desk"), patients.NewPatient("王秀英", sex="female", birth_date=date(1958, 3, 12))))


def publish(db, actor, text: str) -> questionnaires.Version:
    id = questionnaires.begin(db, actor, text)
    return questionnaires.version(db, questionnaires.publish(db, actor, id, 1))


@pytest.fixture
def habits(db, who) -> questionnaires.Version:
    return publish(db, who("nurse"), HABITS)
