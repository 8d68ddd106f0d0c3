"""One timeline of everything about a person, told when read, in the reader's language.

Of ten thousand entries a page still costs fifty: they are read in order and no further than asked. Words are looked for in
what is told, not in what is stored, piece by piece and the newest first, until a page is full.
"""

import json
from collections.abc import Container, Iterator
from datetime import date, timedelta
from typing import Annotated, Any

import msgspec
from msgspec.structs import replace

from app.clinic.patients.happenings import GROUPS, PLACES
from app.clinic.patients.joined import ids_of
from app.core import clock, events
from app.core.access import Actor, May
from app.core.db import Database
from app.core.forms import Field

PIECE = 500  # entries read at once while words are looked for
EARLIEST, LATEST = "0000", "9999"
NOBODY = 0  # as an author: the house itself

# One part for each number the person has had (nearly always one): each is read along its index, and they are merged.
_ONES = """
SELECT e.id, e.at, e.kind, e.details, e.actor_id, e.cause_id FROM events e
WHERE e.patient_id = {patient:d} AND e.id < :before AND e.at >= :since AND e.at < :until
  AND (:by IS NULL OR coalesce(e.actor_id, 0) = :by) AND e.kind IN (SELECT value FROM json_each(:kinds))
"""
_PAGE = """
SELECT t.id, t.at, t.kind, t.details, s.name AS actor, t.cause_id FROM ({ones} ORDER BY 1 DESC LIMIT :limit) t
LEFT JOIN staff s ON s.id = t.actor_id ORDER BY t.id DESC
"""


class Wanted(msgspec.Struct, frozen=True):
    """What of it is to be seen. kind: a filter's id. since, until: days of the clinic, both included. by: staff id, 0 the house."""

    kind: str = ""
    since: date | None = None
    until: date | None = None
    by: Annotated[int | None, Field(lowest=0)] = None
    text: Annotated[str, Field(most=60)] = ""

    @property
    def narrow(self) -> bool:
        return any(value not in (None, "") for value in (self.since, self.until, self.by, self.text))


class Entry(msgspec.Struct, frozen=True):
    """at: UTC stamp. actor: None for the house itself. cause_id: the event this follows from."""

    id: int
    at: str
    kind: str
    details: dict[str, Any]
    actor: str | None
    cause_id: int | None

    @property
    def sentence(self) -> str:
        return events.tell(self.kind, self.details)

    @property
    def place(self) -> str:
        """Where the thing stands that this is about, after the person's address; blank where there is no page of its own."""
        path = PLACES.get(self.noun)
        return f"{path}/{self.details['entry']}" if path and "entry" in self.details else ""

    @property
    def noun(self) -> str:
        return self.kind.partition(".")[0]


def timeline(
    db: Database, actor: Actor, patient_id: int, wanted: Wanted = Wanted(), *, before: int | None = None, limit: int = 50,
    withheld: Container[tuple[str, int]] = (),
) -> list[Entry]:
    """Newest first, what this actor may see, with ids below `before`. withheld: (noun, entry) told without their content."""
    if not wanted.text:
        return _read(db, actor, patient_id, wanted, before, limit, withheld)
    words, found = wanted.text.casefold(), []
    for entry in _all(db, actor, patient_id, wanted, before, withheld):
        if words in entry.sentence.casefold():
            found.append(entry)
            if len(found) == limit:
                break
    return found


def _all(
    db: Database, actor: Actor, patient_id: int, wanted: Wanted, before: int | None, withheld: Container[tuple[str, int]],
) -> Iterator[Entry]:
    while piece := _read(db, actor, patient_id, wanted, before, PIECE, withheld):
        yield from piece
        before = piece[-1].id


def _read(
    db: Database, actor: Actor, patient_id: int, wanted: Wanted, before: int | None, limit: int, withheld: Container[tuple[str, int]],
) -> list[Entry]:
    kinds = [name for name in events.KINDS if _shown(name, actor, wanted.kind)]
    ones = " UNION ALL ".join(_ONES.format(patient=id) for id in ids_of(db, patient_id))
    rows = db.all(
        tuple, _PAGE.format(ones=ones), before=before or 2**62, kinds=json.dumps(kinds), limit=limit, by=wanted.by,
        since=clock.start_of(wanted.since) if wanted.since else EARLIEST,
        until=clock.start_of(wanted.until + timedelta(days=1)) if wanted.until else LATEST,
    )  # fmt: skip
    entries = [Entry(id, at, kind, json.loads(details), who, cause) for id, at, kind, details, who, cause in rows]
    return [_without_content(one) if (one.noun, one.details.get("entry")) in withheld else one for one in entries]


def _without_content(entry: Entry) -> Entry:
    return replace(entry, details={"sensitive": True})


def groups(actor: Actor) -> dict[str, str]:
    """The filters that can show this actor something: id → words' id."""
    return {id: name for id, (name, _nouns) in GROUPS.items() if any(_shown(kind, actor, id) for kind in events.KINDS)}


def _shown(kind: str, actor: Actor, group: str) -> bool:
    if events.KINDS[kind].clinical and not actor.may(May.SEE_CLINICAL):
        return False
    return group not in GROUPS or kind.partition(".")[0] in GROUPS[group][1]
