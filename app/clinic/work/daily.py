"""Once per clinic day (or week), whatever happens: claimed by a conditional write with a lease.

Who dies over it leaves a lease that runs out; the next sweep takes it up. A day the house was
switched off is made up for at the first sweep after.
"""

from datetime import timedelta
from secrets import token_hex

from app.core import clock
from app.core.db import Database

LEASE = timedelta(minutes=20)

CLAIM = """
INSERT INTO daily_runs (name, day, claim, leased_until) VALUES (:name, :day, :claim, :until)
ON CONFLICT (name, day) DO UPDATE SET claim = excluded.claim, leased_until = excluded.leased_until
WHERE done_at IS NULL AND leased_until < :now
"""
DONE = """
UPDATE daily_runs SET done_at = :now WHERE name = :name AND day = :day AND claim = :claim AND done_at IS NULL
"""
TAKEN = "SELECT 1 FROM daily_runs WHERE name = :name AND day = :day AND (done_at IS NOT NULL OR leased_until >= :now)"


def claim(db: Database, name: str, day: str = "") -> str | None:
    """A token when today's run is ours to do; None when it is done or somebody is at it. day: of a week's or month's run."""
    day, now = day or clock.today().isoformat(), clock.stamp()
    if db.value(TAKEN, name=name, day=day, now=now):
        return None
    token = token_hex(8)
    with db.aside():
        won = db.execute(CLAIM, name=name, day=day, claim=token, until=clock.stamp(clock.now() + LEASE), now=now)
    return f"{day} {token}" if won else None


def finish(db: Database, name: str, claimed: str) -> bool:
    """Mark the claimed run as done; False when the lease was lost to another."""
    day, token = claimed.split()
    with db.aside():
        return bool(db.execute(DONE, name=name, day=day, claim=token, now=clock.stamp()))
