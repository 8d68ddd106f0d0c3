"""What a page shows of a person's values: one line an indicator (the two pressures share one), and why a level."""

from collections.abc import Iterable, Sequence

import msgspec

from app.clinic.catalogue import (
    ADULT, Category, Indicator, Level, Range, applying, categories, ends_text, indicators, number, range_text,
)  # fmt: skip
from app.clinic.observations.filing import Limits, age_when
from app.clinic.observations.shapes import Observation, Reading
from app.clinic.patients import Patient
from app.core.words import N_, _

PAIR = ("SBP", "DBP")
ORDER = {None: 0, "normal": 1, "low": 2, "high": 2, "abnormal": 2, "critical_low": 3, "critical_high": 3}
MINOR = N_("Adult ranges say nothing about a person under 18.")
AGELESS = N_("Without a birth date no range can be chosen.")
RANGELESS = N_("No verified range applies to this person.")
UNCERTAIN = N_("The ranges that may apply do not agree.")
WORDLESS = N_("The ranges of this indicator do not cover such a result.")


class Line(msgspec.Struct, frozen=True):
    """One line of a list: an indicator, or both blood pressures. readings: one or two."""

    readings: tuple[Reading, ...]

    @property
    def first(self) -> Reading:
        return self.readings[0]

    @property
    def code(self) -> str:
        return self.first.code

    @property
    def indicator(self) -> Indicator:
        return self.first.indicator

    @property
    def paired(self) -> bool:
        return len(self.readings) > 1

    @property
    def name(self) -> str:
        return _("Blood pressure") if self.paired else self.indicator.brief

    @property
    def at(self) -> str:
        return self.first.taken_at

    @property
    def unit(self) -> str:
        return self.first.now.unit

    @property
    def shown(self) -> str:
        """Without its unit: 152/94, 3.60, <0.5, 阴性."""
        return "/".join(bare(reading.now) for reading in self.readings)

    @property
    def previous(self) -> str:
        before = [reading.previous for reading in self.readings]
        return "/".join(bare(value) for value in before) if all(before) else ""

    @property
    def previous_day(self) -> str:
        return self.first.previous.day if self.first.previous else ""

    @property
    def level(self) -> Level | None:
        return worst(reading.level for reading in self.readings)

    @property
    def range(self) -> str:
        return "/".join(filter(None, (told_range(reading.now) for reading in self.readings)))


def worst(levels: Iterable[Level | None]) -> Level | None:
    return max(levels, key=ORDER.__getitem__, default=None)


def bare(value: Observation) -> str:
    if value.value is None:
        return value.text or "—"
    return number(value.indicator, value.value, value.comparator)


def told_range(value: Observation) -> str:
    """The range valid then, written as the catalogue writes it where it is still the same."""
    for range in value.indicator.ranges:
        if (range.low, range.high) == (value.range_low, value.range_high) and range.kind != "qualitative":
            return range_text(range)
    return ends_text(value.range_low, value.range_high)


def lines(readings: Sequence[Reading]) -> list[Line]:
    """Readings as lines; the two pressures are one where they were taken together."""
    by_code = {reading.code: reading for reading in readings}
    upper, lower = (by_code.get(code) for code in PAIR)
    together = upper is not None and lower is not None and upper.taken_at == lower.taken_at
    found = []
    for reading in readings:
        if together and reading.code in PAIR:
            if reading.code == PAIR[0]:
                found.append(Line((upper, lower)))
        else:
            found.append(Line((reading,)))
    return found


def grouped(found: Sequence[Line]) -> list[tuple[Category, list[Line]]]:
    """By category, both in the catalogue's order."""
    place = {code: n for n, code in enumerate(indicators())}
    ordered = sorted(found, key=lambda line: place[line.code])
    return [
        (category, own) for category in categories().values()
        if (own := [line for line in ordered if line.indicator.category == category.code])
    ]


class Why(msgspec.Struct, frozen=True):
    """Why a value has the level it has, or none.

    ranges: those that may apply. reason: a word's id where there is no level. critical: who says so, where it is.
    """

    value: Observation
    ranges: tuple[Range, ...]
    reason: str = ""
    critical: str = ""


def why(patient: Patient, value: Observation, limits: Limits) -> Why:
    years = age_when(patient, value.taken_at)
    if years is None or years < ADULT:
        return Why(value, (), AGELESS if years is None else MINOR)
    ranges = tuple(applying(limits[value.code], patient.sex, years))
    if value.level:
        critical = limits[value.code].critical_source if value.level.startswith("critical") else ""
        return Why(value, ranges, critical=critical)
    if not ranges:
        return Why(value, ranges, RANGELESS)
    return Why(value, ranges, UNCERTAIN if len(ranges) > 1 else WORDLESS)
