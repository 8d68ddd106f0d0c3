"""Taking a consent back that was recorded with the wrong person. It stays readable, with the event that ended it."""

from app.clinic.patients.queries import consent_of
from app.core import events
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import NotFound, Refusal
from app.core.words import N_

events.declare("patient.consent_taken_back", N_("The consent of %(given_on)s is taken back: %(reason)s"), clinical=False)


def take_back_consent(db: Database, actor: Actor, patient_id: int, id: int, reason: str) -> None:
    with db.change(actor, "patient.consent_taken_back", patient_id) as details:
        one = consent_of(db, patient_id, id)
        if one is None:
            raise NotFound()
        if one.gone:
            raise Refusal(N_("This was taken out already."))
        details |= {"given_on": one.given_on, "reason": reason}
        db.update("consents", id, {"withdrawn_event_id": details.event_id})
