"""Shapes of imports: what a column means, what a line says, what became of it."""

from datetime import date
from typing import Literal

import msgspec

from app.clinic import catalogue
from app.clinic.observations import NewValue
from app.core.words import N_, _

Meaning = Literal[
    "value", "unknown", "left_out", "id", "document", "card", "name", "sex", "age", "birth", "date", "phone"
]
Order = Literal["ymd", "dmy", "mdy", "ask"]

MEANINGS: dict[str, str] = {
    "id": N_("The sender's number of the person"), "document": N_("ID number"), "card": N_("Card or patient number"),
    "name": N_("Name"), "sex": N_("Sex"), "age": N_("Age at the examination"), "birth": N_("Birth date"),
    "date": N_("Day of the examination"), "phone": N_("Phone"), "left_out": N_("Leave this column out"),
    "unknown": N_("Not known yet: its values wait in the tray"),
}
ORDERS: dict[str, str] = {"dmy": N_("day/month/year"), "mdy": N_("month/day/year"), "ymd": N_("year-month-day")}
DOUBTS: dict[str, str] = {
    "date_order": N_("Day or month first? No day here is above 12, so the file does not say."),
    "unit_from_values": N_("The file names no unit; this one fits its values."),
    "unit_unclear": N_("The values could be in more than one unit. Until somebody says which, they wait in the tray."),
    "unit_unknown": N_("The unit in the heading is not one we know for this."),
    "unlikely": N_("Some values are outside what is possible: is it this indicator, is it this unit?"),
    "twice": N_("Another column is this already."),
    "fasting": N_("The file does not say whether it was fasting."),
}


class Column(msgspec.Struct, frozen=True):
    """One column of a file. unit: as reported, None for the catalogue's own. seen: cells that are not blank.

    remembered: from an earlier file of this sender.
    """

    place: int
    header: str
    meaning: Meaning
    code: str | None = None
    unit: str | None = None
    order: Order | None = None
    doubt: str | None = None
    remembered: bool = False
    seen: int = 0
    samples: tuple[str, ...] = ()

    @property
    def indicator(self) -> catalogue.Indicator | None:
        return catalogue.indicators().get(self.code) if self.code else None

    @property
    def unit_shown(self) -> str:
        return self.unit or (self.indicator.printed if self.indicator else "")

    @property
    def choice(self) -> str:
        """As the mapping form has it: a meaning, or `=CODE`."""
        return f"={self.code}" if self.meaning == "value" else self.meaning

    @property
    def told(self) -> str:
        return self.indicator.name if self.indicator else _(MEANINGS[self.meaning])


class Person(msgspec.Struct, frozen=True):
    """What a line says about whose it is. sex: male, female, unknown; blank where the file has no such column."""

    id: str = ""
    document: str = ""
    card: str = ""
    name: str = ""
    sex: str = ""
    birth: date | None = None
    age: int | None = None
    phone: str = ""


class Incoming(msgspec.Struct, frozen=True):
    """A line, read. values: (column place, value). stops: (reason, column place) of single values that cannot be filed.

    reason: why the whole line cannot be filed, or blank. n: result values in it, however they end.
    """

    line: int
    cells: tuple[str, ...]
    person: Person
    taken_at: str
    values: tuple[tuple[int, NewValue], ...]
    stops: tuple[tuple[str, int], ...]
    left_out: int = 0
    reason: str = ""

    @property
    def n(self) -> int:
        return len(self.values) + len(self.stops) + self.left_out


class Outcome(msgspec.Struct, frozen=True):
    """What became of a line. stops: (reason, column place or None for the whole line, number of values)."""

    patient_id: int | None = None
    created: bool = False
    filed: int = 0
    duplicate: int = 0
    stops: tuple[tuple[str, int | None, int], ...] = ()


class Sender(msgspec.Struct, frozen=True):
    id: int
    name: str


class Batch(msgspec.Struct, frozen=True):
    """One file on its way in. The counts are of result values and always add up."""

    id: int
    sender_id: int
    sender: str
    file_name: str
    file_hash: str
    state: str
    columns: str
    create_patients: int
    work_from: str | None
    lines: int
    next_line: int
    received: int
    filed: int
    duplicate: int
    tray: int
    refused: int
    reasons: str
    rehearsal: str | None
    problem: str
    progress: int
    actor_id: int | None
    at: str
    created: int
    matched: int

    @property
    def all_columns(self) -> list[Column]:
        return msgspec.json.decode(self.columns, type=list[Column])

    @property
    def why(self) -> dict[str, int]:
        return msgspec.json.decode(self.reasons)

    @property
    def expected(self) -> "Rehearsal | None":
        return msgspec.json.decode(self.rehearsal, type=Rehearsal) if self.rehearsal else None

    @property
    def questions(self) -> list[Column]:
        """Columns that must be answered before anything is filed."""
        return [column for column in self.all_columns if column.order == "ask"]

    def summary(self) -> dict:
        return {
            "received": self.received, "filed": self.filed, "duplicate": self.duplicate, "tray": self.tray,
            "refused": self.refused, "patients_created": self.created, "patients_matched": self.matched,
            "reasons": self.why,
        }


class Problem(msgspec.Struct, frozen=True):
    """A line, or one cell of it, that will wait in the tray."""

    line: int
    reason: str
    heading: str
    cell: str


class Rehearsal(msgspec.Struct, frozen=True):
    """Counted on a copy of the clinic's file after the whole import was run on it."""

    received: int
    filed: int
    duplicate: int
    tray: int
    refused: int
    reasons: dict[str, int]
    patients_created: int
    patients_matched: int
    findings: int
    tags: int
    work: int
    recall: int
    problems: tuple["Problem", ...] = ()


class Slip(msgspec.Struct, frozen=True):
    """Something in the tray. place: the column, or None for a whole line. cells: the line as it came."""

    id: int
    batch_id: int
    sender: str
    file_name: str
    line: int
    reason: str
    place: int | None
    patient_id: int | None
    taken_at: str
    cells: str
    n: int
    columns: str

    @property
    def raw(self) -> list[tuple[str, str]]:
        """(heading, cell) of what is not blank."""
        columns = msgspec.json.decode(self.columns, type=list[Column])
        cells = msgspec.json.decode(self.cells, type=list[str])
        return [(column.header, cells[column.place]) for column in columns if cells[column.place]]

    @property
    def heading(self) -> str:
        columns = msgspec.json.decode(self.columns, type=list[Column])
        return columns[self.place].header if self.place is not None else ""

    @property
    def cell(self) -> str:
        return msgspec.json.decode(self.cells, type=list[str])[self.place] if self.place is not None else ""


class Pile(msgspec.Struct, frozen=True):
    """Slips of one file that stopped for one reason, of one column where it is about single cells. first: a slip of it."""

    batch_id: int
    sender: str
    file_name: str
    reason: str
    place: int | None
    slips: int
    n: int
    first: int
    at: str
    columns: str

    @property
    def column(self) -> Column | None:
        return msgspec.json.decode(self.columns, type=list[Column])[self.place] if self.place is not None else None
