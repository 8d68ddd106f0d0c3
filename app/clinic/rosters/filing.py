"""What becomes of one decided line: somebody is registered, somebody known gains what they lacked, or it is skipped.

Nothing that stands here is overwritten: where the list says otherwise, its cell is left for a person to look at.
"""

from typing import Any

import msgspec

from app.clinic import patients, records
from app.clinic.rosters import queries
from app.clinic.rosters.likeness import one_name
from app.clinic.rosters.lists import CREW
from app.clinic.rosters.matching import new_patient, systems
from app.clinic.rosters.reading import Reader
from app.clinic.rosters.shapes import Before, Line, Roster, Said
from app.core import events
from app.core.access import Actor
from app.core.db import Database
from app.core.words import N_

events.declare("roster.taken", N_("Taken over from %(source)s: %(file)s, line %(line)s"), clinical=False)

# Of a person: field → which columns of a list speak of it.
FIELDS = {
    "name": "name", "sex": "sex", "birth_date": "birth", "address": "address", "workplace": "workplace", "occupation": "occupation",
    "payment": "payment", "doctor_id": "doctor", "manager_id": "manager",
}  # fmt: skip
UNSAID = ("", None, "unknown", ())
KINDS = {"emergency": "contact", "guardian": "guardian"}


class Outcome(msgspec.Struct, frozen=True):
    """reason: why the line waits again instead."""

    outcome: str = ""
    patient_id: int | None = None
    left: tuple[tuple[int, str], ...] = ()
    before: Before | None = None
    event_id: int | None = None
    reason: str = ""


