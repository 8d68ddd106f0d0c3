"""Asking for a report, drawing it, handing it out."""

import logging
from datetime import timedelta

import msgspec

from app.clinic import patients
from app.clinic.patients import Patient
from app.clinic.reports import queries
from app.clinic.reports.document import document
from app.clinic.reports.gathering import gather
from app.clinic.reports.shapes import Content
from app.core import clock, events, pdf
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Conflict, NotFound
from app.core.files import Files
from app.core.forms import once
from app.core.words import N_

events.declare("healthreport.wanted", N_("Asked for the health report %(number)s"), clinical=True)
events.declare("healthreport.made", N_("The health report %(number)s was made"), clinical=True)
events.declare("healthreport.failed", N_("The health report %(number)s could not be made"), clinical=True)
events.declare("healthreport.retried", N_("Asked again for the health report %(number)s"), clinical=True)
events.declare("healthreport.printed", N_("Printed the health report %(number)s"), clinical=True)

LEASE = timedelta(seconds=pdf.SECONDS * 2)
MOST_TRIES = 3

log = logging.getLogger("yihe.reports")


def want(
    db: Database, actor: Actor | None, patient_id: int, language: str | None = None, words: str = "",
    token: str = "", address: str = "",
) -> int:  # fmt: skip
    """Freeze what is known now and ask for the paper; returns the report's id.

    language: None is the patient's own. token: one per form shown; the same one again asks for nothing.
    """
    with db.aside():
        if token and (asked := db.value(queries.BY_TOKEN, token=once(token, patient_id))):
            return asked
        return _ask(db, actor, _known(db, patient_id), language, words, token, address)


def _ask(db: Database, actor: Actor | None, patient: Patient, language: str | None, words: str, token: str, address: str) -> int:
    with db.change(actor, "healthreport.wanted", patient.id) as details:
        number = _next_number(db)
        content = gather(db, patient, number, language or patient.language, words, address)
        id = db.insert("reports", {
            "patient_id": patient.id, "number": number, "language": content.language, "token": once(token, patient.id),
            "content": msgspec.json.encode(content).decode(), "wanted_event_id": details.event_id,
        })
        details |= {"report": id, "number": number, "language": content.language}
    return id


def _known(db: Database, patient_id: int) -> Patient:
    patient = patients.get(db, patient_id)
    if patient is None:
        raise NotFound()
    return patient


def _next_number(db: Database) -> str:
    """R-20261123-07: the day's seventh. Only inside a change: nobody else counts meanwhile."""
    start = f"R-{clock.today():%Y%m%d}-"
    return f"{start}{db.value(queries.TODAY, start=start) + 1:02d}"


CLAIM = """
UPDATE reports SET lease_until = :until, tries = tries + 1
WHERE id = :id AND made_event_id IS NULL AND failed_event_id IS NULL AND (lease_until IS NULL OR lease_until <= :now)
"""


class _Claimed(msgspec.Struct, frozen=True):
    id: int
    patient_id: int
    language: str
    content: str
    wanted_event_id: int
    tries: int

    def read(self) -> Content:
        return msgspec.json.decode(self.content, type=Content)


def make_one(db: Database, files: Files, id: int) -> bool:
    """Draw one report, unless somebody else does or did. False: not ours, or it could not be drawn.

    The lease is taken before and given up by finishing; killed in between, the next sweep after the
    lease takes it again, and a report drawn twice is still written once.
    """
    now = clock.now()
    until = clock.stamp(now + LEASE)
    with db.aside():
        if not db.execute(CLAIM, id=id, now=clock.stamp(now), until=until):
            return False
    claimed = db.one(_Claimed, queries.CLAIMED, id=id)
    if claimed.tries > MOST_TRIES:
        return _give_up(db, claimed, ["the drawing process was ended again and again"])
    try:
        content = claimed.read()
        drawn = pdf.draw(document(content, files))
    except pdf.NotDrawn as problem:
        return _give_up(db, claimed, problem.notes)
    except Exception as problem:  # whatever it is, the person who waits must see it and be able to try again
        return _give_up(db, claimed, [type(problem).__name__])
    return _keep(db, claimed, content.number, files.put(drawn.content), "".join(drawn.missing), until)


FREE = "UPDATE reports SET lease_until = NULL WHERE lease_until IS NOT NULL AND made_event_id IS NULL"


def free(db: Database) -> None:
    """At the start of a process: whoever held a lease before is gone, because a data folder has one process."""
    with db.aside():
        db.execute(FREE)


KEEP = """
UPDATE reports SET file = :file, missing = :missing, made_event_id = :event, lease_until = NULL
WHERE id = :id AND made_event_id IS NULL AND failed_event_id IS NULL AND lease_until = :until
"""


def _keep(db: Database, claimed: _Claimed, number: str, file: str, missing: str, until: str) -> bool:
    try:
        with db.change(None, "healthreport.made", claimed.patient_id, cause=claimed.wanted_event_id) as details:
            details |= {"report": claimed.id, "number": number, "missing": missing}
            if not db.execute(KEEP, id=claimed.id, file=file, missing=missing, event=details.event_id, until=until):
                raise _Late()
    except _Late:
        return False
    return True


class _Late(Exception):
    """The lease ran out and another has it: their result counts."""


FAIL = """
UPDATE reports SET failed_event_id = :event, lease_until = NULL
WHERE id = :id AND made_event_id IS NULL AND failed_event_id IS NULL
"""


def _give_up(db: Database, claimed: _Claimed, notes: list[str]) -> bool:
    log.error("report %s could not be drawn: %s", claimed.id, "; ".join(notes))
    with db.change(None, "healthreport.failed", claimed.patient_id, cause=claimed.wanted_event_id) as details:
        details |= {"report": claimed.id, "number": claimed.read().number, "notes": notes}
        db.execute(FAIL, id=claimed.id, event=details.event_id)
    return False


RETRY = "UPDATE reports SET failed_event_id = NULL, lease_until = NULL, tries = 0 WHERE id = :id AND failed_event_id IS NOT NULL"


def retry(db: Database, actor: Actor, patient_id: int, id: int) -> None:
    """Ask again for a report that failed, with the same content."""
    report = _own(db, patient_id, id)
    with db.change(actor, "healthreport.retried", patient_id) as details:
        details |= {"report": id, "number": report.number}
        if not db.execute(RETRY, id=id):
            raise Conflict(N_("Somebody has already asked for it again."))


def note_print(db: Database, actor: Actor, patient_id: int, id: int) -> None:
    """Write down that this person handed the report out."""
    report = _own(db, patient_id, id)
    if report.file is None:
        raise NotFound()
    with db.change(actor, "healthreport.printed", patient_id) as details:
        details |= {"report": id, "number": report.number}
        db.insert("report_prints", {"report_id": id, "event_id": details.event_id})


def _own(db: Database, patient_id: int, id: int):
    report = queries.get(db, patient_id, id)
    if report is None:
        raise NotFound()
    return report
