"""Restriction of processing: a person asked that their data be kept and not used.

While it stands the record can be read, printed and handed to the person, and an allergy can be written down, because that
protects their life. Everything else about them is refused at one place, whoever tries it: a listener inside every write.
Rules, lists and imports leave them out by themselves, so that nothing done for many people stumbles over one of them.
"""

import json
from collections.abc import Collection, Sequence
from datetime import date
from typing import Annotated

import msgspec

from app.clinic.patients.queries import get
from app.core import clock, events
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import NotFound, Refusal
from app.core.events import Event
from app.core.forms import Field
from app.core.words import N_

RESTRICTED, LIFTED = "patient.restricted", "patient.restriction_lifted"
events.declare(RESTRICTED, N_("Use of the data restricted, as asked on %(asked_on)s: %(reason)s"), clinical=False)
events.declare(LIFTED, N_("Restriction lifted: %(reason)s"), clinical=False)

# What goes on: the restriction itself, what protects a life, what the person is given, and what ends with it.
GOES_ON = ("patient.restrict", "allergy.", "dossier.", "healthreport.made", "healthreport.failed", "work.withdrawn", "work.reopened", "list.", "breakglass.")
REFUSED = N_("This person asked that their data not be used. The record can be read and printed; nothing is written until the restriction is lifted.")


class NewRestriction(msgspec.Struct, frozen=True):
    reason: Annotated[str, Field(most=300)]
    asked_on: date | None = None


class Restriction(msgspec.Struct, frozen=True):
    """at: UTC stamp."""

    event_id: int
    asked_on: str
    reason: str
    at: str
    by: str | None


STANDING = """
SELECT e.id AS event_id, e.details ->> 'asked_on' AS asked_on, e.details ->> 'reason' AS reason, e.at, s.name AS by
FROM patients p JOIN events e ON e.id = p.restricted_event_id LEFT JOIN staff s ON s.id = e.actor_id WHERE p.id = :id
"""
AMONG = "SELECT id FROM patients WHERE restricted_event_id IS NOT NULL AND id IN (SELECT value FROM json_each(:ids))"


def restriction(db: Database, patient_id: int) -> Restriction | None:
    return db.one(Restriction, STANDING, id=patient_id)


def restricted(db: Database, ids: Collection[int]) -> set[int]:
    """Which of these people asked that their data not be used."""
    return set(db.all(int, AMONG, ids=json.dumps(sorted(ids))))


def restrict(db: Database, actor: Actor, patient_id: int, new: NewRestriction) -> None:
    """From now on; what was open for them rests. Raises Refusal where it stands already."""
    with db.change(actor, RESTRICTED, patient_id) as details:
        if get(db, patient_id) is None:
            raise NotFound()
        if restriction(db, patient_id):
            raise Refusal(N_("This is restricted already."))
        details |= {"asked_on": (new.asked_on or clock.today()).isoformat(), "reason": new.reason}
        db.update("patients", patient_id, {"restricted_event_id": details.event_id})


def lift(db: Database, actor: Actor, patient_id: int, reason: str) -> None:
    """What rested goes on, and what the rules say is looked at anew."""
    with db.change(actor, LIFTED, patient_id) as details:
        standing = restriction(db, patient_id)
        if standing is None:
            raise Refusal(N_("Nothing is restricted here."))
        details |= {"reason": reason, "restricted": standing.event_id}
        db.update("patients", patient_id, {"restricted_event_id": None})


def keep_restricted(db: Database, heard: Sequence[Event]) -> None:
    """Inside every write, before everybody else. Raises Refusal."""
    about = {one.patient_id for one in heard if one.patient_id is not None and not one.kind.startswith(GOES_ON)}
    if about and restricted(db, about):
        raise Refusal(REFUSED)
