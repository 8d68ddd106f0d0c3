"""Consultations of invented people: one signed three weeks ago, one a nurse has begun today, one nobody has signed for days."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.clinic import encounters, patients, work
from app.clinic.encounters import Typed
from app.clinic.upkeep.demo.house import Crew
from app.clinic.upkeep.demo.lives import Life
from app.clinic.upkeep.demo.stories import Told
from app.core import clock
from app.core.access import Actor, Role
from app.core.db import Database

SEEN = 8  # people with a consultation
DAYS_AGO, UNSIGNED_DAYS = 21, 3
COMPLAINT = Told("复诊，最近一周早上头有点胀", "Back for a check; a full head in the mornings for a week")
ILLNESS = Told("药按时吃，没有胸闷。睡得晚，常到十二点以后。", "Takes the medicines on time, no tightness in the chest. Sleeps late, often after midnight.")
NEEDS = Told("一个人住，女儿每周来两次。", "Lives alone, the daughter comes twice a week.")
PLAN = Told("药先不变，家里早晚各量一次血压并记下来。", "Medicines as before; blood pressure at home morning and evening, written down.")
DIARY = Told("看家里量的血压记录", "Look at the blood pressures from home")
ADVICE = Told("每天早晚坐着歇五分钟再量血压，记在本子上。\n晚上十一点前睡觉。下次把本子带来。",
              "Sit for five minutes before measuring, morning and evening, and write it down.\nGo to bed before eleven. Bring the book next time.")  # fmt: skip


def settle(db: Database, crew: Crew, lives: Sequence[Life]) -> None:
    doctor, nurse = crew.one(Role.DOCTOR), crew.one(Role.NURSE)
    found = [life for life in lives if life.serial in crew.patients and life.story.medicines][:SEEN]
    for n, life in enumerate(found):
        patient = patients.get(db, crew.patients[life.serial])
        if patient is None or patient.restricted:
            continue
        with clock.stop(_at(DAYS_AGO, n)):
            _signed(db, doctor, patient, life.person.language)
        if n < 2:
            with clock.stop(_at(UNSIGNED_DAYS * n, n) if n else clock.now()):
                _begun(db, (nurse, doctor)[n], patient, life.person.language)
    work.ask_to_sign(db)


def _signed(db: Database, doctor: Actor, patient: patients.Patient, say: str) -> None:
    id = _begun(db, doctor, patient, say)
    encounters.unchanged(db, doctor, patient, id)
    promised = (clock.today() + timedelta(days=14)).isoformat()
    _write(db, doctor, patient, id, "needs", text=NEEDS.to(say))
    _write(db, doctor, patient, id, "plan", text=PLAN.to(say), what_1=DIARY.to(say), on_1=promised)
    _write(db, doctor, patient, id, "advice", text=ADVICE.to(say))
    found = [one for part in encounters.known(db, doctor, patient.id, clock.today().isoformat()) if part.id == "past" for one in part.lines]
    if found:
        _write(db, doctor, patient, id, "assessment", text_1=found[0][2][:100], certainty_1="provisional")
    encounters.sign(db, doctor, patient, id, encounters.seen(db, id))


def _begun(db: Database, actor: Actor, patient: patients.Patient, say: str) -> int:
    id = encounters.begin(db, actor, patient.id)
    _write(db, actor, patient, id, "complaint", text=COMPLAINT.to(say))
    _write(db, actor, patient, id, "illness", text=ILLNESS.to(say))
    return id


def _write(db: Database, actor: Actor, patient: patients.Patient, id: int, section: str, **fields: str) -> None:
    encounters.keep(db, actor, patient, id, section, Typed(fields))


def _at(days: int, n: int) -> datetime:
    return datetime.combine(clock.today() - timedelta(days=days), time(9, 5 * n % 60), ZoneInfo(clock.DEFAULT_ZONE))
