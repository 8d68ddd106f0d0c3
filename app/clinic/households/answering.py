"""Answers to what was offered as family history: confirmed by somebody who asked, or not to be written down."""

from functools import partial
from typing import Any

from app.clinic import patients, records
from app.clinic.households import hereditary, queries
from app.core import events
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Refusal
from app.core.words import N_, _


def _about(sentence: str, details: dict[str, Any]) -> str:
    illness = hereditary.ILLNESSES.get(details.get("illness", ""))
    return _(sentence, illness=illness.name if illness else "—")


events.declare("offer.declined", "", clinical=True, describe=partial(_about, N_("Not taken into the family history: %(illness)s")))
events.declare("offer.renewed", "", clinical=True, describe=partial(_about, N_("Offered again as family history: %(illness)s")))

patients.belongs("declined_offers", alike=("relative_id", "illness"), ended="retired_event_id")
patients.belongs("declined_offers", "relative_id", alike=("patient_id", "illness"), ended="retired_event_id")


def confirm(db: Database, actor: Actor, patient_id: int, relative_id: int, illness: str) -> None:
    """Somebody asked, and it is so: the offer becomes an entry of the family history."""
    with db.aside():
        offer = _offer(db, patient_id, relative_id, illness)
        if offer:
            section = records.section("family_history")
            records.record(db, actor, patient_id, section, section.new(
                relative=offer.role, text=offer.text, code=offer.code, source="clinic"))


def decline(db: Database, actor: Actor, patient_id: int, relative_id: int, illness: str) -> None:
    """Not to be written down; it is not offered again unless that is taken back."""
    with db.aside():
        if _offer(db, patient_id, relative_id, illness):
            with db.change(actor, "offer.declined", patient_id) as details:
                details["illness"] = illness
                db.insert("declined_offers", {
                    "patient_id": patient_id, "relative_id": relative_id, "illness": illness, "event_id": details.event_id,
                })


OFFER_AGAIN = """
UPDATE declined_offers SET retired_event_id = :event
WHERE patient_id = :id AND relative_id = :relative AND illness = :illness AND retired_event_id IS NULL
"""


def offer_again(db: Database, actor: Actor, patient_id: int, relative_id: int, illness: str) -> None:
    with db.change(actor, "offer.renewed", patient_id) as details:
        details["illness"] = illness
        if not db.execute(OFFER_AGAIN, id=patient_id, relative=relative_id, illness=illness, event=details.event_id):
            raise Refusal(N_("This is offered already."))


def _offer(db: Database, patient_id: int, relative_id: int, illness: str) -> hereditary.Offer | None:
    """None when it was answered meanwhile, or was never offered."""
    ties = queries.family(db, patient_id).ties
    return next(
        (one for one in hereditary.offers(db, patient_id, ties) if (one.relative.id, one.illness.id) == (relative_id, illness)), None)
