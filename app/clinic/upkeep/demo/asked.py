"""People are asked to fill something in: some by themselves, the older ones with high blood pressure all together."""

from app.clinic import invitations, lists, patients, questionnaires, responses
from app.clinic.upkeep.demo.handing import HIGH
from app.clinic.upkeep.demo.house import Crew
from app.clinic.upkeep.demo.lives import Life
from app.core.access import Role
from app.core.db import Database


def settle(db: Database, crew: Crew, lives: list[Life]) -> None:
    offered = {one.code: one for one in questionnaires.current(db, "patient")}
    _each(db, crew, lives, offered["lifestyle"])
    _together(db, crew, offered["findrisc"])


def _each(db: Database, crew: Crew, lives: list[Life], version: questionnaires.Version) -> None:
    """Every third has a code already, every sixth has begun with it."""
    nurse = crew.one(Role.NURSE)
    for n, one in enumerate(lives):
        patient = crew.patients[one.serial]
        invitations.ask(db, nurse, patient, invitations.NewAsked("", [version.questionnaire_id]), [version.questionnaire_id])
        asked = next(each.id for each in invitations.open_of(db, patient) if each.questionnaire_id == version.questionnaire_id)
        if n % 3 == 0:
            way = invitations.invite(db, nurse, patient, asked)
        if n % 6 == 0:
            _begin(db, patient, asked, way, version)


def _begin(db: Database, patient: int, asked: int, way: invitations.WayIn, version: questionnaires.Version) -> None:
    invitations.enter(db, invitations.invited(db, way.token), "zh")
    invitations.begin(db, asked, lambda: responses.begin(db, None, patients.get(db, patient), version, "patient"))


def _together(db: Database, crew: Crew, version: questionnaires.Version) -> None:
    view = lists.View(where=HIGH, age_from=60)
    people = sorted(lists.ids(db, view), reverse=True)
    new = invitations.NewAsking("demo", version.questionnaire_id, len(people))
    id = invitations.give_out(
        db, crew.one(Role.HEALTH_MANAGER), new, "list", lists.sentence(db, view), view.query(), len(people), [version.questionnaire_id])
    one = invitations.asking(db, id)
    while invitations.give_to_some(db, one, people):
        pass
    invitations.finish(db, one)
