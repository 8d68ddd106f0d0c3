"""Shapes of lists of people: what a column means, what a line says, whom it may be about, what became of it."""

import re
from datetime import date
from typing import Any, Literal

import msgspec

from app.clinic import patients
from app.core.words import N_, _

Order = Literal["ymd", "dmy", "mdy", "ask"]
Decision = Literal["new", "same", "skip"]
OURS = re.compile(r"Y-\d{6,}")

MEANINGS: dict[str, str] = {
    "name": N_("Name"), "sex": N_("Sex"), "birth": N_("Birth date"), "age": N_("Age"), "document": N_("ID number"),
    "document_kind": N_("Kind of document"), "passport": N_("Passport number"), "phone": N_("Phone"), "address": N_("Address"),
    "number": N_("The list's own number of the person"), "card": N_("Number of their old card"), "workplace": N_("Workplace"),
    "occupation": N_("Occupation"), "payment": N_("Pays by"), "doctor": N_("Responsible doctor"), "manager": N_("Health manager"),
    "contact": N_("Emergency contact"), "contact_phone": N_("Emergency contact's phone"),
    "contact_relation": N_("Emergency contact is their"), "guardian": N_("Guardian"), "guardian_phone": N_("Guardian's phone"),
    "language": N_("Language"), "note": N_("Keep as a note in the record"), "left_out": N_("Leave this column out"),
    "unknown": N_("Not known: nothing is taken from it"),
}  # fmt: skip
MANY = {"phone", "note", "left_out", "unknown"}  # what more than one column may be
ORDERS: dict[str, str] = {"dmy": N_("day/month/year"), "mdy": N_("month/day/year"), "ymd": N_("year-month-day")}
DOUBTS: dict[str, str] = {
    "date_order": N_("Day or month first? No day here is above 12, so the file does not say."),
    "twice": N_("Another column is this already."),
    "from_cells": N_("The heading is not known; its cells look like this."),
}


class Column(msgspec.Struct, frozen=True):
    """One column of a list. seen: cells that are not blank. remembered: from an earlier list of this source."""

    place: int
    header: str
    meaning: str
    order: Order | None = None
    doubt: str | None = None
    remembered: bool = False
    seen: int = 0
    samples: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        return _(MEANINGS[self.meaning])


class Said(msgspec.Struct, frozen=True):
    """What a line says about a person. left: (column place, reason) of what could not be taken over.

    doctor, manager: as written. note: what is kept in the record in the list's own words.
    """

    name: str = ""
    sex: str = "unknown"
    birth: date | None = None
    birth_about: bool = False
    documents: tuple[tuple[str, str], ...] = ()
    phones: tuple[patients.Phone, ...] = ()
    address: str = ""
    workplace: str = ""
    occupation: str = ""
    payment: tuple[str, ...] = ()
    related: tuple[patients.Related, ...] = ()
    number: str = ""
    card: str = ""
    doctor: str = ""
    manager: str = ""
    language: str = ""
    note: str = ""
    left: tuple[tuple[int, str], ...] = ()

    @property
    def own_numbers(self) -> list[str]:
        """Numbers of ours: the list was once written by this house."""
        return [number for number in (self.number, self.card) if OURS.fullmatch(number)]

    @property
    def born_told(self) -> str:
        if self.birth is None:
            return ""
        return _("about %(year)s", year=self.birth.year) if self.birth_about else self.birth.isoformat()


class Source(msgspec.Struct, frozen=True):
    id: int
    name: str


class Written(msgspec.Struct, frozen=True):
    """A name a list writes for a doctor or manager. staff_id: who is meant, None for nobody here; known: somebody said so."""

    role: str
    written: str
    lines: int
    staff_id: int | None = None
    known: bool = False


class Roster(msgspec.Struct, frozen=True):
    """One list on its way in."""

    id: int
    source_id: int
    source: str
    file_name: str
    file_hash: str
    state: str
    columns: str
    ages_on: str | None
    lines: int
    next_line: int
    problem: str
    progress: int
    actor_id: int | None
    at: str

    @property
    def all_columns(self) -> list[Column]:
        return msgspec.json.decode(self.columns, type=list[Column])


class Counts(msgspec.Struct, frozen=True):
    """Where the lines of a list are; together they are all of them."""

    registered: int = 0
    joined: int = 0
    known: int = 0
    skipped: int = 0
    undone: int = 0
    to_register: int = 0
    to_join: int = 0
    to_skip: int = 0
    waiting: int = 0
    unreadable: int = 0
    cells: int = 0

    @property
    def decided(self) -> int:
        return self.to_register + self.to_join + self.to_skip

    @property
    def lines(self) -> int:
        return self.registered + self.joined + self.known + self.skipped + self.undone + self.decided + self.waiting + self.unreadable


def key_of(here: bool, one: "Line | Pile") -> str:
    """What the lines of a pile have in common, as an address has it."""
    return ".".join((str(int(here)), one.reason, one.because.replace(" ", "-"), one.against.replace(" ", "-")))


class Line(msgspec.Struct, frozen=True):
    """A line of a list. because, against: codes of EVIDENCE, separated by blanks."""

    id: int
    roster_id: int
    line: int
    cells: str
    reason: str
    score: int
    because: str
    against: str
    alike_id: int | None
    alike_line: int | None
    decision: str | None
    outcome: str | None
    patient_id: int | None
    left_cells: str
    before: str | None
    event_id: int | None

    @property
    def texts(self) -> list[str]:
        return msgspec.json.decode(self.cells, type=list[str])

    @property
    def key(self) -> str:
        return key_of(self.alike_id is not None, self)

    @property
    def left(self) -> list[tuple[int, str]]:
        return msgspec.json.decode(self.left_cells, type=list[tuple[int, str]])


class Pile(msgspec.Struct, frozen=True):
    """Lines that wait for a decision for the same reasons. here: like somebody registered, else like an earlier line."""

    score: int
    because: str
    against: str
    here: int
    reason: str
    lines: int
    waiting: int
    decided: str

    @property
    def key(self) -> str:
        return key_of(bool(self.here), self)


def raw(columns: list[Column], cells: list[str]) -> list[tuple[str, str]]:
    """(heading, cell) of what is not blank, as it came."""
    return [(column.header, cells[column.place]) for column in columns if column.place < len(cells) and cells[column.place]]


class Before(msgspec.Struct, frozen=True):
    """By what a joined line is taken back. was, became: NewPatient as builtins; numbers: identifiers added; note: entry written."""

    was: Any
    became: Any
    numbers: tuple[tuple[str, str], ...] = ()
    note: int | None = None
