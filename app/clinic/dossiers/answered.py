"""Answered questionnaires: FHIR's QuestionnaireResponse as it was kept, and the Questionnaire it answers beside it."""

import json

from app.clinic import questionnaires, responses
from app.clinic.dossiers.resources import Resource, finish, member, moment, reference, said_in, struck, subject, urn
from app.clinic.dossiers.rows import Everything, Row
from app.core.words import _, language


def questionnaire(id: int, fhir: str) -> Resource:
    """The version that was asked."""
    return json.loads(fhir) | {"id": urn("questionnaire_versions", id)[9:]}


def response(everything: Everything, row: Row, zone: str) -> Resource:
    """Of one that is being filled in the answers so far; of one that was taken out that it was."""
    kept = json.loads(row["fhir"]) if row["fhir"] else {"resourceType": "QuestionnaireResponse", "status": "in-progress"}
    at = {"authored": moment(row["completed_at"], zone)} if row["completed_at"] else {}
    so_far = [said_in(f"responses:{name}", one[name]) for one in everything.parts["sittings"].get(row["id"], []) for name in ("given", "taken_over")]
    filed = [
        {"url": "urn:yihe:responses:filed", "valueReference": reference("diagnostic_reports", one["report_id"])}
        for one in everything.parts["response_filings"].get(row["id"], []) if one["report_id"]]
    return finish(everything, "responses", row, kept | at | {
        "status": "entered-in-error" if struck(row) else kept["status"], "language": row["language"], "subject": subject(everything),
        "author": member(everything, row["completed_event_id"]) or {}, "extension": [*kept.get("extension", []), *so_far, *filed],
    }, {"fhir", "language", "completed_at"})


def lines(known: Everything) -> list[tuple[str, str, str]]:
    """On paper: when, every question with its answer, and where it is not finished or was taken out."""
    found = []
    for row in known.tables["responses"]:
        definition = questionnaires.read(known.questionnaires[row["version_id"]])
        said = responses.lines(definition, json.loads(row["fhir"])) if row["fhir"] else []
        words = [f"{one.item.text.said(language())[0]}{_(': ')}{one.told(language())}" for one in said if one.values]
        state = row["retired_reason"] or ("" if row["fhir"] else _("Not finished yet"))
        found.append(((row["completed_at"] or "").replace("T", " ")[:16], " · ".join([definition.title.said(language())[0], *words]), state))
    return found
