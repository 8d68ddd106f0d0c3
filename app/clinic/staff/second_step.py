"""A second step at the sign-in: a code of six digits from one's own phone, for whoever wants it.

The phone and the clinic share a secret. It is sealed with a key that lies beside the clinic's file, so the file alone gives no
codes away. A code is good in its half minute and the ones beside it, once. For the day the phone is lost there are recovery codes
on paper; for the day these are lost too, another owner or the terminal takes the step off.
"""

from datetime import timedelta

import msgspec
import pyotp

from app.clinic.staff import actions, carrying, queries, rules
from app.clinic.staff.codes import WRONG, armed, code_hash, fits, has_second_step
from app.core import events
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Invalid, NotFound, Refusal
from app.core.words import N_

events.declare("second_step.armed", N_("A code from the phone is asked at the sign-in now"), clinical=False)
events.declare("second_step.ended", N_("No code is asked at the sign-in of %(name)s any more"), clinical=False)
events.declare("second_step.codes_made", N_("Made new recovery codes"), clinical=False)

RECOVERY_CODES = 10
OFFERED = timedelta(minutes=30)  # how long the page that sets it up may stay open
OVER = N_("This page was open for too long. Begin again.")

END = "UPDATE second_steps SET ended_event_id = :event WHERE id = :id"
LEFT = "SELECT count(*) FROM recovery_codes WHERE second_step_id = :id AND ended_event_id IS NULL"
REPLACE = "UPDATE recovery_codes SET ended_event_id = :event WHERE second_step_id = :id AND ended_event_id IS NULL"


class Offered(msgspec.Struct, frozen=True):
    """What the phone is told, before it counts. sealed: the same for the page to send back."""

    secret: str
    address: str
    sealed: str

    @property
    def groups(self) -> str:
        """To type it by hand."""
        return " ".join(self.secret[at : at + 4] for at in range(0, len(self.secret), 4))


def recovery_codes_left(db: Database, staff_id: int) -> int:
    one = armed(db, staff_id)
    return db.value(LEFT, id=one.id) if one else 0


# ── setting it up ──

def offer(db: Database, actor: Actor, clinic: str, sealed: str = "") -> Offered:
    """A secret for this phone: a new one, or the one that this page has shown already."""
    secret = _offered(db, actor, sealed) or pyotp.random_base32()
    name = queries.get(db, actor.id).sign_in
    address = pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=clinic or "Yihe")
    return Offered(secret, address, carrying.seal(db, "offer", secret, actor.id, OFFERED))


def _offered(db: Database, actor: Actor, sealed: str) -> str | None:
    told = carrying.unseal(db, "offer", sealed)
    return told[1] if told and told[0] == actor.id else None


def arm(db: Database, actor: Actor, sealed: str, password: str, code: str) -> list[str]:
    """From now on, once the phone has shown a right code; signs every other device out. The recovery codes, for this once.

    Raises TooMany, or Invalid at `password` or `code`.
    """
    secret = _offered(db, actor, sealed)
    if secret is None:
        raise Invalid({"code": OVER})
    actions.prove(db, actor, password)
    step = fits(secret, code)
    if step is None:
        raise Invalid({"code": WRONG})
    with db.change(actor, "second_step.armed") as details:
        if has_second_step(db, actor.id):
            raise Refusal(N_("A code is asked at your sign-in already."))
        id = db.insert("second_steps", {
            "staff_id": actor.id, "secret": carrying.encrypt(db, f"secret {actor.id}", secret.encode()), "last_step": step, "event_id": details.event_id,
        })
        details["staff"] = actor.id
        actions.end_sessions(db, actor, actor.id, actor.session_id or 0)
        return _make_codes(db, id, details.event_id)


def new_recovery_codes(db: Database, actor: Actor, password: str) -> list[str]:
    """In the place of those that were made before. Raises TooMany, NotFound, or Invalid at `password`."""
    actions.prove(db, actor, password)
    with db.change(actor, "second_step.codes_made") as details:
        if (one := armed(db, actor.id)) is None:
            raise NotFound()
        details["staff"] = actor.id
        db.execute(REPLACE, id=one.id, event=details.event_id)
        return _make_codes(db, one.id, details.event_id)


def disarm(db: Database, actor: Actor, password: str) -> None:
    """One's own, by password. Raises TooMany, NotFound, or Invalid at `password`."""
    actions.prove(db, actor, password)
    end_second_step(db, actor, actor.id)


def end_second_step(db: Database, actor: Actor | None, staff_id: int) -> None:
    """Somebody's, who has lost the phone and the paper. Raises NotFound."""
    with db.change(actor, "second_step.ended") as details:
        one, member = armed(db, staff_id), queries.get(db, staff_id)
        if one is None:
            raise NotFound()
        details |= {"staff": staff_id, "name": member.name}
        db.execute(END, id=one.id, event=details.event_id)
        db.execute(REPLACE, id=one.id, event=details.event_id)


def _make_codes(db: Database, id: int, event_id: int) -> list[str]:
    codes = [rules.new_code() for _code in range(RECOVERY_CODES)]
    db.insert_many("recovery_codes", [{"second_step_id": id, "hash": code_hash(db, id, code), "event_id": event_id} for code in codes])
    return codes
