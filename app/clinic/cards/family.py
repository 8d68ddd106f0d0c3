"""Several people on one card: each may use it, each is found by its number."""

from app.clinic import patients
from app.clinic.cards import queries
from app.clinic.cards.shapes import Card
from app.clinic.cards.stepping import declare
from app.clinic.cards.telling import describe
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Invalid, NotFound, Refusal
from app.core.words import N_

declare("person_added", N_("May use the card %(number)s, %(name)s"), describe)
declare("person_removed", N_("May no longer use the card %(number)s"), describe)

REMOVE = "UPDATE card_people SET removed_event_id = :event WHERE card_id = :card AND patient_id = :patient AND removed_event_id IS NULL"


def add_person(db: Database, actor: Actor, patient_id: int, card_id: int, other_id: int) -> None:
    """Raises NotFound, Invalid (somebody with a card of their own) or Refusal (the card is full)."""
    with db.change(actor, "card.person_added", other_id) as details:
        card, on_it = _open(db, patient_id, card_id), queries.people(db, card_id)
        if patients.get(db, other_id) is None:
            raise NotFound()
        if other_id in on_it:
            raise Invalid({"who": N_("This person is on the card already.")})
        if len(on_it) >= card.most:
            raise Refusal(N_("This card takes %(most)s people, and they are all on it."), most=card.most)
        if other := queries.current(db, other_id):
            raise Invalid({"who": (N_("This person has a card: %(number)s. Close it first."), {"number": other.shown})})
        db.insert("card_people", {"card_id": card_id, "patient_id": other_id, "event_id": details.event_id})
        patients.add_keys(db, other_id, patients.number_keys(card.number))
        details |= {"card": card_id, "number": card.number, "name_zh": card.name_zh, "name_en": card.name_en}


def remove_person(db: Database, actor: Actor, patient_id: int, card_id: int, other_id: int) -> None:
    """Somebody leaves; the holder stays as long as the card does."""
    with db.change(actor, "card.person_removed", other_id) as details:
        card = _open(db, patient_id, card_id)
        if other_id == card.patient_id:
            raise Refusal(N_("The card is in this person's name; close it instead."))
        if not db.execute(REMOVE, card=card_id, patient=other_id, event=details.event_id):
            raise NotFound()
        details |= {"card": card_id, "number": card.number}


def _open(db: Database, patient_id: int, card_id: int) -> Card:
    card = queries.get(db, patient_id, card_id)
    if card is None:
        raise NotFound()
    if card.closed:
        raise Refusal(N_("This card is closed already."))
    return card
