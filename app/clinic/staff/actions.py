from app.clinic.staff import codes, holding, queries, rules
from app.clinic.staff.shapes import EditMember, NewMember, SetUp
from app.clinic.staff.slowing import guesser_of, note_failure, one_guess_at_a_time, slow_down, who
from app.core import events, settings
from app.core.access import Actor, Role
from app.core.db import Database
from app.core.errors import CodeNeeded, Invalid, NotFound, Refusal, Unwritable
from app.core.words import N_

events.declare("clinic.set_up", N_("Set up the clinic"), clinical=False)
events.declare("staff.added", N_("Added %(name)s to the staff"), clinical=False)
events.declare("staff.edited", N_("Changed the details of %(name)s"), clinical=False)
events.declare("staff.disabled", N_("Closed the account of %(name)s"), clinical=False)
events.declare("staff.enabled", N_("Reopened the account of %(name)s"), clinical=False)
events.declare("staff.password_changed", N_("Changed a password"), clinical=False)
events.declare("staff.signed_out", N_("Signed out"), clinical=False)
events.declare("session.ended", N_("Signed a device out"), clinical=False)

_END_SESSIONS = """
UPDATE sessions SET ended_event_id = :event WHERE staff_id = :staff AND ended_event_id IS NULL AND id <> :keep
"""
_END_SHIFTS = "UPDATE shifts SET ended_event_id = :event WHERE staff_id = :staff AND ended_event_id IS NULL"
_END_SESSION = """
UPDATE sessions SET ended_event_id = :event WHERE id = :id AND ended_event_id IS NULL
  AND (:staff IS NULL OR staff_id = :staff)
"""
_END_ITS_SHIFT = """
UPDATE shifts SET ended_event_id = :event WHERE ended_event_id IS NULL
  AND (tablet_id, staff_id) = (SELECT tablet_id, staff_id FROM sessions WHERE id = :id)
"""
_OWNERS_LEFT = "SELECT count(*) FROM staff WHERE role = 'owner' AND disabled_event_id IS NULL AND id <> :id"


def first_run_code(db: Database) -> str | None:
    """A new one-time code while nobody works here yet; it lives only in memory and on the terminal."""
    return rules.new_code() if queries.is_fresh(db) else None


def set_up(db: Database, code: str, new: SetUp) -> int:
    """Make the clinic and its first administrator, once. Raises Invalid, TooMany or Refusal."""
    slow_down(db, who(db, "set-up"))
    if not rules.same_code(new.code, code):
        note_failure(db, who(db, "set-up"))
        raise Invalid({"code": N_("This is not the code printed when the server started.")})
    rules.check_password(new.password, new.sign_in)
    with db.change(None, "clinic.set_up"):
        if not queries.is_fresh(db):
            raise Refusal(N_("This clinic has been set up already. Please sign in."))
        settings.put(
            db, None, clinic_name=new.clinic_name, clinic_address=new.address, clinic_phone=new.phone,
            clinic_language=new.language,
        )
        return add(db, None, NewMember(new.sign_in, new.name, Role.OWNER, new.language, new.password))


def add(db: Database, actor: Actor | None, new: NewMember) -> int:
    rules.check_password(new.password, new.sign_in)
    hashed = rules.hash_password(new.password)
    with db.change(actor, "staff.added") as details:
        if queries.credentials(db, new.sign_in):
            raise Invalid({"sign_in": N_("Somebody has this sign-in name already.")})
        id = db.insert("staff", {
            "sign_in": new.sign_in, "name": new.name, "role": new.role, "language": new.language,
            "password_hash": hashed, "event_id": details.event_id,
        })
        details |= {"staff": id, "name": new.name, "role": new.role}
        return id


def edit(db: Database, actor: Actor, id: int, new: EditMember) -> None:
    """Change name, role and language; a changed role signs the member out everywhere."""
    with db.change(actor, "staff.edited") as details:
        before = _member(db, id)
        if before.role == Role.OWNER and new.role != Role.OWNER:
            _keep_an_owner(db, id)
        db.update("staff", id, {"name": new.name, "role": new.role, "language": new.language})
        details |= {"staff": id, "name": new.name, "role": new.role, "role_before": before.role}
        if before.role != new.role:
            end_sessions(db, actor, id)


def disable(db: Database, actor: Actor | None, id: int) -> None:
    with db.change(actor, "staff.disabled") as details:
        member = _member(db, id)
        _keep_an_owner(db, id)
        db.update("staff", id, {"disabled_event_id": details.event_id})
        details |= {"staff": id, "name": member.name}
        end_sessions(db, actor, id)


def enable(db: Database, actor: Actor | None, id: int) -> None:
    with db.change(actor, "staff.enabled") as details:
        details |= {"staff": id, "name": _member(db, id).name}
        db.update("staff", id, {"disabled_event_id": None})


