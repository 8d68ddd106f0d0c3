"""The health record: conditions, allergies, medicines, what happened before, how somebody lives."""

from types import SimpleNamespace
from typing import Any

from app.clinic import records
from app.clinic.dossiers.resources import (
    ICD10, Resource, codeable, coded, finish, is_date, member, note, period, quantity, reference, said_in, struck, subject, when,
)  # fmt: skip
from app.clinic.dossiers.rows import Everything, Row
from app.core.words import _

FAMILY = {"father": "FTH", "mother": "MTH", "sibling": "SIB", "child": "CHILD", "grandparent": "GRPRN", "other": "FAMMEMB"}
ABOUT = {"source", "noted_on", "note"}


def _said(everything: Everything, row: Row) -> Resource:
    """Whom the chart is about, who wrote it, and the remark."""
    return {"subject": subject(everything), **note(row.get("note", ""))}


def _occurred(text: str, name: str) -> Resource:
    return {f"{name}DateTime" if is_date(text) else f"{name}String": text} if text else {}


def condition(everything: Everything, row: Row) -> Resource:
    wrong = struck(row)
    return finish(everything, "conditions", row, _said(everything, row) | {
        "resourceType": "Condition", "clinicalStatus": None if wrong else coded("condition-clinical", row["status"]),
        "verificationStatus": coded("condition-ver-status", _sure(row, wrong)),
        "category": [coded("condition-category", "problem-list-item")], "code": codeable(row["text"], ICD10, row["code"]),
        **_occurred(row["onset"], "onset"), "recordedDate": row["noted_on"], "recorder": member(everything, row["event_id"]),
    }, {"status", "certainty", "text", "code", "onset", "note", "noted_on"})


def _sure(row: Row, wrong: bool) -> str:
    return "entered-in-error" if wrong else {"confirmed": "confirmed", "suspected": "provisional"}[row["certainty"]]


def injury(everything: Everything, row: Row) -> Resource:
    return finish(everything, "injuries", row, _said(everything, row) | {
        "resourceType": "Condition", "category": [codeable(_("Injuries"))], "code": codeable(row["text"]),
        "verificationStatus": coded("condition-ver-status", "entered-in-error" if struck(row) else "confirmed"),
        **_occurred(row["happened_on"], "onset"), "recordedDate": row["noted_on"], "recorder": member(everything, row["event_id"]),
    }, {"text", "happened_on", "note", "noted_on"})


def allergy(everything: Everything, row: Row) -> Resource:
    wrong = struck(row)
    severity = {"severity": row["severity"]} if row["severity"] != "unknown" else {}
    reaction = [{"manifestation": [codeable(row["reaction"] or _("Severity not known"))], **severity}] if row["reaction"] or severity else []
    return finish(everything, "allergies", row, {
        "resourceType": "AllergyIntolerance", "clinicalStatus": None if wrong else coded(
            "allergyintolerance-clinical", "inactive" if row["retired_event_id"] else "active"),
        "verificationStatus": coded("allergyintolerance-verification", "entered-in-error" if wrong else "unconfirmed"),
        "code": codeable(row["substance"]), "patient": subject(everything), **_occurred(row["since"], "onset"),
        "recordedDate": row["noted_on"], "recorder": member(everything, row["event_id"]), "reaction": reaction,
    }, {"substance", "reaction", "severity", "since", "noted_on"})


def medication(everything: Everything, row: Row) -> Resource:
    dosage = {"text": " ".join(part for part in (row["dose"], row["route"], row["frequency"]) if part)}
    over = bool(row["until"]) and row["until"] < (when(everything, row["event_id"]) or "")[: len(row["until"])]
    return finish(everything, "medications", row, _said(everything, row) | {
        "resourceType": "MedicationStatement",
        "status": "entered-in-error" if struck(row) else "completed" if over else "active" if not row["until"] else "unknown",
        "medicationCodeableConcept": codeable(row["drug"]), "effectivePeriod": period(row["since"], row["until"]),
        "dateAsserted": row["noted_on"], "reasonCode": [codeable(row["why"])] if row["why"] else [],
        "dosage": [dosage | ({"route": codeable(row["route"])} if row["route"] else {})] if dosage["text"] else [],
    }, {"drug", "why", "noted_on", "note"})


def _done(row: Row) -> str:
    return "entered-in-error" if struck(row) else "completed"


def procedure(everything: Everything, row: Row) -> Resource:
    return finish(everything, "procedures", row, _said(everything, row) | {
        "resourceType": "Procedure", "status": _done(row), "code": codeable(row["text"]), **_occurred(row["done_on"], "performed"),
        "location": {"display": row["place"]} if row["place"] else {}, "recorder": member(everything, row["event_id"]),
    }, {"text", "done_on", "place", "note"})


