"""Everything kept about one person as a FHIR R4 bundle (http://hl7.org/fhir/R4), in plain dicts.

It is a collection: nothing in it asks anybody to do something. What is attached stands beside it, under the hash of its
content. FHIR has no resource for some of what a clinic keeps; that stands in Basic, column by column.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from app.clinic.dossiers import answered, care, chart, identity, visits
from app.clinic.dossiers.resources import Resource
from app.clinic.dossiers.rows import LEFT_OUT, Everything, Row
from app.core import clock

Make = Callable[[Everything, Row], Resource]
MADE_BY: dict[str, Make] = {
    "related_people": identity.related, "kinships": identity.kinship, "consents": identity.consent,
    "channel_consents": identity.channel, "cards": identity.card, "conditions": chart.condition, "allergies": chart.allergy,
    "medications": chart.medication, "procedures": chart.procedure, "injuries": chart.injury, "transfusions": chart.transfusion,
    "immunizations": chart.immunization, "family_history": chart.family_history, "none_known": chart.nothing_known,
    "medication_reviews": chart.review, "findings": care.finding, "tags": care.tag, "work_items": care.task,
    "events": care.event, "looks": care.look,
}  # fmt: skip
FACTS = ("smoking", "alcohol", "exercise", "diet", "sleep", "living", "personal", "womens_health", "disabilities", "needs", "wishes")
MADE_BY |= {table: partial(lambda table, everything, row: chart.fact(everything, table, row), table) for table in FACTS}
AT_AN_HOUR = {
    "diagnostic_reports": care.diagnostic_report, "observations": care.observation, "contacts": care.contact, "notes": identity.note,
    "attachments": identity.document, "reports": identity.health_report, "encounters": visits.encounter, "responses": answered.response,
}  # fmt: skip
IN_THE_PATIENT = {"patients", "patient_phones", "patient_identifiers"}


def bundle(everything: Everything, clinic: str) -> dict[str, Any]:
    """Entries in the order of a file one reads: who, the record, results, care, who did what."""
    return head() | {"entry": list(entries(everything, clinic))}


def head() -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": "collection", "timestamp": clock.stamp()}


def entries(everything: Everything, clinic: str) -> Iterator[dict[str, Any]]:
    """One by one, for who writes them down one by one."""
    return ({"fullUrl": f"urn:uuid:{one['id']}", "resource": one} for one in _resources(everything, clinic))


def _resources(everything: Everything, clinic: str) -> Iterator[Resource]:
    own = next(row for row in everything.tables["patients"] if row["id"] == everything.patient.id)
    yield identity.patient(everything, own)
    yield care.organization(clinic)
    for id, name in sorted(everything.staff.items()):
        yield care.practitioner(id, name)
    for id, fhir in everything.questionnaires.items():
        yield answered.questionnaire(id, fhir)
    zone = clock.offset()
    for table, rows in everything.tables.items():
        if table in IN_THE_PATIENT or table in LEFT_OUT:
            continue
        make = MADE_BY.get(table) or (partial(_at_an_hour, AT_AN_HOUR[table], zone) if table in AT_AN_HOUR else partial(_basic, table))
        for row in rows:
            yield make(everything, row)


def _at_an_hour(make: Callable, zone: str, everything: Everything, row: Row) -> Resource:
    return make(everything, row, zone)


def _basic(table: str, everything: Everything, row: Row) -> Resource:
    return care.basic(everything, table, row)
