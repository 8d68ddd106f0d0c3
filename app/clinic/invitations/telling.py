"""How the events are told: by the questionnaire's title in the reader's language."""

from typing import Any

from app.core import events
from app.core.db import Database
from app.core.words import N_, _, pick

TOLD = {
    "asking.made": N_("Gave out “%(title)s”"), "asking.finished": N_("“%(title)s” has been given out"),
    "asking.stopped": N_("Took back “%(title)s” from all who had not begun"),
    "asking.reminded": N_("Had all reminded who have not filled in “%(title)s” yet"),
    "asked.made": N_("Asked to fill in “%(title)s”"), "asked.withdrawn": N_("“%(title)s” need not be filled in any more"),
    "asked.returned": N_("“%(title)s” is to be filled in after all"), "asked.reminded": N_("To be reminded of “%(title)s”"),
    "asked.done": N_("“%(title)s” is filled in, as asked"),
    "invitation.made": N_("Made a way in to “%(title)s”"), "invitation.revoked": N_("Closed every way in to “%(title)s”"),
    "invitation.opened": N_("A device was let in to fill in “%(title)s”"),
}  # fmt: skip


def _teller(sentence: str):
    def tell(details: dict[str, Any]) -> str:
        return _(sentence, title=pick(*(details.get("title") or ("", ""))) or "—")
    return tell


for _kind, _sentence in TOLD.items():
    events.declare(_kind, "", clinical=True, describe=_teller(_sentence))

TITLE = "SELECT title_zh, title_en FROM questionnaire_versions WHERE questionnaire_id = :id ORDER BY id DESC LIMIT 1"


def title(db: Database, questionnaire_id: int) -> list[str]:
    """In Chinese and in English, as an event keeps it."""
    return list(db.one(tuple, TITLE, id=questionnaire_id) or ("", ""))
