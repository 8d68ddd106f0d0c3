"""The rows of work: making them, giving them days, closing them."""

import json
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import msgspec

from app.clinic.work import rules
from app.clinic.work.intervals import days_in_force
from app.clinic.work.pathways import Pathway, pathways
from app.core import clock, settings
from app.core.db import Database

OLD_RESULTS_DAYS = 90


class Wanted(msgspec.Struct, frozen=True):
    """An item to be made unless it stands already. cause: the event it follows from.

    evidence_on: the day of the value it rests on; None for what has no age. days: due after this
    many days instead of the pathway's own. alone: made although one of its kind is open: every promise is its own.
    owner_id: whose it is, where that is not who the pathway says.
    """

    patient_id: int
    pathway: Pathway
    trigger: str
    cause: int
    evidence: Any = None
    evidence_on: date | None = None
    params: dict[str, Any] = {}
    findings: tuple[int, ...] = ()
    days: int | None = None
    due_on: date | None = None
    alone: bool = False
    owner_id: int | None = None


ids = json.dumps

STANDING = """
SELECT id, patient_id, pathway, trigger, closed_event_id IS NULL AS open, due_on IS NOT NULL AS dated
FROM work_items WHERE patient_id IN (SELECT value FROM json_each(:patients))
"""
OWNERS = """
SELECT p.id, d.id, m.id FROM patients p
LEFT JOIN staff d ON d.id = p.doctor_id AND d.disabled_event_id IS NULL
LEFT JOIN staff m ON m.id = p.manager_id AND m.disabled_event_id IS NULL
WHERE p.id IN (SELECT value FROM json_each(:patients))
"""
# What the change that started it all said: which import batch, and from which day on work is dated.
ROOTS = """
WITH RECURSIVE up (start, id, cause_id, details) AS (
  SELECT id, id, cause_id, details FROM events WHERE id IN (SELECT value FROM json_each(:causes))
  UNION ALL
  SELECT up.start, e.id, e.cause_id, e.details FROM up JOIN events e ON e.id = up.cause_id
)
SELECT start, max(json_extract(details, '$.work_from')), max(json_extract(details, '$.batch')) FROM up GROUP BY start
"""
LIST_OF = "SELECT id FROM recall_lists WHERE coalesce(batch_id, 0) = coalesce(:batch, 0)"


class _Standing:
    """What these people have already, so that nothing is asked for twice."""

    def __init__(self, db: Database, patient_ids: Iterable[int]) -> None:
        self.triggers: set[tuple[int, str, str]] = set()
        self.dated: set[tuple[int, str]] = set()
        self.listed: dict[tuple[int, str], int] = {}
        for id, patient, pathway, trigger, open, dated in db.all(tuple, STANDING, patients=ids(sorted(set(patient_ids)))):
            self.triggers.add((patient, pathway, trigger))
            if open:
                self._keep(id, patient, pathway, dated)

    def _keep(self, id: int, patient: int, pathway: str, dated: bool) -> None:
        if dated:
            self.dated.add((patient, pathway))
        else:
            self.listed[patient, pathway] = id

    def has(self, wanted: Wanted, old: bool) -> bool:
        """An item of the same trigger, or one open that serves as well. Of findings every report is its own item."""
        patient, pathway = wanted.patient_id, wanted.pathway
        further = pathway.unless_open if wanted.findings or wanted.alone else (*pathway.unless_open, pathway.code)
        return (
            (patient, pathway.code, wanted.trigger) in self.triggers
            or any((patient, code) in self.dated for code in further)
            or (old and not wanted.findings and (patient, pathway.code) in self.listed)
        )

    def add(self, wanted: Wanted, id: int, dated: bool) -> None:
        self.triggers.add((wanted.patient_id, wanted.pathway.code, wanted.trigger))
        self._keep(id, wanted.patient_id, wanted.pathway.code, dated)


def horizons(db: Database, causes: list[int]) -> dict[int, tuple[date, int | None]]:
    """Of each cause: the day before which results are old, and the import batch it belongs to."""
    usual = clock.day_before(settings.get(db, "old_results_days", OLD_RESULTS_DAYS))
    found = {start: (since, batch) for start, since, batch in db.all(tuple, ROOTS, causes=ids(causes))}
    return {
        cause: (date.fromisoformat(since or usual), batch)
        for cause in causes for since, batch in [found.get(cause, (None, None))]
    }


def make(db: Database, wanted: list[Wanted]) -> list[int]:
    """Make what does not stand yet; old evidence goes to the recall list instead. Returns the new ids."""
    if not wanted:
        return []
    patient_ids = [one.patient_id for one in wanted]
    standing = _Standing(db, patient_ids)
    owners = {id: (doctor, manager) for id, doctor, manager in db.all(tuple, OWNERS, patients=ids(patient_ids))}
    bounds, usual_days = horizons(db, [one.cause for one in wanted]), days_in_force(db)
    made = []
    for one in wanted:
        since, batch = bounds[one.cause]
        old = rules.is_old(one.evidence_on, since)
        if standing.has(one, old):
            continue
        row = _row(one, owners[one.patient_id])
        waiting = None if one.findings else standing.listed.pop((one.patient_id, one.pathway.code), None)
        made.append(_list(db, one, row, batch) if old else _date(db, one, row, usual_days))
        standing.add(one, made[-1], not old)
        if waiting:  # on the recall list for an older value: the new one has a day
            close(db, Close(waiting, one.patient_id, one.pathway.code, "withdrawn", one.cause))
    return made


