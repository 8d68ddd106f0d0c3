"""The health record: what is known of a person's health and life, each entry with source, day and author.

An entry is never edited: a correction is a new version with a reason, the old one stays readable.
Corrections name the version seen; a stale one is a Conflict with both texts. That there is nothing
(no known allergies) is recorded, and different from nobody having asked. Some sections stand once (smoking): they have at
most one live entry. Sensitive entries are given whole by `entries` and its sisters; what may be shown to somebody comes
from `parts`.
"""

from app.clinic.records.actions import correct, put_back, record, record_none, unverify, verify, withdraw
from app.clinic.records.choices import CHECKS, RELATIVES, SOURCES
from app.clinic.records.circumstances import (
    Living, Need, NewLiving, NewNeed, NewPersonal, NewWish, NewWomensHealth, Personal, Wish, WomensHealth,
)  # fmt: skip
from app.clinic.records.codes import Code, named
from app.clinic.records.codes import catalogue as code_catalogue
from app.clinic.records.codes import search as search_codes
from app.clinic.records.form import HealthFile, health_file
from app.clinic.records.habits import (
    Alcohol, Diet, Exercise, NewAlcohol, NewDiet, NewExercise, NewSleep, NewSmoking, Sleep, Smoking,
)  # fmt: skip
from app.clinic.records.illness import (
    Allergy, Condition, Medication, NewAllergy, NewCondition, NewMedication, NewNote, Note,
)  # fmt: skip
from app.clinic.records.joining import follow
from app.clinic.records.nothing import Nothing, nothings, take_back_none
from app.clinic.records.labels import HINTS, UNITS
from app.clinic.records.past import (
    Disability, FamilyHistory, Immunization, Injury, NewDisability, NewFamilyHistory, NewImmunization, NewInjury,
    NewProcedure, NewTransfusion, Procedure, Relative, Transfusion,
)  # fmt: skip
from app.clinic.records.queries import (
    allergies, conditions, differences, entries, entry, history, medications, newest, none_known, notes, parts,
    warnings, warnings_of, withheld,
)  # fmt: skip
from app.clinic.records.reviewing import correct_talk, take_back_talk, talk_through
from app.clinic.records.reviews import (
    DAYS, MEANS, TAKES, NewLine, NewReview, OwnMedicine, Review, newest_review, review, reviewed, reviews_of, taking, to_ask, told, withholds,
)  # fmt: skip
from app.clinic.records.reviews import SOURCE as QUESTION_SOURCE
from app.clinic.records.section import GROUPS, Section
from app.clinic.records.sections import SECTIONS, section
from app.clinic.records.rules import read_icd10 as read_code
from app.clinic.records.shapes import Entry, Part
from app.clinic.records.then import Stood, Then, parts_on

__all__ = [
    "CHECKS", "DAYS", "GROUPS", "HINTS", "MEANS", "QUESTION_SOURCE", "RELATIVES", "SECTIONS", "SOURCES", "TAKES", "UNITS", "Alcohol",
    "Allergy", "Code", "Condition", "Diet", "Disability", "Entry", "Exercise", "FamilyHistory", "HealthFile", "Immunization",
    "Injury", "Living", "Medication", "Need", "NewAlcohol", "NewAllergy", "NewCondition", "NewDiet", "NewDisability",
    "NewExercise", "NewFamilyHistory", "NewImmunization", "NewInjury", "NewLine", "NewLiving", "NewMedication", "NewNeed",
    "NewNote", "NewPersonal", "NewProcedure", "NewReview", "NewSleep", "NewSmoking", "NewTransfusion", "NewWish",
    "NewWomensHealth", "Note", "OwnMedicine", "Part", "Personal", "Procedure", "Relative", "Review", "Section", "Sleep",
    "Smoking", "Stood", "Then", "Transfusion", "Wish", "WomensHealth", "allergies", "code_catalogue", "conditions", "correct", "correct_talk",
    "differences", "entries", "entry", "follow", "health_file", "history", "medications", "named", "newest", "newest_review", "none_known", "notes", "nothings", "Nothing", "take_back_none",
    "parts", "parts_on", "put_back", "read_code", "record", "record_none", "review", "reviewed", "reviews_of", "search_codes", "section", "take_back_talk", "taking", "talk_through",
    "to_ask", "told", "unverify", "verify", "warnings", "warnings_of", "withdraw", "withheld", "withholds",
]  # fmt: skip
