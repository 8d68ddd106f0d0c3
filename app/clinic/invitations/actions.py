"""Asking people to fill something in, reminding them, taking it back."""

from collections.abc import Sequence

from app.clinic import patients
from app.clinic.invitations import queries
from app.clinic.invitations.shapes import Asked, NewAsked
from app.clinic.invitations.telling import title
from app.core import clock
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Invalid, NotFound, Refusal
from app.core.forms import once
from app.core.words import N_

patients.belongs("asked", alike=("questionnaire_id",), ended="ended_event_id", why="why")

TOKEN = "SELECT 1 FROM askings WHERE token = :token"
IS_OPEN = "SELECT 1 FROM asked WHERE patient_id = :patient AND questionnaire_id = :questionnaire AND ended_event_id IS NULL"


def ask(db: Database, actor: Actor, patient_id: int, new: NewAsked, offered: Sequence[int]) -> None:
    """Ask one person. offered: what can be given out now. Who has one open already is not asked for it twice."""
    chosen = list(dict.fromkeys(new.questionnaires))
    if not chosen or not set(chosen) <= set(offered):
        raise Invalid({"questionnaires": N_("Please choose one of these.")})
    with db.aside():
        if db.value(TOKEN, token=_part(new.token, patient_id, chosen[0])):
            return
        for one in chosen:
            token = _part(new.token, patient_id, one)
            if not db.value(IS_OPEN, patient=patient_id, questionnaire=one):
                _ask_one(db, actor, patient_id, one, new, token)


def _part(token: str, patient_id: int, questionnaire_id: int) -> str | None:
    return once(f"{token}/{questionnaire_id}" if token else None, patient_id)


def _ask_one(db: Database, actor: Actor, patient_id: int, questionnaire_id: int, new: NewAsked, token: str | None) -> None:
    due = new.due_on.isoformat() if new.due_on else None
    with db.change(actor, "asked.made", patient_id) as details:
        asking = db.insert("askings", {
            "questionnaire_id": questionnaire_id, "whom": "person", "name": "", "query": "", "people": 1, "seen": 1, "due_on": due,
            "token": token, "event_id": details.event_id, "finished_event_id": details.event_id,
        })
        id = db.insert("asked", {
            "asking_id": asking, "patient_id": patient_id, "questionnaire_id": questionnaire_id, "due_on": due, "event_id": details.event_id,
        })
        details |= {"asked": id, "title": title(db, questionnaire_id)}


def standing(db: Database, patient_id: int, id: int) -> Asked:
    """Something this person is still to fill in. Raises NotFound, or Refusal where it is over."""
    one = queries.get(db, id, patient_id)
    if one is None:
        raise NotFound()
    if not one.open:
        raise Refusal(N_("This is filled in or taken back already."))
    return one


END_WAYS = """
UPDATE invitations SET revoked_event_id = :event WHERE asked_id = :asked AND revoked_event_id IS NULL
"""
END_GUESTS = """
UPDATE guests SET ended_at = :at WHERE ended_at IS NULL AND invitation_id IN (SELECT id FROM invitations WHERE asked_id = :asked AND (:channel = '' OR channel = :channel))
"""


def withdraw(db: Database, actor: Actor, patient_id: int, id: int) -> None:
    """It need not be filled in any more; whoever is at it is let out. `put_back` undoes it."""
    one = standing(db, patient_id, id)
    with db.change(actor, "asked.withdrawn", patient_id) as details:
        details |= {"asked": id, "title": one.both}
        db.update("asked", id, {"ended_event_id": details.event_id})
        let_out(db, id, details.event_id)


def let_out(db: Database, asked_id: int, event_id: int) -> None:
    """Every way in is closed, and every device that came in by one; inside a change."""
    db.execute(END_WAYS, asked=asked_id, event=event_id)
    db.execute(END_GUESTS, asked=asked_id, at=clock.stamp(), channel="")


PUT_BACK = "UPDATE asked SET ended_event_id = NULL, why = '' WHERE id = :id AND done_event_id IS NULL AND ended_event_id IS NOT NULL"


def put_back(db: Database, actor: Actor, patient_id: int, id: int) -> None:
    """To be filled in after all, with what was answered so far. Raises Refusal where they are asked for it again already."""
    one = queries.get(db, id, patient_id)
    if one is None:
        raise NotFound()
    with db.change(actor, "asked.returned", patient_id) as details:
        details |= {"asked": id, "title": one.both}
        if db.value(IS_OPEN, patient=patient_id, questionnaire=one.questionnaire_id) or not db.execute(PUT_BACK, id=id):
            raise Refusal(N_("This is asked for already, or filled in."))


def remind(db: Database, actor: Actor, patient_id: int, id: int) -> None:
    """Somebody is to remind them: work listens to this."""
    one = standing(db, patient_id, id)
    with db.change(actor, "asked.reminded", patient_id) as details:
        details |= {"asked": id, "title": one.both}
        db.update("asked", id, {"reminded_event_id": details.event_id})
