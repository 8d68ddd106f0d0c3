"""What a consultation asks for: its promises, each on its day, and a signature where none has come after a day."""

from datetime import date, timedelta

from app.clinic.work.items import Close, Wanted, close, make
from app.clinic.work.pathways import pathways
from app.core import clock
from app.core.db import Database
from app.core.events import Event

SIGN, AGREED = "sign_consultation", "agreed"
ENDED = {"encounter.signed": "done", "encounter.withdrawn": "withdrawn", "encounter.discarded": "withdrawn"}
UNSIGNED_AFTER = timedelta(days=1)

PROMISED = "SELECT n, what, due_on FROM encounter_promises WHERE encounter_id = :id ORDER BY n"
ASKED = """
SELECT id, pathway FROM work_items
WHERE patient_id = :patient AND (trigger = :own OR (:taken_back AND trigger LIKE :own || '/%')) AND closed_event_id IS NULL
"""
# Unsigned for longer than a day, and nobody was asked to sign it.
UNSIGNED = """
SELECT x.id, x.patient_id, x.at, x.event_id, s.id AS owner
FROM encounters x JOIN patients p ON p.id = x.patient_id JOIN events e ON e.id = x.event_id
  LEFT JOIN staff s ON s.id = e.actor_id AND s.disabled_event_id IS NULL AND s.role IN ('doctor', 'owner')
WHERE x.signed_event_id IS NULL AND x.withdrawn_event_id IS NULL AND x.at < :before
  AND p.restricted_event_id IS NULL AND p.withdrawn_event_id IS NULL
  AND NOT EXISTS (SELECT 1 FROM work_items i WHERE i.patient_id = x.patient_id AND i.pathway = 'sign_consultation' AND i.trigger = 'encounter:' || x.id)
"""


def follow(db: Database, events: list[Event]) -> None:
    for event in events:
        if event.kind in ENDED:
            _settle(db, event, event.details["entry"], ENDED[event.kind])
        if event.kind == "encounter.signed":
            _promise(db, event, event.details["entry"])


def _settle(db: Database, event: Event, id: int, how: str) -> None:
    """Signed, nobody is asked to sign it; taken back, nothing of what it had promised stands."""
    for work, pathway in db.all(tuple, ASKED, patient=event.patient_id, own=f"encounter:{id}", taken_back=how == "withdrawn"):
        close(db, Close(work, event.patient_id, pathway, how, event.id, event.actor_id))


def _promise(db: Database, event: Event, id: int) -> None:
    make(db, [
        Wanted(event.patient_id, pathways()[AGREED], f"encounter:{id}/{n}", event.id, {"agreed": {"on": clock.today().isoformat(), "note": what}},
               params={"title": what} if what else {}, due_on=date.fromisoformat(due_on), alone=True)
        for n, what, due_on in db.all(tuple, PROMISED, id=id)
    ])


def ask_to_sign(db: Database) -> None:
    """Whatever has been unsigned for a day is work of who began it, or of the person's doctor where that one does not sign."""
    before = clock.wall(clock.local_now() - UNSIGNED_AFTER)
    if not db.value(f"SELECT 1 FROM ({UNSIGNED}) LIMIT 1", before=before):
        return
    with db.aside():
        make(db, [
            Wanted(patient, pathways()[SIGN], f"encounter:{id}", event, {"begun_on": at[:10]}, alone=True, owner_id=owner)
            for id, patient, at, event, owner in db.all(tuple, UNSIGNED, before=before)
        ])
