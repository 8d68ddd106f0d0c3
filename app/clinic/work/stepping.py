"""One step on one item, if the item is still as it was seen: whoever comes second is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from app.clinic import staff
from app.clinic.work import contacts, queries
from app.clinic.work.shapes import STEPS, Item, NewContact
from app.core import clock
from app.core.access import Actor
from app.core.db import Database, Details
from app.core.errors import Conflict, NotFound
from app.core.words import N_, _


class Twice(Exception):
    """The same person sent the same form again: nothing is stored, nothing is wrong."""


@contextmanager
def step(
    db: Database, actor: Actor, id: int, seen: int, step: str, outcome: str | None = None
) -> Iterator[tuple[Item, Details]]:
    """One step on one item, if the item is still as it was seen. Raises NotFound or Conflict."""
    with db.change(actor, f"work.{step}", patient_of(db, actor, id)) as details:
        item = queries.get(db, id)
        if item.seen != seen or item.closed:
            _explain(db, actor, item, seen, step, outcome)
        details |= {"work": id, "pathway": item.pathway_code, **item.params}
        yield item, details


def patient_of(db: Database, actor: Actor, id: int) -> int:
    item = queries.get(db, id)
    if item is None or not queries.may_see(db, actor, id):
        raise NotFound()
    return item.patient_id


def _explain(db: Database, actor: Actor, item: Item, seen: int, step: str, outcome: str | None) -> None:
    """Somebody was faster: oneself with a second tap, or another."""
    newer = [one for one in queries.steps(db, [item.id])[item.id] if one.id > seen]
    if newer and (newer[0].actor_id, newer[0].step, newer[0].outcome) == (actor.id, step, outcome):
        raise Twice
    last = newer[-1] if newer else None
    name = staff.names(db).get(last.actor_id) if last and last.actor_id else None
    at = clock.to_local(last.at).strftime("%H:%M") if last else ""
    both = [(item.title, _said(item, step, outcome), _said(item, last.step, last.outcome))] if last else []
    raise Conflict(
        N_("%(name)s was here before you, at %(at)s. Nothing of yours was saved; please look again."),
        [] if item.hidden_from(actor) else both,
        name=name or _("The house itself"), at=at,
    )


def _said(item: Item, step: str, outcome: str | None) -> str:
    chosen = item.pathway.outcome(outcome) if outcome else None
    return chosen.name if chosen else _(STEPS[step])


def keep_step(db: Database, actor: Actor, item: Item, step: str, details: Details, **columns: str | None) -> None:
    db.insert("work_steps", {
        "work_id": item.id, "step": step, "day": clock.today().isoformat(), "actor_id": actor.id, **columns,
        "event_id": details.event_id,
    })


def keep_contact(
    db: Database, actor: Actor, item: Item, channel: str, outcome: str, note: str, next_on: date | None = None
) -> None:
    with db.change(actor, "contact.recorded", item.patient_id) as details:
        contacts.write(db, item.patient_id, NewContact(channel, outcome, note, next_on), details, item.id)
