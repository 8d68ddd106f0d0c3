from datetime import date

import pytest

from app.clinic import patients, records
from app.clinic.records import NewAllergy, NewCondition, NewMedication, NewNote
from app.clinic.records.rules import read_icd10, read_vague_date
from app.core.errors import Conflict, Forbidden, NotFound, Refusal

CONDITIONS, ALLERGIES, MEDICATIONS, NOTES = (records.section(id) for id in ("conditions", "allergies", "medications", "notes"))


@pytest.fixture
def wang(db, who) -> int:
    return patients.register(db, who("desk"), patients.NewPatient("王秀英"))


def told(db, who, patient_id, reader="doctor") -> list[str]:
    return [entry.sentence for entry in patients.timeline(db, who(reader), patient_id)]


@pytest.mark.parametrize(("section", "new", "head", "sentence"), [
    (CONDITIONS, NewCondition("高血压", "I10", "2016"), "高血压", "Condition: 高血压"),
    (ALLERGIES, NewAllergy("青霉素", "皮疹", "moderate", "2009"), "青霉素", "Allergy: 青霉素"),
    (MEDICATIONS, NewMedication("氨氯地平", "5 mg", "", "每日 1 次"), "氨氯地平", "Medication: 氨氯地平"),
    (NOTES, NewNote("听力稍差\n请慢些说"), "听力稍差\n请慢些说", "Note: 听力稍差"),
])
def test_an_entry_says_who_when_and_whose_word(db, who, wang, section, new, head, sentence) -> None:
    entry_id = records.record(db, who("nurse"), wang, section, new)
    entry = records.parts(db, who("nurse"), wang)[section.id].entries[0]
    assert (entry.id, getattr(entry, section.head)) == (entry_id, head)
    assert (entry.author, entry.noted_on, entry.source) == ("周岚", "2026-11-23", new.source)
    assert told(db, who, wang)[0] == sentence


def test_a_correction_is_a_new_version_with_a_reason(db, who, wang) -> None:
    old = records.record(db, who("nurse"), wang, CONDITIONS, NewCondition("高血压", "I10"))
    new = records.correct(db, who("doctor"), wang, CONDITIONS, old, NewCondition("高血压 2 级", "I10"), "grade was missing")
    [living] = records.conditions(db, wang)
    assert (living.id, living.text, living.reason, living.replaces_id) == (new, "高血压 2 级", "grade was missing", old)
    assert [(one.id, one.text, one.author) for one in records.history(db, wang, CONDITIONS, old)] == [
        (new, "高血压 2 级", "林文清"), (old, "高血压", "周岚")]
    assert told(db, who, wang)[0] == "Condition corrected: 高血压 2 级 (grade was missing)"


def test_two_people_correcting_one_entry_get_both_texts(db, who, wang) -> None:
    seen = records.record(db, who("nurse"), wang, MEDICATIONS, NewMedication("氨氯地平", "5 mg"))
    records.correct(db, who("doctor"), wang, MEDICATIONS, seen, NewMedication("氨氯地平", "10 mg"), "raised")
    with pytest.raises(Conflict) as conflict:
        records.correct(db, who("pharmacist"), wang, MEDICATIONS, seen, NewMedication("氨氯地平", "2.5 mg"), "halved")
    assert conflict.value.texts == [("Dose", "2.5 mg", "10 mg")]
    assert [one.dose for one in records.medications(db, wang)] == ["10 mg"]


def test_what_was_never_true_is_taken_out_and_stays_readable(db, who, wang) -> None:
    entry_id = records.record(db, who("nurse"), wang, ALLERGIES, NewAllergy("青霉素"))
    records.withdraw(db, who("doctor"), wang, ALLERGIES, entry_id, "wrong person")
    assert records.warnings(db, wang) == []
    [gone] = records.history(db, wang, ALLERGIES, entry_id)
    assert (gone.retired, gone.retired_reason) == (1, "wrong person")


def test_an_entry_belongs_to_its_person(db, who, wang) -> None:
    other = patients.register(db, who("desk"), patients.NewPatient("李四"))
    entry_id = records.record(db, who("nurse"), wang, NOTES, NewNote("hers"))
    assert records.entry(db, other, NOTES, entry_id) is None
    with pytest.raises(NotFound):
        records.correct(db, who("doctor"), other, NOTES, entry_id, NewNote("his"), "x")
    with pytest.raises(NotFound):
        records.withdraw(db, who("doctor"), other, NOTES, entry_id, "x")


