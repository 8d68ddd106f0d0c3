"""Giving a questionnaire out to everybody of a list, some at a time, so that nobody waits for the writer and a crash loses nothing."""

from datetime import timedelta

import msgspec

from app.clinic import patients
from app.clinic.invitations import queries
from app.clinic.invitations.shapes import Asking, NewAsking
from app.clinic.invitations.telling import title
from app.core import clock
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Invalid, NotFound
from app.core.words import N_

CHUNK = 200  # people per transaction
LEASE = timedelta(minutes=2)
BY_TOKEN = "SELECT id FROM askings WHERE token = :token"


def give_out(db: Database, actor: Actor, new: NewAsking, whom: str, name: str, query: str, people: int, offered: list[int]) -> int:
    """Want it given out to everybody of a list ("tag" or "list"); its id. It is done beside the pages."""
    if new.questionnaire not in offered:
        raise Invalid({"questionnaire": N_("Please choose one of these.")})
    if people != new.people:
        raise Invalid({"people": (N_("Meanwhile these are %(n)s people. Please look again."), {"n": people})})
    with db.aside():
        if known := db.value(BY_TOKEN, token=new.token):
            return known
        with db.change(actor, "asking.made") as details:
            id = db.insert("askings", {
                "questionnaire_id": new.questionnaire, "whom": whom, "name": name, "query": query, "people": people,
                "due_on": new.due_on.isoformat() if new.due_on else None, "token": new.token, "event_id": details.event_id,
            })
            details |= {"asking": id, "title": title(db, new.questionnaire), "n": people}
    return id


NEXT = """
SELECT id FROM askings WHERE finished_event_id IS NULL AND stopped_event_id IS NULL AND (lease_until IS NULL OR lease_until <= :now) ORDER BY id LIMIT 1
"""
CLAIM = "UPDATE askings SET lease_until = :until WHERE id = :id AND (lease_until IS NULL OR lease_until <= :now) AND finished_event_id IS NULL"
RELEASE = "UPDATE askings SET lease_until = NULL WHERE id = :id"
FREE = "UPDATE askings SET lease_until = NULL WHERE lease_until IS NOT NULL AND (finished_event_id IS NULL OR remind_event_id IS NOT NULL)"


def free(db: Database) -> None:
    """At the start of a process: whoever held a lease before is gone."""
    with db.aside():
        db.execute(FREE)


def claim(db: Database) -> Asking | None:
    """One that waits to be given out, for the caller alone as long as the lease lasts."""
    with db.aside():
        id = db.value(NEXT, now=clock.stamp())
        if id is None or not db.execute(CLAIM, id=id, now=clock.stamp(), until=clock.stamp(clock.now() + LEASE)):
            return None
    return queries.asking(db, id)


def release(db: Database, id: int) -> None:
    with db.aside():
        db.execute(RELEASE, id=id)


HOW_FAR = "SELECT below, event_id, stopped_event_id FROM askings WHERE id = :id"
WHO = """
SELECT p.id FROM patients p WHERE p.id IN (SELECT value FROM json_each(:people)) AND p.withdrawn_event_id IS NULL
  AND p.restricted_event_id IS NULL AND NOT EXISTS (SELECT 1 FROM asked x WHERE x.patient_id = p.id
  AND x.questionnaire_id = :questionnaire AND x.ended_event_id IS NULL) ORDER BY p.id DESC
"""
FURTHER = "UPDATE askings SET below = :below, seen = seen + :n, lease_until = :until WHERE id = :id"


def give_to_some(db: Database, one: Asking, people: list[int]) -> bool:
    """The next handful of `people`, who come highest id first. Who has it open already is not asked twice. False: nobody is left, or it was stopped."""
    with db.aside():
        below, event, stopped = db.one(tuple, HOW_FAR, id=one.id)
        if stopped:
            return False
        start = 0 if below is None else next((at for at, id in enumerate(people) if id < below), len(people))
        some = people[start : start + CHUNK]
        if not some:
            return False
        _write(db, one, event, db.all(int, WHO, people=msgspec.json.encode(some).decode(), questionnaire=one.questionnaire_id))
        db.execute(FURTHER, id=one.id, below=some[-1], n=len(some), until=clock.stamp(clock.now() + LEASE))
    return True


def _write(db: Database, one: Asking, cause: int, chosen: list[int]) -> None:
    details = {"asking": one.id, "title": one.both}
    written = db.write_events(((None, "asked.made", id, details) for id in chosen), cause=cause)
    db.insert_many("asked", [
        {"asking_id": one.id, "patient_id": id, "questionnaire_id": one.questionnaire_id, "due_on": one.due_on, "event_id": event}
        for id, event in zip(chosen, written, strict=True)
    ])


GIVEN = "SELECT count(*) FROM asked WHERE asking_id = :id"


def finish(db: Database, one: Asking) -> None:
    """Everybody has been looked at; one that was stopped meanwhile has ended already."""
    if queries.asking(db, one.id).finished:
        return
    with db.change(None, "asking.finished") as details:
        details |= {"asking": one.id, "title": one.both, "n": db.value(GIVEN, id=one.id)}
        db.update("askings", one.id, {"finished_event_id": details.event_id})


NOT_BEGUN = "SELECT id, patient_id FROM asked WHERE asking_id = :id AND ended_event_id IS NULL AND response_id IS NULL AND id > :after ORDER BY id LIMIT :most"
TAKE_BACK = "UPDATE asked SET ended_event_id = :event WHERE id = :id"
END_WAYS = "UPDATE invitations SET revoked_event_id = :event WHERE asked_id = :id AND revoked_event_id IS NULL"


def stop(db: Database, actor: Actor, id: int) -> None:
    """Give it to nobody more, and take it back from everybody who has not begun."""
    one = queries.asking(db, id)
    if one is None:
        raise NotFound()
    with db.change(actor, "asking.stopped") as details:
        details |= {"asking": id, "title": one.both}
        stopped = details.event_id
        db.update("askings", id, {"stopped_event_id": stopped} | ({} if one.finished else {"finished_event_id": stopped}))
    after = 0
    while some := db.all(tuple, NOT_BEGUN, id=id, after=after, most=CHUNK):
        after = some[-1][0]
        with db.aside():
            _take_back(db, actor, one, stopped, some)


def _take_back(db: Database, actor: Actor, one: Asking, cause: int, some: list[tuple[int, int]]) -> None:
    resting = patients.restricted(db, [patient for _id, patient in some])
    some = [(id, patient) for id, patient in some if patient not in resting]
    told = db.write_events(((actor, "asked.withdrawn", patient, {"asked": id, "title": one.both}) for id, patient in some), cause=cause)
    for (id, _patient), event in zip(some, told, strict=True):
        db.execute(TAKE_BACK, id=id, event=event)
        db.execute(END_WAYS, id=id, event=event)
