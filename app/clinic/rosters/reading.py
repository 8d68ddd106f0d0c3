"""A line of a list, read by what its columns are. What cannot be read is named, never guessed and never lost."""

from collections.abc import Sequence
from datetime import date

from app.clinic import patients
from app.clinic.rosters.cells import (
    age_of,
    language_of,
    number_of,
    occupation_of,
    payments_of,
    person_of,
    plain,
    read_document,
    read_name,
    read_phones,
    relation_of,
    sex_of,
)
from app.clinic.rosters.days import read_birth
from app.clinic.rosters.shapes import Column, Said

LONGEST = 200
LONGEST_NOTE = 9_000


class Reader:
    """Reads the lines of one list. ages_on: the day on which the ages were true."""

    def __init__(self, columns: Sequence[Column], today: date, ages_on: date | None = None) -> None:
        self.columns, self.today, self.ages_on = columns, today, ages_on
        self.by_meaning: dict[str, list[Column]] = {}
        for column in columns:
            self.by_meaning.setdefault(column.meaning, []).append(column)

    def read(self, cells: Sequence[str]) -> Said:
        left: list[tuple[int, str]] = []
        name = self._name(cells, left)
        documents = self._documents(cells, left)
        card = next((one for one in documents if one.birth_date), None)
        birth = self._birth(cells, card, left)
        return Said(
            name=name, sex=self._sex(cells, card, left), birth=birth and birth.on, birth_about=bool(birth and birth.about),
            documents=tuple((one.system, one.number) for one in documents), phones=self._phones(cells, left),
            address=self._text(cells, "address"), workplace=self._text(cells, "workplace"),
            occupation=occupation_of(self._cell(cells, "occupation")), payment=payments_of(self._cell(cells, "payment")),
            related=self._related(cells, left), number=number_of(self._cell(cells, "number")),
            card=number_of(self._cell(cells, "card")), doctor=person_of(self._cell(cells, "doctor")),
            manager=person_of(self._cell(cells, "manager")), language=self._language(cells, left), note=self._note(cells),
            left=tuple(left),
        )

    def reason(self, said: Said, cells: Sequence[str]) -> str:
        """Why nobody can be registered from this line; blank when somebody can."""
        if any(cells[column.place].startswith("=") for column in self.by_meaning.get("name", ())):
            return "formula"
        if said.name or said.documents:
            return ""
        return "nameless" if said.number or said.card or said.phones else "nobody"

    def _place(self, meaning: str) -> Column | None:
        return next(iter(self.by_meaning.get(meaning, ())), None)

    def _cell(self, cells: Sequence[str], meaning: str) -> str:
        column = self._place(meaning)
        return cells[column.place] if column else ""

    def _text(self, cells: Sequence[str], meaning: str) -> str:
        return plain(self._cell(cells, meaning))[:LONGEST]

    def _name(self, cells: Sequence[str], left: list) -> str:
        name, wrong = read_name(self._cell(cells, "name"))
        if wrong:
            left.append((self._place("name").place, wrong))
        return name

    def _documents(self, cells: Sequence[str], left: list) -> list[patients.Document]:
        found = []
        for meaning, kind in (("document", self._cell(cells, "document_kind")), ("passport", "passport")):
            one, wrong = read_document(self._cell(cells, meaning), self.today, kind)
            if wrong:
                left.append((self._place(meaning).place, wrong))
            if one and all(one.system != other.system for other in found):
                found.append(one)
        return found

    def _sex(self, cells: Sequence[str], card: patients.Document | None, left: list) -> str:
        """The ID card's where there is one: it has a check character."""
        sex = sex_of(self._cell(cells, "sex"))
        if not sex:
            left.append((self._place("sex").place, "sex"))
        if card is None:
            return sex or "unknown"
        if sex in ("male", "female") and sex != card.sex:
            left.append((self._place("sex").place, "not_as_document"))
        return card.sex

    def _birth(self, cells: Sequence[str], card: patients.Document | None, left: list) -> patients.Birth | None:
        column, written = self._place("birth"), plain(self._cell(cells, "birth"))
        birth = read_birth(written, column.order, self.today) if written else None
        if isinstance(birth, str):
            left.append((column.place, birth))
            birth = None
        if card is None:
            return birth or self._from_age(cells, left)
        if birth and birth.on != card.birth_date and not (birth.about and birth.on.year == card.birth_date.year):
            left.append((column.place, "not_as_document"))
        return patients.Birth(card.birth_date)

    def _from_age(self, cells: Sequence[str], left: list) -> patients.Birth | None:
        """A year, marked as about; an age without a day on which it was true says none."""
        column, written = self._place("age"), plain(self._cell(cells, "age"))
        if not written:
            return None
        age = age_of(written)
        if age is None or self.ages_on is None:
            left.append((column.place, "age" if age is None else "age_of_no_day"))
            return None
        return patients.Birth(patients.about(self.ages_on.year - age), True)

    def _phones(self, cells: Sequence[str], left: list) -> tuple[patients.Phone, ...]:
        found: dict[str, patients.Phone] = {}
        for column in self.by_meaning.get("phone", ()):
            numbers, more = read_phones(cells[column.place])
            for one in numbers:
                found.setdefault(one.number, one)
            if more:
                left.append((column.place, "phone"))
        return tuple(found.values())

    def _related(self, cells: Sequence[str], left: list) -> tuple[patients.Related, ...]:
        return tuple(filter(None, (
            self._one_related(cells, left, "emergency", "contact"), self._one_related(cells, left, "guardian", "guardian"),
        )))

    def _one_related(self, cells: Sequence[str], left: list, kind: str, meaning: str) -> patients.Related | None:
        """The name may have the number beside it in one cell; a number without a name is left to be looked at."""
        written, phone = plain(self._cell(cells, meaning)), plain(self._cell(cells, f"{meaning}_phone"))
        numbers, more = read_phones(phone) if phone else read_phones(written) if any(c.isdigit() for c in written) else ([], False)
        name = read_name("".join(c for c in written if not c.isdigit()).strip(" -+:："))[0]
        if phone and (more or not name):
            left.append((self._place(f"{meaning}_phone").place, "phone" if more else "nameless_contact"))
        if not name:
            return None
        relation = relation_of(self._cell(cells, f"{meaning}_relation")) if meaning == "contact" else "other"
        return patients.Related(kind, name, relation if relation in patients.RELATIONS else "other", numbers[0].number if numbers else "")

    def _language(self, cells: Sequence[str], left: list) -> str:
        written = plain(self._cell(cells, "language"))
        language = language_of(written)
        if written and not language:
            left.append((self._place("language").place, "language"))
        return language

    def _note(self, cells: Sequence[str]) -> str:
        told = [(column, plain(cells[column.place])) for column in self.by_meaning.get("note", ())]
        return "\n\n".join(f"{column.header}：{text}" if column.header else text for column, text in told if text)[:LONGEST_NOTE]
