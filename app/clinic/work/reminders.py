"""The bell: what is overdue and due today in the morning, what is unfinished in the afternoon.

One row per person, kind and day, under a unique key and in the same transaction as the event that
rings: however often the sweep looks, and whenever it dies, nobody is reminded twice.
"""

import json
from datetime import datetime

from app.clinic import staff
from app.clinic.work import listing, queries, rules
from app.core import clock, events, settings
from app.core.access import ROLES, Actor, May
from app.core.db import Database
from app.core.words import N_

events.declare("reminders.rung", N_("Reminded %(n)s members of staff"), clinical=False)
events.declare("reminders.seen", N_("Saw the reminders"), clinical=False)

MORNING_HOUR, AFTERNOON_HOUR = 7, 14

DUE = f"""
SELECT sum(due_on < :today AND show_until >= :today), sum(due_on = :today) FROM ({listing.MINE})
"""
RUNG = "SELECT staff_id || ' ' || kind FROM reminders WHERE day = :today"
SEEN = "UPDATE reminders SET seen_event_id = :event WHERE staff_id = :me AND seen_event_id IS NULL"


def afternoon(db: Database, at: datetime) -> bool:
    """What is due today and still open is called unfinished now."""
    return at.hour >= settings.get(db, "afternoon_hour", AFTERNOON_HOUR)


def ring(db: Database) -> int:
    """Remind everybody who is due a reminder and has not had it today; returns how many rows."""
    at = clock.local_now()
    if at.hour < settings.get(db, "morning_hour", MORNING_HOUR):
        return 0
    today = at.date().isoformat()
    rung = set(db.all(str, RUNG, today=today))
    wanted = [
        (member.id, kind, n) for member in staff.everyone(db) if not member.disabled and May.DO_WORK in ROLES[member.role]
        for kind, n in _due(db, member, today, afternoon(db, at)) if n and f"{member.id} {kind}" not in rung
    ]
    return _keep(db, wanted, today)


def _due(db: Database, member: staff.Member, today: str, unfinished: bool) -> list[tuple[str, int]]:
    roles = json.dumps(rules.roles_of(member.role))
    late, due = db.one(tuple, DUE, today=today, me=member.id, roles=roles)
    kinds = [("overdue", late), ("due_today", due)]
    return [*kinds, ("unfinished", due)] if unfinished else kinds


def _keep(db: Database, wanted: list[tuple[int, str, int]], today: str) -> int:
    if not wanted:
        return 0
    with db.change(None, "reminders.rung") as details:
        rung = set(db.all(str, RUNG, today=today))  # under the lock: another sweep may have been faster
        rows = [
            {"staff_id": staff_id, "kind": kind, "day": today, "n": n, "event_id": details.event_id}
            for staff_id, kind, n in wanted if f"{staff_id} {kind}" not in rung
        ]
        db.insert_many("reminders", rows)
        details["n"] = len({row["staff_id"] for row in rows})
    return len(rows)


def see(db: Database, actor: Actor) -> None:
    """Mark one's reminders as seen."""
    if queries.unseen(db, actor):
        with db.change(actor, "reminders.seen") as details:
            db.execute(SEEN, me=actor.id, event=details.event_id)
