"""What a person sent in themselves, from their own phone: theirs to look at and to take back while they are at it."""

from app.clinic.attachments import queries
from app.clinic.attachments.shapes import Attachment
from app.core.access import Actor
from app.core.db import Database
from app.core.files import Incoming

OWN = "SELECT 1 FROM attachments a JOIN events e ON e.id = a.event_id WHERE a.id = :id AND a.patient_id = :patient AND e.actor_id IS NULL AND e.id > :since"
SENT = """
SELECT count(*) FROM attachments a JOIN events e ON e.id = a.event_id WHERE a.patient_id = :patient AND e.actor_id IS NULL AND e.id > :since
"""


def own(db: Database, patient_id: int, id: int, since: int) -> Attachment | None:
    """One of this person's that they sent in after that event; nothing that was taken out, or that staff made sensitive."""
    found = db.one(Attachment, queries.ONE, patient=patient_id, id=id) if db.value(OWN, id=id, patient=patient_id, since=since) else None
    return None if found is None or found.retired or queries.secret(db, patient_id, id) else found


def sent_in(db: Database, patient_id: int, since: int) -> int:
    """How many files they sent in after that event, those taken out too."""
    return db.value(SENT, patient=patient_id, since=since)


def same(db: Database, actor: Actor | None, patient_id: int, arrived: Incoming) -> int | None:
    """The very same file where it stands with this person already, unless it is not for the actor's eyes.

    A person is told nothing of it, so theirs is always found.
    """
    twin = db.value(queries.TWIN, patient=patient_id, file=arrived.name)
    return twin if twin and (actor is None or queries.get(db, actor, patient_id, twin)) else None


def take_back(db: Database, patient_id: int, id: int, since: int, reason: str) -> None:
    """The person did not mean to send it: as `withdraw`, by themselves. Nothing of what is not their own."""
    with db.aside():
        found = own(db, patient_id, id, since)
        if found is None:
            return
        with db.change(None, "attachment.withdrawn", patient_id) as details:
            db.update("attachments", id, {"retired_event_id": details.event_id, "retired_reason": reason})
            details |= {"entry": id, "kind": found.kind, "what": found.title, "reason": reason}
