"""What people do with work that is not done yet, and taking back what was."""

from datetime import date

from app.clinic import staff
from app.clinic.work import queries, rules
from app.clinic.work.items import CLOSE
from app.clinic.work.shapes import Attempt, Item, Postponement, Reassignment
from app.clinic.work.stepping import Twice, keep_contact, keep_step, patient_of, step
from app.core import clock
from app.core.access import Actor, May, Role
from app.core.db import Database
from app.core.errors import Conflict, Forbidden, Invalid
from app.core.words import N_


def attempt(db: Database, actor: Actor, id: int, tried: Attempt) -> None:
    """No answer: it stays open, behind those not yet tried today."""
    try:
        with step(db, actor, id, tried.seen, "attempted") as (item, details):
            db.update("work_items", id, {"tried_on": clock.today().isoformat()})
            keep_step(db, actor, item, "attempted", details, note=tried.note)
            keep_contact(db, actor, item, tried.channel, "no_answer", tried.note)
    except Twice:
        return


WHY_NOT = {
    "past": N_("This day is over already."), "same": N_("This is the day it is due already."),
    "beyond": N_("Not later than %(day)s: then it would be too late to do."),
}


def postpone(db: Database, actor: Actor, id: int, moved: Postponement) -> None:
    """Move the due day, with a reason, within the item's window."""
    try:
        with step(db, actor, id, moved.seen, "postponed") as (item, details):
            _check_day(item, moved.due_on)
            day = moved.due_on.isoformat()
            db.update("work_items", id, {"due_on": day, "show_from": day})
            keep_step(db, actor, item, "postponed", details, note=moved.reason, due_was=item.due_on, due_on=day)
            details |= {"due_on": day, "reason": moved.reason}
    except Twice:
        return


def _check_day(item: Item, day: date) -> None:
    if item.due_on is None:
        raise Invalid({"due_on": N_("This waits on a recall list and has no day yet.")})
    why = rules.postponed_window(item.show_until, date.fromisoformat(item.due_on), day, clock.today())
    if why:
        raise Invalid({"due_on": (WHY_NOT[why], {"day": item.show_until})})


def reassign(db: Database, actor: Actor, id: int, new: Reassignment) -> None:
    """Hand an item to a person, or to anyone of a role. Raises Forbidden without the right to assign others' work."""
    owner_id, role = _new_owner(db, new.to)
    try:
        with step(db, actor, id, new.seen, "reassigned") as (item, details):
            if item.owner_id != actor.id and not actor.may(May.ASSIGN_WORK):
                raise Forbidden()
            db.update("work_items", id, {"owner_id": owner_id, "role": role})
            keep_step(db, actor, item, "reassigned", details, note=new.note)
            details |= {"role": role, "to": staff.names(db).get(owner_id, "")}
    except Twice:
        return


def _new_owner(db: Database, to: str) -> tuple[int | None, str | None]:
    if to in tuple(Role) and Role(to) is not Role.READ_ONLY:
        return None, to
    member = staff.get(db, int(to)) if to.isdecimal() else None
    if member is None or member.disabled or member.role == Role.READ_ONLY:
        raise Invalid({"to": N_("Please choose somebody.")})
    return member.id, None


REOPEN = "UPDATE work_items SET closed_event_id = NULL WHERE id = :id"
FOLLOWERS = """
SELECT i.id FROM work_items i WHERE i.patient_id = :patient AND i.trigger = 'after:' || :event AND i.closed_event_id IS NULL
"""


def reopen(db: Database, actor: Actor, id: int) -> None:
    """Take back one's own "done" of today; what followed from it is withdrawn. Raises Conflict when it cannot be."""
    with db.change(actor, "work.reopened", patient_of(db, actor, id)) as details:
        item = queries.get(db, id)
        last = (queries.steps(db, [id])[id] or [None])[-1]
        today = clock.today().isoformat()
        if not last or last.step != "done" or (last.actor_id, last.day) != (actor.id, today) or item.lasting:
            raise Conflict(N_("This can no longer be taken back here."))
        details |= {"work": id, "pathway": item.pathway_code, **item.params}
        for follower in db.all(int, FOLLOWERS, patient=item.patient_id, event=queries.closing_event(db, id)):
            _withdraw(db, actor, queries.get(db, follower))
        db.execute(REOPEN, id=id)
        keep_step(db, actor, item, "reopened", details)


def _withdraw(db: Database, actor: Actor, item: Item) -> None:
    with db.change(actor, "work.withdrawn", item.patient_id) as details:
        details |= {"work": item.id, "pathway": item.pathway_code, **item.params}
        db.execute(CLOSE, id=item.id, event=details.event_id)
        keep_step(db, actor, item, "withdrawn", details)