def _row(one: Wanted, owners: tuple[int | None, int | None]) -> dict[str, Any]:
    owner_id, role = (one.owner_id, None) if one.owner_id else rules.owner(one.pathway, *owners)
    return {
        "patient_id": one.patient_id, "pathway": one.pathway.code, "version": one.pathway.version,
        "trigger": one.trigger, "params": ids(one.params), "evidence": msgspec.json.encode(one.evidence or {}).decode(),
        "owner_id": owner_id, "role": role,
    }


def _date(db: Database, one: Wanted, row: dict[str, Any], usual_days: dict[str, int]) -> int:
    today = clock.today()
    if one.due_on:
        days = rules.window_around(one.pathway, one.due_on, today)
    else:
        after = usual_days[one.pathway.code] if one.days is None else one.days
        days = rules.window(one.pathway, after, today, one.evidence_on)
    dates = dates_of(days)
    with db.change(None, "work.created", one.patient_id, cause=one.cause) as details:
        id = db.insert("work_items", row | dates | {"event_id": details.event_id})
        details |= {"work": id, "pathway": one.pathway.code, "due_on": dates["due_on"], **one.params}
        _link(db, id, one.findings)
    return id


def dates_of(window: rules.Window) -> dict[str, str]:
    return dict(zip(("show_from", "due_on", "show_until"), (day.isoformat() for day in window), strict=True))


def _list(db: Database, one: Wanted, row: dict[str, Any], batch: int | None) -> int:
    list_id = _list_of(db, batch, one.cause)
    with db.change(None, "work.listed", one.patient_id, cause=one.cause) as details:
        id = db.insert("work_items", row | {"list_id": list_id, "event_id": details.event_id})
        details |= {"work": id, "pathway": one.pathway.code, "list": list_id, **one.params}
        _link(db, id, one.findings)
    return id


def _list_of(db: Database, batch: int | None, cause: int) -> int:
    """One list per import batch, and one standing list for what was typed in by hand."""
    found = db.value(LIST_OF, batch=batch)
    if found is not None:
        return found
    with db.change(None, "recall.listed", cause=cause) as details:
        id = db.insert("recall_lists", {"batch_id": batch, "event_id": details.event_id})
        details |= {"list": id, "batch": batch}
    return id


def _link(db: Database, id: int, findings: tuple[int, ...]) -> None:
    db.insert_many("work_findings", [{"work_id": id, "finding_id": finding} for finding in findings])


class Close(msgspec.Struct, frozen=True):
    """An item to be closed by the house. step: done or withdrawn. actor_id: who did what closes it.

    cause: the event it follows from; None is the change at work.
    """

    id: int
    patient_id: int
    pathway: str
    step: str
    cause: int | None
    actor_id: int | None = None
    outcome: str | None = None


PARAMS = "SELECT params FROM work_items WHERE id = :id"
CLOSE = "UPDATE work_items SET closed_event_id = :event WHERE id = :id AND closed_event_id IS NULL"


def close(db: Database, one: Close) -> int:
    """Close an item because of an event; returns the closing event's id."""
    with db.change(None, f"work.{one.step}", one.patient_id, cause=one.cause) as details:
        about = json.loads(db.value(PARAMS, id=one.id))
        details |= {"work": one.id, "pathway": one.pathway, "outcome": one.outcome or "", **about}
        if one.step == "done":
            details["serves"] = pathways()[one.pathway].served(one.outcome)
        db.execute(CLOSE, id=one.id, event=details.event_id)
        db.insert("work_steps", {
            "work_id": one.id, "step": one.step, "day": clock.today().isoformat(), "actor_id": one.actor_id,
            "outcome": one.outcome, "event_id": details.event_id,
        })
        return details.event_id


GIVE_DAY = """
UPDATE work_items SET show_from = :show_from, due_on = :due_on, show_until = :show_until, evidence = :evidence WHERE id = :id
"""


def give_day(db: Database, id: int, patient: int, pathway: Pathway, cause: int, evidence: dict[str, Any]) -> None:
    """A listed item gets its pathway's usual days, because of a newer value."""
    today = clock.today()
    days = dates_of(rules.window_around(pathway, today + timedelta(days=days_in_force(db)[pathway.code]), today))
    with db.change(None, "work.scheduled", patient, cause=cause) as details:
        details |= {"work": id, "pathway": pathway.code, "due_on": days["due_on"]}
        db.execute(GIVE_DAY, id=id, evidence=ids(evidence), **days)
        db.insert("work_steps", {
            "work_id": id, "step": "scheduled", "day": today.isoformat(), "due_on": days["due_on"],
            "event_id": details.event_id,
        })
