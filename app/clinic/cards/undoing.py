"""Taking back the last step on a card: its state is put back, its entries are taken back by entries."""

import json

from app.clinic.cards import ledger, queries, stepping
from app.clinic.cards.actions import end
from app.clinic.cards.shapes import Card, Step
from app.clinic.cards.telling import describe
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Conflict, NotFound, Refusal
from app.core.words import N_

stepping.declare("taken_back", N_("Took back “%(step)s” (card %(number)s)"), describe)

MISTAKE = N_("opened by mistake")
HAS_ANOTHER = N_("Somebody on this card has another open card by now.")

NEW_PERIODS = "UPDATE card_periods SET ended_event_id = :event WHERE card_id = :card AND event_id = :step"
OLD_PERIODS = "UPDATE card_periods SET ended_event_id = NULL WHERE card_id = :card AND ended_event_id = :step"
SAME_END = "UPDATE card_periods SET ends_on = (SELECT valid_until FROM cards WHERE id = :card) WHERE id = :period"
NEW_NUMBERS = "UPDATE card_numbers SET stopped_event_id = :event WHERE card_id = :card AND event_id = :step"
OLD_NUMBERS = "UPDATE card_numbers SET stopped_event_id = NULL WHERE card_id = :card AND stopped_event_id = :step"
TAKEN = """
SELECT 1 FROM card_people k JOIN card_people o ON o.patient_id = k.patient_id AND o.removed_event_id IS NULL
WHERE k.card_id = :card AND k.removed_event_id = :step LIMIT 1
"""
BACK = "UPDATE card_people SET removed_event_id = NULL WHERE card_id = :card AND removed_event_id = :step"


def last_step(db: Database, card_id: int) -> Step | None:
    """The one that can be taken back; None when all are."""
    return next((one for one in queries.steps(db, card_id) if not one.undone), None)


def undo(db: Database, actor: Actor, patient_id: int, card_id: int, step_id: int) -> None:
    """Take back a card's last step. Twice is once. Raises NotFound, Conflict (not the last any more) or Refusal."""
    with db.aside():
        card = queries.get(db, patient_id, card_id)
        mine = next((one for one in queries.steps(db, card_id) if one.id == step_id), None) if card else None
        if mine is None:
            raise NotFound()
        if mine.undone:
            return
        if last_step(db, card_id) != mine:
            raise Conflict(stepping.FASTER)
        _undo(db, actor, patient_id, card, mine)


def _undo(db: Database, actor: Actor, patient_id: int, card: Card, step: Step) -> None:
    with db.change(actor, "card.taken_back", patient_id) as details:
        others = [one for one in queries.people(db, card.id) if one != patient_id]
        ledger.take_back(db, card.id, step.event_id, details.event_id)
        _numbers_and_periods(db, card.id, step, details.event_id)
        _state(db, card, step, details.event_id)
        db.update("card_steps", step.id, {"undone_event_id": details.event_id})
        details |= {"card": card.id, "number": card.number, "step": step.kind}
        stepping.tell_others(db, actor, "card.taken_back", others, details)


def _numbers_and_periods(db: Database, card_id: int, step: Step, event_id: int) -> None:
    """The new ones end first: a card has one live number."""
    if step.kind == "opened":  # a closed card keeps its number and period
        return
    ids = {"card": card_id, "step": step.event_id}
    for sql in (NEW_NUMBERS, NEW_PERIODS):
        db.execute(sql, **ids, event=event_id)
    for sql in (OLD_NUMBERS, OLD_PERIODS):
        db.execute(sql, **ids)


def _state(db: Database, card: Card, step: Step, event_id: int) -> None:
    if step.kind == "opened":
        end(db, card.id, MISTAKE, event_id)
        return
    if step.kind == "closed":
        if db.value(TAKEN, card=card.id, step=step.event_id):
            raise Refusal(HAS_ANOTHER)
        db.execute(BACK, card=card.id, step=step.event_id)
    db.update("cards", card.id, json.loads(step.before))
    if step.kind == "resumed":
        db.execute(SAME_END, card=card.id, period=card.period_id)
