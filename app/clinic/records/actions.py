from typing import Any

import msgspec

from app.clinic.records import queries
from app.clinic.records.labels import label
from app.clinic.records.section import Section
from app.clinic.records.shapes import Entry
from app.clinic.records.telling import details_of
from app.core import clock
from app.core.access import Actor, May
from app.core.db import Database
from app.core.errors import Conflict, Forbidden, NotFound, Refusal
from app.core.forms import once
from app.core.words import N_

TAKE_BACK_NONE = """
UPDATE none_known SET retired_event_id = :event
WHERE patient_id = :patient AND section = :section AND retired_event_id IS NULL
"""
STILL_CHECKED = """
UPDATE {table} SET (verified_how, verified_event_id) = (SELECT verified_how, verified_event_id FROM {table} WHERE id = :old) WHERE id = :id
"""
OTHER_HAND = N_("Somebody else changed this entry meanwhile. Nothing of yours is lost: compare both, then correct the newer one.")
STANDS = N_("This stands in the record already. Correct it instead, with a reason.")
LEAST = N_("Please fill in at least one thing.")
BACK = N_("It has been put back already.")
CHECKED = N_("This has been checked already.")


def record(
    db: Database, actor: Actor | None, patient_id: int, section: Section, new: msgspec.Struct, token: str = ""
) -> int:
    """A new entry; its id. What was said about there being none is taken back. The same token again writes nothing."""
    sent = once(token, patient_id)
    with db.aside():  # asked under the lock: two taps may arrive together
        if written := queries.by_token(db, sent, section):
            return written
        with db.change(actor, f"{section.noun}.recorded", patient_id) as details:
            _refuse_second(db, actor, patient_id, section, new)
            entry_id = _insert(db, patient_id, section, new, details.event_id)
            db.execute(TAKE_BACK_NONE, patient=patient_id, section=section.id, event=details.event_id)
            if sent:
                db.insert("record_tokens", {"token": sent, "section": section.id, "entry_id": entry_id})
            details |= details_of(section, entry_id, new)
    return entry_id


def correct(
    db: Database, actor: Actor, patient_id: int, section: Section, entry_id: int, new: msgspec.Struct, reason: str
) -> int:
    """A new version in the place of `entry_id`, the one that was seen. Raises Conflict when it is no longer the newest."""
    with db.change(actor, f"{section.noun}.corrected", patient_id) as details:
        _stand(db, actor, patient_id, section, entry_id, new)
        db.update(section.id, entry_id, {"retired_event_id": details.event_id})
        version = _insert(db, patient_id, section, new, details.event_id, replaces_id=entry_id, reason=reason)
        details |= details_of(section, version, new) | {"replaces": entry_id}
        if not details["sensitive"]:
            details["reason"] = reason
    return version


def withdraw(db: Database, actor: Actor, patient_id: int, section: Section, entry_id: int, reason: str) -> None:
    """Take an entry out that never was true. It stays readable in the history."""
    with db.change(actor, f"{section.noun}.withdrawn", patient_id) as details:
        old = _stand(db, actor, patient_id, section, entry_id, None)
        db.update(section.id, entry_id, {"retired_event_id": details.event_id, "retired_reason": reason})
        details |= details_of(section, entry_id, old)
        if not details["sensitive"]:
            details["reason"] = reason


def put_back(db: Database, actor: Actor, patient_id: int, section: Section, entry_id: int) -> int:
    """What was taken out stands again, as a new version; what was checked stays checked. Its id."""
    with db.change(actor, f"{section.noun}.restored", patient_id) as details:
        old = _taken_out(db, actor, patient_id, section, entry_id)
        again = section.new(**{name: getattr(old, name) for name in section.fields})
        version = _insert(db, patient_id, section, again, details.event_id, replaces_id=entry_id)
        db.execute(STILL_CHECKED.format(table=section.id), id=version, old=entry_id)
        db.execute(TAKE_BACK_NONE, patient=patient_id, section=section.id, event=details.event_id)
        details |= details_of(section, version, again) | {"replaces": entry_id}
    return version


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


def verify(db: Database, actor: Actor, patient_id: int, section: Section, entry_id: int, how: str) -> None:
    """Say that this version was checked against something. A later version has to be checked anew."""
    with db.change(actor, f"{section.noun}.verified", patient_id) as details:
        old = _stand(db, actor, patient_id, section, entry_id, None)
        if old.verified_how:
            raise Refusal(CHECKED)
        db.update(section.id, entry_id, {"verified_how": how, "verified_event_id": details.event_id})
        details |= details_of(section, entry_id, old) | {"how": how}


def unverify(db: Database, actor: Actor, patient_id: int, section: Section, entry_id: int) -> None:
    """Take a check back."""
    with db.change(actor, f"{section.noun}.unverified", patient_id) as details:
        old = _stand(db, actor, patient_id, section, entry_id, None)
        db.update(section.id, entry_id, {"verified_how": "", "verified_event_id": None})
        details |= details_of(section, entry_id, old)


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


def _refuse_second(db: Database, actor: Actor | None, patient_id: int, section: Section, new: msgspec.Struct) -> None:
    """What stands once is written once. Who was a moment later sees both texts, if the other is for their eyes."""
    standing = queries.entries(db, patient_id, section) if section.single else []
    if not standing:
        return
    if getattr(standing[0], "sensitive", False) and not (actor and actor.may(May.SEE_SENSITIVE)):
        raise Refusal(STANDS)
    raise Conflict(STANDS, _both(section, new, standing[0]))


def _taken_out(db: Database, actor: Actor, patient_id: int, section: Section, entry_id: int) -> Entry:
    """The entry, if nothing stands in its place and the actor may see it."""
    old = queries.entry(db, patient_id, section, entry_id)
    if old is None:
        raise NotFound()
    if old.sensitive and not actor.may(May.SEE_SENSITIVE):
        raise Forbidden()
    if not old.retired or queries.newest(db, patient_id, section, entry_id).id != entry_id:
        raise Refusal(BACK)
    _refuse_second(db, actor, patient_id, section, old)
    return old


def _insert(
    db: Database, patient_id: int, section: Section, new: msgspec.Struct, event_id: int, replaces_id: int | None = None,
    reason: str = "",
) -> int:
    if not section.values(new):
        raise Refusal(LEAST)
    row = {name: _stored(value) for name, value in msgspec.structs.asdict(new).items()}
    row["noted_on"] = row["noted_on"] or clock.today().isoformat()
    return db.insert(section.id, row | {
        "patient_id": patient_id, "replaces_id": replaces_id, "reason": reason, "event_id": event_id,
    })


def _stored(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, list):
        return ",".join(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def _both(section: Section, mine: Any, theirs: Any) -> list[tuple[str, str, str]]:
    """The fields that differ, as (label's id, mine, theirs). A day left blank means today and differs from nothing."""
    told = queries.differences(section, mine, theirs)
    return [(label(section.id, name), own, other) for name, own, other in told if (name, own) != ("noted_on", "")]
