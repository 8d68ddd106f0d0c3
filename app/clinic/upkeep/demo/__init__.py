"""An invented clinic: staff, people with stories, years of results, work done and left open.

Everything is written by the clinic's own verbs with the clock set back to its day, so that the demo
can never be something the house could not have made itself. Nothing in it is about anybody real.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from itertools import groupby
from random import Random
from zoneinfo import ZoneInfo

from app.clinic.upkeep.demo import days
from app.clinic.upkeep.demo.house import SignIn, furnish
from app.clinic.upkeep.demo.lives import Act, Life, life
from app.core import clock
from app.core.db import Database

TOLD = 60  # people with a whole story; beyond them the crowd comes for check-ups only
SAYS = Callable[[int, int], None]


def make(db: Database, people: int, years: int, seed: int, progress: SAYS) -> list[SignIn]:
    """Fill an empty clinic; returns how its staff sign in. progress: called with (done, total)."""
    today = clock.today()
    lives, acts = _everybody(people, years, seed, today)
    zone = ZoneInfo(clock.DEFAULT_ZONE)
    begun = min((act.day for act in acts), default=today) - timedelta(days=30)
    with clock.stop(datetime.combine(begun, time(8), zone)):
        sign_ins, crew = furnish(db)
    done = 0
    for day, of_day in groupby(acts, key=lambda act: act.day):
        busy = list(of_day)
        with clock.stop(datetime.combine(day, time(18), zone)), db.aside():
            for n, act in enumerate(busy):
                at = datetime.combine(day, time(8, 30), zone) + timedelta(seconds=n * 30_000 // len(busy))
                with clock.stop(at):
                    days.live(db, crew, lives[act.serial], act, Random(f"{seed} {act.serial} {day} {act.kind}"))
        done += len(busy)
        progress(done, len(acts))
    return sign_ins


def _everybody(people: int, years: int, seed: int, today: date) -> tuple[list[Life], list[Act]]:
    lives, acts = [], []
    for serial in range(people):
        one, its = life(seed, serial, today, years, TOLD)
        lives.append(one)
        acts += its
    return lives, sorted(acts)
