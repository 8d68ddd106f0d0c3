"""The tray: what could not be filed waits, as it came, until a person decides. Nothing leaves it by itself."""

import json
from collections import Counter
from collections.abc import Sequence

import msgspec

from app.clinic import patients
from app.clinic.exams import queries
from app.clinic.exams.batches import Choice, expect, remember, with_choice
from app.clinic.exams.counting import CLOSE, count, meet, slips_of
from app.clinic.exams.lines import Reader
from app.clinic.exams.matching import new_patient
from app.clinic.exams.running import HOLD, Lost, Pace, Told, chunked, filing_of, renew, starter
from app.clinic.exams.settling import settle
from app.clinic.exams.shapes import Batch, Incoming, Outcome, Person, Slip
from app.core import clock, events
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Conflict, Invalid, NotFound
from app.core.files import Files
from app.core.words import N_, _

events.declare("tray.settled", N_("Took %(n)s slips out of the tray"), clinical=False)
events.declare("tray.dismissed", N_("Put %(n)s slips of the tray away: %(why)s"), clinical=False)
events.declare("tray.retrying", N_("Files again what waited in the tray: %(file)s"), clinical=False)


# ── one slip ──

def give(db: Database, actor: Actor | None, slip_id: int, patient_id: int) -> None:
    """File a slip for the person somebody chose; the sender's number is theirs from now on."""
    if patients.get(db, patient_id) is None:
        raise NotFound()
    with db.change(actor, "tray.settled", patient_id) as details:
        _give(db, actor, _waiting(db, slip_id), patient_id, details)


def create(db: Database, actor: Actor | None, slip_id: int) -> int:
    """Register the slip's person as somebody new and file it; their id."""
    with db.change(actor, "tray.settled") as details:
        slip = _waiting(db, slip_id)
        batch = queries.batch(db, slip.batch_id)
        incoming = _read(batch, slip)
        if not incoming.taken_at:
            raise Conflict(N_("Without a day of examination nobody can be registered from this."))
        person = incoming.person
        if incoming.reason == "bad_document":
            person = msgspec.structs.replace(person, document="")
        new = new_patient(person, batch.sender_id, incoming.taken_at, "zh")
        free = [pair for pair in new.identifiers if pair[0] == patients.RESIDENT_ID or not patients.holders(db, pair[0], [pair[1]])]
        patient_id = patients.register(db, actor, msgspec.structs.replace(new, identifiers=tuple(free)))
        _give(db, actor, slip, patient_id, details, created=True)
    return patient_id


def _give(db: Database, actor: Actor | None, slip: Slip, patient_id: int, details: dict, created: bool = False) -> None:
    batch = queries.batch(db, slip.batch_id)
    incoming = _read(batch, slip)
    if not incoming.taken_at:
        raise Conflict(N_("The day of the examination is missing: enter these results by hand in the person's record."))
    (outcome,) = settle(db, actor, filing_of(batch), [incoming], {0: patient_id}, decided=True)
    details["n"] = 1
    outcome = msgspec.structs.replace(outcome, created=created)
    if not _resolve(db, batch, [slip], [incoming], [outcome], details.event_id):
        raise Conflict(N_("This cannot be filed as it is. Enter the right value by hand in the person's record, then put the slip away."))


def dismiss(db: Database, actor: Actor | None, slip_id: int, why: str) -> None:
    """Put a slip away unfiled; the line stays on record with the reason."""
    _dismiss(db, actor, [_waiting(db, slip_id)], why)


def dismiss_pile(db: Database, actor: Actor | None, batch_id: int, reason: str, place: int | None, why: str) -> None:
    _dismiss(db, actor, queries.waiting(db, batch_id, reason, place, limit=-1), why)


def _dismiss(db: Database, actor: Actor | None, slips: Sequence[Slip], why: str) -> None:
    if not why.strip():
        raise Invalid({"why": N_("Please say why.")})
    if not slips:
        raise NotFound()
    with db.change(actor, "tray.dismissed") as details:
        details |= {"n": len(slips), "why": why.strip(), "file": slips[0].file_name, "lines": [slip.line for slip in slips[:50]]}
        still = {slip.id: slip for slip in slips if queries.slip(db, slip.id)}
        db.execute(CLOSE, ids=json.dumps(list(still)), outcome="dismissed", event=details.event_id)
        moved = Counter()
        for slip in still.values():
            moved[slip.reason] -= slip.n
        n = -sum(moved.values())
        moved["dismissed"] = n
        count(db, slips[0].batch_id, tray=-n, refused=n, reasons=moved)


# ── many at once ──

def map_column(db: Database, actor: Actor | None, files: Files, batch_id: int, choice: Choice) -> None:
    """Say what a column of a filed batch is; what waited for it is filed by the sweep."""
    columns = with_choice(files, expect(db, batch_id, "done"), choice)
    with db.change(actor, "tray.retrying") as details:
        batch = expect(db, batch_id, "done")
        details |= {"file": batch.file_name, "batch": batch_id}
        remember(db, batch.sender_id, columns, details.event_id)
        db.update("import_batches", batch_id, {
            "columns": msgspec.json.encode(columns).decode(), "state": "retrying", "claim": None, "leased_until": None,
        })


