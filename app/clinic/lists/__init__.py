"""Lists of people: who is on them, what stands there, and what is done with all of them at once.

A list is a `View`; its address says all of it, so it can be kept, sent to a colleague and found again. Names and numbers
are masked until somebody asks to see them, which is written down, as is everything that leaves on paper or as a file.
"""

from app.clinic.lists.assigning import MOST, assign, people_of, undo
from app.clinic.lists.assigning import get as assignment
from app.clinic.lists.columns import COLUMNS, Column, choices, columns, columns_of_file, told
from app.clinic.lists.going_out import note, table
from app.clinic.lists.lines import Line, lines
from app.clinic.lists.masking import mask, shown_until, unmask, unmask_row
from app.clinic.lists.queries import count, ids, page_of, rows_of
from app.clinic.lists.shapes import (
    CLINICAL_LACKS, CONTACTS, EVERYBODY, LACKS, STATES, USUAL, Assignment, NewAssignment, NewView, Row, SavedView, View,
)  # fmt: skip
from app.clinic.lists.telling import sentence
from app.clinic.lists.views import restore, retire, save, views

__all__ = [
    "CLINICAL_LACKS", "COLUMNS", "CONTACTS", "EVERYBODY", "LACKS", "Line", "MOST", "STATES", "USUAL", "Assignment", "Column", "NewAssignment", "NewView",
    "Row", "SavedView", "View", "assign", "assignment", "choices", "columns", "columns_of_file", "count", "ids", "lines", "mask", "note", "page_of",
    "people_of", "restore", "retire", "rows_of", "save", "sentence", "shown_until", "table", "told", "undo", "unmask", "unmask_row", "views",
]
