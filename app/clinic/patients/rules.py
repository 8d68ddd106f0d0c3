"""Judgements about people: same input, same answer."""

from datetime import date

from app.clinic.patients.shapes import Hit, Patient, Row

MIDDLE_OF_YEAR = (7, 1)


def age(patient: Patient | Hit | Row, on: date) -> int | None:
    """Whole years on that day; None without a birth date. For an "about" year it may be one off."""
    return age_of(patient.birth_date, on)


def age_of(birth_date: str | None, on: date) -> int | None:
    if birth_date is None:
        return None
    born = date.fromisoformat(birth_date)
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def about(year: int) -> date:
    """The date that stands for "about that year"."""
    return date(year, *MIDDLE_OF_YEAR)


def number_of(patient_id: int) -> str:
    return f"Y-{patient_id:06d}"
