"""Why an item stands: the day of its evidence, and the evidence as it is read."""

import json
import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from app.clinic import catalogue
from app.clinic.work.pathways import pathways
from app.clinic.work.shapes import Item
from app.core import clock
from app.core.access import Actor, May
from app.core.db import Database
from app.core.words import _

Lines = list[tuple[str, str]]  # what it is, what it says

_DAY = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d)?")

VALUES = """
SELECT id, code, taken_at, value, comparator, text FROM observations
WHERE id IN (SELECT value FROM json_each(:ids)) ORDER BY taken_at, id
"""


def newest_day(evidence: Any) -> date | None:
    """The newest day named anywhere in it; None where nothing in it has an age."""
    return max(_days(evidence), default=None)


def _days(evidence: Any) -> list[date]:
    if isinstance(evidence, dict):
        return [day for value in evidence.values() for day in _days(value)]
    if isinstance(evidence, list):
        return [day for value in evidence for day in _days(value)]
    return [date.fromisoformat(evidence[:10])] if isinstance(evidence, str) and _DAY.fullmatch(evidence) else []


def reasons(db: Database, items: Iterable[Item], actor: Actor) -> dict[int, Lines]:
    """Of each item: the values with their days, the rule with its version, the due day, the source.

    Nothing of a clinical item for those who may not see care.
    """
    told = actor.may(May.SEE_CLINICAL)
    items = [item for item in items if told or not item.pathway.clinical]
    values = _values(db, [id for item in items for id in _observations(item)])
    return {item.id: _lines(item, values) for item in items}


def _observations(item: Item) -> list[int]:
    return item.evidence.get("observations", [])


def _values(db: Database, ids: list[int]) -> dict[int, tuple[str, str]]:
    """Of each observation: its day and what it says."""
    told = {}
    for id, code, taken_at, value, comparator, text in db.all(tuple, VALUES, ids=json.dumps(ids)) if ids else ():
        indicator = catalogue.indicators()[code]
        told[id] = taken_at[:10], f"{indicator.brief} {catalogue.quantity(indicator, value, text, comparator)}"
    return told


def _lines(item: Item, values: dict[int, tuple[str, str]]) -> Lines:
    rule = _("%(rule)s (version %(version)s)", rule=item.pathway.rule, version=item.version)
    return [
        *_measured([values[id] for id in _observations(item) if id in values]), *_told(item.evidence),
        (_("Rule"), rule), *_due(item), (_("Source"), str(item.pathway.source)),
    ]


def _measured(values: list[tuple[str, str]]) -> Lines:
    days: dict[str, list[str]] = {}
    for day, said in values:
        days.setdefault(day, []).append(said)
    return [(_("Value"), f"{day} {_(', ').join(said)}") for day, said in days.items()]


def _told(evidence: dict[str, Any]) -> Lines:
    lines = []
    if last := evidence.get("outcome"):
        pathway = pathways()[last["pathway"]]
        outcome = pathway.outcome(last["outcome"])
        said = f"{last['on']} {pathway.title}: {outcome.name if outcome else ''}"
        lines.append((_("Last time"), " ".join(filter(None, [said, last["note"]]))))
    if agreed := evidence.get("agreed"):
        lines.append((_("Agreed"), " ".join(filter(None, [agreed["on"], agreed["note"]]))))
    return lines


def _due(item: Item) -> Lines:
    if item.due_on is None:
        return []
    start = newest_day(item.evidence) if item.pathway.counted_from == "evidence" else None
    start = start or clock.to_local(item.created_at).date()
    days = (date.fromisoformat(item.due_on) - start).days
    if days == 0:
        return [(_("Due"), _("the same day, %(day)s", day=item.due_on))]
    return [(_("Due"), _("%(start)s and %(days)s days is %(day)s", start=start.isoformat(), days=days, day=item.due_on))]
