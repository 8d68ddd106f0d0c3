"""What happens on a day of the demo, by the same verbs the pages use."""

from datetime import date, timedelta
from random import Random

from app.clinic import cards, observations, patients, records, work
from app.clinic.observations import NewValue
from app.clinic.patients import Consent, NewPatient
from app.clinic.records import NewAllergy, NewCondition, NewMedication, NewNote
from app.clinic.upkeep.demo import background, membership
from app.clinic.upkeep.demo.bodies import panel
from app.clinic.upkeep.demo.desk import asked
from app.clinic.upkeep.demo.house import Crew
from app.clinic.upkeep.demo.lives import PRESSURE, REGISTER, VISIT, Act, Life
from app.clinic.upkeep.demo.stories import Told
from app.clinic.work import Attempt, Completion, Item, Postponement
from app.core import clock
from app.core.access import Actor, Role
from app.core.db import Database

LABORATORY = "济民检验中心（演示）"
EXPLAINED = Told("已说明结果和下一步，本人明白。", "Explained the results and what comes next; understood.")
TALKED = Told("电话里谈了饮食、走路和按时服药。", "Talked about food, walking and taking the tablets on time.")
BUSY = Told("本人出差，下周再联系。", "Travelling; call again next week.")
NO_ANSWER = Told("无人接听", "No answer")


def live(db: Database, crew: Crew, life: Life, act: Act, random: Random) -> None:
    if act.kind == REGISTER:
        crew.patients[life.serial] = _register(db, crew, life, random)
    elif act.kind == VISIT:
        _visit(db, crew, life, act, random)
    else:
        _call(db, crew, life, random)


def _register(db: Database, crew: Crew, life: Life, random: Random) -> int:
    desk, who, n = crew.one(Role.RECEPTIONIST), life.person, life.serial
    text = patients.consent_text().version
    odd = life.story is not None and n % 30 == 17  # one whose birth date nobody knows, and whose sex was not asked
    more = asked(life, life.age_on(clock.today()), Random(f"desk {n}"))
    documents = (("resident_id", who.document),) if who.document and not odd else more.pop("identifiers", ())
    patient_id = patients.register(db, desk, NewPatient(
        name=who.name, sex="unknown" if odd else who.sex, birth_date=date(who.born.year, 7, 1) if odd else who.born,
        birth_about=odd, phones=(who.phone,), address=who.address, language=who.language,
        identifiers=documents, **more,
        doctor_id=None if life.story else crew.one(Role.DOCTOR, n).id,
        manager_id=None if life.story else crew.one(Role.HEALTH_MANAGER, n).id,
        consent=Consent(text, "signed", clock.today().isoformat(), who.name),
    ))
    if life.story or n % 5:
        cards.open_card(db, desk, patient_id, crew.card_types[n % len(crew.card_types)])
    if life.story:
        _tell(db, crew.one(Role.NURSE), patient_id, life)
    elif random.random() < 0.2:
        records.record_none(db, crew.one(Role.NURSE), patient_id, records.section("allergies"))
    return patient_id


def _tell(db: Database, nurse: Actor, patient_id: int, life: Life) -> None:
    """What the person said at the first talk."""
    story, say, today = life.story, life.person.language, clock.today()
    entries = [("conditions", NewCondition(one.text.to(say), one.code, str(today.year - one.years))) for one in story.illnesses]
    entries += [("medications", NewMedication(
        one.drug.to(say), one.dose, frequency=one.often.to(say), since=str(today.year - min(one.years, 1)), why=one.why.to(say),
    )) for one in story.medicines]
    entries += [("allergies", NewAllergy(one.substance.to(say), one.reaction.to(say), one.severity)) for one in story.intolerances]
    entries += [("notes", NewNote(one.to(say))) for one in story.notes]
    for name, entry in entries:
        records.record(db, nurse, patient_id, records.section(name), entry)
    if not story.intolerances and life.serial % 3:
        records.record_none(db, nurse, patient_id, records.section("allergies"))
    background.tell(db, nurse, patient_id, life)


def _visit(db: Database, crew: Crew, life: Life, act: Act, random: Random) -> None:
    patient = patients.get(db, crew.patients[life.serial])
    if life.story:
        membership.at_a_visit(db, crew.one(Role.RECEPTIONIST), patient.id)
    else:
        _explain(db, crew.one(Role.HEALTH_MANAGER, life.serial), patient.id, patient.language, random)
    measured = panel(random, life.body, life.age_on(act.day), life.year_on(act.day), act.codes)
    values = [NewValue(code, value) for code, value in measured.items()]
    if act.codes == PRESSURE:
        observations.record(db, crew.one(Role.NURSE), patient, clock.wall(), values)
    else:
        observations.file_report(db, None, patient, clock.wall(), LABORATORY, values)


def _explain(db: Database, manager: Actor, patient_id: int, language: str, random: Random) -> None:
    """The crowd has its last results explained when it comes again."""
    open = [one.id for one in observations.open_findings(db, patient_id) if not one.explained]
    if open and random.random() < 0.85:
        observations.explain(db, manager, patient_id, open, EXPLAINED.to(language))


def _call(db: Database, crew: Crew, life: Life, random: Random) -> None:
    """Work through what is open and due about; some do not answer, some put it off, a few are never called."""
    today = clock.today()
    for item in work.open_for(db, crew.patients[life.serial]):
        first = item.pathway_code in ("assign_doctor", "complete_record")
        ready = item.due_on is not None and date.fromisoformat(item.due_on) <= today + timedelta(days=7)
        if ready and (first or not life.neglected):
            _work_at(db, crew, life, item, random)


def _work_at(db: Database, crew: Crew, life: Life, item: Item, random: Random) -> None:
    say, chance, actor = life.person.language, random.random(), _whose(crew, life, item)
    outcome = item.pathway.outcomes[0 if random.random() < 0.7 else min(1, len(item.pathway.outcomes) - 1)]
    today = clock.today()
    if item.pathway_code == "assign_doctor":
        doctor = crew.one(Role.DOCTOR, int(life.person.language == "en")).id
        work.complete(db, actor, item.id, Completion("assigned", item.seen, doctor_id=doctor))
    elif item.pathway_code == "explain_abnormal":
        work.complete(db, actor, item.id, Completion("explained", item.seen, EXPLAINED.to(say), "phone"))
    elif chance < 0.15 and item.pathway_code != "complete_record":
        work.attempt(db, actor, item.id, Attempt(item.seen, NO_ANSWER.to(say)))
    elif chance < 0.25 and item.show_until > (today + timedelta(days=7)).isoformat() != item.due_on:
        work.postpone(db, actor, item.id, Postponement(today + timedelta(days=7), BUSY.to(say), item.seen))
    else:
        channel = None if item.pathway_code == "complete_record" else "phone"
        work.complete(db, actor, item.id, Completion(outcome.code, item.seen, TALKED.to(say) if channel else "", channel))


def _whose(crew: Crew, life: Life, item: Item) -> Actor:
    """Who would do it: the owner, or somebody of the role."""
    everyone = [actor for actors in crew.by_role.values() for actor in actors]
    owner = next((actor for actor in everyone if actor.id == item.owner_id), None)
    return owner or crew.one(Role(item.role) if item.role else Role.HEALTH_MANAGER, life.serial)
