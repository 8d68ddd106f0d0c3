from collections.abc import Callable
from datetime import date

import pytest

from app.clinic import cards, observations, patients, records, tags, work
from app.clinic.observations import NewValue
from app.core.access import Actor
from app.core.db import Database
from tests.merges.filling import fill

WANG_ID = "370102194803120023"
OF_TWO = {"merges", "duplicate_pairs"}  # they come to be by comparing and joining
BORN = date(1948, 3, 12)


@pytest.fixture
def two(db: Database, who: Callable[[str], Actor]) -> tuple[int, int]:
    """The same 王秀英 registered twice; each with something in every table, and much of it alike."""
    kept = patients.register(db, who("desk"), patients.NewPatient(
        "王秀英", "female", BORN, phones=("13800138000",), identifiers=((patients.RESIDENT_ID, WANG_ID), ("sender:1", "A1")),
        address="和平里 3 号"))
    gone = patients.register(db, who("desk"), patients.NewPatient(
        "汪秀英", "female", BORN, phones=("13800138000", "01062751234"), identifiers=(("sender:1", "A2"),), address="和平里 5 号"))
    for person, pressure, day in ((kept, 152.0, "2026-11-18"), (gone, 166.0, "2026-11-20")):
        lived(db, who("doctor"), person, pressure, day)
    with db.aside():
        for one in patients.BELONGINGS.values():
            for person in (kept, gone) if one.table not in OF_TWO else ():
                if not db.value(f"SELECT 1 FROM {one.table} WHERE {one.column} = :id", id=person):
                    fill(db, one.table, person, **{one.column: person}, **other_side(one, kept, gone, person))
    return kept, gone


def other_side(one: patients.Belonging, kept: int, gone: int, person: int) -> dict[str, int]:
    """Of a table that names two people the other one."""
    others = [column for table, column in patients.BELONGINGS if table == one.table and column != one.column]
    return dict.fromkeys(others, gone if person == kept else kept)


def lived(db: Database, doctor: Actor, person: int, pressure: float, day: str) -> None:
    """A card, results out of range, what followed from them, an entry, a label, a contact."""
    cards.open_card(db, doctor, person, cards.types(db)[0].id)
    patient = patients.get(db, person)
    observations.record(db, doctor, patient, day, [NewValue("SBP", pressure), NewValue("WEIGHT", 61.0), NewValue("HEIGHT", 158.0)])
    records.record(db, doctor, person, records.section("conditions"), records.NewCondition("高血压", code="I10"))
    tags.label(db, doctor, person, tags.Labelled("怕跌倒", "told us"))
    work.record(db, doctor, person, work.NewContact("phone", "reached", "well", next_on=date(2026, 12, 1)))
