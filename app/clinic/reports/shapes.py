"""What a report says (frozen as JSON when it is wanted) and how it stands."""

from typing import Annotated, Literal

import msgspec

from app.core.forms import Field

State = Literal["waiting", "drawing", "done", "failed"]
Light = Literal["act", "watch", "fine"]


class Value(msgspec.Struct, frozen=True):
    """One measured value as the chart needs it and as the reader sees it (without its unit)."""

    at: str
    value: float | None
    shown: str
    level: str | None = None
    low: float | None = None
    high: float | None = None
    plain: bool = True  # False: `<2` or words, nothing to reckon with


class Result(msgspec.Struct, frozen=True):
    """An indicator's values, oldest first, in the catalogue's unit; names in the report's language."""

    code: str
    name: str
    brief: str
    category: str
    unit: str
    decimals: int
    range: str
    values: tuple[Value, ...]

    @property
    def now(self) -> Value:
        return self.values[-1]

    @property
    def before(self) -> Value | None:
        return self.values[-2] if len(self.values) > 1 else None

    @property
    def out(self) -> bool:
        return self.now.level not in (None, "normal")


class Said(msgspec.Struct, frozen=True):
    """A sentence and who says so."""

    text: str
    source: str = ""


class Finding(msgspec.Struct, frozen=True):
    """What is not as it should be: one result, or the two of a pair (blood pressure).

    next: places in Content.work. again: something that helps was said at an earlier finding.
    """

    name: str
    results: tuple[Result, ...]
    light: Light
    means: tuple[Said, ...]
    do: tuple[Said, ...]
    next: tuple[int, ...] = ()
    again: bool = False


class Work(msgspec.Struct, frozen=True):
    """by: a day, or blank for what waits without one. codes: the indicators it is about.

    acts: False for talking results over and measuring again, which every abnormal result gets.
    """

    what: str
    who: str
    by: str
    why: str = ""
    codes: tuple[str, ...] = ()
    acts: bool = True


class Tag(msgspec.Struct, frozen=True):
    name: str
    level: str


class Aspect(msgspec.Struct, frozen=True):
    """A group of results (lipids, kidney) and its light."""

    name: str
    light: Light


class Clinic(msgspec.Struct, frozen=True):
    """logo: hash of a PNG file."""

    name: str
    address: str = ""
    phone: str = ""
    logo: str = ""


class Person(msgspec.Struct, frozen=True):
    name: str
    number: str
    sex: str
    age: int | None
    birth_date: str
    birth_about: bool
    nameless: bool = False


class Content(msgspec.Struct, frozen=True):
    """Everything on the paper. allergies: None where nobody asked, empty where there are none known."""

    version: int
    number: str
    language: str
    made_on: str
    clinic: Clinic
    person: Person
    doctor: str
    measured_on: str
    allergies: tuple[str, ...] | None
    aspects: tuple[Aspect, ...]
    findings: tuple[Finding, ...]
    results: tuple[Result, ...]
    charts: tuple[tuple[str, ...], ...]
    tags: tuple[Tag, ...]
    work: tuple[Work, ...]
    words: str = ""
    address: str = ""


class Report(msgspec.Struct, frozen=True):
    """A report's row. wanted_at, made_at: UTC. prints: how often it was handed out."""

    id: int
    patient_id: int
    number: str
    language: str
    wanted_at: str
    wanted_by: str
    lease_until: str | None
    tries: int
    file: str | None
    missing: str
    made_at: str | None
    failed_at: str | None
    prints: int

    def state(self, now: str) -> State:
        """now: a UTC stamp; a lease that ran out leaves the report waiting."""
        if self.file:
            return "done"
        if self.failed_at:
            return "failed"
        return "drawing" if self.lease_until and self.lease_until > now else "waiting"


class Printed(msgspec.Struct, frozen=True):
    report_id: int
    number: str
    at: str
    by: str


class Recent(msgspec.Struct, frozen=True):
    """A line of the reports place."""

    report: Report
    name: str
    patient_number: str


class NewReport(msgspec.Struct, frozen=True):
    """words: the doctor's, in Markdown. token: one per form shown."""

    language: Annotated[Literal["zh", "en"] | None, Field()] = None
    words: Annotated[str, Field(most=4000)] = ""
    token: Annotated[str, Field(most=64)] = ""
