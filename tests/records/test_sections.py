"""Every section of the record: written, told, corrected, checked; what stands once stands once."""

from datetime import date

import msgspec
import pytest

from app.clinic import patients, records
from app.clinic.records import (
    NewAlcohol, NewDiet, NewDisability, NewExercise, NewFamilyHistory, NewImmunization, NewInjury, NewLiving, NewNeed,
    NewPersonal, NewProcedure, NewSleep, NewSmoking, NewTransfusion, NewWish, NewWomensHealth,
)  # fmt: skip
from app.core.errors import Conflict, Refusal
from app.core.words import speaking

ENTRIES = {
    "procedures": (NewProcedure("阑尾切除术", "2004", "县医院"), "Operation: 阑尾切除术, 2004, 县医院"),
    "injuries": (NewInjury("腕骨折", "2018"), "Injury: 腕骨折, 2018"),
    "transfusions": (NewTransfusion("产后出血", "1998", "寒战"), "Transfusion: 产后出血, 1998, reaction: 寒战"),
    "immunizations": (NewImmunization("流感疫苗", "2025-10", "1/1"), "Vaccination: 流感疫苗, 1/1, 2025-10"),
    "family_history": (NewFamilyHistory("father", "脑卒中", "I64", 66), "Family history: Father: 脑卒中, at the age of 66"),
    "smoking": (NewSmoking("current", 20, "1996"), "Smoking: Smokes, 20 cigarettes a day, since 1996"),
    "alcohol": (NewAlcohol("current", "baijiu", 100, 52, 3), "Alcohol: Drinks, Baijiu 52° 100 ml, 3 days a week"),
    "exercise": (NewExercise("weekly", 3, 30), "Exercise: More than once a week, 3 days a week, 30 minutes each time"),
    "diet": (NewDiet(["salty", "oily"], "no", 2), "Diet: Likes it salty, Likes it oily, no greens every day, 2 meals a day"),
    "sleep": (NewSleep(6.5, "poor", "yes"), "Sleep: 6.5 hours a night, Sleeps badly, snores"),
    "living": (NewLiving("hood", "gas", "tap"), "Living environment: Range hood, Natural gas, Tap water"),
    "personal": (NewPersonal("汉族", "college", "married", "A", "positive"),
                 "Personal details: 汉族, Junior college, Married, blood group A Rh positive"),
    "womens_health": (NewWomensHealth(14, pregnancies=2, births=1), "Women's health: 2 pregnancies, 1 birth"),
    "disabilities": (NewDisability("hearing", "4", "2023"), "Disability: Hearing, Grade 4, since 2023"),
    "needs": (NewNeed("social", "想有人陪诊"), "Need: Social: 想有人陪诊"),
    "wishes": (NewWish("想看着孙女上大学"), "What matters to the person: 想看着孙女上大学"),
}
SINGLE = [id for id, one in records.SECTIONS.items() if one.single]


@pytest.fixture
def wang(db, who) -> int:
    return patients.register(db, who("desk"), patients.NewPatient("王秀英", "female"))


def told(db, who, patient_id) -> list[str]:
    with speaking("en"):
        return [entry.sentence for entry in patients.timeline(db, who("doctor"), patient_id)]


def test_no_section_is_without_a_test() -> None:
    assert set(ENTRIES) == set(records.SECTIONS) - {"conditions", "allergies", "medications", "notes"}


@pytest.mark.parametrize("id", ENTRIES)
def test_an_entry_is_kept_whole_and_told(db, who, wang, id) -> None:
    section, (new, sentence) = records.section(id), ENTRIES[id]
    records.record(db, who("nurse"), wang, section, new)
    [entry] = records.parts(db, who("nurse"), wang)[id].entries
    assert section.values(entry) == {name: ",".join(value) if isinstance(value, list) else value for name, value in section.values(new).items()}
    assert (entry.author, entry.source, entry.noted_on) == ("周岚", "patient", "2026-11-23")
    assert told(db, who, wang)[0] == sentence


@pytest.mark.parametrize("id", ENTRIES)
def test_a_sensitive_entry_says_nothing_in_its_event(db, who, wang, id) -> None:
    new = msgspec.structs.replace(ENTRIES[id][0], sensitive=True)
    records.record(db, who("doctor"), wang, records.section(id), new)
    assert db.value("SELECT details FROM events ORDER BY id DESC LIMIT 1") == '{"entry":1,"sensitive":true}'
    assert records.parts(db, who("nurse"), wang)[id].withheld == 1


@pytest.mark.parametrize("id", SINGLE)
def test_what_stands_once_is_corrected_not_doubled(db, who, wang, id) -> None:
    section, (new, _sentence) = records.section(id), ENTRIES[id]
    first = records.record(db, who("nurse"), wang, section, new)
    with pytest.raises(Refusal):
        records.record(db, who("nurse"), wang, section, new)
    records.correct(db, who("nurse"), wang, section, first, new, "asked again")
    assert len(records.entries(db, wang, section)) == 1
    assert len(records.history(db, wang, section, first)) == 2


