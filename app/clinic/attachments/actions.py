import msgspec

from app.clinic import observations, patients, records
from app.clinic.attachments import queries
from app.clinic.attachments.shapes import PDF, PHOTO, Attachment, NewAttachment, Place
from app.core import clock, events, judging
from app.core.access import Actor, May
from app.core.db import Database
from app.core.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from app.core.files import Files, Incoming
from app.core.forms import once
from app.core.words import N_, _

patients.belongs("attachments")

SECRET = N_("a sensitive attachment")
REFUSED = {
    "other": N_("This is neither a photo (JPEG, PNG, WebP) nor a PDF. Nothing was kept."),
    "heic": N_("This photo is in Apple's own format (HEIC). Take it through this page, or send it as JPEG."),
    "damaged": N_("This file is damaged or cut short and cannot be opened. Please try to get it again."),
    "locked": N_("This PDF is locked with a password. Open it, print it as a new PDF, and add that one."),
    "program": N_("This PDF carries a program. Print it as a new PDF, and add that one."),
    "large": N_("This is too large to be drawn: at most 65 million points, or 2,000 pages."),
}  # fmt: skip
EMPTY = N_("Please choose a file.")
OTHER_HAND = N_("Somebody else changed this meanwhile. Nothing of yours is lost: compare both, then save over the newer one.")
TITLES = {"title": N_("What is it?"), "taken_on": N_("Day"), "place": N_("Belongs to"), "sensitive": N_("Sensitive")}
TOLD = {
    "added": N_("%(kind)s kept: %(what)s"), "corrected": N_("%(kind)s described anew: %(what)s (%(reason)s)"),
    "withdrawn": N_("%(kind)s taken out: %(what)s (%(reason)s)"), "restored": N_("%(kind)s put back: %(what)s"),
}  # fmt: skip


def _teller(sentence: str):
    def tell(details: dict) -> str:
        if details.get("sensitive"):
            return _(sentence, kind=_(SECRET), what="—", reason="—")
        kind = _(PDF if details.get("kind") == "pdf" else PHOTO)
        return _(sentence, kind=kind, what=details.get("what") or "—", reason=details.get("reason", "—"))
    return tell


for _verb, _sentence in TOLD.items():
    events.declare(f"attachment.{_verb}", "", clinical=True, describe=_teller(_sentence))


def add(db: Database, actor: Actor | None, files: Files, patient_id: int, new: NewAttachment, arrived: Incoming) -> int:
    """Judge what arrived, keep it, write its row; returns the id. Raises Invalid saying what is wrong with the file.

    Judging takes its time and the disk too, so both come before the writer is asked for.
    """
    token = once(new.token, patient_id)
    if token and (sent := db.value(queries.BY_TOKEN, token=token)):
        return sent
    judged = _judge(arrived)
    _stand(db, actor, patient_id, new.place)
    kept = {
        "file": arrived.keep(), "thumbnail": files.put(judged.small) if judged.small else None, "kind": judged.kind,
        "size": arrived.size, "pages": judged.pages,
    }
    with db.aside():
        if token and (sent := db.value(queries.BY_TOKEN, token=token)):
            return sent
        if twin := db.value(queries.TWIN, patient=patient_id, file=kept["file"]):
            raise Invalid({"file": _twin(db, actor, patient_id, twin)})
        with db.change(actor, "attachment.added", patient_id) as details:
            id = _insert(db, patient_id, new, kept | {"token": token, "event_id": details.event_id})
            details |= _told(id, judged.kind, new.title, new.sensitive)
    return id


def _judge(arrived: Incoming) -> judging.Judged:
    if not arrived.size:
        raise Invalid({"file": EMPTY})
    arrived.flush()
    try:
        return judging.judge(arrived.path)
    except judging.Refused as refused:
        raise Invalid({"file": REFUSED[refused.reason]}) from None


def _twin(db: Database, actor: Actor | None, patient_id: int, id: int) -> tuple[str, dict]:
    twin = queries.get(db, actor, patient_id, id) if actor else None
    return N_("This very file is kept already: %(what)s, %(day)s."), {
        "what": twin.name if twin else _(SECRET), "day": twin.taken_on if twin else "—"}


