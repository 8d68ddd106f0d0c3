"""What people do with work. Every verb names the last step its form had seen: whoever comes second is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from app.clinic import observations, patients, staff
from app.clinic.work import contacts, queries, rules
from app.clinic.work.explaining import EXPLAIN, RECHECK, ask_to_recheck
from app.clinic.work.intervals import days_in_force
from app.clinic.work.items import CLOSE, Wanted, make
from app.clinic.work.pathways import Outcome, pathways
from app.clinic.work.shapes import CHANNELS, STEPS, Attempt, Completion, Item, NewContact, Postponement, Reassignment
from app.core import clock
from app.core.access import Actor, May, Role
from app.core.db import Database, Details
from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from app.core.words import N_, _


class _Twice(Exception):
    """The same person sent the same form again: nothing is stored, nothing is wrong."""


@contextmanager
def _step(
    db: Database, actor: Actor, id: int, seen: int, step: str, outcome: str | None = None
) -> Iterator[tuple[Item, Details]]:
    """One step on one item, if the item is still as it was seen. Raises NotFound or Conflict."""
    with db.change(actor, f"work.{step}", _patient_of(db, actor, id)) as details:
        item = queries.get(db, id)
        if item.seen != seen or item.closed:
            _explain(db, actor, item, seen, step, outcome)
        details |= {"work": id, "pathway": item.pathway_code, **item.params}
        yield item, details


def _patient_of(db: Database, actor: Actor, id: int) -> int:
    item = queries.get(db, id)
    if item is None or not queries.may_see(db, actor, id):
        raise NotFound()
    return item.patient_id


def _explain(db: Database, actor: Actor, item: Item, seen: int, step: str, outcome: str | None) -> None:
    """Somebody was faster: oneself with a second tap, or another."""
    newer = [one for one in queries.steps(db, [item.id])[item.id] if one.id > seen]
    if newer and (newer[0].actor_id, newer[0].step, newer[0].outcome) == (actor.id, step, outcome):
        raise _Twice
    last = newer[-1] if newer else None
    name = staff.names(db).get(last.actor_id) if last and last.actor_id else None
    at = clock.to_local(last.at).strftime("%H:%M") if last else ""
    raise Conflict(
        N_("%(name)s was here before you, at %(at)s. Nothing of yours was saved; please look again."),
        [(item.title, _said(item, step, outcome), _said(item, last.step, last.outcome))] if last else None,
        name=name or _("The house itself"), at=at,
    )


def _said(item: Item, step: str, outcome: str | None) -> str:
    chosen = item.pathway.outcome(outcome) if outcome else None
    return chosen.name if chosen else _(STEPS[step])


def _keep_step(db: Database, actor: Actor, item: Item, step: str, details: Details, **columns: str | None) -> None:
    db.insert("work_steps", {
        "work_id": item.id, "step": step, "day": clock.today().isoformat(), "actor_id": actor.id, **columns,
        "event_id": details.event_id,
    })


# ── done ──

def complete(db: Database, actor: Actor, id: int, done: Completion) -> None:
    """Record how it went; what follows by the outcome is made in the same breath.

    Raises NotFound, Conflict (somebody was faster) or Invalid.
    """
    try:
        with _step(db, actor, id, done.seen, "done", done.outcome) as (item, details):
            outcome = _outcome(item, done)
            details["outcome"] = outcome.code
            db.execute(CLOSE, id=id, event=details.event_id)
            _keep_step(db, actor, item, "done", details, outcome=outcome.code, note=done.note)
            if done.channel:
                _keep_contact(db, actor, item, done.channel, _reached(outcome), done.note, done.next_on)
            _act(db, actor, item, done, outcome, details.event_id)
    except _Twice:
        return


def _outcome(item: Item, done: Completion) -> Outcome:
    outcome = item.pathway.outcome(done.outcome)
    if outcome is None:
        raise Invalid({"outcome": N_("Please choose one of these.")})
    if outcome.needs_note and not done.note:
        raise Invalid({"note": N_("Please say why.")})
    if done.next_on and done.next_on < clock.today():
        raise Invalid({"next_on": N_("This day is over already.")})
    return outcome


def _reached(outcome: Outcome) -> str:
    return "declined" if outcome.code == "declined" else "reached"


def _act(db: Database, actor: Actor, item: Item, done: Completion, outcome: Outcome, event_id: int) -> None:
    """What the outcome means outside this list."""
    if outcome.code == "assigned":
        _assign(db, actor, item, done.doctor_id)
    findings = queries.findings_of(db, item.id)
    if item.pathway_code == EXPLAIN and outcome.code == "explained":
        observations.explain(db, actor, item.patient_id, findings, done.note or _(CHANNELS[done.channel or "visit"]))
    if outcome.next is None:
        return
    following = pathways()[outcome.next]
    day = rules.follow_up_day(outcome, days_in_force(db)[following.code], clock.today(), done.next_on)
    if outcome.next == RECHECK:
        if findings:
            ask_to_recheck(db, item.patient_id, event_id, tuple(findings), (day - clock.today()).days)
        return
    evidence = {"outcome": {"pathway": item.pathway_code, "outcome": outcome.code, "on": clock.today().isoformat(), "note": done.note}}
    make(db, [Wanted(item.patient_id, following, f"after:{event_id}", event_id, evidence, due_on=day)])


def _assign(db: Database, actor: Actor, item: Item, doctor_id: int | None) -> None:
    doctors = {member.id for member in staff.with_role(db, Role.DOCTOR)}
    if doctor_id not in doctors:
        raise Invalid({"doctor_id": N_("Please choose a doctor.")})
    patients.assign_doctor(db, actor, item.patient_id, doctor_id)


def _keep_contact(
    db: Database, actor: Actor, item: Item, channel: str, outcome: str, note: str, next_on: date | None = None
) -> None:
    with db.change(actor, "contact.recorded", item.patient_id) as details:
        contacts.write(db, item.patient_id, NewContact(channel, outcome, note, next_on), details, item.id)


# ── not done yet ──

def attempt(db: Database, actor: Actor, id: int, tried: Attempt) -> None:
    """No answer: it stays open, behind those not yet tried today."""
    try:
        with _step(db, actor, id, tried.seen, "attempted") as (item, details):
            db.update("work_items", id, {"tried_on": clock.today().isoformat()})
            _keep_step(db, actor, item, "attempted", details, note=tried.note)
            _keep_contact(db, actor, item, tried.channel, "no_answer", tried.note)
    except _Twice:
        return


WHY_NOT = {
    "past": N_("This day is over already."), "same": N_("This is the day it is due already."),
    "beyond": N_("Not later than %(day)s: then it would be too late to do."),
}


def postpone(db: Database, actor: Actor, id: int, moved: Postponement) -> None:
    """Move the due day, with a reason, within the item's window."""
    try:
        with _step(db, actor, id, moved.seen, "postponed") as (item, details):
            _check_day(item, moved.due_on)
            day = moved.due_on.isoformat()
            db.update("work_items", id, {"due_on": day, "show_from": day})
            _keep_step(db, actor, item, "postponed", details, note=moved.reason, due_was=item.due_on, due_on=day)
            details |= {"due_on": day, "reason": moved.reason}
    except _Twice:
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
        with _step(db, actor, id, new.seen, "reassigned") as (item, details):
            if item.owner_id != actor.id and not actor.may(May.ASSIGN_WORK):
                raise Forbidden()
            db.update("work_items", id, {"owner_id": owner_id, "role": role})
            _keep_step(db, actor, item, "reassigned", details, note=new.note)
            details |= {"role": role, "to": staff.names(db).get(owner_id, "")}
    except _Twice:
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
    with db.change(actor, "work.reopened", _patient_of(db, actor, id)) as details:
        item = queries.get(db, id)
        last = (queries.steps(db, [id])[id] or [None])[-1]
        today = clock.today().isoformat()
        if not last or last.step != "done" or (last.actor_id, last.day) != (actor.id, today) or item.lasting:
            raise Conflict(N_("This can no longer be taken back here."))
        details |= {"work": id, "pathway": item.pathway_code, **item.params}
        for follower in db.all(int, FOLLOWERS, patient=item.patient_id, event=queries.closing_event(db, id)):
            _withdraw(db, actor, queries.get(db, follower))
        db.execute(REOPEN, id=id)
        _keep_step(db, actor, item, "reopened", details)


def _withdraw(db: Database, actor: Actor, item: Item) -> None:
    with db.change(actor, "work.withdrawn", item.patient_id) as details:
        details |= {"work": item.id, "pathway": item.pathway_code, **item.params}
        db.execute(CLOSE, id=item.id, event=details.event_id)
        _keep_step(db, actor, item, "withdrawn", details)
