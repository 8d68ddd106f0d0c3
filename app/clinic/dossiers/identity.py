"""Who somebody is: Patient, RelatedPerson, Consent; the card as a contract."""

from base64 import b64encode

from app.clinic import patients
from app.clinic.dossiers.resources import (
    SYSTEM, Resource, codeable, coded, finish, member, moment, period, person, reference, said_in, struck, subject, when,
)  # fmt: skip
from app.clinic.dossiers.rows import Everything, Row
from app.core.words import _

GENDERS = {"male": "male", "female": "female", "unknown": "unknown"}


def patient(everything: Everything, row: Row) -> Resource:
    """An earlier number of a joined record stands as an old identifier."""
    tables = everything.tables
    numbers = [{"use": "official", "system": f"{SYSTEM}:patient-number", "value": row["number"]}]
    numbers += [
        {"use": "old", "system": f"{SYSTEM}:patient-number", "value": one["number"]} for one in tables["patients"] if one["id"] != row["id"]]
    numbers += [
        {"use": "old" if one["retired_event_id"] else "official", "system": f"{SYSTEM}:{one['system'].replace(':', '-')}", "value": one["value"]}
        for one in tables["patient_identifiers"]
    ]
    born = row["birth_date"] or ""
    doctor = [reference("staff", row["doctor_id"])] if row["doctor_id"] else []
    return finish(everything, "patients", row, {
        "resourceType": "Patient", "identifier": numbers, "active": not row["withdrawn_event_id"], "name": [{"text": row["name"]}],
        "telecom": [_phone(one) for one in tables["patient_phones"]], "gender": GENDERS[row["sex"]],
        "birthDate": born[:4] if row["birth_about"] else born, "address": [{"text": row["address"]}] if row["address"] else [],
        "photo": [{"contentType": "image/jpeg", "title": f"files/{row['photo']}.jpg"}] if row["photo"] else [],
        "contact": [
            {"relationship": [codeable(_related(one))], "name": {"text": one["name"]}, **_called(one["phone"])}
            for one in tables["related_people"] if not one["retired_event_id"] and one["patient_id"] in everything.joined
        ],
        "communication": [{"language": codeable("", "urn:ietf:bcp:47", row["language"])}], "generalPractitioner": doctor,
        "managingOrganization": reference("clinic", 1),
    }, {"number", "name", "sex", "birth_date", "birth_about", "address", "photo", "language", "doctor_id"})


def _phone(row: Row) -> Resource:
    whose = patients.Phone(row["number"], row["relation"], row["whose"]).whose_told
    return {
        "system": "phone", "value": row["number"], "use": "old" if row["retired_event_id"] else "work" if row["relation"] == "workplace" else "mobile",
        **({"extension": [said_in("whose", whose)]} if whose else {}),
    }


def _related(row: Row) -> str:
    one = patients.Related(row["kind"], row["name"], row["relation"])
    return f"{one.kind_told}: {one.relation_told}"


def _called(phone: str) -> Resource:
    return {"telecom": [{"system": "phone", "value": phone}]} if phone else {}


def related(everything: Everything, row: Row) -> Resource:
    """Of a row that stands with somebody else, only that they named this person."""
    if row["patient_id"] not in everything.joined:
        row = row | {"name": "", "phone": ""}
    return finish(everything, "related_people", row, {
        "resourceType": "RelatedPerson", "active": not row["retired_event_id"], "patient": subject(everything),
        "relationship": [codeable(_related(row))], "name": [{"text": row["name"]}] if row["name"] else [], **_called(row["phone"]),
    }, {"name", "phone", "relation", "kind"})


def kinship(everything: Everything, row: Row) -> Resource:
    other = row["relative_id"] if row["patient_id"] in everything.joined else row["patient_id"]
    return finish(everything, "kinships", row, {
        "resourceType": "RelatedPerson", "active": not row["ended_event_id"], "patient": subject(everything),
        "relationship": [codeable(row["relation"])], "identifier": [person(everything, other).get("identifier", {})],
    }, {"relation"})