def correct(db: Database, actor: Actor, patient_id: int, id: int, new: NewAttachment, reason: str) -> int:
    """Say something else about it; a new version in the place of `id`, the one that was seen. Raises Conflict."""
    with db.change(actor, "attachment.corrected", patient_id) as details:
        old = _standing(db, actor, patient_id, id, new)
        _stand(db, actor, patient_id, new.place)
        db.update("attachments", id, {"retired_event_id": details.event_id})
        kept = {name: getattr(old, name) for name in ("file", "thumbnail", "kind", "size", "pages")}
        version = _insert(db, patient_id, new, kept | {"replaces_id": id, "reason": reason, "event_id": details.event_id})
        details |= _told(version, old.kind, new.title, new.sensitive, reason) | {"replaces": id}
    return version


def withdraw(db: Database, actor: Actor, patient_id: int, id: int, reason: str) -> None:
    """Take out what does not belong here. It stays readable, and can be put back."""
    with db.change(actor, "attachment.withdrawn", patient_id) as details:
        old = _standing(db, actor, patient_id, id, None)
        db.update("attachments", id, {"retired_event_id": details.event_id, "retired_reason": reason})
        details |= _told(id, old.kind, old.title, bool(old.sensitive), reason)


def put_back(db: Database, actor: Actor, patient_id: int, id: int) -> None:
    with db.change(actor, "attachment.restored", patient_id) as details:
        old = queries.get(db, actor, patient_id, id)
        if old is None or queries.newest(db, id) != id:
            raise NotFound()
        if not old.retired:
            raise Refusal(N_("It has been put back already."))
        db.update("attachments", id, {"retired_event_id": None, "retired_reason": ""})
        details |= _told(id, old.kind, old.title, bool(old.sensitive))


def _standing(db: Database, actor: Actor, patient_id: int, id: int, new: NewAttachment | None) -> Attachment:
    """The attachment, if it still is the version that stands and may be seen by the actor."""
    old = queries.get(db, actor, patient_id, id)
    if old is None:
        raise NotFound()
    if old.retired:
        theirs = queries.get(db, actor, patient_id, queries.newest(db, id))
        if theirs is None:
            raise Forbidden()
        raise Conflict(OTHER_HAND, _both(db, patient_id, new, theirs) if new else [])
    return old


def _stand(db: Database, actor: Actor | None, patient_id: int, place: Place) -> None:
    """It can hang only on what is this person's, and open to the actor."""
    wrong = Invalid({"place": N_("Please choose one of these.")})
    if place.report_id and observations.report(db, patient_id, place.report_id) is None:
        raise wrong
    if place.section:
        section = records.SECTIONS.get(place.section)
        entry = records.entry(db, patient_id, section, place.entry_id) if section else None
        if entry is None or (entry.sensitive and not (actor and actor.may(May.SEE_SENSITIVE))):
            raise wrong


def _insert(db: Database, patient_id: int, new: NewAttachment, more: dict) -> int:
    return db.insert("attachments", {
        "patient_id": patient_id, **msgspec.structs.asdict(new.place), "title": new.title,
        "taken_on": (new.taken_on or clock.today()).isoformat(), "sensitive": int(new.sensitive), **more,
    })


def _told(id: int, kind: str, title: str, sensitive: bool, reason: str = "") -> dict:
    """What the event says; nothing of a sensitive one."""
    if sensitive:
        return {"entry": id, "sensitive": True}
    return {"entry": id, "kind": kind, "what": title} | ({"reason": reason} if reason else {})


def _both(db: Database, patient_id: int, mine: NewAttachment, theirs: Attachment) -> list[tuple[str, str, str]]:
    """The fields that differ, as (label, mine, theirs)."""
    pairs = {
        "title": (mine.title, theirs.title), "taken_on": (mine.taken_on.isoformat() if mine.taken_on else "", theirs.taken_on),
        "place": tuple(queries.called(db, patient_id, one.place) for one in (mine, theirs)),
        "sensitive": tuple(_("yes") if one.sensitive else "" for one in (mine, theirs)),
    }
    return [(TITLES[name], own, other) for name, (own, other) in pairs.items() if own != other]
