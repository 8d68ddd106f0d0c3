from typing import Any

import msgspec

from app.clinic.records import queries
from app.clinic.records.sections import Section
from app.clinic.records.shapes import Entry
from app.core import clock
from app.core.access import Actor, May
from app.core.db import Database
from app.core.errors import Conflict, Forbidden, NotFound, Refusal
from app.core.words import N_

TAKE_BACK_NONE = """
UPDATE none_known SET retired_event_id = :event
WHERE patient_id = :patient AND section = :section AND retired_event_id IS NULL
"""
OTHER_HAND = N_("Somebody else changed this entry meanwhile. Nothing of yours is lost: compare both, then correct the newer one.")

FIELD_NAMES = {
    "text": N_("Text"), "code": N_("ICD-10 code"), "onset": N_("Since"), "status": N_("Status"),
    "certainty": N_("Certainty"), "note": N_("Remark"), "sensitive": N_("Sensitive"), "source": N_("Who says so"),
    "noted_on": N_("Noted on"), "substance": N_("Allergic to"), "reaction": N_("Reaction"), "severity": N_("Severity"),
    "since": N_("Since"), "drug": N_("Medicine"), "dose": N_("Dose"), "route": N_("How it is taken"),
    "frequency": N_("How often"), "until": N_("Until"), "why": N_("What for"),
}  # fmt: skip


def record(db: Database, actor: Actor | None, patient_id: int, section: Section, new: msgspec.Struct) -> int:
    """A new entry; its id. What was said about there being none is taken back."""
    with db.change(actor, f"{section.noun}.recorded", patient_id) as details:
        entry_id = _insert(db, patient_id, section, new, details.event_id)
        db.execute(TAKE_BACK_NONE, patient=patient_id, section=section.id, event=details.event_id)
        details |= _told(section, entry_id, new)
    return entry_id


def correct(
    db: Database, actor: Actor, patient_id: int, section: Section, entry_id: int, new: msgspec.Struct, reason: str
) -> int:
    """A new version in the place of `entry_id`, the one that was seen. Raises Conflict when it is no longer the newest."""
    with db.change(actor, f"{section.noun}.corrected", patient_id) as details:
        _stand(db, actor, patient_id, section, entry_id, new)
        db.update(section.id, entry_id, {"retired_event_id": details.event_id})
        version = _insert(db, patient_id, section, new, details.event_id, replaces_id=entry_id, reason=reason)
        details |= _told(section, version, new) | {"replaces": entry_id}
        if not details["sensitive"]:
            details["reason"] = reason
    return version


def withdraw(db: Database, actor: Actor, patient_id: int, section: Section, entry_id: int, reason: str) -> None:
    """Take an entry out that never was true. It stays readable in the history."""
    with db.change(actor, f"{section.noun}.withdrawn", patient_id) as details:
        old = _stand(db, actor, patient_id, section, entry_id, None)
        db.update(section.id, entry_id, {"retired_event_id": details.event_id, "retired_reason": reason})
        details |= _told(section, entry_id, old)
        if not details["sensitive"]:
            details["reason"] = reason


def record_none(db: Database, actor: Actor | None, patient_id: int, section: Section) -> None:
    """It was asked, and there is none."""
    if not section.none:
        raise NotFound()
    with db.change(actor, f"{section.noun}.none_known", patient_id) as details:
        if queries.entries(db, patient_id, section):
            raise Refusal(N_("There are entries in this section. Take them out first, with a reason."))
        if section.id in queries.none_known(db, patient_id):
            raise Refusal(N_("This has been recorded already."))
        db.insert("none_known", {"patient_id": patient_id, "section": section.id, "event_id": details.event_id})


def _stand(
    db: Database, actor: Actor, patient_id: int, section: Section, entry_id: int, new: msgspec.Struct | None
) -> Entry:
    """The entry, if it still is the newest version and may be seen by the actor."""
    old = queries.entry(db, patient_id, section, entry_id)
    if old is None:
        raise NotFound()
    newer = queries.newest(db, patient_id, section, entry_id)
    if (old.sensitive or newer.sensitive) and not actor.may(May.SEE_SENSITIVE):
        raise Forbidden()
    if old.retired:
        raise Conflict(OTHER_HAND, _both(section, new or old, newer))
    return old


def _insert(
    db: Database, patient_id: int, section: Section, new: msgspec.Struct, event_id: int, replaces_id: int | None = None,
    reason: str = "",
) -> int:
    row = {name: _stored(value) for name, value in msgspec.structs.asdict(new).items()}
    row["noted_on"] = row["noted_on"] or clock.today().isoformat()
    return db.insert(section.id, row | {
        "patient_id": patient_id, "replaces_id": replaces_id, "reason": reason, "event_id": event_id,
    })


def _stored(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def _told(section: Section, entry_id: int, one: Any) -> dict[str, Any]:
    """What the event says; nothing of a sensitive entry."""
    if getattr(one, "sensitive", False):
        return {"entry": entry_id, "sensitive": True}
    what = getattr(one, section.head).strip().splitlines()[0][:80]
    code = {"code": one.code} if getattr(one, "code", "") else {}
    return {"entry": entry_id, "sensitive": False, "what": what, **code}


def _both(section: Section, mine: Any, theirs: Any) -> list[tuple[str, str, str]]:
    """The fields that differ, as (label, mine, theirs). A day left blank means today and differs from nothing."""
    pairs = zip(section.told(mine), section.told(theirs), strict=True)
    told = [(name, own, other) for (name, own), (_name, other) in pairs if own != other]
    return [(FIELD_NAMES[name], own, other) for name, own, other in told if (name, own) != ("noted_on", "")]
