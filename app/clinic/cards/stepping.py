"""One step on one card, if the card is still as it was seen: its state before stands in the step, for taking it back."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from app.clinic.cards import queries
from app.clinic.cards.shapes import Card
from app.clinic.cards.telling import STEPS
from app.core import clock, events
from app.core.access import Actor
from app.core.db import Database, Details
from app.core.errors import Conflict, NotFound
from app.core.words import N_, _

STATE = "number, type_id, period_id, valid_until, suspended_event_id, suspended_reason, closed_event_id, closed_reason"
BEFORE = f"SELECT {STATE} FROM cards WHERE id = :id"
FASTER = N_("This card was changed meanwhile. Nothing of yours was saved; please look again.")


class Twice(Exception):
    """The same person sent the same form again: nothing is stored, nothing is wrong."""


@contextmanager
def step(
    db: Database, actor: Actor | None, patient_id: int, card_id: int, kind: str, reason: str = "", seen: int | None = None
) -> Iterator[tuple[Card, Details]]:
    """Write one step and the event that tells it, for everybody on the card. Raises NotFound, Conflict or Twice."""
    with db.change(actor, f"card.{kind}", patient_id) as details:
        card = queries.get(db, patient_id, card_id)
        if card is None:
            raise NotFound()
        if seen is not None and seen != card.seen:
            _explain(db, actor, card, kind, seen)
        keep(db, card.id, kind, reason, state(db, card.id), details.event_id)
        details |= {"card": card.id, "number": card.number, "name_zh": card.name_zh, "name_en": card.name_en}
        details |= {"reason": reason} if reason else {}
        others = [one for one in queries.people(db, card.id) if one != patient_id]
        yield card, details
        tell_others(db, actor, f"card.{kind}", others, details)


def keep(db: Database, card_id: int, kind: str, reason: str, before: dict[str, Any], event_id: int) -> None:
    db.insert("card_steps", {
        "card_id": card_id, "kind": kind, "day": clock.today().isoformat(), "reason": reason, "before": json.dumps(before),
        "event_id": event_id,
    })


def state(db: Database, card_id: int) -> dict[str, Any]:
    """The columns a step may change."""
    return dict(zip(STATE.split(", "), db.one(tuple, BEFORE, id=card_id), strict=True))


def tell_others(db: Database, actor: Actor | None, kind: str, others: list[int], details: Details) -> None:
    """What happens to a family's card happens to each of them: their timelines say it, their tags hear it."""
    db.write_events([(actor, kind, one, dict(details)) for one in others])


def _explain(db: Database, actor: Actor | None, card: Card, kind: str, seen: int) -> None:
    newer = [one for one in queries.steps(db, card.id) if one.event_id > seen]
    if len(newer) == 1 and actor and (newer[0].kind, newer[0].actor_id, newer[0].undone) == (kind, actor.id, 0):
        raise Twice
    theirs = _(STEPS[newer[0].kind]) if newer else _("Taken back")
    raise Conflict(FASTER, [(N_("Card"), _(STEPS[kind]), theirs)])


def declare(kind: str, sentence: str, describe) -> None:
    events.declare(f"card.{kind}", "", clinical=False, describe=describe(sentence))
