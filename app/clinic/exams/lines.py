"""A line of a file, read by what its columns are: whose it is, when, which values, and what cannot be filed."""

from collections.abc import Sequence
from datetime import date, timedelta

from app.clinic import catalogue, patients
from app.clinic.exams.cells import plain, read_age, read_day, read_moment, read_sex, read_value
from app.clinic.exams.shapes import Column, Incoming, Person
from app.clinic.observations import NewValue
from app.core.errors import Refusal

OLDEST = date(1900, 1, 1)


class Reader:
    """Reads lines; made once per batch. today: the clinic's day, nothing is examined after it."""

    def __init__(self, columns: Sequence[Column], today: date) -> None:
        self.today = today
        self.by_meaning = {c.meaning: c for c in columns if c.meaning not in ("value", "unknown", "left_out")}
        self.results = [c for c in columns if c.meaning in ("value", "unknown", "left_out")]
        self.units = {c.place: _unit(c) for c in columns if c.meaning == "value"}

    def line(self, line: int, cells: Sequence[str], only: int | None = None) -> Incoming:
        """only: of this column's cell alone, for what waited in the tray."""
        values, stops, left_out = [], [], 0
        for column in self.results:
            cell = cells[column.place]
            if not cell or only not in (None, column.place):
                continue
            if column.meaning == "left_out":
                left_out += 1
            elif column.meaning == "unknown":
                stops.append(("unknown_column", column.place))
            else:
                self._value(column, cell, values, stops)
        person, broken = self._person(cells)
        taken_at, undated = self._taken_at(cells)
        return Incoming(
            line, tuple(cells), person, taken_at, tuple(values), tuple(stops), left_out, undated or broken
        )

    def _value(self, column: Column, cell: str, values: list, stops: list) -> None:
        found = read_value(cell)
        if found is None:
            return
        reason = self._wrong(column, found, cell)
        if reason:
            stops.append((reason, column.place))
        else:
            value = NewValue(column.code, found.value, found.comparator, found.text, column.unit, cell)
            values.append((column.place, value))

    def _wrong(self, column: Column, found: catalogue.Reported, cell: str) -> str:
        indicator, unit = column.indicator, self.units[column.place]
        if unit is None:
            return "unit"
        if cell.startswith("="):
            return "formula"
        if found.value is None:
            return "" if indicator.in_words or not indicator.ranges or catalogue.sign(found.text) else "words"
        return "implausible" if catalogue.plausible(indicator, catalogue.to_own(found.value, unit)) else ""

    def _cell(self, cells: Sequence[str], meaning: str) -> str:
        column = self.by_meaning.get(meaning)
        return plain(cells[column.place]) if column else ""

    def _taken_at(self, cells: Sequence[str]) -> tuple[str, str]:
        """("", reason) where the line does not say when, or says what cannot be."""
        column = self.by_meaning.get("date")
        moment = read_moment(cells[column.place], column.order) if column else None
        if moment is None:
            return "", "no_date"
        day = date.fromisoformat(moment[:10])
        if not OLDEST <= day <= self.today + timedelta(days=1):
            return "", "impossible_date"
        return moment, ""

    def _person(self, cells: Sequence[str]) -> tuple[Person, str]:
        document, broken = self._cell(cells, "document"), ""
        sex = read_sex(self._cell(cells, "sex")) if "sex" in self.by_meaning else ""
        birth = self.by_meaning.get("birth")
        born = read_day(cells[birth.place], birth.order) if birth else None
        if document:
            try:
                read = patients.read_resident_id(document, self.today)
                document, born = read.number, born or read.birth_date
                sex = sex if sex in ("male", "female") else read.sex
            except Refusal:
                broken = "bad_document"
        return Person(
            self._cell(cells, "id"), document, self._cell(cells, "card"), self._cell(cells, "name"), sex,
            born, read_age(self._cell(cells, "age")), self._phone(cells),
        ), broken

    def _phone(self, cells: Sequence[str]) -> str:
        written = self._cell(cells, "phone")
        try:
            return patients.read_phone(written) if written else ""
        except Refusal:
            return ""  # a phone is no reason to keep results back


def _unit(column: Column) -> catalogue.Unit | None:
    if column.doubt in ("unit_unknown", "unit_unclear"):
        return None
    return catalogue.unit_of(column.indicator, column.unit)
