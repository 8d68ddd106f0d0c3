"""A photo or PDF that was kept with the wrong person, with the right one."""

from app.clinic.attachments import queries
from app.clinic.attachments.shapes import Attachment
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Refusal
from app.core.words import N_


def file_again(db: Database, actor: Actor, patient_id: int, old: Attachment) -> int:
    """The same file, on the person themselves: what it hung on is another's."""
    if db.value(queries.TWIN, patient=patient_id, file=old.file):
        raise Refusal(N_("This very file is kept with that person already."))
    with db.change(actor, "attachment.added", patient_id) as details:
        kept = {name: getattr(old, name) for name in ("file", "thumbnail", "kind", "size", "pages", "title", "taken_on", "sensitive")}
        id = db.insert("attachments", {"patient_id": patient_id, **kept, "event_id": details.event_id})
        details |= {"entry": id, "sensitive": True} if old.sensitive else {"entry": id, "kind": old.kind, "what": old.title}
    return id
