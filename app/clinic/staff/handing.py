"""A signed-in tablet in a patient's hands: its session opens one path and nothing else, until a member of staff signs in on it."""

from app.clinic.staff import actions, queries, rules
from app.core import events
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import NotFound
from app.core.words import N_

events.declare("session.handed_over", N_("Handed a tablet over to a patient"), clinical=False)

HAND = "UPDATE sessions SET token_hash = :new, handed_to = :path WHERE token_hash = :old AND ended_event_id IS NULL AND handed_to IS NULL"


def hand_over(db: Database, actor: Actor, token: str, path: str) -> str:
    """Lock this device's session to `path`; its new token. The old one opens nothing any more, wherever it was copied to."""
    new = rules.new_token()
    with db.change(actor, "session.handed_over") as details:
        if not db.execute(HAND, old=rules.token_hash(token), new=rules.token_hash(new), path=path):
            raise NotFound()
        details["session"] = queries.session_of(db, new)
    return new


def unlock(db: Database, token: str, name: str, password: str, device: str, address: str, tablet_id: int | None = None) -> str:
    """A fresh session for whoever takes the tablet back; the locked one ends.

    name: blank for who handed it over. Slowed like a sign-in. Raises NotFound where nothing is locked, TooMany or Invalid.
    """
    holder = queries.holder(db, token)
    if holder is None:
        raise NotFound()
    return actions.sign_in(db, name or holder, password, device, address, token, tablet_id)
