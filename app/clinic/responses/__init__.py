"""Answers to questionnaires: begun, kept at every tap, completed, corrected, taken out and put back.

A response belongs to the version it was asked with. Answers on their way stand in a sitting, which two pages cannot overwrite
unseen; completed, they are a FHIR QuestionnaireResponse, one row per answer and score, and results where an item is an indicator.
What is known already is offered with its source and day and counts once confirmed; what belongs in the record is offered to staff.
"""

from app.clinic.responses.completing import NOTHING, complete
from app.clinic.responses.context import about
from app.clinic.responses.correcting import correct, put_back, withdraw
from app.clinic.responses.filing import attach, sent_by_person, unattach
from app.clinic.responses.lines import Line, Told, lines, scored
from app.clinic.responses.offering import Offer, offers, take_over
from app.clinic.responses.paper import Paper, answered, blank
from app.clinic.responses.prefilling import prefill
from app.clinic.responses.queries import (
    answers, correction_of, count, done, fhir, filed, get, history, last, newest, open_ones, scores, sitting, taken_out, troubled,
)  # fmt: skip
from app.clinic.responses.refiling import file_again
from app.clinic.responses.shapes import HANDS, Answer, Answered, Hand, Prefill, Response, Sitting
from app.clinic.responses.sheet import Sheet, sent
from app.clinic.responses.sitting import answer, begin, being_filled, confirm, definition_of, rearrange, state_of, together
from app.clinic.responses.typed import told
from app.clinic.responses.unscored import Unscored, unscored

__all__ = [
    "HANDS", "NOTHING", "Answer", "Answered", "Hand", "Line", "Offer", "Paper", "Prefill", "Response", "Sheet", "Sitting", "Told", "Unscored", "about", "answer", "answered", "answers", "attach",
    "begin", "being_filled", "blank", "complete", "confirm", "correct", "correction_of", "count", "definition_of", "done", "fhir", "file_again", "filed", "get",
    "history", "last", "lines", "newest", "offers", "open_ones", "prefill", "put_back", "rearrange", "scored", "scores", "sent", "sent_by_person", "sitting", "state_of", "take_over",
    "taken_out", "together", "told", "troubled", "unattach", "unscored", "withdraw",
]  # fmt: skip
