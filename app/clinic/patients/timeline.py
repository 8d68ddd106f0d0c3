"""One timeline of everything about a person, told when read, in the reader's language."""

import json
from collections.abc import Container
from typing import Any

import msgspec
from msgspec.structs import replace

from app.core import events
from app.core.access import Actor, May
from app.core.db import Database
from app.core.words import N_

# Filter → the first words of the event kinds it shows.
GROUPS = {
    "identity": (N_("Identity and card"), ("patient", "card")),
    "record": (N_("Record"), (
        "condition", "allergy", "medication", "procedure", "injury", "transfusion", "immunization", "familyhistory", "smoking",
        "alcohol", "exercise", "diet", "sleep", "living", "personal", "womenshealth", "disability", "need", "wish", "note",
    )),
    "results": (N_("Results"), ("report", "observation", "finding")),
    "tags": (N_("Tags"), ("tag",)),
    "followup": (N_("Follow-up"), ("work", "contact", "recall")),
    "reports": (N_("Reports"), ("healthreport",)),
}

# The first word of an event's kind → the record's section it is about.
RECORD = {
    "condition": "conditions", "allergy": "allergies", "medication": "medications", "procedure": "procedures",
    "injury": "injuries", "transfusion": "transfusions", "immunization": "immunizations", "familyhistory": "family_history",
    "smoking": "smoking", "alcohol": "alcohol", "exercise": "exercise", "diet": "diet", "sleep": "sleep", "living": "living",
    "personal": "personal", "womenshealth": "womens_health", "disability": "disabilities", "need": "needs", "wish": "wishes",
    "note": "notes",
}

PAGE = """
SELECT e.id, e.at, e.kind, e.details, s.name AS actor, e.cause_id
FROM events e LEFT JOIN staff s ON s.id = e.actor_id
WHERE e.patient_id = :patient AND e.id < :before AND e.kind IN (SELECT value FROM json_each(:kinds))
ORDER BY e.id DESC LIMIT :limit
"""


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
    def record_path(self) -> str:
        """Where the record's entry stands that this is about, after /record/; blank for other kinds."""
        section = RECORD.get(self.noun)
        return f"{section}/{self.details['entry']}" if section and "entry" in self.details else ""

    @property
    def noun(self) -> str:
        return self.kind.partition(".")[0]


def timeline(
    db: Database, actor: Actor, patient_id: int, *, before: int | None = None, group: str = "", limit: int = 50,
    withheld: Container[tuple[str, int]] = (),
) -> list[Entry]:
    """Newest first, what this actor may see, with ids below `before`. withheld: (noun, entry) told without their content."""
    kinds = [name for name in events.KINDS if _shown(name, actor, group)]
    rows = db.all(tuple, PAGE, patient=patient_id, before=before or 2**62, kinds=json.dumps(kinds), limit=limit)
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
    return not group or kind.partition(".")[0] in GROUPS.get(group, ("", ()))[1]
