"""Results, findings, tags, work, contacts, and who did and saw what."""

import json

from app.clinic import catalogue, tags, work
from app.clinic.dossiers.looking import LOOKED
from app.clinic.dossiers.resources import (
    SYSTEM, Resource, codeable, coded, finish, member, moment, quantity, reference, said_in, struck, subject, urn, when,
)  # fmt: skip
from app.clinic.dossiers.rows import Everything, Row
from app.core import clock, events
from app.core.words import _

LEVELS = {"low": "L", "normal": "N", "high": "H", "critical_low": "LL", "critical_high": "HH", "abnormal": "A"}
MEDIA = {"phone": "PHONE", "visit": "PHYSICAL", "home": "PHYSICAL", "message": "WRITTEN", "other": "ELECTRONIC"}


def diagnostic_report(everything: Everything, row: Row, zone: str) -> Resource:
    results = [reference("observations", one) for one in everything.results.get(row["id"], ())]
    return finish(everything, "diagnostic_reports", row, {
        "resourceType": "DiagnosticReport", "status": "entered-in-error" if row["withdrawn_event_id"] else "final",
        "code": codeable(_("Results received together")), "subject": subject(everything), "effectiveDateTime": moment(row["taken_at"], zone),
        "issued": when(everything, row["event_id"]), "performer": [{"display": row["source"]}], "result": results,
    }, {"taken_at", "source"})


def observation(everything: Everything, row: Row, zone: str) -> Resource:
    """A value that was corrected or struck out never counted; the corrected one says which it replaces."""
    indicator = catalogue.indicators()[row["code"]]
    status = "entered-in-error" if row["retired_event_id"] else "corrected" if row["replaces_id"] else "final"
    ends = {name: quantity(row[column], row["unit"]) for name, column in (("low", "range_low"), ("high", "range_high")) if row[column] is not None}
    inputs = [reference("observations", one["input_id"]) for one in everything.parts["observation_inputs"].get(row["id"], [])]
    return finish(everything, "observations", row, {
        "resourceType": "Observation", "status": status, "code": codeable(indicator.name, "http://loinc.org", indicator.loinc),
        "subject": subject(everything), "effectiveDateTime": moment(row["taken_at"], zone), "issued": when(everything, row["event_id"]),
        "performer": [one] if (one := member(everything, row["event_id"])) else [], **_value(row),
        "interpretation": [coded("v3-ObservationInterpretation", LEVELS[row["level"]])] if row["level"] else [],
        "referenceRange": [ends] if ends else [], "derivedFrom": inputs,
    }, {"taken_at", "value", "comparator", "unit", "text", "level", "range_low", "range_high"})


def _value(row: Row) -> Resource:
    if row["value"] is None:
        return {"valueString": row["text"]}
    return {"valueQuantity": quantity(row["value"], row["unit"]) | ({"comparator": row["comparator"]} if row["comparator"] else {})}


def finding(everything: Everything, row: Row) -> Resource:
    steps = everything.parts["finding_steps"].get(row["id"], [])
    return finish(everything, "findings", row, {
        "resourceType": "DetectedIssue", "status": "final" if row["ended_event_id"] else "preliminary",
        "code": codeable(catalogue.name_of(row["code"])), "patient": subject(everything), "identifiedDateTime": row["opened_on"],
        "implicated": [reference("observations", row["observation_id"])],
        "mitigation": [{"action": codeable(" ".join(filter(None, (one["step"], one["note"])))), "date": one["at"][:10]} for one in steps],
    }, {"opened_on", "observation_id"})


def tag(everything: Everything, row: Row) -> Resource:
    start, end = when(everything, row["set_event_id"]), when(everything, row["removed_event_id"])
    return finish(everything, "tags", row, {
        "resourceType": "Flag", "status": "inactive" if row["removed_event_id"] else "active", "code": codeable(tags.name_of(row["code"])),
        "subject": subject(everything), "period": {"start": start} | ({"end": end} if end else {}), "author": member(everything, row["set_event_id"]),
    })


