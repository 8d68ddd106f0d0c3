"""Ways in: a QR code with a short code beside it, on the screen or on paper, or this very tablet handed over."""

from app.clinic import staff
from app.clinic.invitations import rules
from app.clinic.invitations.actions import END_GUESTS, let_out, standing
from app.clinic.invitations.shapes import Asked, WayIn
from app.core import clock, settings
from app.core.access import Actor
from app.core.db import Database


REPLACE = "UPDATE invitations SET revoked_event_id = :event WHERE asked_id = :asked AND revoked_event_id IS NULL AND channel = 'code'"
SENT = "UPDATE asked SET sent_event_id = coalesce(sent_event_id, :event) WHERE id = :asked"
TAKEN = "SELECT 1 FROM invitations WHERE code_hash = :code"
LIVE = "SELECT max(expires_at) FROM invitations WHERE asked_id = :asked AND revoked_event_id IS NULL AND expires_at > :now"


def invite(db: Database, actor: Actor, patient_id: int, asked_id: int) -> WayIn:
    """A new QR code and short code, good for a day; those made before open nothing any more, devices already in go on."""
    one, token = standing(db, patient_id, asked_id), rules.new_token()
    with db.change(actor, "invitation.made", patient_id) as details:
        db.execute(REPLACE, asked=asked_id, event=details.event_id)
        code = _free_code(db)
        until = _open(db, one, "code", token, details.event_id, code)
        details |= {"asked": asked_id, "title": one.both, "channel": "code"}
    return WayIn(one, token, rules.spaced(code), until)


def _open(db: Database, one: Asked, channel: str, token: str, event_id: int, code: str = "") -> str:
    until = clock.stamp(clock.now() + rules.VALID)
    db.insert("invitations", {
        "asked_id": one.id, "channel": channel, "token_hash": rules.token_hash(token),
        "code_hash": rules.code_hash(code, settings.get(db, "secret")) if code else None, "expires_at": until, "event_id": event_id,
    })
    db.execute(SENT, asked=one.id, event=event_id)
    return until


def _free_code(db: Database) -> str:
    secret = settings.get(db, "secret")
    while db.value(TAKEN, code=rules.code_hash(code := rules.new_code(), secret)):
        pass
    return code


def revoke(db: Database, actor: Actor, patient_id: int, asked_id: int) -> None:
    """No code opens it any more and every device at it is let out; it can be sent again."""
    one = standing(db, patient_id, asked_id)
    with db.change(actor, "invitation.revoked", patient_id) as details:
        details |= {"asked": asked_id, "title": one.both}
        let_out(db, asked_id, details.event_id)


def live_until(db: Database, asked_id: int) -> str:
    """Until when (UTC) some way in is open; blank where none is."""
    return db.value(LIVE, asked=asked_id, now=clock.stamp()) or ""


def hand_over(db: Database, actor: Actor, patient_id: int, asked_id: int, session: str) -> tuple[str, str]:
    """This tablet goes into the patient's hands: its session's new token, and the invitation's by which it is let in."""
    one, token = standing(db, patient_id, asked_id), rules.new_token()
    with db.change(actor, "invitation.made", patient_id) as details:
        _open(db, one, "tablet", token, details.event_id)
        details |= {"asked": asked_id, "title": one.both, "channel": "tablet"}
        locked = staff.hand_over(db, actor, session, f"/fill/{asked_id}")
    return locked, token

def take_back(db: Database, path: str) -> int:
    """A tablet is in staff hands again: what it was let in for it no longer opens. Returns the id of what was asked."""
    asked_id = int(path.rpartition("/")[2])
    with db.aside():
        db.execute(END_GUESTS, asked=asked_id, at=clock.stamp(), channel="tablet")
    return asked_id
