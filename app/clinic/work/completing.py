"""Done: how it went, and what follows from that, in one breath."""

from app.clinic import observations, patients, staff
from app.clinic.work import queries, rules
from app.clinic.work.explaining import EXPLAIN, RECHECK, ask_to_recheck
from app.clinic.work.intervals import days_in_force
from app.clinic.work.items import CLOSE, Wanted, make
from app.clinic.work.pathways import Outcome, pathways
from app.clinic.work.shapes import CHANNELS, Completion, Item
from app.clinic.work.stepping import Twice, keep_contact, keep_step, step
from app.core import clock
from app.core.access import Actor, Role
from app.core.db import Database
from app.core.errors import Invalid
from app.core.words import N_, _


def complete(db: Database, actor: Actor, id: int, done: Completion) -> None:
    """Record how it went; what follows by the outcome is made in the same breath.

    Raises NotFound, Conflict (somebody was faster) or Invalid.
    """
    try:
        with step(db, actor, id, done.seen, "done", done.outcome) as (item, details):
            outcome = _outcome(item, actor, done)
            details |= {"outcome": outcome.code, "serves": item.pathway.served(outcome.code)}
            db.execute(CLOSE, id=id, event=details.event_id)
            keep_step(db, actor, item, "done", details, outcome=outcome.code, note=done.note)
            if done.channel:
                keep_contact(db, actor, item, done.channel, _reached(outcome), done.note, done.next_on)
            _act(db, actor, item, done, outcome, details.event_id)
    except Twice:
        return


def _outcome(item: Item, actor: Actor, done: Completion) -> Outcome:
    outcome = item.pathway.outcome(done.outcome)
    if outcome not in item.outcomes_for(actor):
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
        said = done.note or _(CHANNELS[done.channel or "visit"])
        observations.explain(db, actor, item.patient_id, findings, said)
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
