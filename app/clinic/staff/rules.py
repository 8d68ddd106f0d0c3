import hashlib
import secrets
from datetime import UTC, datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.core.errors import Invalid
from app.core.words import N_

# OWASP's second parameter set: 19 MiB, so a sign-in never swells a small box.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODY = _hasher.hash(secrets.token_hex(16))

SESSION_HOURS = 12
FREE_FAILURES = 5
FORGET_AFTER = timedelta(hours=1)
SHORTEST_PASSWORD = 10
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def verify(stored: str | None, password: str) -> bool:
    """As slow for nobody as for somebody."""
    try:
        return _hasher.verify(stored or _NOBODY, password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def check_password(password: str, sign_in: str, field: str = "password") -> None:
    """Raises Invalid for a password that is too short or repeats the sign-in name."""
    if len(password) < SHORTEST_PASSWORD:
        raise Invalid({field: (N_("At least %(least)s characters."), {"least": SHORTEST_PASSWORD})})
    if sign_in.casefold() in password.casefold() or len(set(password)) < 5:
        raise Invalid({field: N_("This is too easy to guess.")})


def new_token() -> str:
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def new_code(groups: int = 3) -> str:
    """A code people can read aloud: no I, O, 0 or 1."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(groups))


def same_code(given: str, code: str) -> bool:
    plain = "".join(given.upper().split())
    return secrets.compare_digest(plain.replace("-", "").encode(), code.replace("-", "").encode())


def wait_seconds(failures: int, last: str | None, now: datetime) -> int:
    """Seconds until the next try: none for the first five failures, then 30 s doubling to 15 minutes."""
    if failures < FREE_FAILURES or last is None:
        return 0
    pause = min(30 * 2 ** (failures - FREE_FAILURES), 900)
    left = datetime.fromisoformat(last).astimezone(UTC) + timedelta(seconds=pause) - now
    return max(0, int(left.total_seconds()) + 1) if left > timedelta() else 0


def new_secret() -> str:
    return secrets.token_hex(32)
