"""Consultations: FHIR's Encounter, with its words, judgements and promises beside it."""

import json

from app.clinic import encounters
from app.clinic.dossiers.resources import SYSTEM, Resource, codeable, finish, member, moment, reference, said_in, struck, subject, when
from app.clinic.dossiers.rows import Everything, Row
from app.core.words import _

CLASS = {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"}


def encounter(everything: Everything, row: Row, zone: str) -> Resource:
    """The newest words as reason and by section; what other hands wrote before them too."""
    doctor = member(everything, row["signed_event_id"]) or member(everything, row["event_id"])
    complaint = next((body["text"] for section, body in _bodies(everything, row)[::-1] if section == "complaint" and "text" in body), "")
    return finish(everything, "encounters", row, {
        "resourceType": "Encounter", "status": _status(row), "class": CLASS, "subject": subject(everything), "period": {"start": moment(row["at"], zone)},
        "participant": [{"individual": doctor}] if doctor else [], "reasonCode": [codeable(complaint)] if complaint else [],
        "extension": [*_words(everything, row), *_lines(everything, row), *_links(everything, row)],
    }, {"at"})


def _status(row: Row) -> str:
    if row["withdrawn_event_id"]:
        return "entered-in-error" if struck(row) else "cancelled"
    return "finished" if row["signed_event_id"] else "in-progress"


def _bodies(everything: Everything, row: Row) -> list[tuple[str, dict[str, str]]]:
    return [(one["section"], json.loads(one["body"])) for one in everything.parts["encounter_texts"].get(row["id"], [])]


def _words(everything: Everything, row: Row) -> list[Resource]:
    return [
        said_in(f"encounters:{section}:{name}", text) for section, body in _bodies(everything, row)
        for name, text in body.items() if section in encounters.SECTIONS
    ]


def _lines(everything: Everything, row: Row) -> list[Resource]:
    """Judgements, promises, what was unchanged, what was added later: each with its columns."""
    found = []
    for table, names in (("assessments", ("text", "code", "certainty")), ("encounter_promises", ("what", "due_on")), ("encounter_checks", ("part",)), ("addenda", ("text",))):
        for one in everything.parts[table].get(row["id"], []):
            at = when(everything, one.get("event_id"))
            said = [{"url": name, "valueString": str(one[name])} for name in names if one[name]]
            found.append({"url": f"{SYSTEM}:{table}", "extension": said + ([{"url": "at", "valueInstant": at}] if at else [])})
    return found


def _links(everything: Everything, row: Row) -> list[Resource]:
    reports = everything.parts["encounter_reports"].get(row["id"], [])
    answers = everything.parts["encounter_responses"].get(row["id"], [])
    return [{"url": f"{SYSTEM}:encounters:report", "valueReference": reference("diagnostic_reports", one["report_id"])} for one in reports] + [
        {"url": f"{SYSTEM}:encounters:response", "valueReference": reference("responses", one["response_id"])} for one in answers]


def lines(known: Everything) -> list[tuple[str, str, str]]:
    """On paper: when, what was written by section, and whose signature it has."""
    found = []
    for row in known.tables["encounters"]:
        newest = dict(_bodies(known, row))  # a later revision stands after an earlier one
        said = [f"{_(encounters.SECTIONS[id].title)}{_(': ')}{text}" for id in encounters.SECTIONS for text in _said(newest.get(id, {}))]
        said += [one["text"] for table in ("assessments", "addenda") for one in known.parts[table].get(row["id"], [])]
        said += [f"{one['due_on']} {one['what']}" for one in known.parts["encounter_promises"].get(row["id"], [])]
        state = row["withdrawn_reason"] or when(known, row["signed_event_id"]) or _("not signed yet")
        found.append((row["at"].replace("T", " ")[:16], " · ".join(said), state))
    return found


def _said(body: dict[str, str]) -> list[str]:
    return [text for name, text in body.items() if name in ("text", "tongue", "pulse")]
