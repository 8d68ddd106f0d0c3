"""Somebody's sensitive entry, opened in an emergency: once long settled with the owner, once still to be talked about."""

from collections.abc import Sequence
from datetime import timedelta

from app.clinic import breakglass, records
from app.clinic.upkeep.demo.house import Crew
from app.clinic.upkeep.demo.lives import Life
from app.clinic.upkeep.demo.stories import Told
from app.core import clock
from app.core.access import Role
from app.core.db import Database

SECRET = Told("抑郁发作，2019 年住院（演示）", "Depressive episode, in hospital in 2019 (invented)")
FAINTED = Told("在候诊处晕倒，须马上知道在吃什么药", "Fainted in the waiting room; had to know at once what they take")
ASKED = Told("电话里说起新开的药，要核对会不会相互影响", "Told of a new medicine on the phone; checked what it goes together with")
SEEN = ("/record", "/record/conditions", "/medicines", "/timeline")


def settle(db: Database, crew: Crew, lives: Sequence[Life]) -> None:
    life = next((one for one in reversed(lives) if one.story.medicines and one.serial in crew.patients), None)
    if life is None:
        return
    person, language = crew.patients[life.serial], life.person.language
    records.record(db, crew.one(Role.DOCTOR), person, records.section("conditions"), records.NewCondition(SECRET.to(language), sensitive=True))
    for role, reason in ((Role.NURSE, FAINTED), (Role.PHARMACIST, ASKED)):
        actor = crew.one(role)
        id = breakglass.open_for_an_hour(db, actor, person, breakglass.NewOpening(reason.to(language)))
        minutes = [clock.stamp(clock.now() + timedelta(minutes=n))[:16] for n in range(len(SEEN))]
        breakglass.write_looks(db, [breakglass.Look(id, at, place) for at, place in zip(minutes, SEEN, strict=True)])
        if role is Role.NURSE:
            breakglass.close(db, actor, person)
            breakglass.take_note(db, crew.one(Role.OWNER), id)
