from app.clinic.staff.rules import token_hash
from app.clinic.staff.shapes import Member, Session
from app.core import clock
from app.core.access import Role
from app.core.db import Database

_MEMBER = "SELECT id, sign_in, name, role, language, disabled_event_id IS NOT NULL AS disabled FROM staff"

ONE = f"{_MEMBER} WHERE id = :id"


def get(db: Database, id: int) -> Member | None:
    return db.one(Member, ONE, id=id)


EVERYONE = f"{_MEMBER} ORDER BY disabled_event_id IS NOT NULL, role, name"


def everyone(db: Database) -> list[Member]:
    return db.all(Member, EVERYONE)


WITH_ROLE = f"{_MEMBER} WHERE role = :role AND disabled_event_id IS NULL ORDER BY id"


def with_role(db: Database, role: Role) -> list[Member]:
    """Active members with this role, oldest first."""
    return db.all(Member, WITH_ROLE, role=role)


NAMES = "SELECT id, name FROM staff"


def names(db: Database) -> dict[int, str]:
    return dict(db.all(tuple, NAMES))


ANYONE = "SELECT 1 FROM staff LIMIT 1"


def is_fresh(db: Database) -> bool:
    """Nobody works here yet: the set-up page is open."""
    return db.value(ANYONE) is None


OWN_SESSION = """
SELECT id FROM sessions WHERE token_hash = :token AND staff_id = :staff AND ended_event_id IS NULL AND ends_at > :now AND handed_to IS NULL
"""


def own_session(db: Database, token: str, staff_id: int) -> int | None:
    """The live session of this token, where it is this member's."""
    return db.value(OWN_SESSION, token=token_hash(token), staff=staff_id, now=clock.stamp())


LOCKED = """
SELECT sessions.handed_to, staff.sign_in FROM sessions JOIN staff ON staff.id = sessions.staff_id
WHERE sessions.token_hash = :token AND sessions.ended_event_id IS NULL AND sessions.handed_to IS NOT NULL
"""


def handed_to(db: Database, token: str) -> str:
    """The one path this device may open while a patient has it; blank while it is the staff's."""
    row = db.one(tuple, LOCKED, token=token_hash(token))
    return row[0] if row else ""


def holder(db: Database, token: str) -> str | None:
    """The sign-in name of who handed this device over."""
    row = db.one(tuple, LOCKED, token=token_hash(token))
    return row[1] if row else None


SESSION_OF = "SELECT id FROM sessions WHERE token_hash = :token AND ended_event_id IS NULL"


def session_of(db: Database, token: str) -> int:
    """The id of a live session."""
    return db.value(SESSION_OF, token=token_hash(token))


SESSIONS = """
SELECT sessions.id, staff_id, staff.name AS staff_name, device, started_at, ends_at, tablets.name AS tablet
FROM sessions JOIN staff ON staff.id = staff_id LEFT JOIN tablets ON tablets.id = tablet_id
WHERE ended_event_id IS NULL AND ends_at > :now AND (:staff_id IS NULL OR staff_id = :staff_id)
ORDER BY started_at DESC LIMIT 200
"""


def sessions(db: Database, staff_id: int | None = None) -> list[Session]:
    """Live sessions, of one member or of all."""
    return db.all(Session, SESSIONS, now=clock.stamp(), staff_id=staff_id)


FAILURES = "SELECT count(*), max(at) FROM failed_sign_ins WHERE who = :who AND at > :since"


def failures(db: Database, who: bytes, since: str) -> tuple[int, str | None]:
    return db.one(tuple, FAILURES, who=who, since=since)


CREDENTIALS = """
SELECT id, password_hash, disabled_event_id IS NOT NULL FROM staff WHERE sign_in = :sign_in
"""


def credentials(db: Database, sign_in: str) -> tuple[int, str, int] | None:
    return db.one(tuple, CREDENTIALS, sign_in=sign_in)


HASH_OF = "SELECT password_hash FROM staff WHERE id = :id"


def password_hash(db: Database, id: int) -> str:
    return db.value(HASH_OF, id=id)
