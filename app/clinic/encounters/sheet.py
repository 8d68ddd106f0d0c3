"""A consultation as it is read and printed: the doctor's copy in full, the person's own in plain words."""

import msgspec

from app.clinic import observations, patients
from app.clinic.encounters import queries
from app.clinic.encounters.forms import Form, forms
from app.clinic.encounters.history import PARTS
from app.clinic.encounters.reading import read
from app.clinic.encounters.sections import SECTIONS
from app.clinic.encounters.shapes import Addendum, Assessment, Encounter, Promise, Text
from app.core import clock
from app.core.db import Database

SURE = ("confirmed", "provisional")  # what the person's own copy speaks of


class Block(msgspec.Struct, frozen=True):
    """A section's words. said: (label's id or blank, text)."""

    id: str
    title: str
    said: list[tuple[str, str]]


class Sheet(msgspec.Struct, frozen=True):
    """unchanged: (part's title, day). values: what was measured in it. wrong: lines that cannot be signed, by section."""

    encounter: Encounter
    patient: patients.Patient
    blocks: dict[str, Block]
    assessments: list[Assessment]
    promises: list[Promise]
    values: list[observations.Observation]
    forms: list[Form]
    unchanged: list[tuple[str, str]]
    addenda: list[Addendum]
    wrong: dict[str, list[tuple[str, dict]]]

    @property
    def told(self) -> list[Assessment]:
        """What is told the person: not what was only weighed, not what it was found not to be."""
        return [one for one in self.assessments if one.certainty in SURE]

    @property
    def empty(self) -> bool:
        return not (self.blocks or self.assessments or self.promises or self.values or self.forms)

    def text(self, section: str) -> str:
        return next((text for label, text in self.blocks[section].said if not label), "") if section in self.blocks else ""


def sheet(db: Database, patient: patients.Patient, one: Encounter) -> Sheet:
    """As it stands; once signed, as it was signed."""
    found = queries.texts(db, one.id)
    typed = read(found, clock.today())
    said = (queries.assessments(db, one.id), queries.promises(db, one.id)) if one.signed else (typed.assessments, typed.promises)
    checks = [(PARTS[part][0], check.at) for part, check in queries.checked_in(db, one.id).items()]
    values = [value for report in queries.reports_of(db, one.id) for value in observations.report_values(db, patient.id, report)]
    blocks = {id: block for id, section in SECTIONS.items() if id in found and (block := _block(found[id])).said}
    return Sheet(
        one, patient, blocks, *said, values, forms(db, one), [(title, clock.to_local(at).date().isoformat()) for title, at in checks],
        queries.addenda(db, one.id), {} if one.signed else typed.errors,
    )


def _block(text: Text) -> Block:
    section = SECTIONS[text.section]
    said = [("" if name == "text" else section.fields[name], text.body[name]) for name in section.fields if name in text.body]
    return Block(section.id, section.title, said)
