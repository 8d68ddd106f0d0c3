"""Who somebody is, in full: what is kept, found, corrected and told."""

from datetime import date

import pytest
from msgspec.structs import replace

from app.clinic import patients
from app.clinic.patients import Phone, Related
from app.core.errors import Invalid

BORN = date(2018, 5, 1)


@pytest.fixture
def child(register) -> int:
    return register(
        "陈小宝", birth_date=BORN, phones=("13800138000", "053155501234"), owners=(Phone("13800138000", "parent", "陈大明"),),
        identifiers=(("passport", "E12345678"), ("hk_macau_permit", "H12345678")), occupation="none", workplace="实验小学",
        payment=("resident", "commercial"), source="friend", related=(Related("guardian", "陈大明", "parent", "13900139000"),),
        channels=(("phone", False), ("wechat", True)),
    )


def seen(db, id: int) -> patients.NewPatient:
    return patients.as_new(db, patients.get(db, id))


def test_all_of_it_is_kept(db, child) -> None:
    patient = patients.get(db, child)
    assert (patient.occupation_told, patient.workplace, patient.source_told) == ("No occupation", "实验小学", "Family or friends told them")
    assert patient.payment_told == "Residents' medical insurance, Commercial insurance"
    assert [(one.shown, one.whose_told) for one in patients.lines(db, child)] == [
        ("138 0013 8000", "Father or mother 陈大明"), ("0531 5550 1234", "")]
    assert patients.related(db, child) == [Related("guardian", "陈大明", "parent", "13900139000")]
    assert patients.channels(db, child) == {"phone": False, "wechat": True}
    assert patients.documents(db, child) == [("passport", "E12345678"), ("hk_macau_permit", "H12345678")]


@pytest.mark.parametrize("typed", ["13800138000", "E12345678", "h12345678", "13900139000"])
def test_they_are_found_by_each_document_and_by_who_answers_for_them(db, child, typed) -> None:
    assert patients.scanned(db, typed) == child


def test_what_was_not_asked_is_not_a_no(db, wang) -> None:
    patient = patients.get(db, wang)
    assert (patient.occupation_told, patient.payment_told, patient.no_document) == ("", "", 0)
    assert patients.channels(db, wang) == {}


def test_a_word_of_an_older_list_stands_as_it_was_written(db, register) -> None:
    assert patients.get(db, register("李四", occupation="退休教师")).occupation_told == "退休教师"


def test_nothing_is_lost_by_an_edit_that_changes_nothing(db, who, child) -> None:
    before = seen(db, child)
    patients.edit(db, who("desk"), child, 1, before)
    assert seen(db, child) == before
    assert patients.timeline(db, who("desk"), child)[0].details["after"] == {}
    assert db.value("SELECT count(*) FROM patient_phones") == 2  # nothing was written anew


def test_each_of_it_can_be_corrected_and_both_texts_stay(db, who, child) -> None:
    after = replace(
        seen(db, child), phones=("053155501234",), owners=(), identifiers=(("passport", "E87654321"),), payment=("self",),
        related=(Related("emergency", "陈二明", "relative"),), channels=(("phone", True),), occupation="", workplace="第二小学",
    )
    patients.edit(db, who("desk"), child, 1, after)
    now = seen(db, child)
    assert (now.phones, now.identifiers, now.payment) == (after.phones, after.identifiers, after.payment)
    assert (now.related, now.channels, now.workplace) == (after.related, after.channels, "第二小学")
    entry = patients.timeline(db, who("desk"), child)[0]
    assert set(entry.details["after"]) == {"document", "phone", "guardian", "emergency", "channels", "occupation", "workplace", "payment"}
    assert entry.details["before"]["guardian"] == "陈大明 Father or mother 139 0013 9000"
    assert entry.details["before"]["channels"] == "Phone calls: no, WeChat: yes"


def test_who_was_taken_off_no_longer_finds_them(db, who, child) -> None:
    patients.edit(db, who("desk"), child, 1, replace(seen(db, child), related=(), identifiers=(), phones=("053155501234",)))
    assert [patients.scanned(db, typed) for typed in ("13900139000", "E12345678", "H12345678", "13800138000")] == [None] * 4
    assert patients.scanned(db, "053155501234") == child


def test_a_number_that_is_also_somebody_elses_goes_on_finding_them(db, who, register) -> None:
    """The guardian's phone is the child's own, too; taking the guardian off must not make the child unfindable."""
    id = register("陈小宝", phones=("13800138000",), related=(Related("guardian", "陈大明", "parent", "13800138000"),))
    patients.edit(db, who("desk"), id, 1, replace(seen(db, id), related=()))
    assert patients.scanned(db, "13800138000") == id


def test_the_first_phone_is_the_one_to_call_after_a_correction_too(db, who, child) -> None:
    patients.edit(db, who("desk"), child, 1, replace(seen(db, child), phones=("13700137000", "053155501234")))
    assert patients.phones(db, child) == ["13700137000", "053155501234"]
    assert patients.phones_of(db, [child]) == {child: "13700137000"}


@pytest.mark.parametrize("system", sorted(patients.DOCUMENTS))
def test_a_document_is_one_persons(db, register, system) -> None:
    register("李四", identifiers=((system, "X1234567"),))
    with pytest.raises(Invalid):
        register("王五", identifiers=((system, "X1234567"),))


def test_the_same_form_registers_one_person(db, register) -> None:
    assert register("李四", token="abc") == register("李四", token="abc")
    assert register("李四", token="def") == 2


def test_the_same_form_records_one_consent(db, who, wang) -> None:
    for token in ("abc", "abc", "", ""):
        patients.consent(db, who("desk"), wang, patients.Consent("1", "signed", "2026-11-20", "王秀英", token))
    assert len(patients.consents(db, wang)) == 3


def test_somebody_withdrawn_is_found_by_nothing_of_theirs(db, who, child) -> None:
    patients.withdraw(db, who("desk"), child, "slip")
    assert [patients.scanned(db, typed) for typed in ("13900139000", "E12345678", "H12345678", "13800138000")] == [None] * 4


def test_who_asked_not_to_be_called_has_no_number_to_call(db, who, child, wang) -> None:
    assert patients.to_call(db, [child, wang]) == {wang: "13800138000"}
    patients.edit(db, who("desk"), child, 1, replace(seen(db, child), channels=()))
    assert patients.to_call(db, [child, wang])[child] == "13800138000"
