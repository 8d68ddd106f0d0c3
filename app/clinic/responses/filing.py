"""Photos and PDFs that answer a question: judged and kept with the person's attachments, named in the answer."""

from collections.abc import Callable

from app.clinic import attachments
from app.clinic.questionnaires import Definition, Given
from app.clinic.responses.shapes import Answered
from app.clinic.responses.sitting import being_filled, definition_of, rearrange
from app.clinic.responses.typed import item_at
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Invalid, NotFound
from app.core.files import Files, Incoming
from app.core.words import N_

KINDS = {"jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp", "pdf": "application/pdf"}
KIND = "SELECT kind FROM attachments WHERE id = :id"
MOST = 10
FULL = N_("At most %(most)s files can answer one question.")


def attach(
    db: Database, actor: Actor | None, files: Files, response_id: int, revision: int, path: str, arrived: Incoming, hand: str = "",
) -> Answered:
    """Keep a file as an answer. Raises Invalid under "file" where it is no sound photo or PDF."""
    one, sitting = being_filled(db, response_id)
    item = item_at(definition_of(db, one), path)
    if item is None or item.type != "attachment":
        raise NotFound()
    if len(sitting.given.get(path, [])) >= MOST:
        raise Invalid({"file": (FULL, {"most": MOST})})
    title = item.text.said(one.language)[0][:120]
    id = attachments.add(db, actor, files, one.patient_id, attachments.NewAttachment(title), arrived)
    kind = KINDS[db.value(KIND, id=id)]
    value = {"valueAttachment": {"id": str(id), "contentType": kind, "url": f"urn:yihe:attachment:{id}", "title": title}}
    return rearrange(db, response_id, revision, _with(path, item.repeats, value), hand)


def _with(path: str, repeats: bool, value: dict) -> Callable[[Definition, Given], Given]:
    return lambda _definition, given: given | {path: [*(given.get(path, []) if repeats else []), value]}


def unattach(db: Database, response_id: int, revision: int, path: str, id: str, hand: str = "") -> Answered:
    """It answers the question no more; it stays with the person's attachments, where it can be taken out."""
    def without(_definition: Definition, given: Given) -> Given:
        return given | {path: [one for one in given.get(path, []) if one.get("valueAttachment", {}).get("id") != id]}

    return rearrange(db, response_id, revision, without, hand)
