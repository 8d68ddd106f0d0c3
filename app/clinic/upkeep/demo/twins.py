"""People who were registered twice: a pair to be looked at, a pair that was joined; and a call noted with the wrong person."""

from datetime import date, timedelta

from app.clinic import cards, mistakes, observations, patients, work
from app.clinic.observations import NewValue
from app.clinic.upkeep.demo.house import Crew
from app.core import clock
from app.core.access import Actor, Role
from app.core.db import Database

BORN = date(1951, 6, 18)


def settle(db: Database, crew: Crew) -> None:
    desk, nurse = crew.one(Role.RECEPTIONIST), crew.one(Role.NURSE)
    first, second = _twice(db, desk, "傅桂珍", "付桂珍", "10055500618")
    _measured(db, nurse, first, 158.0)
    cards.open_card(db, desk, first, cards.types(db)[0].id)
    _measured(db, nurse, second, 146.0)
    patients.compare(db, desk, first, second)
    kept, gone = _twice(db, desk, "陆志强", "陆志強", "10055500907")
    _measured(db, nurse, gone, 139.0)
    patients.merge(db, desk, kept, gone)
    _misnoted(db, nurse, first, kept)


def _twice(db: Database, desk: Actor, name: str, again: str, phone: str) -> tuple[int, int]:
    sex = "female" if "珍" in name else "male"
    known = patients.NewPatient(name, sex, BORN, phones=(phone,), address="槐荫里 7 号")
    return patients.register(db, desk, known), patients.register(db, desk, patients.NewPatient(again, sex, BORN, phones=(phone,)))


def _measured(db: Database, nurse: Actor, person: int, pressure: float) -> None:
    day = (clock.today() - timedelta(days=6)).isoformat()
    observations.record(db, nurse, patients.get(db, person), day, [NewValue("SBP", pressure), NewValue("DBP", 84.0), NewValue("HR", 72.0)])


def _misnoted(db: Database, nurse: Actor, wrong: int, right: int) -> None:
    contact = work.record(db, nurse, wrong, work.NewContact("phone", "reached", "血压平稳，下周来复查"))
    mistakes.mark(db, nurse, patients.get(db, wrong), "contacts", contact, "名单上看错了一行", right)
