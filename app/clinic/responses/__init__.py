"""Answers to questionnaires: begun, kept at every tap, completed, corrected, taken out and put back.

A response belongs to the version it was asked with. Answers on their way stand in a sitting, which two pages cannot overwrite
unseen; completed, they are a FHIR QuestionnaireResponse, one row per answer and score, and results where an item is an indicator.
What is known already is offered with its source and day and counts once confirmed; what belongs in the record is offered to staff.
"""

from app.clinic.responses.completing import NOTHING, complete
from app.clinic.responses.context import about
from app.clinic.responses.correcting import correct, put_back, withdraw
from app.clinic.responses.offering import Offer, offers, take_over
from app.clinic.responses.prefilling import prefill
from app.clinic.responses.queries import (
    answers, correction_of, count, done, fhir, filed, get, history, last, newest, open_ones, scores, sitting, taken_out,
)  # fmt: skip
from app.clinic.responses.shapes import HANDS, Answer, Answered, Hand, Prefill, Response, Sitting
from app.clinic.responses.sheet import Sheet, sent
from app.clinic.responses.sitting import answer, begin, being_filled, confirm, definition_of, rearrange, state_of
from app.clinic.responses.typed import told

__all__ = [
    "HANDS", "NOTHING", "Answer", "Answered", "Hand", "Offer", "Prefill", "Response", "Sheet", "Sitting", "about", "answer", "answers",
    "begin", "being_filled", "complete", "confirm", "correct", "correction_of", "count", "definition_of", "done", "fhir", "filed", "get",
    "history", "last", "newest", "offers", "open_ones", "prefill", "put_back", "rearrange", "scores", "sent", "sitting", "state_of", "take_over",
    "taken_out", "told", "withdraw",
]  # fmt: skip
