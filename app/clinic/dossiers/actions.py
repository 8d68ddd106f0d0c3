"""Asking for somebody's file, making it beside the pages, handing it out."""

import logging
from datetime import timedelta

import msgspec

from app.clinic import patients, staff
from app.clinic.dossiers.archive import archive
from app.core import clock, events
from app.core.access import Actor, May, Role
from app.core.db import Database
from app.core.errors import NotFound
from app.core.files import Files
from app.core.forms import once
from app.core.words import N_

patients.belongs("dossiers")
events.declare("dossier.wanted", N_("Asked for everything that is kept about the person"), clinical=False)
events.declare("dossier.made", N_("The person's file was made"), clinical=False)
events.declare("dossier.failed", N_("The person's file could not be made"), clinical=False)
events.declare("dossier.handed_out", N_("Handed out the person's file"), clinical=False)

LEASE = timedelta(minutes=15)
MOST_TRIES = 3
log = logging.getLogger("yihe.dossiers")


class Dossier(msgspec.Struct, frozen=True):
    """at: when it was asked for, UTC. whole: with sensitive entries. size: bytes of the archive. handed_out: how often."""

    id: int
    patient_id: int
    language: str
    whole: int
    file: str | None
    size: int | None
    failed: int
    at: str
    by: str
    actor_id: int
    handed_out: int


_DOSSIER = """
SELECT d.id, d.patient_id, d.language, d.whole, d.file, d.size, d.failed_event_id IS NOT NULL AS failed, e.at, s.name AS by, s.id AS actor_id,
  (SELECT count(*) FROM events h WHERE h.kind = 'dossier.handed_out' AND h.patient_id = d.patient_id AND h.details ->> 'dossier' = d.id) AS handed_out
FROM dossiers d JOIN events e ON e.id = d.wanted_event_id JOIN staff s ON s.id = e.actor_id
"""
OF = f"{_DOSSIER} WHERE d.patient_id = :patient ORDER BY d.id DESC LIMIT 20"
ONE = f"{_DOSSIER} WHERE d.id = :id"
WAITING = "SELECT id FROM dossiers WHERE made_event_id IS NULL AND failed_event_id IS NULL AND (lease_until IS NULL OR lease_until <= :now) ORDER BY id"
BY_TOKEN = "SELECT id FROM dossiers WHERE token = :token"


def dossiers(db: Database, actor: Actor, patient_id: int) -> list[Dossier]:
    """Newest first; one with sensitive entries only for who may see them."""
    return [one for one in db.all(Dossier, OF, patient=patient_id) if not one.whole or actor.may(May.SEE_SENSITIVE)]


def waiting(db: Database) -> list[int]:
    return db.all(int, WAITING, now=clock.stamp())


def want(db: Database, actor: Actor, patient_id: int, language: str, token: str = "") -> int:
    """Ask for it, as far as this actor may see it; its id. The same token again asks for nothing."""
    with db.aside():
        if token and (asked := db.value(BY_TOKEN, token=once(token, patient_id))):
            return asked
        with db.change(actor, "dossier.wanted", patient_id) as details:
            id = db.insert("dossiers", {
                "patient_id": patient_id, "language": language, "whole": int(actor.may(May.SEE_SENSITIVE)), "token": once(token, patient_id),
                "wanted_event_id": details.event_id,
            })
            details |= {"dossier": id}
    return id


CLAIM = """
UPDATE dossiers SET lease_until = :until, tries = tries + 1
WHERE id = :id AND made_event_id IS NULL AND failed_event_id IS NULL AND (lease_until IS NULL OR lease_until <= :now) AND tries < :most
"""
EXHAUSTED = """
SELECT 1 FROM dossiers WHERE id = :id AND tries >= :most AND made_event_id IS NULL AND failed_event_id IS NULL
AND (lease_until IS NULL OR lease_until <= :now)
"""
KEEP = """
UPDATE dossiers SET file = :file, size = :size, made_event_id = :event, lease_until = NULL
WHERE id = :id AND made_event_id IS NULL AND failed_event_id IS NULL AND lease_until = :until
"""
FAIL = "UPDATE dossiers SET failed_event_id = :event, lease_until = NULL WHERE id = :id AND made_event_id IS NULL AND failed_event_id IS NULL"
FREE = "UPDATE dossiers SET lease_until = NULL WHERE lease_until IS NOT NULL AND made_event_id IS NULL"


def free(db: Database) -> None:
    """At the start of a process: whoever held a lease before is gone."""
    with db.aside():
        db.execute(FREE)


def make_one(db: Database, files: Files, id: int) -> bool:
    """Make it, unless somebody else does or did. False: not ours, or it could not be made."""
    until = clock.stamp(clock.now() + LEASE)
    with db.aside():
        claimed = db.execute(CLAIM, id=id, now=clock.stamp(), until=until, most=MOST_TRIES)
    one = db.one(Dossier, ONE, id=id)
    if not claimed:
        return db.value(EXHAUSTED, id=id, most=MOST_TRIES, now=clock.stamp()) is not None and _give_up(db, one, "ended again and again")
    try:
        name, size = archive(db, files, _who_asked(db, one), patients.get(db, one.patient_id), one.language)
    except Exception as problem:  # whatever it is, the person who waits must see it and be able to ask again
        return _give_up(db, one, type(problem).__name__)
    return _keep(db, one, name, size, until)


def _keep(db: Database, one: Dossier, name: str, size: int, until: str) -> bool:
    try:
        with db.change(None, "dossier.made", one.patient_id) as details:
            details |= {"dossier": one.id}
            if not db.execute(KEEP, id=one.id, file=name, size=size, event=details.event_id, until=until):
                raise _Late
    except _Late:
        return False
    return True


class _Late(Exception):
    """The lease ran out and another has it: theirs counts."""


def _who_asked(db: Database, one: Dossier) -> Actor:
    """With the rights they had when they asked: what was sensitive for them then is left out."""
    member = staff.get(db, one.actor_id)
    return Actor(member.id, member.name, Role.OWNER if one.whole else Role.HEALTH_MANAGER, one.language)


def _give_up(db: Database, one: Dossier, why: str) -> bool:
    log.error("dossier %s could not be made: %s", one.id, why)
    with db.change(None, "dossier.failed", one.patient_id) as details:
        details |= {"dossier": one.id, "why": why}
        db.execute(FAIL, id=one.id, event=details.event_id)
    return False


def hand_out(db: Database, actor: Actor, patient_id: int, id: int) -> Dossier:
    """Write down that this actor took it. Raises NotFound for what is not there, or not theirs to see."""
    one = next((one for one in dossiers(db, actor, patient_id) if one.id == id), None)
    if one is None or one.file is None:
        raise NotFound()
    with db.change(actor, "dossier.handed_out", patient_id) as details:
        details |= {"dossier": id}
    return one