def create_all(db: Database, actor: Actor | None, batch_id: int) -> None:
    """Register everybody this batch does not know; the sweep files what waited for them."""
    with db.change(actor, "tray.retrying") as details:
        batch = expect(db, batch_id, "done")
        details |= {"file": batch.file_name, "batch": batch_id}
        db.update("import_batches", batch_id, {"state": "retrying", "create_patients": 1, "claim": None, "leased_until": None})


def retry(db: Database, batch: Batch, claim: str, hold: float = HOLD, told: Told | None = None) -> None:
    """Look again at all that waits of a batch; what still stops stays. Safe to be killed and begun again."""
    actor, reader, pace = starter(db, batch), Reader(batch.all_columns, clock.today()), Pace(hold)
    after = done = 0
    try:
        while slips := queries.waiting(db, batch.id, after=after, limit=pace.size):
            with chunked(db, pace, len(slips)):
                renew(db, batch, claim)
                _retry(db, actor, batch, reader, slips)
            after, done = slips[-1].id, done + len(slips)
            if told:
                told(done, done + len(slips))
        with db.aside():
            renew(db, batch, claim)
            db.update("import_batches", batch.id, {"state": "done", "claim": None, "leased_until": None})
    except Lost:
        return


def _retry(db: Database, actor: Actor | None, batch: Batch, reader: Reader, slips: Sequence[Slip]) -> None:
    lines = [reader.line(slip.line, json.loads(slip.cells), slip.place) for slip in slips]
    known = {n: slip.patient_id for n, slip in enumerate(slips) if slip.patient_id is not None}
    outcomes = settle(db, actor, filing_of(batch), lines, known)
    if any(_moved(slip, outcome) for slip, outcome in zip(slips, outcomes, strict=True)):
        with db.change(actor, "tray.settled") as details:
            details["n"] = _resolve(db, batch, slips, lines, outcomes, details.event_id)


def _moved(slip: Slip, outcome: Outcome) -> bool:
    return all(place != slip.place for _reason, place, _n in outcome.stops)


def _resolve(
    db: Database, batch: Batch, slips: Sequence[Slip], lines: Sequence[Incoming], outcomes: Sequence[Outcome], event_id: int
) -> int:
    """Close the slips that moved on and count where their values went; returns how many."""
    closed, sums, reasons = [], Counter(), Counter()
    for slip, incoming, outcome in zip(slips, lines, outcomes, strict=True):
        if not _moved(slip, outcome):
            continue
        closed.append(slip.id)
        further = list(slips_of(batch, incoming, outcome))
        db.insert_many("tray_items", further)
        waits = sum(one["n"] for one in further)
        refused = slip.n - outcome.filed - outcome.duplicate - waits  # left out by choice, or never measured
        sums.update(filed=outcome.filed, duplicate=outcome.duplicate, tray=waits - slip.n, refused=refused)
        reasons.update({slip.reason: -slip.n, "left_out": refused})
        for one in further:
            reasons[one["reason"]] += one["n"]
    db.execute(CLOSE, ids=json.dumps(closed), outcome="filed", event=event_id)
    meet(db, batch.id, outcomes)
    count(db, batch.id, reasons=reasons, **sums)
    return len(closed)


# ── to look at ──

def candidates(db: Database, slip: Slip, actor: Actor) -> list[patients.Patient]:
    """At most three people this may be about, to be compared by a person; never a match."""
    person = said(db, slip)
    ids = [slip.patient_id] if slip.patient_id else []
    for typed in filter(None, (person.document, person.card, person.name)):
        ids += [hit.id for hit in patients.search(db, typed, actor).hits]
    found = patients.get_many(db, list(dict.fromkeys(ids))[:3])
    return list(found.values())


def _waiting(db: Database, slip_id: int) -> Slip:
    slip = queries.slip(db, slip_id)
    if slip is None:
        raise NotFound(N_("Somebody has settled this slip already."))
    return slip


def _read(batch: Batch, slip: Slip) -> Incoming:
    return Reader(batch.all_columns, clock.today()).line(slip.line, json.loads(slip.cells), slip.place)


def said(db: Database, slip: Slip) -> Person:
    """Whose it is, as the line says."""
    return _read(queries.batch(db, slip.batch_id), slip).person


def compared(person: Person, patient: patients.Patient, document: str) -> list[tuple[str, str, str, bool | None]]:
    """(what, as sent, as registered, whether they agree; None where one is silent), the ID number masked."""
    masked = [patients.mask_document(number) if number else "" for number in (person.document, document)]
    sent_born = person.birth.isoformat() if person.birth else ""
    sexes = [_(patients.SEXES[sex]) if sex in ("male", "female") else "" for sex in (person.sex, patient.sex)]
    lines = [
        (N_("Name"), person.name, "" if patient.name_is_number else patient.name),
        (N_("Sex"), *sexes), (N_("Birth date"), sent_born, patient.born_told), (N_("ID number"), *masked),
    ]
    return [(what, sent, here, sent == here if sent and here else None) for what, sent, here in lines]
