"""What was said and agreed with a person: by which channel, how it went, what is next."""

from app.clinic.work.items import Wanted, make
from app.clinic.work.pathways import pathways
from app.clinic.work.shapes import CHANNELS, REACHED, NewContact
from app.core import clock, events
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Invalid
from app.core.forms import once
from app.core.words import N_, _

events.declare(
    "contact.recorded", N_("%(channel)s: %(outcome)s. %(note)s"), clinical=True,
    describe=lambda details: _(
        "%(channel)s: %(outcome)s. %(note)s", channel=_(CHANNELS[details["channel"]]),
        outcome=_(REACHED[details["outcome"]]), note=details.get("note", ""),
    ),
)

BY_TOKEN = "SELECT id FROM contacts WHERE token = :token"


def record(db: Database, actor: Actor, patient_id: int, new: NewContact) -> int:
    """Keep a contact; its id. The same form sent twice is kept once. Raises Invalid."""
    if new.next_on and new.next_on < clock.today():
        raise Invalid({"next_on": N_("This day is over already.")})
    token = once(new.token, patient_id)
    with db.aside():  # asked under the lock: two taps may arrive together
        known = token and db.value(BY_TOKEN, token=token)
        return known or _keep(db, actor, patient_id, new)


def _keep(db: Database, actor: Actor, patient_id: int, new: NewContact) -> int:
    with db.change(actor, "contact.recorded", patient_id) as details:
        id = write(db, patient_id, new, details)
        if new.next_on:
            agree(db, patient_id, details.event_id, new)
    return id


def agree(db: Database, patient_id: int, event_id: int, new: NewContact) -> None:
    """What was agreed for a day to come is asked for on that day."""
    title = {"title": new.next_for} if new.next_for else {}
    evidence = {"agreed": {"on": clock.today().isoformat(), "note": new.note}}
    make(db, [Wanted(
        patient_id, pathways()["agreed"], f"event:{event_id}", event_id, evidence, params=title, due_on=new.next_on, alone=True
    )])


def write(db: Database, patient_id: int, new: NewContact, details, work_id: int | None = None) -> int:
    """The row of a contact, inside the change that records it."""
    details |= {"channel": new.channel, "outcome": new.outcome, "note": new.note}
    return db.insert("contacts", {
        "patient_id": patient_id, "work_id": work_id, "at": clock.wall(), "channel": new.channel,
        "outcome": new.outcome, "note": new.note, "next_on": new.next_on.isoformat() if new.next_on else None,
        "token": once(new.token, patient_id), "event_id": details.event_id,
    })