def test_sensitive_entries_are_withheld_from_those_who_may_not(db, who, wang) -> None:
    entry_id = records.record(db, who("doctor"), wang, CONDITIONS, NewCondition("梅毒", "A53.9", sensitive=True))
    records.record(db, who("doctor"), wang, CONDITIONS, NewCondition("高血压"))
    seen = records.parts(db, who("doctor"), wang)["conditions"]
    assert (len(seen.entries), seen.withheld) == (2, 0)
    half = records.parts(db, who("nurse"), wang)["conditions"]
    assert ([one.text for one in half.entries], half.withheld) == (["高血压"], 1)
    assert "Condition: a sensitive entry" in told(db, who, wang, "nurse")
    with pytest.raises(Forbidden):
        records.correct(db, who("nurse"), wang, CONDITIONS, entry_id, NewCondition("x"), "guess")
    records.correct(db, who("doctor"), wang, CONDITIONS, entry_id, NewCondition("梅毒", sensitive=True), "treated in 2001")
    details = db.all(str, "SELECT details FROM events WHERE kind LIKE 'condition.%'")
    assert not any("梅毒" in text or "treated" in text for text in details)


def test_no_known_allergies_is_a_fact_of_its_own(db, who, wang) -> None:
    assert records.none_known(db, wang) == set()
    records.record_none(db, who("nurse"), wang, ALLERGIES)
    assert records.none_known(db, wang) == {"allergies"}
    assert told(db, who, wang)[0] == "No known allergies"
    with pytest.raises(Refusal):
        records.record_none(db, who("nurse"), wang, ALLERGIES)
    records.record(db, who("nurse"), wang, ALLERGIES, NewAllergy("青霉素"))
    assert records.none_known(db, wang) == set()
    with pytest.raises(Refusal):
        records.record_none(db, who("nurse"), wang, ALLERGIES)
    with pytest.raises(NotFound):
        records.record_none(db, who("nurse"), wang, NOTES)


def test_reception_reads_nothing_clinical_on_the_timeline(db, who, wang) -> None:
    records.record(db, who("nurse"), wang, CONDITIONS, NewCondition("高血压"))
    assert told(db, who, wang, "desk") == ["Registered as Y-000001"]
    assert len(told(db, who, wang, "nurse")) == 2


@pytest.mark.parametrize(("typed", "kept"), [("i10", "I10"), ("E11.9", "E11.9"), (" ｉ10.x00x002", "I10.X00X002"), ("A17.0+", "A17.0+"), ("U07.1", "U07.1")])
def test_icd_codes(typed, kept) -> None:
    assert read_icd10(typed) == kept


@pytest.mark.parametrize("typed", ["hypertension", "10", "I1", "I10.", "I10..1", "高血压", "I10.123456789"])
def test_what_is_no_icd_code_is_refused(typed) -> None:
    with pytest.raises(ValueError):
        read_icd10(typed)


@pytest.mark.parametrize(("typed", "kept"), [("2016", "2016"), ("2016年5月", "2016-05"), ("2016/5/3", "2016-05-03"), ("2016.05", "2016-05"), ("２０１６", "2016")])
def test_vague_dates(typed, kept) -> None:
    assert read_vague_date(typed) == kept


@pytest.mark.parametrize("typed", ["16", "2016-13", "2016-02-30", "1066", "last year"])
def test_what_is_no_date_is_refused(typed) -> None:
    with pytest.raises(ValueError):
        read_vague_date(typed)


@pytest.mark.parametrize(("until", "taken"), [("", True), ("2026", True), ("2026-11", True), ("2026-11-23", True), ("2026-11-22", False), ("2026-10", False), ("2025", False)])
def test_a_vague_end_lasts_to_its_own_end(db, who, wang, until, taken) -> None:
    records.record(db, who("nurse"), wang, MEDICATIONS, NewMedication("二甲双胍", until=until))
    assert records.medications(db, wang)[0].taken_on("2026-11-23") is taken
