"""Whoever filled it in, and in whichever way: what a person was asked for is done when it is answered."""

from app.clinic.invitations.actions import let_out
from app.core.db import Database
from app.core.events import Event

WAITING = """
SELECT a.id, r.id, v.title_zh, v.title_en FROM responses r JOIN asked a ON a.patient_id = r.patient_id AND a.questionnaire_id = r.questionnaire_id
  AND a.ended_event_id IS NULL JOIN questionnaire_versions v ON v.id = r.version_id
WHERE r.completed_event_id = :event AND r.replaces_id IS NULL
"""

# What somebody began and staff threw away is begun anew.
THROWN_AWAY = "UPDATE asked SET response_id = NULL WHERE response_id = :response AND ended_event_id IS NULL"


def follow(db: Database, events: list[Event]) -> None:
    for event in events:
        if event.kind == "response.completed":
            for asked, response, *title in db.all(tuple, WAITING, event=event.id):
                _done(db, event, asked, response, title)
        elif event.kind == "response.withdrawn":
            db.execute(THROWN_AWAY, response=event.details["response"])


def _done(db: Database, event: Event, asked: int, response: int, title: list[str]) -> None:
    with db.change(None, "asked.done", event.patient_id, cause=event.id) as details:
        details |= {"asked": asked, "response": response, "title": title}
        db.update("asked", asked, {"response_id": response, "done_event_id": details.event_id, "ended_event_id": details.event_id})
        let_out(db, asked, details.event_id)