def task(everything: Everything, row: Row) -> Resource:
    steps = everything.parts["work_steps"].get(row["id"], [])
    last = steps[-1]["step"] if steps else ""
    status = ("completed" if last == "done" else "cancelled") if row["closed_event_id"] else "requested"
    owner = reference("staff", row["owner_id"]) if row["owner_id"] else None
    return finish(everything, "work_items", row, {
        "resourceType": "Task", "status": status, "intent": "order", "description": str(work.pathways()[row["pathway"]].title),
        "for": subject(everything), "authoredOn": when(everything, row["event_id"]), "lastModified": when(everything, row["closed_event_id"]),
        "owner": owner, "extension": _why(everything, row), "restriction": {"period": {"end": row["due_on"]}} if row["due_on"] else {},
        "note": [_step(everything, one) for one in steps],
    }, {"due_on", "owner_id"})


def _why(everything: Everything, row: Row) -> list[Resource]:
    """The findings it answers; an element of FHIR's own has room for one."""
    found = everything.parts["work_findings"].get(row["id"], [])
    return [{"url": f"{SYSTEM}:work_items:finding", "valueReference": reference("findings", one["finding_id"])} for one in found]


def _step(everything: Everything, one: Row) -> Resource:
    told = " ".join(str(one[name]) for name in ("day", "step", "outcome", "note", "due_was", "due_on") if one[name])
    author = {"authorReference": reference("staff", one["actor_id"])} if one["actor_id"] else {}
    return author | {"time": when(everything, one["event_id"]), "text": told}


def contact(everything: Everything, row: Row, zone: str) -> Resource:
    status = "entered-in-error" if struck(row) else "completed" if row["outcome"] == "reached" else "not-done"
    return finish(everything, "contacts", row, {
        "resourceType": "Communication", "status": status, "subject": subject(everything), "sent": moment(row["at"], zone),
        "medium": [coded("v3-ParticipationMode", MEDIA[row["channel"]])], "sender": member(everything, row["event_id"]),
        "payload": [{"contentString": row["note"]}] if row["note"] else [],
        "basedOn": [reference("work_items", row["work_id"])] if row["work_id"] else [],
    }, {"at", "note", "work_id"})


def event(everything: Everything, row: Row) -> Resource:
    """Who did what, told in a sentence, with the details as they are kept."""
    details = json.loads(row["details"]) or {}
    return _seen(everything, "events", row["id"], row["at"], row["actor_id"], coded("audit-event-type", "rest"), [
        {"what": subject(everything), "description": events.tell(row["kind"], details) if row["kind"] in events.KINDS else row["kind"],
         "detail": [{"type": "kind", "valueString": row["kind"]}, {"type": "details", "valueString": row["details"]}]},
    ])


def look(everything: Everything, row: Row) -> Resource:
    key = f"{row['patient_id']}-{row['slot']}-{row['actor_id']}-{row['how']}"
    return _seen(everything, "looks", key, row["at"], row["actor_id"], coded("audit-event-type", "rest"), [
        {"what": subject(everything), "description": _(LOOKED[row["how"]])}], action="R")


def _seen(everything: Everything, table: str, key: object, at: str, actor: int | None, type: Resource, entity: list, action: str = "E") -> Resource:
    who = {"who": reference("staff", actor)} if actor else {"name": _("The house itself")}
    return {
        "resourceType": "AuditEvent", "id": urn(table, key)[9:], "type": type["coding"][0], "action": action, "recorded": at,
        "agent": [who | {"requestor": bool(actor)}], "source": {"observer": reference("clinic", 1)}, "entity": entity,
    }


def basic(everything: Everything, table: str, row: Row) -> Resource:
    """What FHIR has no resource for: its columns, by name."""
    return finish(everything, table, row, {
        "resourceType": "Basic", "code": codeable(table.replace("_", " ")), "subject": subject(everything),
        "created": (when(everything, row.get("event_id")) or "")[:10] or None, "author": member(everything, row.get("event_id")),
    })


def practitioner(id: int, name: str) -> Resource:
    return {"resourceType": "Practitioner", "id": urn("staff", id)[9:], "name": [{"text": name}]}


def organization(name: str) -> Resource:
    return {"resourceType": "Organization", "id": urn("clinic", 1)[9:], "name": name,
            "extension": [said_in("made-on", clock.today().isoformat())], "identifier": [{"system": f"{SYSTEM}:clinic", "value": name}]}
