"""What is known already is offered as an answer with where it is from and of what day, and counts only once confirmed.

From the record (`section.field`), from results, from earlier answers to the same question. Answers to a form that is scored are
never offered again: they were about those weeks. What is marked sensitive is not offered to anybody.
"""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from app.clinic import observations, questionnaires, records
from app.clinic.questionnaires import Definition, Item, Place, State, Value
from app.clinic.responses import queries
from app.clinic.responses.measured import indicator_of
from app.clinic.responses.recorded import field_of, values_of
from app.clinic.responses.shapes import Prefill, Response
from app.clinic.responses.sitting import definition_of
from app.clinic.responses.typed import option_of
from app.core import clock
from app.core.db import Database
from app.core.words import N_, _

RECORD, RESULTS, EARLIER = N_("From the record"), N_("From the results"), N_("As answered before")
UNSAID = {"notes"}  # what staff tell each other of a person, not what the person said
PERIODS = {"d": 1, "wk": 7, "mo": 30, "a": 365, "day": 1, "days": 1, "week": 7, "weeks": 7, "month": 30, "months": 30, "year": 365, "years": 365}


def prefill(db: Database, one: Response, definition: Definition, state: State) -> dict[str, Prefill]:
    """Path → what is known, of what is asked and not answered yet."""
    wanted = [place for place in state.shown if place.item.asked and place.path not in state.given]
    if not wanted:
        return {}
    earlier = _earlier(db, one, definition)
    known = {place.path: _known(db, one.patient_id, place, earlier) for place in wanted}
    return {path: found for path, found in known.items() if found}


def _known(db: Database, patient_id: int, place: Place, earlier: dict[str, Prefill]) -> Prefill | None:
    item = place.item
    if item.record and "[" not in place.path and (found := _of_record(db, patient_id, item)):
        return found
    if (code := indicator_of(item)) and (found := _of_results(db, patient_id, item, code)):
        return found
    return earlier.get(place.path)


def _of_record(db: Database, patient_id: int, item: Item) -> Prefill | None:
    section, name = field_of(item) or (None, "")
    entries = section and section.id not in UNSAID and [one for one in records.entries(db, patient_id, section) if not getattr(one, "sensitive", 0)]
    if not entries or (len(entries) > 1 and not item.repeats):
        return None
    values = [value for one in entries for value in values_of(item, section, getattr(one, name))]
    return Prefill(values, _(RECORD), max(one.noted_on for one in entries)) if values else None


def _of_results(db: Database, patient_id: int, item: Item, code: str) -> Prefill | None:
    """The newest value, in the unit that is asked for; not older than the form allows, or than a year where it says nothing."""
    since = (clock.today() - timedelta(days=days_of(item.period))).isoformat()
    found = [one for one in observations.series(db, patient_id, code, since) if one.value is not None and not one.comparator]
    value = found and _number(item, found[-1])
    return Prefill([value], _(RESULTS), found[-1].day) if value else None


def days_of(period: str) -> int:
    """12 mo is 360 days; nothing said is a year."""
    number, _space, unit = period.partition(" ")
    return min(int(float(number) * PERIODS.get(unit, 0)), 36_500) if number else PERIODS["a"]


def _number(item: Item, one: observations.Observation) -> Value | None:
    units = {each for unit in (item.unit or {}, *item.units) for each in (unit.get("code"), unit.get("display")) if each}
    own = {one.unit, one.indicator.printed, one.indicator.unit}
    if units and not units & own:
        return None
    number = Decimal(f"{one.value:g}")
    if item.type == "quantity":
        return {"valueQuantity": {"value": number, "unit": one.indicator.printed, "system": "http://unitsofmeasure.org", "code": one.indicator.unit}}
    if item.type == "integer":
        return {"valueInteger": int(number)} if number == int(number) else None
    return {"valueDecimal": number} if item.type == "decimal" else None


# ── as answered before ──

def _earlier(db: Database, one: Response, definition: Definition) -> dict[str, Prefill]:
    """From the newest response to this questionnaire, whatever its version: the same questions, where the options still are."""
    if definition.scores:
        return {}
    last = queries.last(db, one.patient_id, one.questionnaire_id, one.id)
    if last is None:
        return {}
    before = definition_of(db, last)
    given = questionnaires.given_of(before, queries.fhir(db, last.id))
    found: dict[str, Prefill] = {}
    for link_id, item in definition.by_id.items():
        path = questionnaires.key(link_id)
        values: list[dict[str, Any]] = given.get(path, [])
        was = before.by_id.get(link_id)
        if values and was and was.type == item.type != "attachment" and all(_still(item, value) for value in values):
            found[path] = Prefill(values, _(EARLIER), last.day)
    return found


def _still(item: Item, value: Value) -> bool:
    return not item.options or option_of(item, value) is not None or item.type == "open-choice"
