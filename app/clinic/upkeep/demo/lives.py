"""When an invented person comes, and what is measured then. The same seed gives the same lives."""

from datetime import date, timedelta
from random import Random

import msgspec

from app.clinic.upkeep.demo.bodies import FULL, QUICK, Body, body, child
from app.clinic.upkeep.demo.names import Person, person
from app.clinic.upkeep.demo.stories import STORIES, Story

PRESSURE = ("SBP", "DBP", "HR")
CALLS = (1, 6, 13, 30, 60, 100)  # days after a visit on which somebody works through what is open
ADULT = 18


class Act(msgspec.Struct, frozen=True, order=True):
    """kind: 0 registered, 1 visits, 2 is called about what is open."""

    day: date
    kind: int
    serial: int
    codes: tuple[str, ...] = ()


REGISTER, VISIT, CALL = 0, 1, 2


class Life(msgspec.Struct, frozen=True):
    """story: None for the crowd. neglected: nobody gets round to calling them."""

    serial: int
    person: Person
    body: Body
    story: Story | None
    first: date
    neglected: bool

    def age_on(self, day: date) -> float:
        return (day - self.person.born).days / 365.2425

    def year_on(self, day: date) -> float:
        return (day - self.first).days / 365.2425


def life(seed: int, serial: int, today: date, years: int, told: int) -> tuple[Life, list[Act]]:
    """The first `told` people have stories; everybody else is the crowd."""
    random = Random(f"{seed} {serial}")
    story = STORIES[serial % len(STORIES)] if serial < told else None
    age = random.randrange(*story.ages) if story else None
    who = person(random, serial + 1, today, age)
    built = (child if (today - who.born).days < ADULT * 366 else body)(random, who.sex == "male", (today - who.born).days // 365)
    days = _check_ups(random, story, today, years)
    lived = Life(serial, who, story.body(random, built) if story else built, story, days[0], random.random() < 0.12)
    return lived, _acts(random, lived, days, today)


def _check_ups(random: Random, story: Story | None, today: date, years: int) -> list[date]:
    """Once a year for those with a story; now and then for the crowd."""
    last = today - timedelta(days=random.randrange(*story.last_visit) if story else random.randrange(1, 500))
    often = 0.93 if story else 0.3
    days = [last] + [
        last - timedelta(days=365 * n + random.randrange(-25, 26)) for n in range(1, years) if random.random() < often
    ]
    return sorted(_workday(day) for day in days)


def _workday(day: date) -> date:
    return day - timedelta(days=max(0, day.weekday() - 5))  # a Sunday's visit is Saturday's


def _acts(random: Random, life: Life, days: list[date], today: date) -> list[Act]:
    acts = [Act(days[0], REGISTER, life.serial)]
    acts += [Act(day, VISIT, life.serial, _codes(life, n)) for n, day in enumerate(days)]
    if not life.story:
        call = days[-1] + timedelta(days=random.randrange(5, 20))
        return acts + ([Act(call, CALL, life.serial)] if call < today and random.random() < 0.85 else [])
    extra = [_workday(days[-1] - timedelta(days=21 * (n + 1) + random.randrange(5))) for n in range(life.story.extra)]
    acts += [Act(day, VISIT, life.serial, PRESSURE) for day in extra if day > days[0]]
    visited = {act.day for act in acts if act.kind == VISIT}
    calls = {day + timedelta(days=after) for day in visited for after in CALLS}
    return acts + [Act(day, CALL, life.serial) for day in sorted(calls) if day < today]


def _codes(life: Life, n: int) -> tuple[str, ...]:
    if life.story:
        return FULL
    return ("HEIGHT", *QUICK) if n == 0 else QUICK
