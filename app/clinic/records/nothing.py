"""That there is nothing (no known allergies), said of the wrong person: taken back with a reason."""

import msgspec

from app.clinic.records.sections import SECTIONS, Section
from app.core import events
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import NotFound
from app.core.words import N_, _

WITHDRAWN = N_("Taken back: %(what)s (%(reason)s)")


def _declare(section: Section) -> None:
    events.declare(f"{section.noun}.none_withdrawn", WITHDRAWN, clinical=True, describe=lambda said: _(
        WITHDRAWN, what=_(section.none), reason=said.get("reason", "—")))


for _section in SECTIONS.values():
    if _section.none:
        _declare(_section)


class Nothing(msgspec.Struct, frozen=True):
    """section: of which there is said to be nothing. gone: taken back, or something was recorded since."""

    id: int
    section: str
    gone: int


OF = "SELECT id, section, retired_event_id IS NOT NULL AS gone FROM none_known WHERE patient_id = :patient"


def nothings(db: Database, patient_id: int) -> list[Nothing]:
    return db.all(Nothing, OF, patient=patient_id)


def take_back_none(db: Database, actor: Actor, patient_id: int, id: int, reason: str) -> None:
    one = next((one for one in nothings(db, patient_id) if one.id == id and not one.gone), None)
    if one is None:
        raise NotFound()
    with db.change(actor, f"{SECTIONS[one.section].noun}.none_withdrawn", patient_id) as details:
        details["reason"] = reason
        db.update("none_known", id, {"retired_event_id": details.event_id})
