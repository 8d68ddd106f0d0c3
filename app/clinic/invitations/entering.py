"""Letting a device in, and knowing it again. The token alone says whose form it is."""

from collections.abc import Callable
from datetime import timedelta

import msgspec

from app.clinic import staff
from app.clinic.invitations import rules
from app.clinic.invitations.shapes import Guest, Invited, Looks
from app.core import clock, hosts, settings
from app.core.db import Database
from app.core.errors import Gone, Invalid, NotFound
from app.core.words import N_

KEPT = timedelta(days=7)  # so that a cookie of yesterday is told that its day is over
OVER = {
    "done": N_("This has been handed in. Thank you."),
    "revoked": N_("This was taken back by the clinic. Please ask the staff."),
    "replaced": N_("This code has been replaced by a newer one. Please ask the staff."),
    "expired": N_("This code was good for one day, which is over. Please ask the staff for a new one."),
}
# Why it opens nothing any more, the kindest reason first.
_ENDED = """CASE WHEN a.done_event_id IS NOT NULL THEN 'done'
  WHEN a.ended_event_id IS NOT NULL OR p.withdrawn_event_id IS NOT NULL OR p.restricted_event_id IS NOT NULL THEN 'revoked'"""
_JOINS = """
JOIN asked a ON a.id = i.asked_id JOIN patients p ON p.id = a.patient_id
JOIN questionnaire_versions v ON v.id = (SELECT max(id) FROM questionnaire_versions n WHERE n.questionnaire_id = a.questionnaire_id)
"""
_INVITED = f"""
SELECT i.id, a.id AS asked_id, a.patient_id, a.questionnaire_id, a.response_id IS NOT NULL AS begun, p.name, p.language, v.title_zh, v.title_en,
  {_ENDED} WHEN i.expires_at <= :now THEN 'expired' WHEN i.revoked_event_id IS NOT NULL THEN 'replaced' ELSE '' END AS over
FROM invitations i {_JOINS}
"""
BY_TOKEN = f"{_INVITED} WHERE i.token_hash = :hash"
BY_CODE = f"{_INVITED} WHERE i.code_hash = :hash"
OPENED = "UPDATE invitations SET opened_event_id = coalesce(opened_event_id, :event) WHERE id = :id"


def invited(db: Database, token: str) -> Invited:
    """What this token opens. Raises NotFound where it opens nothing and never did, Gone where it did."""
    return _standing(db.one(Invited, BY_TOKEN, hash=rules.token_hash(token), now=clock.stamp()))


def invited_by_code(db: Database, typed: str, address: str) -> Invited:
    """The same by the short code; wrong ones are slowed by the device they come from. Raises Invalid, TooMany or Gone."""
    with staff.guessing(db, f"code:{hosts.visitor(address)}"):
        code = rules.read_code(typed)
        found = db.one(Invited, BY_CODE, hash=rules.code_hash(code, settings.get(db, "secret")), now=clock.stamp())
        if found is None or len(code) != rules.LETTERS:
            raise Invalid({"code": N_("This code is not known. Please compare it with the paper or the screen.")})
    return _standing(found)


def _standing(found: Invited | None) -> Invited:
    if found is None:
        raise NotFound()
    if found.over:
        raise Gone(OVER[found.over])
    return found


def enter(db: Database, one: Invited, language: str, large: bool = False) -> str:
    """Let a device in: the secret of its cookie, made here and now; one that was brought along counts for nothing."""
    token = rules.new_token()
    with db.change(None, "invitation.opened", one.patient_id) as details:
        details |= {"asked": one.asked_id, "title": one.both}
        db.execute(OPENED, id=one.id, event=details.event_id)
        db.insert("guests", {
            "token_hash": rules.token_hash(token), "invitation_id": one.id, "language": language, "large": int(large),
        })
    return token


GUEST = f"""
SELECT lower(hex(substr(g.token_hash, 1, 8))) AS key, a.id AS asked_id, a.patient_id, p.name AS patient_name, a.questionnaire_id, a.response_id,
  i.channel, g.language, g.large, g.whole, g.at, v.title_zh, v.title_en,
  {_ENDED} WHEN i.expires_at <= :now THEN 'expired' WHEN g.ended_at IS NOT NULL THEN 'revoked' ELSE '' END AS over
FROM guests g JOIN invitations i ON i.id = g.invitation_id {_JOINS}
WHERE g.token_hash = :hash AND a.id = :asked
"""


def guest(db: Database, token: str, asked_id: int) -> Guest | None:
    """The device with this cookie, at this form; None where it was never let in there."""
    return db.one(Guest, GUEST, hash=rules.token_hash(token), asked=asked_id, now=clock.stamp()) if token else None


LOOKS = "UPDATE guests SET language = :language, large = :large, whole = :whole WHERE token_hash = :hash"
MOVE = "UPDATE guests SET at = :at WHERE token_hash = :hash"


def show_as(db: Database, token: str, looks: Looks) -> None:
    with db.aside():
        db.execute(LOOKS, hash=rules.token_hash(token), **msgspec.structs.asdict(looks))


def move(db: Database, token: str, at: str) -> None:
    """It stands at this question now."""
    with db.aside():
        db.execute(MOVE, hash=rules.token_hash(token), at=at)


BEGUN = "UPDATE asked SET response_id = :response WHERE id = :asked AND response_id IS NULL AND ended_event_id IS NULL"


def begin(db: Database, asked_id: int, open_sitting: Callable[[], int]) -> int:
    """The response this is answered with: one that another device began, or a new one."""
    with db.aside():
        if begun := db.value("SELECT response_id FROM asked WHERE id = :id", id=asked_id):
            return begun
        response = open_sitting()
        db.execute(BEGUN, response=response, asked=asked_id)
    return response


DROP_OLD = "DELETE FROM guests WHERE invitation_id IN (SELECT id FROM invitations WHERE expires_at <= :before)"


def forget_guests(db: Database) -> None:
    """Devices whose day has long been over."""
    with db.aside():
        db.execute(DROP_OLD, before=clock.stamp(clock.now() - KEPT))
