"""Consultations: one meeting of a doctor and a person, from its opening to the copy in the person's hand.

While it is open every section is kept as it is typed, as unfinished words: the newest revision counts, and what another
page or person wrote over stays in a row of its own. Who saves over words they have not seen gets a Conflict with both.
Signing freezes it (triggers in the file see to that), turns assessments and promises into rows that rules and work may
speak of, and writes ticked assessments into the record by the record's own verbs. After that there are only addenda.
"""

from app.clinic.encounters.actions import CHANGED, add, begin, discard, file_again, put_back, sign, withdraw
from app.clinic.encounters.forms import Constitution, Form, begin_form, constitution, forms, said, templates
from app.clinic.encounters.history import PARTS, Known, known, say_none, take_back, unchanged
from app.clinic.encounters.keeping import Typed, differences, keep, link_report
from app.clinic.encounters.queries import (
    addenda, assessments, checks, earlier, encounter, encounters_of, last_signed, of_report, open_of, promises, reports_of, seen, texts,
)  # fmt: skip
from app.clinic.encounters.reading import Read, read
from app.clinic.encounters.sections import CERTAINTIES, MOST_LINES, SECTIONS, Section, sections
from app.clinic.encounters.shapes import Addendum, Assessment, Encounter, NewAddendum, Promise, Text
from app.clinic.encounters.sheet import Sheet, sheet

__all__ = [
    "Addendum", "Assessment", "CERTAINTIES", "CHANGED", "Constitution", "Encounter", "Form", "Known", "MOST_LINES", "NewAddendum", "PARTS", "Promise", "Read", "SECTIONS", "Section", "Sheet",
    "Text", "Typed", "add", "addenda", "assessments", "begin", "begin_form", "checks", "constitution", "differences", "discard", "earlier", "encounter", "encounters_of", "file_again", "forms", "keep",
    "known", "last_signed", "link_report", "of_report", "open_of", "promises", "put_back", "read", "reports_of", "said", "say_none", "sections", "seen", "sheet",
    "sign", "take_back", "templates", "texts", "unchanged", "withdraw",
]  # fmt: skip
