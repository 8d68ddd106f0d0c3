"""A questionnaire somebody is to be reminded of: an item until it is filled in or not needed any more."""

from app.clinic.work.items import Close, Wanted, close, make
from app.clinic.work.pathways import pathways
from app.core.db import Database
from app.core.events import Event

REMIND = "questionnaire_reminder"
ENDED = {"asked.done": "done", "asked.withdrawn": "withdrawn"}
OPEN = """
SELECT id FROM work_items WHERE patient_id = :patient AND pathway = 'questionnaire_reminder' AND closed_event_id IS NULL
  AND trigger LIKE 'asked:' || :asked || '/%'
"""


def follow(db: Database, events: list[Event]) -> None:
    for event in events:
        if event.kind == "asked.reminded" and not db.all(int, OPEN, patient=event.patient_id, asked=event.details["asked"]):
            _remind(db, event)
        elif event.kind in ENDED:
            for item in db.all(int, OPEN, patient=event.patient_id, asked=event.details["asked"]):
                close(db, Close(item, event.patient_id, REMIND, ENDED[event.kind], event.id, event.actor_id))


def _remind(db: Database, event: Event) -> None:
    """Each questionnaire is reminded of by itself, and again when it was of no use."""
    trigger = f"asked:{event.details['asked']}/{event.id}"
    make(db, [Wanted(event.patient_id, pathways()[REMIND], trigger, event.id, {"questionnaire": event.details["title"]}, alone=True)])
