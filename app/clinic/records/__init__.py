"""The health record: conditions, allergies, medicines and notes, each with source, day and author.

An entry is never edited: a correction is a new version with a reason, the old one stays readable.
Corrections name the version seen; a stale one is a Conflict with both texts. That there is nothing
(no known allergies) is recorded, and different from nobody having asked. Sensitive entries are given
whole by `conditions`, `medications` and `notes`; what may be shown to somebody comes from `parts`.
"""

from app.clinic.records.actions import FIELD_NAMES, correct, record, record_none, withdraw
from app.clinic.records.queries import (
    allergies,
    completeness,
    conditions,
    entry,
    history,
    medications,
    newest,
    none_known,
    notes,
    parts,
    warnings,
    warnings_of,
    withheld,
)
from app.clinic.records.sections import SECTIONS, Section, section
from app.clinic.records.shapes import (
    CHOICES,
    Allergy,
    Completeness,
    Condition,
    Entry,
    Medication,
    NewAllergy,
    NewCondition,
    NewMedication,
    NewNote,
    Note,
    Part,
)

__all__ = [
    "CHOICES", "FIELD_NAMES", "SECTIONS", "Allergy", "Completeness",
    "Condition", "Entry", "Medication", "NewAllergy", "NewCondition", "NewMedication", "NewNote", "Note", "Part",
    "Section", "allergies", "completeness", "conditions", "correct", "entry", "history", "medications", "newest",
    "none_known", "notes", "parts", "record", "record_none", "section", "warnings", "warnings_of", "withdraw", "withheld",
]
