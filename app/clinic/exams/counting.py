"""Where every value of a line went: counted in its batch, laid into the tray, taken out of it when it came again."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import sha256

import msgspec

from app.clinic.exams import queries
from app.clinic.exams.shapes import Batch, Incoming, Outcome
from app.core.db import Database


def keep(db: Database, batch: Batch, lines: Sequence[Incoming], outcomes: Sequence[Outcome]) -> None:
    """Count a chunk, lay what stopped into the tray, and pass the chunk by."""
    slips, twice = _new_slips(db, [s for pair in zip(lines, outcomes, strict=True) for s in slips_of(batch, *pair)])
    db.insert_many("tray_items", slips)
    meet(db, batch.id, outcomes)
    supersede(db, batch, lines, outcomes)
    reasons = Counter()
    for slip in slips:
        reasons[slip["reason"]] += slip["n"]
    left_out = sum(incoming.left_out for incoming in lines)
    count(
        db, batch.id, lines=len(lines), filed=sum(o.filed for o in outcomes), tray=sum(reasons.values()),
        duplicate=twice + sum(o.duplicate for o in outcomes), refused=left_out,
        reasons=reasons + Counter({"left_out": left_out}),
    )


def _new_slips(db: Database, slips: list[dict]) -> tuple[list[dict], int]:
    """What does not lie in the tray already, and how many values do."""
    known = queries.known_slips(db, [slip["fingerprint"] for slip in slips])
    fresh, twice = [], 0
    for slip in slips:
        if slip["fingerprint"] in known:
            twice += slip["n"]
        else:
            known.add(slip["fingerprint"])
            fresh.append(slip)
    return fresh, twice


def slips_of(batch: Batch, incoming: Incoming, outcome: Outcome) -> Iterator[dict]:
    for reason, place, n in outcome.stops:
        yield {
            "batch_id": batch.id, "line": incoming.line, "reason": reason, "place": place, "patient_id": outcome.patient_id,
            "taken_at": incoming.taken_at, "cells": json.dumps(incoming.cells, ensure_ascii=False), "n": n,
            "fingerprint": _fingerprint(batch, incoming, outcome, place),
        }


def _fingerprint(batch: Batch, incoming: Incoming, outcome: Outcome, place: int | None) -> str:
    """The same thing from the same sender is recognised: a whole line by all it says, a cell by whose and when it is."""
    said = [cell for cell in incoming.cells if cell] if place is None else [
        outcome.patient_id, incoming.taken_at, place, incoming.cells[place]
    ]
    return sha256(msgspec.json.encode([batch.sender_id, *said])).hexdigest()


SUPERSEDED = """
SELECT id, batch_id, reason, n FROM tray_items
WHERE fingerprint IN (SELECT value FROM json_each(:fingerprints)) AND place IS NULL AND closed_event_id IS NULL
"""
CLOSE = """
UPDATE tray_items SET outcome = :outcome, closed_event_id = :event WHERE id IN (SELECT value FROM json_each(:ids))
"""


def supersede(db: Database, batch: Batch, lines: Sequence[Incoming], outcomes: Sequence[Outcome]) -> None:
    """Lines that waited in the tray and came again, now with a known person, need nobody's decision any more."""
    settled = [_fingerprint(batch, i, o, None) for i, o in zip(lines, outcomes, strict=True) if o.patient_id is not None]
    rows = db.all(tuple, SUPERSEDED, fingerprints=json.dumps(settled)) if settled else []
    if not rows:
        return
    with db.change(None, "tray.settled") as details:
        details["n"] = len(rows)
        db.execute(CLOSE, ids=json.dumps([row[0] for row in rows]), outcome="filed", event=details.event_id)
        for earlier in {row[1] for row in rows}:
            mine = Counter()
            for _id, _batch, reason, n in (row for row in rows if row[1] == earlier):
                mine[reason] -= n
            count(db, earlier, tray=sum(mine.values()), duplicate=-sum(mine.values()), reasons=mine)


MEET = """
INSERT INTO import_people (batch_id, patient_id, created) VALUES (:batch, :patient, :created) ON CONFLICT DO NOTHING
"""
COUNT = """
UPDATE import_batches SET next_line = next_line + :lines, received = received + :filed + :duplicate + :tray + :refused,
  filed = filed + :filed, duplicate = duplicate + :duplicate, tray = tray + :tray, refused = refused + :refused,
  reasons = :reasons
WHERE id = :id
"""


def meet(db: Database, batch_id: int, outcomes: Sequence[Outcome]) -> None:
    for outcome in outcomes:
        if outcome.patient_id is not None:
            db.execute(MEET, batch=batch_id, patient=outcome.patient_id, created=int(outcome.created))


def count(db: Database, batch_id: int, *, reasons: Counter, lines: int = 0, **counts: int) -> None:
    """Add to a batch's counts; negative numbers move values out of the tray."""
    before = Counter(json.loads(db.value("SELECT reasons FROM import_batches WHERE id = :id", id=batch_id)))
    before.update(reasons)
    shown = {reason: n for reason, n in before.items() if n}
    db.execute(COUNT, id=batch_id, lines=lines, reasons=json.dumps(shown), **{
        name: counts.get(name, 0) for name in ("filed", "duplicate", "tray", "refused")
    })
