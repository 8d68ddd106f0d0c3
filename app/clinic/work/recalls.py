"""Old results do not flood anybody's day: they wait on a list, from which a person gives them a day."""

import json
from datetime import date

from app.clinic.work import queries, rules
from app.clinic.work.items import CLOSE, dates_of, ids
from app.clinic.work.pathways import as_of
from app.core import clock
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Invalid, NotFound
from app.core.words import N_

WAITING = """
SELECT id, patient_id, pathway, version, params FROM work_items
WHERE list_id = :list AND closed_event_id IS NULL AND due_on IS NULL
  AND patient_id IN (SELECT value FROM json_each(:patients)) AND (:pathway = '' OR pathway = :pathway)
"""
DATE = "UPDATE work_items SET show_from = :show_from, due_on = :due_on, show_until = :show_until WHERE id = :id"


def schedule(db: Database, actor: Actor, list_id: int, patient_ids: list[int], due_on: date, pathway: str = "") -> int:
    """Give what waits for these people a day; returns how many items. Twice gives nothing new."""
    if due_on < clock.today():
        raise Invalid({"due_on": N_("This day is over already.")})
    found = _waiting(db, list_id, patient_ids, pathway)
    with db.aside():
        for id, patient, code, version, params in found:
            dates = dates_of(rules.window_around(as_of(code, version), due_on, clock.today()))
            with db.change(actor, "work.scheduled", patient) as details:
                details |= {"work": id, "pathway": code, "due_on": dates["due_on"], **json.loads(params)}
                db.execute(DATE, id=id, **dates)
                _step(db, actor, id, "scheduled", details.event_id, dates["due_on"])
    return len(found)


def dismiss(db: Database, actor: Actor, list_id: int, patient_ids: list[int], reason: str, pathway: str = "") -> int:
    """Take people off the list with a reason; returns how many items."""
    if not reason:
        raise Invalid({"reason": N_("Please say why.")})
    found = _waiting(db, list_id, patient_ids, pathway)
    with db.aside():
        for id, patient, code, _version, params in found:
            with db.change(actor, "work.withdrawn", patient) as details:
                details |= {"work": id, "pathway": code, "reason": reason, **json.loads(params)}
                db.execute(CLOSE, id=id, event=details.event_id)
                _step(db, actor, id, "withdrawn", details.event_id, None, reason)
    return len(found)


def _waiting(db: Database, list_id: int, patient_ids: list[int], pathway: str) -> list[tuple]:
    if queries.recall_list(db, list_id) is None:
        raise NotFound()
    if not patient_ids:
        raise Invalid({"patients": N_("Please choose at least one person.")})
    return db.all(tuple, WAITING, list=list_id, patients=ids(patient_ids), pathway=pathway)


def _step(db: Database, actor: Actor, id: int, step: str, event_id: int, due_on: str | None, note: str = "") -> None:
    db.insert("work_steps", {
        "work_id": id, "step": step, "day": clock.today().isoformat(), "actor_id": actor.id, "due_on": due_on,
        "note": note, "event_id": event_id,
    })
