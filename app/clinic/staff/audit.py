"""The audit: every event, newest first, with who did it and what it followed from."""

import msgspec

from app.core import events
from app.core.db import Database

AUDIT_PAGE = 50


class Line(msgspec.Struct, frozen=True):
    """details: JSON text. patient: the number, never the name. tablet: on which of the clinic's it was done, if on one."""

    id: int
    at: str
    actor: str | None
    kind: str
    patient_id: int | None
    patient: str | None
    cause_id: int | None
    details: str
    tablet: str | None

    @property
    def sentence(self) -> str:
        return events.tell(self.kind, msgspec.json.decode(self.details)) if self.kind in events.KINDS else self.kind


LINES = """
SELECT events.id AS id, events.at AS at, staff.name AS actor, events.kind AS kind, events.patient_id AS patient_id,
  patients.number AS patient, events.cause_id AS cause_id, events.details AS details, tablets.name AS tablet
FROM events LEFT JOIN staff ON staff.id = events.actor_id LEFT JOIN patients ON patients.id = events.patient_id
  LEFT JOIN sessions ON sessions.id = events.details ->> 'via' LEFT JOIN tablets ON tablets.id = sessions.tablet_id
WHERE :before IS NULL OR events.id < :before ORDER BY events.id DESC LIMIT :most
"""


def audit(db: Database, before: int | None = None) -> list[Line]:
    """A page of events before the given id, newest first."""
    return db.all(Line, LINES, before=before, most=AUDIT_PAGE)
