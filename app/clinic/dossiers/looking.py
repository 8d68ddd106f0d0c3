"""Who saw this person's record: by looking at it, by printing it, by handing it out."""

import json
from datetime import date, timedelta
from typing import Annotated

import msgspec
from msgspec.structs import replace

from app.clinic import breakglass, patients
from app.core import clock, events
from app.core.access import ROLE_NAMES
from app.core.db import Database
from app.core.forms import Field
from app.core.words import N_, _

ON_PAPER = 2000
WENT_OUT = ("healthreport.printed", "dossier.handed_out", "dossier.wanted", "list.row_unmasked", breakglass.OPENED)
LOOKED = {
    "view": N_("Looked at the record"), "print": N_("Opened something to print"), "export": N_("Took something out as a file"),
    "play": N_("Listened to a recording"),
}
GLASS = N_("%(said)s, sensitive entries opened in an emergency")

SEEN = """
SELECT t.at, t.actor_id, s.name AS who, s.role, t.kind, t.details FROM (
  SELECT at, actor_id, how AS kind, '' AS details FROM looks WHERE patient_id IN (SELECT value FROM json_each(:people)) AND at >= :since AND at < :until
  UNION ALL
  SELECT at, actor_id, kind, details FROM events
  WHERE patient_id IN (SELECT value FROM json_each(:people)) AND kind IN (SELECT value FROM json_each(:kinds)) AND at >= :since AND at < :until
) t JOIN staff s ON s.id = t.actor_id
ORDER BY t.at DESC, t.actor_id, t.kind LIMIT :limit OFFSET :offset
"""


class Period(msgspec.Struct, frozen=True):
    since: Annotated[date | None, Field()] = None
    until: Annotated[date | None, Field()] = None


class Look(msgspec.Struct, frozen=True):
    """at: UTC stamp; a look stands for ten minutes. kind: a way of looking, or the event's with its details. glass: they had broken the glass."""

    at: str
    actor_id: int
    who: str
    role: str
    kind: str
    details: str
    glass: bool = False

    @property
    def how(self) -> str:
        said = events.tell(self.kind, json.loads(self.details)) if self.details else _(LOOKED[self.kind])
        return _(GLASS, said=said) if self.glass else said

    @property
    def role_told(self) -> str:
        return _(ROLE_NAMES[self.role])


def who_looked(db: Database, patient_id: int, period: Period, *, page: int = 0, limit: int = 50) -> list[Look]:
    """Newest first, of the records that were joined to this one too; days are the clinic's."""
    people = patients.ids_of(db, patient_id)
    found = db.all(
        Look, SEEN, people=json.dumps(people), kinds=json.dumps(WENT_OUT), limit=limit, offset=page * (limit - 1),
        since=_stamp(period.since) or "0", until=_stamp(period.until and period.until + timedelta(days=1)) or "9",
    )
    opened = [period for id in people for period in breakglass.periods(db, id)]
    return [replace(one, glass=True) if not one.details and _meanwhile(one, opened) else one for one in found] if opened else found


def _meanwhile(look: Look, opened: list[tuple[int, str, str]]) -> bool:
    """A look stands for ten minutes, so any of them that an opening touches is marked."""
    begin = look.at[:15] + "0"
    return any(who == look.actor_id and begin <= until and since[:15] <= look.at[:15] for who, since, until in opened)


def _stamp(day: date | None) -> str:
    return clock.start_of(day) if day else ""
