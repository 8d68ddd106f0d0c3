"""Measured values as drawings: which chart, and what lies over it."""

from collections.abc import Sequence

from markupsafe import Markup

from app.clinic import observations, records
from app.clinic.observations import Line, Observation, Reading
from app.clinic.patients import Patient
from app.core import charts, clock
from app.core.access import Actor
from app.core.charts import Happening, Point, Span
from app.core.db import Database


def point(value: Observation) -> Point:
    plain = value.value is not None and value.comparator is None
    text = "" if plain else observations.bare(value)
    return Point(value.taken_at, value.value, text, value.level, value.range_low, value.range_high)


def spark(reading: Reading) -> Markup:
    """The small drawing beside a value; of a pair the upper pressure."""
    return charts.sparkline([point(value) for value in reading.series], reading.indicator.brief, reading.indicator.decimals)


def over_the_years(
    db: Database, actor: Actor, patient: Patient, line: Line, series: Sequence[Sequence[Observation]]
) -> Markup:
    """Several values: the years, with what happened and what was taken. A single one: where it stands on its range."""
    drawn = [
        charts.Line(own[0].indicator.brief, [point(value) for value in own], own[0].indicator.decimals)
        for own in series if own
    ]
    if max(map(len, series)) > 1:
        today = clock.today().isoformat()
        return charts.trend(drawn, line.unit, *overlays(db, actor, patient, series), title=line.name, until=today)
    return Markup("").join(charts.scale(item.points[0], item.name, line.unit, item.decimals) for item in drawn)


def overlays(
    db: Database, actor: Actor, patient: Patient, series: Sequence[Sequence[Observation]]
) -> tuple[list[Happening], list[Span]]:
    """As far as this person may see them."""
    parts = records.parts(db, actor, patient.id, ("conditions", "medications"))
    first = min(own[0].day for own in series if own)
    happened = [
        Happening(day, entry.text) for entry in parts["conditions"].entries
        if entry.onset and (day := _day(entry.onset)) >= first
    ]
    taken = [
        Span(max(_day(entry.since), first), _day(entry.until) if entry.until else None,
             " ".join(filter(None, (entry.drug, entry.dose, entry.frequency))))
        for entry in parts["medications"].entries
        if entry.since and (not entry.until or _day(entry.until) >= first)
    ]
    return happened, taken


def _day(vague: str) -> str:
    """2016 and 2016-05 begin on their first day."""
    return vague + "-01-01"[: 10 - len(vague)] if len(vague) == 4 else f"{vague}-01" if len(vague) == 7 else vague