@pytest.mark.parametrize("id", ["diet", "sleep", "living", "personal", "womens_health"])
def test_nothing_at_all_is_no_entry(db, who, wang, id) -> None:
    section = records.section(id)
    with pytest.raises(Refusal):
        records.record(db, who("nurse"), wang, section, section.new())


def test_a_form_sent_twice_writes_one_entry(db, who, wang) -> None:
    section = records.section("injuries")
    first = records.record(db, who("nurse"), wang, section, NewInjury("扭伤"), "t1")
    assert records.record(db, who("nurse"), wang, section, NewInjury("扭伤"), "t1") == first
    assert len(records.entries(db, wang, section)) == 1


def test_a_version_is_checked_and_a_new_one_must_be_checked_anew(db, who, wang) -> None:
    section = records.section("immunizations")
    first = records.record(db, who("nurse"), wang, section, NewImmunization("流感疫苗"))
    records.verify(db, who("doctor"), wang, section, first, "papers")
    [entry] = records.entries(db, wang, section)
    assert (entry.verified_how, entry.verified_by, entry.verified_at is not None) == ("papers", "林文清", True)
    with pytest.raises(Refusal):
        records.verify(db, who("nurse"), wang, section, first, "asked")
    assert told(db, who, wang)[0] == "Vaccination checked: 流感疫苗"
    second = records.correct(db, who("nurse"), wang, section, first, NewImmunization("流感疫苗", "2025"), "date found")
    assert records.entry(db, wang, section, second).verified_how == ""
    with pytest.raises(Conflict):
        records.verify(db, who("doctor"), wang, section, first, "asked")


def test_a_check_can_be_taken_back(db, who, wang) -> None:
    section = records.section("injuries")
    entry = records.record(db, who("nurse"), wang, section, NewInjury("扭伤"))
    records.verify(db, who("doctor"), wang, section, entry, "examined")
    records.unverify(db, who("doctor"), wang, section, entry)
    one = records.entry(db, wang, section, entry)
    assert (one.verified_how, one.verified_by) == ("", None)


def test_two_versions_differ_field_by_field(db, who, wang) -> None:
    section = records.section("smoking")
    first = records.record(db, who("nurse"), wang, section, NewSmoking("current", 20, "1996"))
    second = records.correct(db, who("nurse"), wang, section, first, NewSmoking("former", 20, "1996", "2026"), "stopped")
    newer, older = records.history(db, wang, section, second)
    with speaking("en"):
        assert records.differences(section, newer, older) == [("status", "Stopped smoking", "Smokes"), ("ended", "2026", "")]


@pytest.mark.parametrize(("new", "packs"), [
    (NewSmoking("current", 20, "1996-11"), 30.0), (NewSmoking("former", 10, "2000-06", "2020-06"), 10.0),
    (NewSmoking("never"), 0.0), (NewSmoking("current", None, "1996"), None), (NewSmoking("current", 20), None),
    (NewSmoking("former", 20, "2000"), None), (NewSmoking("former", 20, "2020", "2000"), None),
])
def test_pack_years(db, who, wang, new, packs) -> None:
    records.record(db, who("nurse"), wang, records.section("smoking"), new)
    [entry] = records.entries(db, wang, records.section("smoking"))
    found = entry.pack_years(date(2026, 11, 16))
    assert found == packs if packs is None else found == pytest.approx(packs, abs=0.1)


@pytest.mark.parametrize(("new", "grams"), [
    (NewAlcohol("current", "baijiu", 100, 50, 7), 40.0), (NewAlcohol("current", "beer", 500, 4, 3.5), 8.0),
    (NewAlcohol("never"), 0.0), (NewAlcohol("former", "beer", 500, 4, 7), 0.0), (NewAlcohol("current", "beer", 500), None),
])
def test_grams_of_alcohol_a_day(db, who, wang, new, grams) -> None:
    """100 ml at 50 % every day are 40 g, as the guideline's own example has it."""
    records.record(db, who("nurse"), wang, records.section("alcohol"), new)
    [entry] = records.entries(db, wang, records.section("alcohol"))
    assert entry.grams_a_day == (grams if grams is None else pytest.approx(grams))


@pytest.mark.parametrize(("new", "minutes"), [
    (NewExercise("daily", None, 30), 210), (NewExercise("weekly", 3, 40), 120), (NewExercise("never"), 0),
    (NewExercise("weekly", None, 40), None),
])
def test_minutes_a_week(db, who, wang, new, minutes) -> None:
    records.record(db, who("nurse"), wang, records.section("exercise"), new)
    assert records.entries(db, wang, records.section("exercise"))[0].minutes_a_week == minutes
