"""A questionnaire on paper: blank, to be filled in by hand, or as it was answered. One HTML for the browser's printer and the PDF."""

from typing import Any

import msgspec

from app.clinic import patients, questionnaires
from app.clinic.questionnaires import Definition, Item, State
from app.clinic.responses import queries
from app.clinic.responses.context import about
from app.clinic.responses.lines import Line, Told, lines, scored
from app.clinic.responses.shapes import Response
from app.clinic.responses.sheet import KINDS
from app.clinic.responses.sitting import definition_of
from app.core import clock, settings
from app.core.db import Database
from app.core.words import _


class Row(msgspec.Struct, frozen=True):
    """One question on paper. kind: group, told, boxes (options to tick), line, or lines. only_if: said when it is not for everybody."""

    item: Item
    number: str
    depth: int
    kind: str
    only_if: str = ""


class Paper(msgspec.Struct, frozen=True):
    """rows: of a blank one. lines, scores: of one that was answered. given: who and when, of one that was answered.

    delicate: an answer of it may call a person at once; what its score means is for a person to say, not for paper.
    """

    clinic: str
    title: str
    language: str
    patient: patients.Patient
    copyright: str
    rows: list[Row] = []
    lines: list[Line] = []
    scores: list[Told] = []
    given: str = ""
    printed_on: str = ""
    delicate: bool = False

    def said(self, text: questionnaires.Text) -> str:
        return text.said(self.language)[0]


def blank(db: Database, patient: patients.Patient, definition: Definition) -> Paper:
    """With every question that may be asked of this person, those that depend on others marked so."""
    state = questionnaires.evaluate(definition, {}, about(patient))
    return _paper(db, patient, definition, rows=list(_rows(definition, state, patient)))


def _rows(definition: Definition, state: State, patient: patients.Patient) -> list[Row]:
    found, n = [], 0
    for place in state.places:
        item = place.item
        if item.hidden or item.read_only or item.for_sex not in ("", patient.sex):
            continue
        n += item.type not in ("group", "display")
        found.append(Row(item, f"{n}." if item.type not in ("group", "display") else "", place.depth, _kind(item), _only_if(definition, item, patient.language)))
    return found


def _kind(item: Item) -> str:
    if item.type in ("group", "display"):
        return "group" if item.type == "group" else "told"
    if item.options or item.type == "boolean":
        return "boxes"
    return "lines" if KINDS[item.type] == "text" or item.repeats else "line"


def _only_if(definition: Definition, item: Item, language: str) -> str:
    """The first condition, in words; the others are worked out when the paper is typed in."""
    row = item.conditions[0] if item.conditions else None
    asked = row and definition.by_id.get(row.question)
    if not asked:
        return _("if it applies") if item.enabled_by else ""
    return _("only if it applies: see “%(question)s”", question=asked.text.said(language)[0])


def answered(db: Database, patient: patients.Patient, one: Response) -> Paper:
    definition = definition_of(db, one)
    given = _(", ").join(filter(None, ((one.completed_at or "").replace("T", " "), one.hand, one.author)))
    return _paper(
        db, patient, definition, lines=lines(definition, queries.fhir(db, one.id)), scores=scored(definition, queries.answers(db, one.id)), given=given)


def _paper(db: Database, patient: patients.Patient, definition: Definition, **more: Any) -> Paper:
    return Paper(
        settings.everything(db).get("clinic_name", ""), definition.title.said(patient.language)[0], patient.language, patient, definition.copyright,
        printed_on=clock.today().isoformat(), delicate=any(item.alarm for item in definition.by_id.values()), **more,
    )
