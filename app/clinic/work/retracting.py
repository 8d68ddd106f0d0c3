"""A contact noted with the wrong person: struck out with a reason; what followed from it is taken back."""

import json

from app.clinic.work.items import Close, close
from app.clinic.work.contacts import agree
from app.clinic.work.shapes import LASTING, NewContact, Struck
from app.core import clock, events
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import NotFound
from app.core.words import N_

events.declare("contact.withdrawn", N_("Contact struck out (%(reason)s)"), clinical=True)

ONE = """
SELECT c.id, c.patient_id, c.work_id, c.at, c.channel, c.outcome, c.note, c.next_on, e.actor_id,
  c.withdrawn_event_id IS NOT NULL AS withdrawn, c.withdrawn_reason, c.event_id, e.cause_id
FROM contacts c JOIN events e ON e.id = c.event_id WHERE c.id = :id AND c.patient_id = :patient
"""
FOLLOWING = """
SELECT id, pathway FROM work_items
WHERE patient_id = :patient AND trigger IN (SELECT value FROM json_each(:triggers)) AND closed_event_id IS NULL
"""
TICKED = "SELECT pathway FROM work_items WHERE id = :id AND closed_event_id = :event"
OPEN_AGAIN = "UPDATE work_items SET closed_event_id = NULL WHERE id = :id"


def contact(db: Database, patient_id: int, contact_id: int) -> Struck | None:
    """One contact of this person, struck out or not."""
    return db.one(Struck, ONE, id=contact_id, patient=patient_id)


def retract(db: Database, actor: Actor, patient_id: int, contact_id: int, reason: str) -> None:
    """Strike a contact out. What was agreed in it goes, and what it ticked off is open again."""
    with db.change(actor, "contact.withdrawn", patient_id) as details:
        one = contact(db, patient_id, contact_id)
        if one is None or one.withdrawn:
            raise NotFound()
        details |= {"contact": contact_id, "reason": reason}
        db.update("contacts", contact_id, {"withdrawn_event_id": details.event_id, "withdrawn_reason": reason})
        withdraw_following(db, patient_id, one.event_id, one.cause_id or 0)
        if one.work_id and one.cause_id:
            _open_again(db, actor, patient_id, one.work_id, one.cause_id)


def withdraw_following(db: Database, patient_id: int, *causes: int) -> None:
    """Open work that these events had asked for is no longer needed. Only inside a change."""
    triggers = json.dumps([f"{kind}:{cause}" for cause in causes for kind in ("event", "after")])
    for id, pathway in db.all(tuple, FOLLOWING, patient=patient_id, triggers=triggers):
        close(db, Close(id, patient_id, pathway, "withdrawn", None))


def _open_again(db: Database, actor: Actor, patient_id: int, work_id: int, closing: int) -> None:
    pathway = db.value(TICKED, id=work_id, event=closing)
    if pathway is None or pathway in LASTING:
        return
    with db.change(actor, "work.reopened", patient_id) as details:
        details |= {"work": work_id, "pathway": pathway}
        db.execute(OPEN_AGAIN, id=work_id)
        db.insert("work_steps", {
            "work_id": work_id, "step": "reopened", "day": clock.today().isoformat(), "actor_id": actor.id,
            "event_id": details.event_id,
        })


def file_again(db: Database, actor: Actor, patient_id: int, one: Struck) -> int:
    """The same contact with another person, at the time it was; what was agreed for a day to come is asked for there."""
    with db.change(actor, "contact.recorded", patient_id) as details:
        details |= {"channel": one.channel, "outcome": one.outcome, "note": one.note}
        id = db.insert("contacts", {
            "patient_id": patient_id, "at": one.at, "channel": one.channel, "outcome": one.outcome, "note": one.note,
            "next_on": one.next_on, "event_id": details.event_id,
        })
        if one.next_on and one.next_on >= clock.today().isoformat():
            agree(db, patient_id, details.event_id, NewContact(one.channel, one.outcome, one.note, one.next_day))
    return id
