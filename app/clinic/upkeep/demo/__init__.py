"""An invented clinic: staff, people with stories, years of results, work done and left open.

Everything is written by the clinic's own verbs with the clock set back to its day, so that the demo
can never be something the house could not have made itself. Nothing in it is about anybody real.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from itertools import groupby
from random import Random
from zoneinfo import ZoneInfo

from app.clinic import work
from app.clinic.upkeep.demo import answering, asked, days, families, glass, handing, membership, old_list, papers, rights, twins, visits, workshop
from app.clinic.upkeep.demo.house import Crew, SignIn, furnish
from app.clinic.upkeep.demo.lives import Act, Life, life
from app.core import clock
from app.core.access import Role
from app.core.db import Database

TOLD = 60  # people with a whole story; beyond them the crowd comes for check-ups only
WORK_DAYS = 120
SAYS = Callable[[int, int], None]
# A demo that is interrupted is thrown away, so nothing waits for the disk.
HASTE = ("PRAGMA synchronous = off", "PRAGMA cache_size = -300000")


def make(db: Database, people: int, years: int, seed: int, progress: SAYS) -> list[SignIn]:
    """Fill an empty clinic; returns how its staff sign in. progress: called with (done, total)."""
    today = clock.today()
    lives, acts = _everybody(people, years, seed, today)
    begun = min(act.day for act in acts) - timedelta(days=30)
    past = _without_work(db)
    for one in (db, past):
        for pragma in HASTE:
            one.writer.execute(pragma)
    with clock.stop(_at(begun)):
        sign_ins, crew = furnish(db, people)
        membership.offer(db, crew.one(Role.OWNER))
    done = 0
    for (day, old), its in groupby(acts, key=lambda act: (act.day, _is_old(act, today))):
        busy = list(its)
        _live(past if old else db, crew, lives, busy, day, seed)
        done += len(busy)
        progress(done, len(acts))
    past.close()
    families.settle(db, crew, lives[:TOLD], today)
    membership.settle(db, crew, lives[:TOLD])
    handing.settle(db, crew)
    old_list.bring(db, crew)
    papers.settle(db, crew, lives[:TOLD])
    twins.settle(db, crew)
    visits.settle(db, crew, lives[:TOLD])
    rights.settle(db, crew, lives[:TOLD])
    glass.settle(db, crew, lives[:TOLD])
    workshop.settle(db, crew)
    answering.settle(db, crew, lives[:TOLD])
    asked.settle(db, crew, lives[:TOLD])
    return sign_ins


def _live(db: Database, crew: Crew, lives: list[Life], acts: list[Act], day: date, seed: int) -> None:
    """A day in one transaction; what follows from it is done in the evening."""
    with clock.stop(_at(day, 30_000)), db.aside():
        for n, act in enumerate(acts):
            with clock.stop(_at(day, n * 30_000 // len(acts))):
                days.live(db, crew, lives[act.serial], act, Random(f"{seed} {act.serial} {day} {act.kind}"))


def _at(day: date, seconds: int = 0) -> datetime:
    """So many seconds after the clinic opens."""
    return datetime.combine(day, time(8, 30), ZoneInfo(clock.DEFAULT_ZONE)) + timedelta(seconds=seconds)


def _is_old(act: Act, today: date) -> bool:
    """The crowd's older visits: from before the clinic had its follow-up done by the house."""
    return act.serial >= TOLD and act.day < today - timedelta(days=WORK_DAYS)


def _without_work(db: Database) -> Database:
    """The same file, where facts have what follows from them but ask nobody to do anything."""
    past = Database(db.path)
    for listener in db.within_listeners:
        if listener is not work.follow:
            past.within(listener)
    return past


def _everybody(people: int, years: int, seed: int, today: date) -> tuple[list[Life], list[Act]]:
    lives, acts = [], []
    for serial in range(people):
        one, its = life(seed, serial, today, years, TOLD)
        lives.append(one)
        acts += its
    return lives, sorted(acts, key=lambda act: (act.day, _is_old(act, today), act.kind, act.serial))
