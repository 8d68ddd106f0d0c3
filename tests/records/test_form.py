"""The resident health file: every field of the form, filled in from what is known."""

import pytest

from app.clinic import patients, records
from app.clinic.records import (
    NewAllergy, NewCondition, NewDisability, NewFamilyHistory, NewLiving, NewPersonal, NewProcedure, NewSmoking, NewWish,
)  # fmt: skip
from app.core.words import speaking

PERSONAL = NewPersonal(
    "汉族", "college", "married", "O", "negative", "registered", "urban", "和平里 1 号", "梧桐街道", "和平里居委会",
    ["chemicals", "radiation"], "苯", "yes", "血友病",
)


@pytest.fixture
def wang(db, who) -> int:
    return patients.register(db, who("desk"), patients.NewPatient("王秀英", "female", phones=("13800138000",)))


def rows(db, who, wang, reader="doctor", language="en") -> dict[str, records.HealthFile]:
    with speaking(language):
        file = records.health_file(db, who(reader), patients.get(db, wang))
        return {row.label: row for part in ([file.cover] + [block.rows for block in file.blocks]) for row in part}


def add(db, who, wang, **entries) -> None:
    for id, new in entries.items():
        for one in new if isinstance(new, list) else [new]:
            records.record(db, who("doctor"), wang, records.section(id), one)


def test_an_empty_file_has_every_field_and_no_answer(db, who, wang) -> None:
    found = rows(db, who, wang)
    assert len(found) > 40
    assert {label: row.answer for label, row in found.items() if row.answer} == {"Sex": "2"}
    assert found["File opened by"].text == "许佳" and found["File opened on"].text == "2026-11-23"


def test_answers_carry_the_forms_numbers(db, who, wang) -> None:
    add(db, who, wang, personal=PERSONAL, living=NewLiving("fan", "coal", "well", "shed", "outdoors"),
        procedures=NewProcedure("阑尾切除术", "2004"), disabilities=[NewDisability("vision"), NewDisability("mental")])
    found = rows(db, who, wang)
    assert {name: found[name].answer for name in (
        "Schooling", "Marital status", "Blood group", "Rh", "Household registration", "Exposure", "Hereditary disease",
        "Kitchen ventilation", "Fuel", "Drinking water", "Toilet", "Poultry and livestock", "Operations and procedures",
        "Injuries", "Disabilities")} == {
        "Schooling": "3", "Marital status": "2", "Blood group": "3", "Rh": "1", "Household registration": "1",
        "Exposure": "2/4", "Hereditary disease": "2", "Kitchen ventilation": "3", "Fuel": "2", "Drinking water": "3",
        "Toilet": "5", "Poultry and livestock": "4", "Operations and procedures": "2", "Injuries": "", "Disabilities": "2/7"}
    assert found["Registered address"].text == "和平里 1 号" and found["Hereditary disease"].text == "血友病"


@pytest.mark.parametrize(("code", "number"), [
    ("I10", "2"), ("I15.9", "2"), ("E11.9", "3"), ("I25.1", "4"), ("J44.9", "5"), ("C34.9", "6"), ("I63.9", "7"), ("I69.3", "13"),
    ("F20.9", "8"), ("F32.9", "13"), ("A16.2", "9"), ("B18.1", "10"), ("M10.9", "13"), ("", "13"),
])
def test_an_illness_has_the_forms_number(db, who, wang, code, number) -> None:
    add(db, who, wang, conditions=NewCondition("x", code, "2016"))
    row = rows(db, who, wang)["Illnesses"]
    assert row.answer == number and "2016" in row.text


@pytest.mark.parametrize(("substance", "number"), [("青霉素", "2"), ("Penicillin V", "2"), ("磺胺类", "3"), ("链霉素", "4"), ("虾", "5")])
def test_a_drug_allergy_has_the_forms_number(db, who, wang, substance, number) -> None:
    add(db, who, wang, allergies=NewAllergy(substance))
    assert rows(db, who, wang)["Drug allergies"].answer == number


def test_none_is_said_only_where_it_was_said(db, who, wang) -> None:
    for id in ("conditions", "allergies", "injuries", "disabilities", "family_history"):
        records.record_none(db, who("nurse"), wang, records.section(id))
    found = rows(db, who, wang)
    assert {name: found[name].answer for name in ("Illnesses", "Drug allergies", "Injuries", "Disabilities", "Father", "Transfusions")} == {
        "Illnesses": "1", "Drug allergies": "1", "Injuries": "1", "Disabilities": "1", "Father": "1", "Transfusions": ""}


def test_the_familys_illnesses_stand_with_their_relative(db, who, wang) -> None:
    add(db, who, wang, family_history=[NewFamilyHistory("father", "脑梗", "I63.9"), NewFamilyHistory("father", "高血压", "I10"),
                                       NewFamilyHistory("child", "先心病", "Q21.0"), NewFamilyHistory("grandparent", "痛风", "M10.9")])
    found = rows(db, who, wang)
    assert [found[name].answer for name in ("Father", "Mother", "Child", "Grandparent")] == ["2/7", "", "11", "12"]


def test_what_the_form_does_not_ask_stands_after_it(db, who, wang) -> None:
    add(db, who, wang, smoking=NewSmoking("former", 20, "2000-01", "2020-01"), wishes=NewWish("想看着孙女上大学"))
    found = rows(db, who, wang)
    assert "20 pack-years" in found["Smoking"].text and found["What matters to the person"].text == "想看着孙女上大学"


def test_a_sensitive_entry_is_not_on_a_file_its_reader_may_not_see(db, who, wang) -> None:
    add(db, who, wang, conditions=NewCondition("梅毒", "A53.9", sensitive=True))
    assert "梅毒" in rows(db, who, wang)["Illnesses"].text
    row = rows(db, who, wang, "nurse")["Illnesses"]
    assert "梅毒" not in row.text and row.answer == ""
    assert records.health_file(db, who("nurse"), patients.get(db, wang)).withheld == 1


def test_the_page_and_the_pdf_say_the_same_in_the_persons_language(client, who, sign_in) -> None:
    db = client.app.state.db
    wang = patients.register(db, who("desk"), patients.NewPatient("王秀英 <b>", "female"))
    add(db, who, wang, personal=PERSONAL)
    browser = sign_in("doctor")
    page = browser.get(f"/patients/{wang}/record/file").text
    assert "居民健康档案" in page and "王秀英 &lt;b&gt;" in page and "血友病" in page and "王秀英 <b>" not in page
    paper = browser.get(f"/patients/{wang}/record/file.pdf")
    assert paper.headers["content-type"] == "application/pdf" and paper.content.startswith(b"%PDF")
    assert sign_in("desk").get(f"/patients/{wang}/record/file").status_code == 403