def transfusion(everything: Everything, row: Row) -> Resource:
    return finish(everything, "transfusions", row, _said(everything, row) | {
        "resourceType": "Procedure", "status": _done(row), "code": codeable(_("Transfusions")), "reasonCode": [codeable(row["why"])],
        **_occurred(row["given_on"], "performed"), "complication": [codeable(row["reaction"])] if row["reaction"] else [],
        "recorder": member(everything, row["event_id"]),
    }, {"why", "given_on", "reaction", "note"})


def immunization(everything: Everything, row: Row) -> Resource:
    given = _occurred(row["given_on"], "occurrence") or {"occurrenceString": _("not known")}
    return finish(everything, "immunizations", row, {
        "resourceType": "Immunization", "status": _done(row), "vaccineCode": codeable(row["vaccine"]), "patient": subject(everything),
        **given, "recorded": row["noted_on"], "lotNumber": row["lot"], "location": {"display": row["place"]} if row["place"] else {},
        "protocolApplied": [{"doseNumberString": row["dose"]}] if row["dose"] else [], **note(row["note"]),
    }, {"vaccine", "given_on", "lot", "place", "dose", "note", "noted_on"})


def family_history(everything: Everything, row: Row) -> Resource:
    age = {"onsetAge": quantity(row["onset_age"], "a")} if row["onset_age"] is not None else {}
    return finish(everything, "family_history", row, {
        "resourceType": "FamilyMemberHistory", "status": _done(row), "patient": subject(everything), "date": row["noted_on"],
        "relationship": coded("v3-RoleCode", FAMILY[row["relative"]]), **note(row["note"]),
        "condition": [{"code": codeable(row["text"], ICD10, row["code"]), **age}],
    }, {"relative", "text", "code", "onset_age", "note", "noted_on"})


def fact(everything: Everything, table: str, row: Row) -> Resource:
    """How somebody lives, needs, wishes: an observation whose parts are the fields of the form."""
    section = records.section(table)
    told = {name: text for name, text in section.told(SimpleNamespace(**row)) if name not in ABOUT and text and name != "sensitive"}
    parts = [{"code": {"text": section.label(name)}, **_value(row, name, text, section)} for name, text in told.items()]
    return finish(everything, table, row, {
        "resourceType": "Observation", "status": "entered-in-error" if struck(row) else "final",
        "category": [coded("observation-category", "social-history")],
        "code": codeable(_(section.title), "http://loinc.org", "72166-2" if table == "smoking" else ""),
        "subject": subject(everything), "effectiveDateTime": row["noted_on"], "component": parts, **note(row.get("note", "")),
    }, {"note", "noted_on", *told})


def _value(row: Row, name: str, text: str, section: records.Section) -> dict[str, Any]:
    """A number without a unit of its own is a number; what was chosen is told in words and as the code it is kept by."""
    if isinstance(row[name], int | float):
        return {"valueQuantity": {"value": row[name]}}
    return {"valueString": text} | ({"extension": [said_in(f"{section.id}:{name}", row[name])]} if section.choices(name) else {})


def nothing_known(everything: Everything, row: Row) -> Resource:
    section = records.section(row["section"])
    return finish(everything, "none_known", row, {
        "resourceType": "List", "status": "retired" if row["retired_event_id"] else "current", "mode": "snapshot", "title": _(section.none),
        "code": codeable(_(section.title)), "subject": subject(everything), "date": when(everything, row["event_id"]),
        "source": member(everything, row["event_id"]), "emptyReason": coded("list-empty-reason", "nilknown"),
    })


def review(everything: Everything, row: Row) -> Resource:
    lines = everything.parts["medication_review_lines"].get(row["id"], [])
    return finish(everything, "medication_reviews", row, {
        "resourceType": "Observation", "status": "entered-in-error" if struck(row) else "final", "code": codeable(_("What is really taken")),
        "subject": subject(everything), "effectiveDateTime": row["reviewed_on"], **note(row["noticed"], row["agreed"]),
        "performer": [one] if (one := member(everything, row["event_id"])) else [],
        "component": [
            {"code": {"text": _("What is really taken")}, "valueString": " ".join(
                [_(records.TAKES[line["takes"]]), *(str(line[name]) for name in ("missed", "how", "why") if line[name] not in (None, ""))]), "extension": [{"url": "urn:yihe:medication", "valueReference": reference("medications", line["medication_id"])}]}
            for line in lines
        ],
    }, {"reviewed_on", "noticed", "agreed"})
