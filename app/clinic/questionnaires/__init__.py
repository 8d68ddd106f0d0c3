"""Questionnaires: FHIR R4 in and out, versions that never change, and one truth about what is asked, missing and scored.

A Definition is a questionnaire read once. `take` turns what a form sent into values, `evaluate` says what is so with them, `changed`
which blocks of the page that touches, `response` makes FHIR's QuestionnaireResponse of it. Nothing here knows a patient's row.
"""

from app.clinic.questionnaires import building
from app.clinic.questionnaires.actions import (
    begin, drop_draft, keep_draft, publish, restore, retire, revise, ship, switch,
)  # fmt: skip
from app.clinic.questionnaires.answerable import answerable, files
from app.clinic.questionnaires.answering import canonical, given_of, response
from app.clinic.questionnaires.conditions import bare, same
from app.clinic.questionnaires.difference import Difference
from app.clinic.questionnaires.differences import differences
from app.clinic.questionnaires.evaluating import changed, evaluate
from app.clinic.questionnaires.layout import drop, repeat
from app.clinic.questionnaires.linting import Finding, Findings, check, check_file
from app.clinic.questionnaires.queries import Draft, Listed, Version, by_code, current, draft, everything, version, versions
from app.clinic.questionnaires.reading import define, read
from app.clinic.questionnaires.settling import ordinal
from app.clinic.questionnaires.shapes import (
    Alarm, Band, Condition, Definition, Formula, Given, Item, Option, Place, Problem, Scored, Shown, State, Text, Unreadable, Value, Work, key, link_of,
)  # fmt: skip
from app.clinic.questionnaires.shipping import LICENCES, STATUSES, Shipped, Standing, library, seed, standing
from app.clinic.questionnaires.taking import OTHER, plain, take

__all__ = [
    "LICENCES", "OTHER", "STATUSES", "Alarm", "Band", "Condition", "Definition", "Difference", "Draft", "Finding", "Findings", "Formula", "Given", "Item", "Listed", "Option", "Place",
    "Problem", "Scored", "Shipped", "Shown", "Standing", "State", "Text", "Unreadable", "Value", "Version", "Work", "answerable", "bare", "begin", "building", "by_code",
    "canonical", "changed", "check", "check_file", "current", "define", "differences", "draft", "drop", "drop_draft", "evaluate", "everything", "files", "given_of", "keep_draft", "key",
    "library", "link_of", "ordinal", "plain", "publish", "read", "repeat", "response", "restore", "retire", "revise", "same", "seed", "ship", "standing",
    "switch", "take", "version", "versions",
]
