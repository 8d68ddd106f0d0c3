"""Figures: what came of questionnaires. A person's scores over time and two responses side by side; of everybody, how each
question was answered and how scores fall in groups, with small counts withheld; and the answers as a file.

People who asked that their data not be used are in none of it but their own.
"""

from app.clinic.figures.comparing import Compared, Row, side_by_side
from app.clinic.figures.courses import Course, Moment, courses
from app.clinic.figures.exporting import note, people, table
from app.clinic.figures.grouping import GROUPINGS, Groups, groups
from app.clinic.figures.questions import Answers, Share, questions
from app.clinic.figures.withholding import LEAST

__all__ = [
    "GROUPINGS", "LEAST", "Answers", "Compared", "Course", "Groups", "Moment", "Row", "Share", "courses", "groups", "note", "people",
    "questions", "side_by_side", "table",
]
