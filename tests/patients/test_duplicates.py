from datetime import date

import pytest

from app.clinic import patients
from app.clinic.patients import NewPatient

WANG_ID = "370102194803120023"
BORN = date(1948, 3, 12)


@pytest.mark.parametrize(("new", "because"), [
    (NewPatient("李四", identifiers=((patients.RESIDENT_ID, WANG_ID),)), ("same ID number",)),
    (NewPatient("李四", phones=("13800138000",)), ("same phone",)),
    (NewPatient("王秀英", birth_date=BORN), ("same name and birth date",)),
    (NewPatient("汪秀英", birth_date=BORN), ("name sounds the same, same birth date",)),
    (NewPatient("王秀英", birth_date=patients.about(1948), birth_about=True), ("same name and birth date",)),
    (NewPatient("王秀英", birth_date=BORN, phones=("13800138000",)), ("same name and birth date", "same phone")),
    (NewPatient("王 秀英"), ("same name, birth date not known",)),
])
def test_likely_duplicates(db, wang, new, because) -> None:
    [found] = patients.likely(db, new)
    assert (found.patient.id, found.because, found.phone) == (wang, because, "13800138000")


@pytest.mark.parametrize("new", [
    NewPatient("王秀英", birth_date=date(1949, 3, 12)), NewPatient("汪秀英"), NewPatient("李秀英", birth_date=BORN),
    NewPatient("王秀", birth_date=BORN), NewPatient("", birth_date=BORN), NewPatient("李四", phones=("13900138000",)),
])
def test_different_people_are_not_held_up(db, wang, new) -> None:
    assert patients.likely(db, new) == []


def test_a_namesake_whose_birth_date_nobody_knows_is_shown(db, register) -> None:
    unknown = register("孙玉兰")
    found = patients.likely(db, NewPatient("孙玉兰", birth_date=BORN))
    assert [(one.patient.id, one.because) for one in found] == [(unknown, ("same name, birth date not known",))]


def test_an_english_name_counts_in_any_case(db, register) -> None:
    register("John Smith", birth_date=BORN)
    assert patients.likely(db, NewPatient("JOHN  smith", birth_date=BORN))[0].because == ("same name and birth date",)


def test_likeliest_first_and_never_oneself(db, register, wang) -> None:
    phone_only = register("李德福", phones=("13800138000",))
    new = NewPatient("王秀英", birth_date=BORN, phones=("13800138000",))
    assert [one.patient.id for one in patients.likely(db, new)] == [wang, phone_only]
    assert [one.patient.id for one in patients.likely(db, new, besides=wang)] == [phone_only]