def change_language(db: Database, actor: Actor, language: str) -> None:
    with db.change(actor, "staff.edited") as details:
        details |= {"staff": actor.id, "name": actor.name, "language": language}
        db.update("staff", actor.id, {"language": language})


def prove(db: Database, actor: Actor, password: str, field: str = "password") -> None:
    """It is really them who signs: their password once more. Slowed like a sign-in. Raises TooMany, or Invalid at `field`."""
    key = who(db, f"password:{actor.id}")
    with one_guess_at_a_time:
        slow_down(db, key)
        if not rules.verify(queries.password_hash(db, actor.id), password):
            note_failure(db, key)
            raise Invalid({field: N_("This is not your present password.")})


def change_password(db: Database, actor: Actor, old: str, new: str) -> None:
    """Own password, the old one shown; signs every device out."""
    prove(db, actor, old, "old")
    reset_password(db, actor, actor.id, new, field="new")


def reset_password(db: Database, actor: Actor | None, id: int, password: str, field: str = "password") -> None:
    member = _member(db, id)
    rules.check_password(password, member.sign_in, field)
    hashed = rules.hash_password(password)
    with db.change(actor, "staff.password_changed") as details:
        details |= {"staff": id}
        db.update("staff", id, {"password_hash": hashed})
        end_sessions(db, actor, id)


def sign_in(
    db: Database, name: str, password: str, device: str, address: str, old_token: str = "", tablet_id: int | None = None,
) -> str:
    """A fresh session token; the old one ends. On one of the clinic's tablets a shift begins.

    device: what the browser calls itself. address: where the request came from. Guesses at an account on a tablet are counted
    apart, so that a stranger's elsewhere keep nobody out of the clinic's own tablets. Raises TooMany or
    Invalid, the same for an unknown name, a closed account and a wrong password; and CodeNeeded where a code from the phone is asked
    besides, unless it was shown in this very session already.
    """
    guesser = guesser_of(address, tablet_id)
    keys = [who(db, f"account:{name.casefold()}{f' at {guesser}' if tablet_id else ''}"), who(db, guesser)]
    with one_guess_at_a_time:
        staff_id = _recognised(db, name, password, keys)
    if codes.has_second_step(db, staff_id) and queries.own_session(db, old_token, staff_id) is None:
        raise CodeNeeded(codes.half_way(db, staff_id))
    try:
        return holding.start(db, staff_id, holding.Entry(device, old_token, tablet_id), keys[0])
    except Unwritable:
        if queries.own_session(db, old_token, staff_id) is None:
            raise
        return old_token  # no new session can be kept; who proved to hold this one goes on reading with it


def _recognised(db: Database, name: str, password: str, keys: list[bytes]) -> int:
    for key in keys:
        slow_down(db, key)
    found = queries.credentials(db, name)
    right = rules.verify(found[1] if found else None, password)
    if not (found and right and not found[2]):
        for key in keys:
            note_failure(db, key)
        raise Invalid({"password": N_("The name or the password is not right.")})
    return found[0]


def sign_out(db: Database, actor: Actor, token: str) -> None:
    """The shift ends too: who comes back to this tablet begins with the password."""
    with db.change(actor, "staff.signed_out") as details:
        tablet_id = holding.tablet_of_session(db, actor.session_id)
        db.execute(holding.END_SHIFT, event=details.event_id, staff=actor.id, tablet=tablet_id)
        db.execute(holding.END_TOKEN, token=rules.token_hash(token), event=details.event_id)


def end_session(db: Database, actor: Actor, id: int, staff_id: int | None = None) -> None:
    """Sign one device out; with staff_id only if it is that member's. Raises NotFound."""
    with db.change(actor, "session.ended") as details:
        details["session"] = id
        if not db.execute(_END_SESSION, id=id, event=details.event_id, staff=staff_id):
            raise NotFound()
        db.execute(_END_ITS_SHIFT, id=id, event=details.event_id)


def end_sessions(db: Database, actor: Actor | None, staff_id: int, keep: int = 0) -> None:
    with db.change(actor, "session.ended") as details:
        details["staff"] = staff_id
        db.execute(_END_SESSIONS, staff=staff_id, keep=keep, event=details.event_id)
        db.execute(_END_SHIFTS, staff=staff_id, event=details.event_id)


def _member(db: Database, id: int):
    member = queries.get(db, id)
    if member is None:
        raise NotFound()
    return member


def _keep_an_owner(db: Database, id: int) -> None:
    if _member(db, id).role == Role.OWNER and not db.value(_OWNERS_LEFT, id=id):
        raise Refusal(N_("The clinic needs at least one owner."))
