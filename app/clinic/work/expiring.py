"""A card that ends within the month asks to be renewed, and stops asking when it is."""

from app.clinic import cards
from app.clinic.work.items import Close, Wanted, close, ids, make
from app.clinic.work.pathways import pathways
from app.core.db import Database
from app.core.events import Event

RENEW = "renew_card"
AT_ONCE = 200  # so that nobody waits for the night
MOVED = ("card.opened", "card.renewed", "card.upgraded", "card.resumed", "card.closed", "card.taken_back")

# Who has been asked about which card, and the end it had then.
OPEN = """
SELECT i.id, i.patient_id, json_extract(i.evidence, '$.card.id') AS card, json_extract(i.evidence, '$.card.until') AS until
FROM work_items i WHERE i.patient_id IN (SELECT value FROM json_each(:patients)) AND i.pathway = 'renew_card'
  AND i.closed_event_id IS NULL
"""


def follow(db: Database, events: list[Event]) -> None:
    """Whoever's card got another end is not asked any more; whose ends soon is."""
    touched = {event.patient_id: event for event in events if event.kind in MOVED}
    if not touched:
        return
    soon = cards.expiring(db, sorted(touched))
    ending = {(card.id, card.valid_until) for card in soon}
    for id, patient, card, until in db.all(tuple, OPEN, patients=ids(sorted(touched))):
        if (card, until) not in ending:
            event = touched[patient]
            renewed = event.kind in ("card.renewed", "card.upgraded")
            close(db, Close(id, patient, RENEW, "done" if renewed else "withdrawn", event.id, event.actor_id))
    _ask(db, soon)


def ask_to_renew(db: Database) -> None:
    """Once a night: time alone brings the end nearer."""
    soon = cards.expiring(db)
    for start in range(0, len(soon), AT_ONCE):
        with db.aside():
            _ask(db, soon[start : start + AT_ONCE])


def _ask(db: Database, soon: list[cards.Expiring]) -> None:
    """Once for every end a card has had: who said no is not asked again."""
    make(db, [
        Wanted(card.patient_id, pathways()[RENEW], f"card:{card.id}/{card.seen}", card.seen, _evidence(card), due_on=card.ends_on)
        for card in soon
    ])


def _evidence(card: cards.Expiring) -> dict:
    return {"card": {"id": card.id, "number": card.shown, "until": card.valid_until}}
