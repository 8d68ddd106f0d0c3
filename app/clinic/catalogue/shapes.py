"""What can be measured, as the data files say it."""

from typing import Literal

import msgspec

from app.core.words import pick

Level = Literal["low", "normal", "high", "critical_low", "critical_high", "abnormal"]
ADULT = 18


class Unit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Another unit: shown = value × factor + offset.

    decimals: what is converted is rounded to so many, where the source pairs its limits in both units
    only when rounded so (126 mg/dL is 6.994 mmol/L and means 7.0); source says which.
    """

    unit: str
    factor: float
    offset: float = 0.0
    decimals: int | None = None
    source: str = ""


class Range(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One source's statement of what is expected, for adults.

    low, high: the first and last value printed as normal. limit: the first value that is high,
    where the source names it (<140 is printed as 139). expected: "neg" or "any" for words.
    when: a circumstance nobody may know ("fasting", "random"). A status beginning with U is
    unverified: shown, never used.
    """

    kind: Literal["range", "decision", "upper", "lower", "qualitative", "clinic"]
    source: str
    status: str
    low: float | None = None
    high: float | None = None
    limit: float | None = None
    expected: Literal["neg", "any"] | None = None
    sex: Literal["any", "male", "female"] = "any"
    from_age: int = ADULT
    to_age: int | None = None
    when: str | None = None

    @property
    def on(self) -> bool:
        return not self.status.startswith("U")

    def covers(self, age: int) -> bool:
        return self.from_age <= age and (self.to_age is None or age <= self.to_age)


class Indicator(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """unit: UCUM. printed: as written beside a number. soft, hard: plausible limits (low, high)."""

    code: str
    category: str
    zh: str
    en: str
    loinc: str
    loinc_check: str
    unit: str
    printed: str
    decimals: int
    short: str = ""
    units: tuple[Unit, ...] = ()
    ranges: tuple[Range, ...] = ()
    soft: tuple[float | None, float | None] = (None, None)
    hard: tuple[float | None, float | None] = (None, None)
    plausible_source: str = ""
    critical_low: float | None = None
    critical_high: float | None = None
    critical_source: str = ""
    notes: str = ""

    @property
    def name(self) -> str:
        """In the reader's language."""
        return pick(self.zh, self.en)

    @property
    def brief(self) -> str:
        """For narrow places: LDL-C rather than the full name."""
        return self.short or self.name

    @property
    def in_words(self) -> bool:
        """Reported as negative/positive rather than as a number."""
        return any(range.kind == "qualitative" for range in self.ranges)

    @property
    def source(self) -> str:
        return "; ".join(dict.fromkeys(range.source for range in self.ranges))

    @property
    def status(self) -> str:
        return "; ".join(dict.fromkeys(range.status for range in self.ranges))


class Category(msgspec.Struct, frozen=True):
    code: str
    zh: str
    en: str

    @property
    def name(self) -> str:
        return pick(self.zh, self.en)


class Judgement(msgspec.Struct, frozen=True):
    """low, high: the range it was judged by, as printed; None where nothing certain applies."""

    level: Level | None = None
    low: float | None = None
    high: float | None = None


class Reported(msgspec.Struct, frozen=True):
    """A result as somebody typed or sent it: a number (with < or > where given), words, or both."""

    value: float | None = None
    comparator: str | None = None
    text: str | None = None


class Sentence(msgspec.Struct, frozen=True):
    """Plain words about a result, and who says so; the neutral one has no source."""

    text: str
    source: str = ""
    status: str = ""


class Override(msgspec.Struct, frozen=True):
    """The clinic's own limits for an indicator; all four range ends None keeps the catalogue's."""

    id: int
    code: str
    low_male: float | None
    high_male: float | None
    low_female: float | None
    high_female: float | None
    critical_low: float | None
    critical_high: float | None
    reason: str
    author: str
    at: str


class NewOverride(msgspec.Struct, frozen=True):
    reason: str
    low_male: float | None = None
    high_male: float | None = None
    low_female: float | None = None
    high_female: float | None = None
    critical_low: float | None = None
    critical_high: float | None = None
