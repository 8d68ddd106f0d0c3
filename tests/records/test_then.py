"""The record as it was at the end of a day."""

from datetime import UTC, date, datetime

import pytest

from app.clinic import patients, records
from app.clinic.records import NewAllergy, NewCondition, NewSmoking
from app.core import clock

CONDITIONS, ALLERGIES, SMOKING = (records.section(id) for id in ("conditions", "allergies", "smoking"))
DAYS = [datetime(2026, 1, day, 4, tzinfo=UTC) for day in (10, 12, 14)]  # noon at the clinic


@pytest.fixture
def wang(db, who) -> int:
    with clock.stop(DAYS[0]):
        return patients.register(db, who("desk"), patients.NewPatient("王秀英"))


def on(db, who, patient_id, day, reader="doctor") -> dict[str, records.Then]:
    return {one.section.id: one for one in records.parts_on(db, who(reader), patient_id, date(2026, 1, day))}


def test_a_day_shows_what_stood_and_what_became_of_it(db, who, wang) -> None:
    with clock.stop(DAYS[0]):
        first = records.record(db, who("nurse"), wang, SMOKING, NewSmoking("current", 20))
        gone = records.record(db, who("nurse"), wang, CONDITIONS, NewCondition("糖尿病"))
    with clock.stop(DAYS[1]):
        records.correct(db, who("nurse"), wang, SMOKING, first, NewSmoking("current", 10), "less")
        records.withdraw(db, who("doctor"), wang, CONDITIONS, gone, "wrong person")
        records.record(db, who("nurse"), wang, CONDITIONS, NewCondition("高血压"))
    then = on(db, who, wang, 11)
    [smoking], [condition] = then["smoking"].stood, then["conditions"].stood
    assert smoking.entry.per_day == 20 and smoking.changes[0] == ("per_day", "10", "20")
    assert condition.gone and condition.newest.retired_reason == "wrong person"
    assert [one.text for one in then["conditions"].since] == ["高血压"]
    now = on(db, who, wang, 12)
    assert [one.entry.per_day for one in now["smoking"].stood] == [10] and not now["smoking"].stood[0].changes
    assert [one.entry.text for one in now["conditions"].stood] == ["高血压"] and not now["conditions"].since


def test_a_day_ends_at_midnight_of_the_clinic(db, who, wang) -> None:
    with clock.stop(datetime(2026, 1, 12, 15, 59, tzinfo=UTC)):
        records.record(db, who("nurse"), wang, CONDITIONS, NewCondition("高血压"))
    with clock.stop(datetime(2026, 1, 12, 16, 0, tzinfo=UTC)):
        records.record(db, who("nurse"), wang, CONDITIONS, NewCondition("痛风"))
    assert [one.entry.text for one in on(db, who, wang, 12)["conditions"].stood] == ["高血压"]
    assert len(on(db, who, wang, 13)["conditions"].stood) == 2


def test_nothing_of_the_future_stands(db, who, wang) -> None:
    with clock.stop(DAYS[2]):
        records.record(db, who("nurse"), wang, CONDITIONS, NewCondition("高血压"))
    then = on(db, who, wang, 11)["conditions"]
    assert not then.stood and [one.text for one in then.since] == ["高血压"]


def test_that_there_was_none_was_said_then(db, who, wang) -> None:
    with clock.stop(DAYS[0]):
        records.record_none(db, who("nurse"), wang, ALLERGIES)
    with clock.stop(DAYS[1]):
        records.record(db, who("nurse"), wang, ALLERGIES, NewAllergy("青霉素"))
    assert on(db, who, wang, 10)["allergies"].none_known
    assert not on(db, who, wang, 12)["allergies"].none_known


def test_what_is_sensitive_today_was_so_then(db, who, wang) -> None:
    with clock.stop(DAYS[0]):
        first = records.record(db, who("doctor"), wang, CONDITIONS, NewCondition("抑郁发作"))
    with clock.stop(DAYS[1]):
        records.correct(db, who("doctor"), wang, CONDITIONS, first, NewCondition("抑郁发作", sensitive=True), "hers")
    assert on(db, who, wang, 10)["conditions"].stood
    seen = on(db, who, wang, 10, "nurse")["conditions"]
    assert not seen.stood and seen.withheld == 1 and not seen.since
