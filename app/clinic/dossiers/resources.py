"""FHIR R4 (4.0.1) in plain dicts: references that resolve inside the bundle, and a place for what FHIR has no word for.

A column that no element of the resource says stands in an extension named after it, so that nothing kept is left out.
Other people are named by their patient number alone.
"""

import re
from typing import Any
from uuid import UUID, uuid5

from app.clinic.dossiers.rows import Everything, Row
from app.clinic.patients import BELONGINGS

Resource = dict[str, Any]

HOUSE = UUID("8f5b8d0e-5f0f-4f0b-9d3c-6c1d2a7e4b10")  # the name space of this house's rows
SYSTEM = "urn:yihe"
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
ICD10 = "http://hl7.org/fhir/sid/icd-10"
SENSITIVE = [{"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "R"}]
# Told by every resource in its own way, or not at all outside this file.
EVERYWHERE = {"id", "patient_id", "event_id", "replaces_id", "retired_event_id", "retired_reason", "reason", "sensitive", "token"}


def urn(table: str, key: Any) -> str:
    return f"urn:uuid:{uuid5(HOUSE, f'{table}/{key}')}"


def reference(table: str, key: Any) -> dict[str, str]:
    return {"reference": urn(table, key)}


def codeable(text: str, system: str = "", code: str = "") -> dict[str, Any]:
    coding = {"coding": [{"system": system, "code": code}]} if code else {}
    return coding | ({"text": text} if text else {})


def coded(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": f"http://terminology.hl7.org/CodeSystem/{system}", "code": code}]}


def when(everything: Everything, event_id: int | None) -> str | None:
    found = everything.when.get(event_id) if event_id else None
    return found[0] if found else None


def moment(wall: str, zone: str) -> str:
    """Clinic wall time as FHIR wants it: a time of day needs its offset."""
    return f"{wall}:00{zone}" if "T" in wall else wall


def is_date(text: str) -> bool:
    return bool(_DATE.fullmatch(text or ""))


def period(start: str, end: str) -> dict[str, str]:
    return {name: text for name, text in (("start", start), ("end", end)) if is_date(text)}


def note(*texts: str) -> dict[str, Any]:
    said = [{"text": text} for text in texts if text]
    return {"note": said} if said else {}


def struck(row: Row) -> bool:
    """Taken out: it never was true of this person."""
    ended = row.get("retired_event_id") or row.get("withdrawn_event_id")
    return bool(ended and (row.get("retired_reason") or row.get("withdrawn_reason")))


def quantity(value: float, unit: str) -> dict[str, Any]:
    return {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit}


def finish(everything: Everything, table: str, row: Row, resource: Resource, said: set[str] = frozenset()) -> Resource:
    """Its id, when and by whom it was written, what became of it, and what no element said."""
    key = row.get("id", "-".join(str(row[name]) for name in sorted(row) if name.endswith("_id")))
    at = when(everything, row.get("event_id") or row.get("created_event_id") or row.get("set_event_id") or row.get("wanted_event_id"))
    about = ({"lastUpdated": at} if at else {}) | ({"security": SENSITIVE} if row.get("sensitive") else {})
    meta = {"meta": about} if about else {}
    extensions = [*resource.pop("extension", []), *_became(everything, table, row), *_unsaid(everything, table, row, said)]
    return {"resourceType": resource["resourceType"], "id": urn(table, key)[9:], **meta, **({"extension": extensions} if extensions else {}),
            **{name: value for name, value in resource.items() if name != "resourceType" and value not in (None, "", [], {})}}


def _became(everything: Everything, table: str, row: Row) -> list[dict[str, Any]]:
    found = []
    if row.get("replaces_id"):
        found.append({"url": f"{SYSTEM}:replaces", "valueReference": reference(table, row["replaces_id"])})
    if why := row.get("reason"):
        found.append(said_in(f"{table}:reason", why))
    if ended := when(everything, row.get("retired_event_id")):
        found.append({"url": f"{SYSTEM}:no-longer-stands-since", "valueInstant": ended})
    if why := row.get("retired_reason"):
        found.append(said_in(f"{table}:taken-out-because", why))
    return found


def said_in(name: str, value: Any) -> dict[str, Any]:
    """An extension by the kind of its value."""
    url = f"{SYSTEM}:{name}"
    if isinstance(value, bool):
        return {"url": url, "valueBoolean": value}
    if isinstance(value, int):
        return {"url": url, "valueInteger": value} if abs(value) < 2**31 else {"url": url, "valueString": str(value)}
    return {"url": url, "valueDecimal": value} if isinstance(value, float) else {"url": url, "valueString": str(value)}


def _unsaid(everything: Everything, table: str, row: Row, said: set[str]) -> list[dict[str, Any]]:
    found = []
    for name, value in row.items():
        if name in said or name in EVERYWHERE or value in (None, ""):
            continue
        if name.endswith("event_id"):
            if at := when(everything, value):
                found.append({"url": f"{SYSTEM}:{table}:{name.removesuffix('_event_id')}", "valueInstant": at})
        elif (table, name) in BELONGINGS:
            found.append({"url": f"{SYSTEM}:{table}:{name}", "valueReference": person(everything, value)})
        else:
            found.append(said_in(f"{table}:{name}", value))
    return found


def person(everything: Everything, patient_id: int) -> dict[str, Any]:
    """This person, or somebody else by their number alone."""
    if patient_id in everything.joined:
        return reference("patients", everything.patient.id)
    return {"identifier": {"system": f"{SYSTEM}:patient-number", "value": everything.numbers.get(patient_id, "")}, "type": "Patient"}


def member(everything: Everything, event_id: int | None) -> dict[str, str] | None:
    found = everything.when.get(event_id) if event_id else None
    return reference("staff", found[1]) if found and found[1] else None


def subject(everything: Everything) -> dict[str, str]:
    return reference("patients", everything.patient.id)