class Filer:
    """Files the lines of one list. Inside a change or aside."""

    def __init__(self, db: Database, actor: Actor | None, roster: Roster, reader: Reader, crew: dict, language: str) -> None:
        self.db, self.actor, self.roster, self.reader, self.crew, self.language = db, actor, roster, reader, crew, language
        self.columns = dict(zip(systems(roster.source_id), ("number", "card"), strict=True))

    def file(self, line: Line) -> Outcome | None:
        """None where it must wait: the earlier line it follows is not decided."""
        if line.decision == "skip":
            return Outcome("skipped", left=tuple(line.left))
        said = self.reader.read(line.texts)
        left = (*said.left, *self._nobody(said))
        if line.decision == "new":
            return self._register(line, said, left)
        if line.alike_id is None:
            earlier = queries.line_at(self.db, self.roster.id, line.alike_line or 0)
            if earlier is None or earlier.outcome is None:
                return None
            if earlier.patient_id is None:
                return Outcome("skipped", left=left)
            return self._join(line, earlier.patient_id, said, left)
        return self._join(line, line.alike_id, said, left)

    def _nobody(self, said: Said) -> list[tuple[int, str]]:
        """Doctors and managers nobody here is called, and nobody was told to be meant."""
        return [
            (self._place(role), "staff") for role in CREW if (written := getattr(said, role)) and (role, written) not in self.crew
        ]

    def _place(self, meaning: str) -> int:
        return self.reader.by_meaning[meaning][0].place

    def _register(self, line: Line, said: Said, left: tuple) -> Outcome:
        new = new_patient(said, self.roster.source_id, self.crew, self.language)
        free = tuple(pair for pair in new.identifiers if self._holder(*pair) is None)
        left = (*left, *self._taken(set(new.identifiers) - set(free)))
        patient_id = patients.register(self.db, self.actor, msgspec.structs.replace(new, identifiers=free))
        with self.db.change(self.actor, "roster.taken", patient_id) as details:
            details |= self._from(line)
            self._findable(patient_id, free)
            self._note(patient_id, said)
        return Outcome("registered", patient_id, left, None, details.event_id)

    def _from(self, line: Line) -> dict[str, Any]:
        return {"source": self.roster.source, "file": self.roster.file_name, "line": line.line, "roster": self.roster.id}

    def _holder(self, system: str, value: str) -> int | None:
        return patients.holders(self.db, system, [value]).get(value)

    def _taken(self, pairs: set[tuple[str, str]]) -> list[tuple[int, str]]:
        """Numbers of somebody else's."""
        return [(self._place(self._column_of(system)), "holder") for system, _value in sorted(pairs)]

    def _column_of(self, system: str) -> str:
        return self.columns.get(system) or ("passport" if system == "passport" and "passport" in self.reader.by_meaning else "document")

    def _join(self, line: Line, patient_id: int, said: Said, left: tuple) -> Outcome:
        patient = patients.get(self.db, patient_id)
        if patient is None:
            return Outcome(reason="gone")
        if patient.restricted:
            return Outcome(reason="restricted")
        was, new = patients.as_new(self.db, patient), new_patient(said, self.roster.source_id, self.crew, self.language)
        became, differs = self._filled(was, new)
        with self.db.change(self.actor, "roster.taken", patient_id) as details:
            details |= self._from(line)
            numbers, taken = self._numbers(patient_id, new, details.event_id)
            if became != was:
                patients.edit(self.db, self.actor, patient_id, patient.version, became)
            note = self._note(patient_id, said)
        left = (*left, *differs, *taken)
        if became == was and not numbers and note is None:
            return Outcome("known", patient_id, left, None, details.event_id)
        before = Before(msgspec.to_builtins(was), msgspec.to_builtins(became), tuple(numbers), note)
        return Outcome("joined", patient_id, left, before, details.event_id)

    def _filled(self, was: patients.NewPatient, new: patients.NewPatient) -> tuple[patients.NewPatient, list[tuple[int, str]]]:
        """What is known, with what was missing filled in; and the cells that say otherwise."""
        changes: dict[str, Any] = {}
        differs: list[str] = []
        for field in FIELDS:
            here, there = getattr(was, field), getattr(new, field)
            if there in UNSAID or here == there or (field == "name" and one_name(here) == one_name(there)):
                continue
            if here in UNSAID or (field == "birth_date" and was.birth_about and not new.birth_about):
                changes[field] = there
            elif not (field == "birth_date" and new.birth_about):
                differs.append(FIELDS[field])
        if "birth_date" in changes:
            changes["birth_about"] = new.birth_about
        changes |= self._added(was, new, differs)
        places = [(self._place(meaning), "differs") for meaning in differs if meaning in self.reader.by_meaning]
        return msgspec.structs.replace(was, **changes), places

    def _added(self, was: patients.NewPatient, new: patients.NewPatient, differs: list[str]) -> dict[str, Any]:
        """Of what there can be several: phones beside the others, a document or a contact where there was none of its kind."""
        mine = {system: value for system, value in was.identifiers}
        papers = [pair for pair in new.identifiers if pair[0] in patients.DOCUMENTS]
        differs += [self._column_of(system) for system, value in papers if mine.get(system, value) != value]
        contacts = {one.kind: one.name for one in was.related}
        differs += [KINDS[one.kind] for one in new.related if contacts.get(one.kind, one.name) != one.name]
        more = tuple(number for number in new.phones if number not in was.phones)
        return {
            "phones": was.phones + more, "owners": was.owners + tuple(one for one in new.owners if one.number in more),
            "identifiers": was.identifiers + tuple(pair for pair in papers if pair[0] not in mine and self._holder(*pair) is None),
            "related": was.related + tuple(one for one in new.related if one.kind not in contacts),
        }

    def _numbers(self, patient_id: int, new: patients.NewPatient, event_id: int) -> tuple[list[tuple[str, str]], list[tuple[int, str]]]:
        """The list's own numbers, added where they are nobody's; and the cells of those that are somebody else's."""
        added, taken = [], set()
        for system, value in new.identifiers:
            holder = self._holder(system, value)
            if holder not in (None, patient_id):
                taken.add((system, value))
            elif holder is None and system not in patients.DOCUMENTS:
                patients.add_identifier(self.db, patient_id, system, value, event_id)
                added.append((system, value))
        self._findable(patient_id, added)
        return added, self._taken(taken)

    def _findable(self, patient_id: int, pairs: Any) -> None:
        for system, value in pairs:
            if system not in patients.DOCUMENTS:
                patients.add_keys(self.db, patient_id, patients.number_keys(value))

    def _note(self, patient_id: int, said: Said) -> int | None:
        if not said.note:
            return None
        return records.record(self.db, self.actor, patient_id, records.section("notes"), records.NewNote(said.note))
