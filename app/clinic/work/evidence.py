"""Why an item stands: the day of its evidence, and the evidence as it is read."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from app.clinic import catalogue, criteria
from app.clinic.work.pathways import pathways
from app.clinic.work.shapes import Item
from app.core import clock
from app.core.access import Actor, May
from app.core.db import Database
from app.core.words import _, pick

Lines = list[tuple[str, str]]  # what it is, what it says

_DAY = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d)?")

VALUES = """
WITH RECURSIVE versions (first, id) AS (
  SELECT value, value FROM json_each(:ids)
  UNION ALL SELECT v.first, o.id FROM versions v JOIN observations o ON o.replaces_id = v.id
)
SELECT v.first, o.code, o.taken_at, o.value, o.comparator, o.text, o.retired_event_id IS NULL
FROM versions v JOIN observations o ON o.id = v.id ORDER BY o.id
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


class _Version(NamedTuple):
    day: str
    said: str
    live: bool


def _values(db: Database, ids: list[int]) -> dict[int, tuple[str, str]]:
    """Of each observation: its day and what it says."""
    versions: dict[int, list[_Version]] = defaultdict(list)
    for id, code, taken_at, value, comparator, text, live in db.all(tuple, VALUES, ids=json.dumps(ids)) if ids else ():
        indicator = catalogue.indicators()[code]
        said = f"{indicator.brief} {catalogue.quantity(indicator, value, text, comparator)}"
        versions[id].append(_Version(taken_at[:10], said, bool(live)))
    return {id: (mine[0].day, _told_since(mine[0], mine[-1])) for id, mine in versions.items()}


def _told_since(was: _Version, now: _Version) -> str:
    """The value that asked for the work, and what became of it."""
    if not now.live:
        return _("%(was)s, struck out since", was=was.said)
    if now.day != was.day:
        return _("%(was)s, corrected since: %(now)s", was=was.said, now=f"{now.day} {now.said}")
    return was.said if now.said == was.said else _("%(was)s, corrected since: %(now)s", was=was.said, now=now.said)


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
    lines = [(_("Value"), one) for one in criteria.told(json.dumps({"because": _answers(evidence)}))]
    if last := evidence.get("outcome"):
        pathway = pathways()[last["pathway"]]
        outcome = pathway.outcome(last["outcome"])
        said = f"{last['on']} {pathway.name}: {outcome.name if outcome else ''}"
        lines.append((_("Last time"), " ".join(filter(None, [said, last["note"]]))))
    if card := evidence.get("card"):
        lines.append((_("Card"), f"{card['number']} · {_('Valid until %(day)s', day=card['until'])}"))
    if agreed := evidence.get("agreed"):
        lines.append((_("Agreed"), " ".join(filter(None, [agreed["on"], agreed["note"]]))))
    if asked := evidence.get("questionnaire"):
        lines.append((_("Questionnaire"), pick(*asked)))
    return lines


def _answers(evidence: dict[str, Any]) -> list[dict[str, Any]]:
    """Results are told by their rows, which know what became of them."""
    return [one for one in evidence.get("because", []) if "responses" in one]


def _due(item: Item) -> Lines:
    if item.due_on is None:
        return []
    start = newest_day(item.evidence) if item.pathway.counted_from == "evidence" else None
    start = start or clock.to_local(item.created_at).date()
    days = (date.fromisoformat(item.due_on) - start).days
    if days == 0:
        return [(_("Due"), _("the same day, %(day)s", day=item.due_on))]
    return [(_("Due"), _("%(start)s and %(days)s days is %(day)s", start=start.isoformat(), days=days, day=item.due_on))]
