"""Beginning, signing, adding to, and taking back a consultation."""

import json
from typing import Any

from app.clinic import patients, records
from app.clinic.encounters import queries
from app.clinic.encounters.keeping import LOCKED, check_open
from app.clinic.encounters.reading import Read, read
from app.clinic.encounters.shapes import Assessment, Encounter, NewAddendum, Text
from app.core import clock, events
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Conflict, Invalid, NotFound, Refusal
from app.core.forms import once
from app.core.words import N_, _

CHANGED = N_("Somebody wrote in it after this page was opened. Look through it once more, then sign.")
EMPTY = N_("There is nothing in this consultation yet.")
SIGNED = N_("Consultation signed: %(what)s")
CONDITIONS = records.section("conditions")
RECORDED = {"confirmed": "confirmed", "provisional": "suspected"}  # certainty → the record's
BY_TOKEN = "SELECT id FROM encounters WHERE token = :token"
ADDED = "SELECT id FROM addenda WHERE token = :token"

events.declare("encounter.begun", N_("Consultation begun"), clinical=True)
events.declare("encounter.signed", SIGNED, clinical=True, describe=lambda said: _(SIGNED, what=_(", ").join(said.get("assessed", ())) or "—"))
events.declare("encounter.amended", N_("Added to the consultation of %(day)s"), clinical=True)
events.declare("encounter.withdrawn", N_("Consultation of %(day)s taken back (%(reason)s)"), clinical=True)
events.declare("encounter.discarded", N_("Consultation of %(day)s thrown away, unsigned"), clinical=True)
events.declare("encounter.restored", N_("Consultation of %(day)s taken up again"), clinical=True)


def begin(db: Database, actor: Actor, patient_id: int, token: str = "") -> int:
    """Open a consultation; its id. Where one was begun today and is not signed, that one: two write in one."""
    sent = once(token, patient_id)
    with db.aside():  # asked under the lock: two taps may arrive together
        known = sent and db.value(BY_TOKEN, token=sent)
        standing = queries.open_of(db, patient_id)
        if known or (standing and standing.day == clock.today().isoformat()):
            return known or standing.id
        return _begin(db, actor, patient_id, clock.wall(), sent)


def _begin(db: Database, actor: Actor, patient_id: int, at: str, token: str | None) -> int:
    with db.change(actor, "encounter.begun", patient_id) as details:
        details["entry"] = db.insert("encounters", {"patient_id": patient_id, "at": at, "token": token, "event_id": details.event_id})
    return details["entry"]


def sign(db: Database, actor: Actor, patient: patients.Patient, id: int, seen: int) -> None:
    """Sign and lock it, by somebody who has proved who they are. seen: how far it had come when it was read. Raises Invalid, Conflict, Refusal."""
    with db.change(actor, "encounter.signed", patient.id) as details:
        check_open(db, patient, id)
        if queries.seen(db, id) != seen:
            raise Conflict(CHANGED)
        told = _sound(queries.texts(db, id))
        for one in told.assessments:
            _assess(db, actor, patient.id, id, one)
        db.insert_many("encounter_promises", [{"encounter_id": id, "n": one.n, "what": one.what, "due_on": one.due_on} for one in told.promises])
        db.update("encounters", id, {"signed_event_id": details.event_id})
        details |= {"entry": id, "assessed": [one.text for one in told.assessments], "promises": len(told.promises)}


def _sound(found: dict[str, Text]) -> Read:
    if not any(text.body for text in found.values()):
        raise Refusal(EMPTY)
    told = read(found, clock.today())
    if told.errors:
        raise Invalid({section: wrong[0] for section, wrong in told.errors.items()})
    return told


def _assess(db: Database, actor: Actor, patient_id: int, id: int, one: Assessment) -> None:
    condition = _in_record(db, actor, patient_id, id, one) if one.record and one.certainty in RECORDED else None
    db.insert("assessments", {
        "encounter_id": id, "n": one.n, "text": one.text, "code": one.code, "certainty": one.certainty, "condition_id": condition,
    })


def _in_record(db: Database, actor: Actor, patient_id: int, id: int, one: Assessment) -> int:
    """The condition it stands as already, or a new one by the record's own verb."""
    standing = [was for was in records.conditions(db, patient_id) if was.status == "active" and (was.code or was.text) == (one.code or one.text)]
    if standing:
        return standing[0].id
    new = records.NewCondition(one.text, one.code, certainty=RECORDED[one.certainty])
    return records.record(db, actor, patient_id, CONDITIONS, new, f"encounter:{id}/{one.n}")


def add(db: Database, actor: Actor, patient_id: int, id: int, new: NewAddendum) -> int:
    """Add to a signed consultation, signed too; the addendum's id. The same form sent twice adds once."""
    token = once(new.token, patient_id)
    with db.aside():
        if token and (sent := db.value(ADDED, token=token)):
            return sent
        with db.change(actor, "encounter.amended", patient_id) as details:
            one = _own(db, patient_id, id)
            if not one.signed or one.withdrawn:
                raise Refusal(N_("Only a signed consultation is added to."))
            details |= {"entry": id, "day": one.day}
            return db.insert("addenda", {"encounter_id": id, "text": new.text, "token": token, "event_id": details.event_id})


def discard(db: Database, actor: Actor, patient_id: int, id: int) -> None:
    """An unsigned one was opened for nothing. Its words stay, and it can be taken up again."""
    with db.change(actor, "encounter.discarded", patient_id) as details:
        one = _own(db, patient_id, id)
        if not one.is_open:
            raise Refusal(LOCKED)
        db.update("encounters", id, {"withdrawn_event_id": details.event_id})
        details |= {"entry": id, "day": one.day}


def put_back(db: Database, actor: Actor, patient_id: int, id: int) -> None:
    """Throwing it away is undone. What was taken back with a reason stays so."""
    with db.change(actor, "encounter.restored", patient_id) as details:
        one = _own(db, patient_id, id)
        if not one.withdrawn or one.withdrawn_reason:
            raise Refusal(N_("It has been put back already."))
        db.update("encounters", id, {"withdrawn_event_id": None})
        details |= {"entry": id, "day": one.day}


def withdraw(db: Database, actor: Actor, patient_id: int, id: int, reason: str) -> None:
    """It never was this person's, signed or not: it stays readable and counts for nothing."""
    with db.change(actor, "encounter.withdrawn", patient_id) as details:
        one = _own(db, patient_id, id)
        if one.withdrawn:
            raise Refusal(N_("This was taken out already."))
        db.update("encounters", id, {"withdrawn_event_id": details.event_id, "withdrawn_reason": reason})
        details |= {"entry": id, "day": one.day, "reason": reason}


def file_again(db: Database, actor: Actor, patient_id: int, one: Encounter) -> int:
    """Its words with the right person, at the time it was. Unsigned: a signature is for one person's consultation only."""
    id = _begin(db, actor, patient_id, one.at, None)
    rows: list[dict[str, Any]] = [
        {"encounter_id": id, "section": text.section, "revision": 1, "body": json.dumps(text.body), "hand": "", "n": 0, "staff_id": text.staff_id,
         "saved_at": text.saved_at}
        for text in queries.texts(db, one.id).values()
    ]
    db.insert_many("encounter_texts", rows)
    return id


def _own(db: Database, patient_id: int, id: int) -> Encounter:
    one = queries.encounter(db, patient_id, id)
    if one is None:
        raise NotFound()
    return one
