"""What expressions may ask about besides the answers: the person and the day."""

from typing import Any

from app.clinic import patients
from app.clinic.responses.shapes import Response
from app.core import clock
from app.core.db import Database


def context(db: Database, one: Response) -> dict[str, Any]:
    return about(patients.get(db, one.patient_id))


def about(patient: patients.Patient) -> dict[str, Any]:
    """Never a name or a number: an expression needs neither."""
    person = {"resourceType": "Patient", "gender": patient.sex, "language": patient.language}
    if patient.birth_date:
        person["birthDate"] = patient.birth_date[:4] if patient.birth_about else patient.birth_date
    return {"patient": person, "today": clock.today().isoformat()}
