"""The clinic's own intervals, where no source gives one."""

from app.clinic.work.pathways import pathways
from app.core import settings
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Invalid
from app.core.words import N_

SETTING = "pathway_days"
LONGEST = 730


def days_in_force(db: Database) -> dict[str, int]:
    """After how many days each pathway is due here."""
    own = settings.get(db, SETTING, {})
    return {
        code: own.get(code, pathway.due_days) if pathway.adjustable else pathway.due_days
        for code, pathway in pathways().items()
    }


def set_days(db: Database, actor: Actor, code: str, days: int) -> None:
    """From now on; items that stand keep their days. Raises Invalid for what a source has settled."""
    pathway = pathways().get(code)
    if pathway is None or not pathway.adjustable:
        raise Invalid({"days": N_("This interval comes from its source and is not the clinic's to set.")})
    if not 1 <= days <= LONGEST:
        raise Invalid({"days": (N_("Between 1 and %(most)s days."), {"most": LONGEST})})
    settings.put(db, actor, **{SETTING: settings.get(db, SETTING, {}) | {code: days}})
