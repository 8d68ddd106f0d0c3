"""Work that serves an entitlement uses a unit of it, and gives it back when it is taken back: in the same breath.

A piece of work says what kind of service it is when it is done; where the card is not valid, or nothing
of that kind is left, nothing is used.
"""

from app.clinic.cards import entries, ledger, queries
from app.core import clock
from app.core.db import Database
from app.core.events import Event


def follow(db: Database, events: list[Event]) -> None:
    for event in events:
        if event.kind == "work.done" and event.details.get("serves"):
            _use(db, event)
        elif event.kind == "work.reopened":
            _give_back(db, event)


def _use(db: Database, event: Event) -> None:
    card = queries.current(db, event.patient_id)
    if card is None or card.problem(clock.today().isoformat()):
        return
    kind = event.details["serves"]
    account = next((one for one in entries.usable(db, card.id) if one.kind == kind and one.left), None)
    if account is None:
        return
    with db.change(None, "card.used", event.patient_id, cause=event.id) as details:
        ledger.spend(db, card, account, event.patient_id, details, work_id=event.details["work"])


def _give_back(db: Database, event: Event) -> None:
    for line in entries.used_by(db, event.details["work"]):
        if not line.undone:
            number = queries.number_of(db, line.card_id)
            with db.change(None, "card.given_back", event.patient_id, cause=event.id) as details:
                ledger.restore(db, number, line, details)
