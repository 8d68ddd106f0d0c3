"""Abnormal results stay open until a person has explained them and a newer one was normal.

One open finding per person and indicator; its way is its steps: explained, rechecked, closed, or
withdrawn where nothing abnormal is left behind it. The listener looks at how things stand for the
persons an event touched, not at the order of the events, so hearing the same twice changes nothing.
"""

import json
from collections import defaultdict
from collections.abc import Sequence

import msgspec

from app.clinic import catalogue, patients
from app.clinic.observations.shapes import Finding, Observation, Step
from app.core import clock, events
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Invalid, NotFound
from app.core.events import Event
from app.core.words import N_, _

HEARD = {
    "report.filed", "observation.recorded", "observation.corrected", "observation.rejudged", "report.withdrawn",
    "finding.explained", *patients.JOINED,
}  # fmt: skip


def _telling(sentence: str):
    def tell(details: dict) -> str:
        names = _(", ").join(catalogue.name_of(code) for code in details["codes"])
        return _(sentence, names=names, note=details.get("note", ""))
    return tell


OPENED, EXPLAINED = N_("Found out of range: %(names)s"), N_("Explained %(names)s: %(note)s")
RECHECKED, CLOSED = N_("Measured again, still out of range: %(names)s"), N_("Measured again, back in range: %(names)s")
GONE = N_("No longer a finding, the result was taken back: %(names)s")
for kind, sentence in {"opened": OPENED, "explained": EXPLAINED, "rechecked": RECHECKED, "closed": CLOSED,
                       "withdrawn": GONE}.items():
    events.declare(f"finding.{kind}", sentence, clinical=True, describe=_telling(sentence))

OPEN_OF = """
SELECT f.id AS finding, f.patient_id AS patient, f.code,
  EXISTS (SELECT 1 FROM finding_steps s WHERE s.finding_id = f.id AND s.step = 'explained') AS explained,
  (SELECT max(o.taken_at) FROM observations o WHERE o.id = f.observation_id OR o.id IN (
     SELECT s.observation_id FROM finding_steps s WHERE s.finding_id = f.id AND s.step = 'rechecked')) AS seen_at,
  EXISTS (SELECT 1 FROM observations o WHERE o.patient_id = f.patient_id AND o.code = f.code
          AND o.retired_event_id IS NULL AND o.taken_at >= f.opened_on AND o.level <> 'normal') AS supported
FROM findings f
WHERE f.patient_id IN (SELECT value FROM json_each(:patients)) AND f.ended_event_id IS NULL
"""
NEWEST_OF = """
SELECT o.patient_id AS patient, o.code, o.id, o.taken_at, o.level
FROM json_each(:pairs) p JOIN observations o ON o.id = (
  SELECT n.id FROM observations n
  WHERE n.patient_id = p.value ->> 0 AND n.code = p.value ->> 1 AND n.retired_event_id IS NULL
  ORDER BY n.taken_at DESC, n.id DESC LIMIT 1)
"""
BEEN_FOUND = """
SELECT observation_id FROM findings WHERE observation_id IN (SELECT value FROM json_each(:ids))
UNION SELECT observation_id FROM finding_steps WHERE observation_id IN (SELECT value FROM json_each(:ids))
"""


class Standing(msgspec.Struct, frozen=True):
    """An open finding as it stands.

    seen_at: when the last value that counted was taken. supported: something abnormal is left behind it.
    """

    finding: int
    patient: int
    code: str
    explained: int
    seen_at: str
    supported: int


class Newest(msgspec.Struct, frozen=True):
    patient: int
    code: str
    id: int
    taken_at: str
    level: str | None


def find(db: Database, heard: Sequence[Event]) -> None:
    """Open, recheck, close and withdraw findings after what was just written; set-wise, for imports."""
    about = [event for event in heard if event.kind in HEARD and event.patient_id is not None]
    if not about:
        return
    cause = {event.patient_id: event.id for event in about}
    standing = {(one.patient, one.code): one for one in db.all(Standing, OPEN_OF, patients=json.dumps(list(cause)))}
    abnormal = {(event.patient_id, code) for event in about for code in event.details.get("abnormal", ())}
    if not abnormal and not standing:
        return
    newest = {(n.patient, n.code): n for n in db.all(Newest, NEWEST_OF, pairs=json.dumps([*abnormal | set(standing)]))}
    _open(db, cause, [newest[pair] for pair in sorted(abnormal - set(standing)) if pair in newest])
    _move_on(db, cause, standing, newest)


def _open(db: Database, cause: dict[int, int], candidates: list[Newest]) -> None:
    """Only what is out of range now: an older result that arrives late opens nothing, nor does one twice."""
    out = [new for new in candidates if new.level not in (None, "normal")]
    known = set(db.all(int, BEEN_FOUND, ids=json.dumps([new.id for new in out]))) if out else set()
    together = defaultdict(list)
    for new in out:
        if new.id not in known:
            together[new.patient].append(new)
    for patient, found in together.items():
        with db.change(None, "finding.opened", patient, cause=cause[patient]) as details:
            details |= {"codes": [new.code for new in found], "observations": [new.id for new in found]}
            db.insert_many("findings", [
                {"patient_id": patient, "code": new.code, "observation_id": new.id, "opened_on": new.taken_at[:10],
                 "event_id": details.event_id} for new in found
            ])


