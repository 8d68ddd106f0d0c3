"""Measured values: rows out, input in, and what the pages show."""

from typing import Any

import msgspec

from app.clinic.catalogue import Indicator, Level, indicators, quantity


class NewValue(msgspec.Struct, frozen=True):
    """A result to be filed. unit: as reported; None is the catalogue's own. written: the text it came as."""

    code: str
    value: float | None = None
    comparator: str | None = None
    text: str | None = None
    unit: str | None = None
    written: str | None = None


class Observation(msgspec.Struct, frozen=True):
    """One value in the catalogue's unit, judged when it was filed. by: who recorded it, or the sender.

    derived: 1 where it was computed from other values.
    """

    id: int
    patient_id: int
    code: str
    taken_at: str
    value: float | None
    comparator: str | None
    text: str | None
    unit: str
    level: Level | None
    range_low: float | None
    range_high: float | None
    reported_value: str | None
    reported_unit: str | None
    report_id: int | None
    replaces_id: int | None
    retired_event_id: int | None
    by: str = ""
    derived: int = 0

    @property
    def indicator(self) -> Indicator:
        return indicators()[self.code]

    @property
    def shown(self) -> str:
        """As printed, with its unit."""
        return quantity(self.indicator, self.value, self.text, self.comparator)

    @property
    def out(self) -> bool:
        return self.level not in (None, "normal")

    @property
    def day(self) -> str:
        return self.taken_at[:10]


class Reading(msgspec.Struct, frozen=True):
    """An indicator's newest value with those before it. series: oldest first, the newest included."""

    now: Observation
    series: tuple[Observation, ...]

    @property
    def code(self) -> str:
        return self.now.code

    @property
    def indicator(self) -> Indicator:
        return self.now.indicator

    @property
    def level(self) -> Level | None:
        return self.now.level

    @property
    def taken_at(self) -> str:
        return self.now.taken_at

    @property
    def value(self) -> float | None:
        return self.now.value

    @property
    def previous(self) -> Observation | None:
        return self.series[-2] if len(self.series) > 1 else None


class Report(msgspec.Struct, frozen=True):
    """Results received together. by: who filed them."""

    id: int
    patient_id: int
    taken_at: str
    source: str
    batch_id: int | None
    withdrawn_event_id: int | None
    by: str
    filed_at: str
    n: int
    out: int


class Step(msgspec.Struct, frozen=True):
    step: str
    at: str
    note: str
    by: str
    observation_id: int | None


class Finding(msgspec.Struct, frozen=True):
    """An abnormal result and how far it has come. observation: what it was found by."""

    id: int
    code: str
    opened_on: str
    ended_event_id: int | None
    observation: Observation
    steps: tuple[Step, ...] = ()

    @property
    def indicator(self) -> Indicator:
        return indicators()[self.code]

    @property
    def explained(self) -> Step | None:
        return self._last("explained")

    @property
    def rechecked(self) -> Step | None:
        return self._last("rechecked")

    def _last(self, name: str) -> Step | None:
        return next((step for step in reversed(self.steps) if step.step == name), None)


class Row(msgspec.Struct, frozen=True):
    """A value on its way into the table: its columns, and the ids it was computed from."""

    columns: dict[str, Any]
    inputs: tuple[int, ...] = ()
