"""Criteria: one small condition language for tags, pathways, advice and lists.

A criterion is a tree (all, any, not, comparisons) kept as JSON. `parse` reads and checks it, `sentence`
says it in either language, `compile` makes one set-based SQL statement of it that serves one person, a
list and everybody, and yields the evidence: the values that made it true. Today is a parameter. What is
missing compares as false (`missing` asks for it); 0 is a value. Later packages bring their own fields
by `register_field`.
"""

from app.clinic.criteria import answers, assessed, indicators, standing
from app.clinic.criteria.checking import parse, problems
from app.clinic.criteria.compiling import Match, Statement, compile, first_day, run, together
from app.clinic.criteria.fields import FIELDS, Asking, Field, Part, compare, register_field
from app.clinic.criteria.shapes import AllOf, AnyOf, Criterion, Fact, Not, Window, dump, facts
from app.clinic.criteria.telling import comparison, sentence, subject, told

__all__ = [
    "FIELDS", "AllOf", "AnyOf", "Asking", "Criterion", "Fact", "Field", "Match", "Not", "Part", "Statement", "Window",
    "answers", "assessed", "compare", "compile", "comparison", "dump", "facts", "first_day", "indicators", "parse", "problems", "register_field",
    "run", "sentence", "standing", "subject", "together", "told",
]
