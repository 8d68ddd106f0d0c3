"""Turning reported values into rows: the catalogue's unit, the level and range valid today, what follows by formula."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache

from app.clinic.catalogue import Indicator, Unit, indicators, judgement, to_own, unit_of
from app.clinic.observations.derived import INPUTS, compute
from app.clinic.observations.shapes import NewValue, Row
from app.clinic.patients import Patient, age

Limits = Mapping[str, Indicator]


class UnknownUnit(ValueError):
    """args: code, unit. Callers ask `catalogue.to_unit` before they file."""


@lru_cache(2000)
def _unit(code: str, written: str | None) -> Unit:
    unit = unit_of(indicators()[code], written)
    if unit is None:
        raise UnknownUnit(code, written)
    return unit


def age_when(patient: Patient, taken_at: str) -> int | None:
    """Whole years when it was measured."""
    return age(patient, date.fromisoformat(taken_at[:10]))


def rows(patient: Patient, taken_at: str, values: Iterable[NewValue], limits: Limits, first_id: int) -> list[Row]:
    """Rows with ids from first_id on, those computed from them last."""
    years = age_when(patient, taken_at)
    made = [_row(patient, taken_at, value, limits, years, first_id + n) for n, value in enumerate(values)]
    for code in INPUTS:
        if all(row.columns["code"] != code for row in made):
            row = derived_row(patient, taken_at, code, usable(row.columns for row in made), limits, first_id + len(made))
            made += [row] if row else []
    return made


def _row(patient: Patient, taken_at: str, new: NewValue, limits: Limits, years: int | None, id: int) -> Row:
    unit = _unit(new.code, new.unit)
    value = new.value if new.value is None else to_own(new.value, unit)
    converted = value != new.value
    return Row({
        **_judged(patient, taken_at, new.code, value, new.comparator, new.text, limits, years, id),
        "reported_value": (new.written or f"{new.value:g}") if converted else None,
        "reported_unit": unit.unit if converted else None,
    })


def derived_row(
    patient: Patient, taken_at: str, code: str, values: dict[str, tuple[int, float]], limits: Limits, id: int
) -> Row | None:
    """values: code → (observation id, value) of what may serve as input."""
    years = age_when(patient, taken_at)
    value = compute(code, {name: value for name, (_id, value) in values.items()}, patient.sex, years)
    if value is None:
        return None
    columns = _judged(patient, taken_at, code, value, None, None, limits, years, id)
    inputs = tuple(values[name][0] for name in INPUTS[code])
    return Row({**columns, "reported_value": None, "reported_unit": None}, inputs)


def _judged(patient, taken_at, code, value, comparator, text, limits, years, id) -> dict:
    found = judgement(limits[code], value, text, comparator, sex=patient.sex, age=years)
    return {
        "id": id, "patient_id": patient.id, "code": code, "taken_at": taken_at, "value": value,
        "comparator": comparator if value is not None else None, "text": text or None, "unit": limits[code].printed,
        "level": found.level, "range_low": found.low, "range_high": found.high,
    }


def usable(columns: Iterable[dict]) -> dict[str, tuple[int, float]]:
    """Plain numbers a formula may use, by code; the last one of each."""
    return {
        row["code"]: (row["id"], row["value"]) for row in columns if row["value"] is not None and row["comparator"] is None
    }


def abnormal(made: Iterable[Row]) -> list[str]:
    return sorted({row.columns["code"] for row in made if row.columns["level"] not in (None, "normal")})