def consent(everything: Everything, row: Row) -> Resource:
    return finish(everything, "consents", row, _consent(everything, not row["withdrawn_event_id"]) | {
        "dateTime": row["given_on"], "performer": [{"display": row["given_by"]}],
        "policyRule": codeable(_("Consent text %(version)s", version=row["text_version"])), "provision": {"type": "permit"},
    }, {"given_on", "given_by", "text_version"})


def channel(everything: Everything, row: Row) -> Resource:
    return finish(everything, "channel_consents", row, _consent(everything, not row["retired_event_id"]) | {
        "dateTime": when(everything, row["event_id"]), "policyRule": codeable(_(patients.CHANNELS[row["channel"]])),
        "provision": {"type": "permit" if row["allowed"] else "deny"},
    }, {"channel", "allowed"})


def _consent(everything: Everything, active: bool) -> Resource:
    return {
        "resourceType": "Consent", "status": "active" if active else "inactive", "scope": coded("consentscope", "patient-privacy"),
        "category": [codeable("", "http://loinc.org", "59284-0")], "patient": subject(everything),
    }


def card(everything: Everything, row: Row) -> Resource:
    """A membership is no insurance: it is what was agreed with the clinic, and what has become of it."""
    numbers = [one["number"] for one in everything.parts["card_numbers"].get(row["id"], [])] or [row["number"]]
    extension = [said_in("cards:step", f"{one['day']} {one['kind']} {one['reason']}".strip()) for one in everything.parts["card_steps"].get(row["id"], [])]
    return finish(everything, "cards", row, {
        "resourceType": "Contract", "identifier": [{"system": f"{SYSTEM}:card-number", "value": one} for one in numbers],
        "status": "terminated" if row["closed_event_id"] else "executed", "subject": [person(everything, row["patient_id"])],
        "applies": period(row["opened_on"], row["valid_until"] or ""), "extension": extension,
    }, {"number", "opened_on", "valid_until"})


def document(everything: Everything, row: Row, zone: str) -> Resource:
    """A file beside the bundle: its address is its place in the archive, its hash what it must be."""
    kind = {"pdf": "application/pdf"}.get(row["kind"], f"image/{row['kind']}")
    hangs = reference("diagnostic_reports", row["report_id"]) if row["report_id"] else \
        reference(row["section"], row["entry_id"]) if row["section"] else None
    return finish(everything, "attachments", row, {
        "resourceType": "DocumentReference", "status": _standing(row), "subject": subject(everything),
        "date": when(everything, row["event_id"]), "author": [one] if (one := member(everything, row["event_id"])) else [],
        "description": row["title"], "context": {"related": [hangs]} if hangs else {},
        "content": [{"attachment": {"contentType": kind, "url": f"files/{row['file']}.{row['kind']}", "size": row["size"],
                                    "title": row["title"] or row["taken_on"], "creation": row["taken_on"]}}],
    }, {"title", "file", "kind", "size", "report_id", "section", "entry_id", "taken_on"})


def health_report(everything: Everything, row: Row, zone: str) -> Resource:
    made = when(everything, row["made_event_id"])
    return finish(everything, "reports", row, {
        "resourceType": "DocumentReference", "status": "current", "subject": subject(everything), "date": made,
        "description": _("Health report %(number)s", number=row["number"]),
        "content": [{"attachment": {
            "contentType": "application/pdf", "language": row["language"], "title": row["number"],
            **({"url": f"files/{row['file']}.pdf"} if row["file"] else {}),
        }}],
    }, {"number", "language", "file", "content", "lease_until", "tries"})


def note(everything: Everything, row: Row, zone: str) -> Resource:
    return finish(everything, "notes", row, {
        "resourceType": "DocumentReference", "status": _standing(row), "subject": subject(everything),
        "date": when(everything, row["event_id"]), "type": codeable(_("Notes")),
        "author": [one] if (one := member(everything, row["event_id"])) else [],
        "content": [{"attachment": {"contentType": "text/markdown", "data": b64encode(row["text"].encode()).decode(),
                                    "creation": moment(row["noted_on"], zone)}}],
    }, {"text", "noted_on"})


def _standing(row: Row) -> str:
    return "entered-in-error" if struck(row) else "superseded" if row["retired_event_id"] else "current"