def _move_on(db: Database, cause: dict[int, int], standing: dict, newest: dict) -> None:
    moves = defaultdict(list)
    for pair, one in standing.items():
        if move := _next(one, newest.get(pair)):
            moves[one.patient, move].append((one, newest.get(pair)))
    for (patient, move), found in moves.items():
        with db.change(None, f"finding.{move}", patient, cause=cause[patient]) as details:
            details |= {"codes": [one.code for one, _new in found], "findings": [one.finding for one, _new in found]}
            for one, new in found:
                _step(db, one.finding, move, new, details.event_id)


def _next(one: Standing, new: Newest | None) -> str | None:
    if not one.supported or new is None:
        return "withdrawn"
    if not one.explained or new.taken_at <= one.seen_at or new.level is None:
        return None
    return "closed" if new.level == "normal" else "rechecked"


def _step(db: Database, finding: int, move: str, new: Newest | None, event_id: int) -> None:
    own = {"finding_id": finding, "event_id": event_id, "note": ""}
    if move == "withdrawn":
        db.insert("finding_steps", {**own, "step": move, "at": clock.today().isoformat(), "observation_id": None})
    else:
        db.insert("finding_steps", {**own, "step": "rechecked", "at": new.taken_at[:10], "observation_id": new.id})
    if move == "closed":
        db.insert("finding_steps", {**own, "step": move, "at": new.taken_at[:10], "observation_id": new.id})
    if move in ("closed", "withdrawn"):
        db.update("findings", finding, {"ended_event_id": event_id})


# ── what people do and see ──

MINE = """
SELECT id, code FROM findings
WHERE patient_id = :patient AND ended_event_id IS NULL AND id IN (SELECT value FROM json_each(:ids)) ORDER BY id
"""


def explain(db: Database, actor: Actor, patient_id: int, finding_ids: Sequence[int], note: str) -> None:
    """Note that these open findings were talked through with the person."""
    if not note.strip():
        raise Invalid({"note": N_("Please say what was explained.")})
    with db.change(actor, "finding.explained", patient_id) as details:
        mine = db.all(tuple, MINE, patient=patient_id, ids=json.dumps(list(finding_ids)))
        if not mine or len(mine) != len(set(finding_ids)):
            raise NotFound()
        details |= {"findings": [id for id, _code in mine], "codes": [code for _id, code in mine], "note": note}
        db.insert_many("finding_steps", [
            {"finding_id": id, "step": "explained", "at": clock.today().isoformat(), "note": note,
             "observation_id": None, "event_id": details.event_id} for id, _code in mine
        ])


FINDINGS = """
SELECT id, code, opened_on, ended_event_id, observation_id FROM findings
WHERE patient_id = :patient AND (ended_event_id IS NULL OR :ended) ORDER BY opened_on DESC, id DESC
"""
STEPS = """
SELECT t.finding_id, t.step, t.at, t.note, coalesce(s.name, '') AS by, t.observation_id
FROM finding_steps t JOIN findings f ON f.id = t.finding_id JOIN events e ON e.id = t.event_id
LEFT JOIN staff s ON s.id = e.actor_id
WHERE f.patient_id = :patient AND (f.ended_event_id IS NULL OR :ended) ORDER BY t.id
"""
FOUND_BY = """
WITH RECURSIVE versions(first, id) AS (
  SELECT value, value FROM json_each(:ids)
  UNION ALL SELECT v.first, o.id FROM versions v JOIN observations o ON o.replaces_id = v.id AND o.code = (
    SELECT code FROM observations WHERE id = v.id)
)
SELECT v.first, o.id, o.patient_id, o.code, o.taken_at, o.value, o.comparator, o.text, o.unit, o.level, o.range_low, o.range_high,
       o.reported_value, o.reported_unit, o.report_id, o.replaces_id, o.retired_event_id, '' AS by, 0 AS derived
FROM versions v JOIN observations o ON o.id = v.id ORDER BY o.id
"""


def findings(db: Database, patient_id: int, ended: bool = False) -> list[Finding]:
    """This person's open findings with their steps, newest first; with `ended` the settled ones too.

    Where the value they were found by was corrected, its newest version is shown.
    """
    rows = db.all(tuple, FINDINGS, patient=patient_id, ended=ended)
    if not rows:
        return []
    steps = defaultdict(list)
    for finding_id, *step in db.all(tuple, STEPS, patient=patient_id, ended=ended):
        steps[finding_id].append(Step(*step))
    found_by = {first: Observation(*value) for first, *value in db.all(tuple, FOUND_BY, ids=json.dumps([row[4] for row in rows]))}
    return [Finding(id, code, on, end, found_by[first], tuple(steps[id])) for id, code, on, end, first in rows]


def open_findings(db: Database, patient_id: int) -> list[Finding]:
    return findings(db, patient_id)
