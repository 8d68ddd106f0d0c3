"""What stands over every page about one person, loaded the same way for all of them."""

from functools import partial

import msgspec

from app.clinic import cards, encounters, patients, records, staff, tags
from app.core import clock
from app.core.access import Actor, May
from app.core.db import Database
from app.core.words import N_


class Tab(msgspec.Struct, frozen=True):
    """path: after /patients/{id}."""

    id: str
    path: str
    name: str
    needs: May


TABS = (
    Tab("overview", "", N_("Overview"), May.FIND_PATIENTS),
    Tab("timeline", "/timeline", N_("Timeline"), May.FIND_PATIENTS),
    Tab("encounters", "/encounters", N_("Consultation"), May.SEE_CLINICAL),
    Tab("record", "/record", N_("Record"), May.SEE_CLINICAL),
    Tab("attachments", "/attachments", N_("Attachments"), May.SEE_CLINICAL),
    Tab("indicators", "/indicators", N_("Indicators"), May.SEE_CLINICAL),
    Tab("questionnaires", "/questionnaires", N_("Questionnaires"), May.SEE_CLINICAL),
    Tab("follow-up", "/follow-up", N_("Follow-up"), May.SEE_CLINICAL),
    Tab("reports", "/reports", N_("Reports"), May.SEE_CLINICAL),
    Tab("cards", "/cards", N_("Cards"), May.FIND_PATIENTS),
    Tab("rights", "/rights", N_("Data and rights"), May.EXPORT),
)


class Banner(msgspec.Struct, frozen=True):
    """What this actor may see of it. phone: to call, unless they asked not to be called.

    card_problem: why the card is not valid, a word's id; blank when it is.
    warnings: (substance, reaction, severity, since). no_allergies: said so. labels: the tags, each with why.
    consulting: the consultation somebody writes in now.
    """

    age: int | None
    card: cards.Card | None
    card_problem: str
    doctor: str
    phone: str
    tabs: list[Tab]
    warnings: list[tuple[str, str, str, str]] = []
    no_allergies: bool = False
    labels: list[tuple[tags.Tag, list[tuple[str, str]]]] = []
    consulting: encounters.Encounter | None = None


def banner(db: Database, actor: Actor, patient: patients.Patient) -> Banner:
    today, card = clock.today(), cards.current(db, patient.id)
    phones = patients.phones(db, patient.id)
    welcome = patients.channels(db, patient.id).get("phone", True)
    doctor = staff.get(db, patient.doctor_id) if patient.doctor_id else None
    shown = Banner(
        age=patients.age(patient, today), card=card, card_problem=cards.PROBLEMS.get(card.problem(today.isoformat()), "") if card else "",
        doctor=doctor.name if doctor else "", phone=phones[0] if phones and welcome else "",
        tabs=[tab for tab in TABS if actor.may(tab.needs)],
    )
    if not actor.may(May.SEE_CLINICAL):
        return shown
    warnings = records.warnings(db, patient.id)
    none = not warnings and "allergies" in records.none_known(db, patient.id)
    labels = [(tag, tags.why(tag)) for tag in tags.current(db, patient.id)]
    return msgspec.structs.replace(shown, warnings=warnings, no_allergies=none, labels=labels, consulting=encounters.open_of(db, patient.id))


def for_pages(db: Database, actor: Actor) -> partial:
    """In a template: frame.banner(patient)."""
    return partial(banner, db, actor)
