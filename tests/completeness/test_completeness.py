"""What is missing for a purpose, and one form that saves each answer where it belongs, all or nothing."""

from collections.abc import Callable
from datetime import date

import pytest
from litestar.testing import TestClient

from app.clinic import completeness, observations, patients, records
from app.clinic.observations import NewValue
from app.core.access import Actor
from app.core.db import Database


@pytest.fixture
def doctor(who: Callable[[str], Actor]) -> Actor:
    return who("doctor")


@pytest.fixture
def someone(client: TestClient, doctor: Actor) -> int:
    return patients.register(client.app.state.db, doctor, patients.NewPatient("王秀英", "female", birth_date=date(1968, 3, 12)))


@pytest.fixture
def file(client: TestClient) -> Database:
    return client.app.state.db


def missing(db: Database, patient_id: int, purpose: str) -> set[str]:
    return set(completeness.state(db, patients.get(db, patient_id), completeness.purpose(purpose)).missing)


def enter(db: Database, doctor: Actor, patient_id: int, section_id: str, **fields: object) -> None:
    section = records.section(section_id)
    records.record(db, doctor, patient_id, section, section.new(**fields))


# ── what is missing ──

def test_every_purpose_names_its_source_and_asks_what_the_house_can_keep() -> None:
    assert {"opening", "hypertension", "china_par_2016"} <= set(completeness.PURPOSES)
    for one in completeness.PURPOSES.values():
        assert one.source.zh and one.source.en and one.status and one.asks
        assert set(one.asks + one.men) <= set(completeness.ASKS)
    assert set(completeness.ASKS) == {id for one in completeness.PURPOSES.values() for id in one.asks + one.men}


def test_opening_a_record(file: Database, doctor: Actor, someone: int) -> None:
    assert missing(file, someone, "opening") == {
        "document", "phone", "address", "doctor", "consent", "allergies", "conditions", "medications"}
    records.record_none(file, doctor, someone, records.section("allergies"))
    enter(file, doctor, someone, "conditions", text="高血压")
    assert missing(file, someone, "opening") == {"document", "phone", "address", "doctor", "consent", "medications"}
    state = completeness.opening(file, patients.get(file, someone))
    assert (state.percent, set(state.missing)) == (45, missing(file, someone, "opening"))  # 5 of 11


def test_a_full_record_is_a_hundred_per_cent(file: Database, doctor: Actor) -> None:
    id = patients.register(file, doctor, patients.NewPatient(
        "王秀英", "female", date(1948, 3, 12), phones=("13800138000",), address="x", doctor_id=doctor.id, no_document=True,
        consent=patients.Consent("1", "signed", "2026-11-23", "王秀英")))
    for section in ("conditions", "allergies", "medications"):
        records.record_none(file, doctor, id, records.section(section))
    state = completeness.opening(file, patients.get(file, id))
    assert (state.percent, state.missing) == (100, {})


@pytest.mark.parametrize(("taken", "there"), [("2026-11-23", True), ("2026-08-25", True), ("2026-08-24", False)])
def test_a_value_may_be_so_many_days_old(file: Database, doctor: Actor, someone: int, taken: str, there: bool) -> None:
    observations.record(file, doctor, patients.get(file, someone), taken, [NewValue("SBP", 130.0), NewValue("DBP", 80.0)])
    assert ("SBP" not in missing(file, someone, "hypertension")) is there


def test_an_adults_height_serves_forever_and_a_childs_does_not(file: Database, doctor: Actor, someone: int) -> None:
    child = patients.register(file, doctor, patients.NewPatient("小", "male", birth_date=date(2014, 1, 1)))
    for one in (someone, child):
        observations.record(file, doctor, patients.get(file, one), "2020-05-01", [NewValue("HEIGHT", 120.0)])
    assert "HEIGHT" not in missing(file, someone, "hypertension")
    assert "HEIGHT" in missing(file, child, "hypertension")


def test_some_things_are_asked_of_men_only(file: Database, doctor: Actor, someone: int) -> None:
    man = patients.register(file, doctor, patients.NewPatient("李建国", "male", birth_date=date(1966, 1, 1)))
    assert {"family_history", "area"} <= missing(file, man, "china_par_2016")
    assert not {"family_history", "area"} & missing(file, someone, "china_par_2016")


def test_part_of_what_stands_once_may_be_missing(file: Database, doctor: Actor, someone: int) -> None:
    enter(file, doctor, someone, "diet", meals=3)
    assert "greens" in missing(file, someone, "findrisc")
    [entry] = records.entries(file, someone, records.section("diet"))
    records.correct(file, doctor, someone, records.section("diet"), entry.id,
                    records.section("diet").new(meals=3, greens_daily="yes"), "asked")
    assert "greens" not in missing(file, someone, "findrisc")


def test_purposes_that_are_for_this_person_come_first(file: Database, doctor: Actor, someone: int) -> None:
    def suits() -> set[str]:
        return {one.purpose.id for one in completeness.states(file, patients.get(file, someone)) if one.suits}

    assert "hypertension" not in suits() and "china_par_2016" in suits()
    enter(file, doctor, someone, "conditions", text="高血压", code="I10")
    assert "hypertension" in suits()
    order = [one.suits for one in completeness.states(file, patients.get(file, someone))]
    assert order == sorted(order, reverse=True)


# ── one form ──

def address(patient_id: int, purpose: str) -> str:
    return f"/patients/{patient_id}/completeness/{purpose}"


def test_the_form_asks_only_what_is_missing(sign_in: Callable[[str], TestClient], file: Database, doctor: Actor, someone: int) -> None:
    records.record_none(file, doctor, someone, records.section("medications"))
    observations.record(file, doctor, patients.get(file, someone), "2026-11-20", [NewValue("SBP", 130.0), NewValue("DBP", 80.0)])
    form = sign_in("nurse").get(address(someone, "hypertension")).text
    assert 'name="value_WEIGHT"' in form and 'name="smoking.0.status"' in form
    assert 'name="value_SBP"' not in form and "medications" not in form


ANSWERS = {
    "token": "t1", "source": "family", "address": "和平里 3 号", "phone": "138 0013 8000", "document_kind": "none",
    "consent_how": "spoken", "allergies.0.substance": "青霉素", "allergies.0.reaction": "皮疹", "allergies.2.substance": "磺胺",
    "conditions.none": "on", "medications.0.drug": "氨氯地平", "medications.0.dose": "5 mg",
}


def test_every_answer_is_saved_where_it_belongs(
    sign_in: Callable[[str], TestClient], file: Database, doctor: Actor, someone: int, who: Callable[[str], Actor],
) -> None:
    answer = sign_in("nurse").post(address(someone, "opening"), data=ANSWERS | {"doctor_id": doctor.id}, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    patient = patients.get(file, someone)
    assert (patient.address, patient.doctor_id, patient.no_document) == ("和平里 3 号", doctor.id, 1)
    assert patients.phones(file, someone) == ["13800138000"]
    assert patients.consents(file, someone)[0].how == "spoken"
    assert {(one.substance, one.reaction, one.source) for one in records.allergies(file, someone)} == {
        ("青霉素", "皮疹", "family"), ("磺胺", "", "family")}
    assert [(one.drug, one.dose) for one in records.medications(file, someone)] == [("氨氯地平", "5 mg")]
    assert "conditions" in records.none_known(file, someone)
    assert missing(file, someone, "opening") == set()
    kinds = file.all(str, "SELECT kind FROM events WHERE cause_id = (SELECT event_id FROM completions)")
    assert {"patient.edited", "patient.doctor_assigned", "patient.consented", "allergy.recorded", "condition.none_known"} <= set(kinds)


def test_a_second_tap_saves_nothing_twice(sign_in: Callable[[str], TestClient], file: Database, someone: int) -> None:
    browser = sign_in("nurse")
    for _tap in range(2):
        assert browser.post(address(someone, "opening"), data=ANSWERS, follow_redirects=False).status_code == 303
    assert len(records.allergies(file, someone)) == 2
    assert len(patients.phones(file, someone)) == 1


WRONG = {
    "phone": ("phone", "12"), "document": ("document", "110101199003078888"), "consent": ("consent_how", "x"),
    "weight": ("value_WEIGHT", "700"), "smoking": ("smoking.0.per_day", "many"), "both": ("medications.none", "on"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_saved(
    sign_in: Callable[[str], TestClient], file: Database, someone: int, case: str,
) -> None:
    name, text = WRONG[case]
    purpose = "hypertension" if case in ("weight", "smoking", "both") else "opening"
    typed = {"token": "t", "medications.0.drug": "氨氯地平", "smoking.0.status": "current", name: text}
    answer = sign_in("nurse").post(address(someone, purpose), data=typed)
    assert answer.status_code == 422
    assert f'id="{name}-error"' in answer.text and 'value="氨氯地平"' in answer.text
    assert file.value("SELECT count(*) FROM completions") == 0
    assert records.medications(file, someone) == [] and patients.phones(file, someone) == []


def test_an_answer_a_verb_refuses_takes_the_others_back(
    sign_in: Callable[[str], TestClient], file: Database, doctor: Actor, someone: int,
) -> None:
    number = "11010519491231002X"
    patients.register(file, doctor, patients.NewPatient("别人", identifiers=((patients.RESIDENT_ID, number),)))
    nameless = patients.register(file, doctor, patients.NewPatient(""))
    answer = sign_in("nurse").post(address(nameless, "opening"), data={"token": "t", "document": number, "allergies.0.substance": "青霉素"})
    assert answer.status_code == 422 and 'id="document-error"' in answer.text
    assert records.allergies(file, nameless) == []


def test_an_unusual_value_is_confirmed_by_saving_once_more(
    sign_in: Callable[[str], TestClient], file: Database, someone: int,
) -> None:
    browser, typed = sign_in("nurse"), {"token": "t", "value_SBP": "262", "value_DBP": "130"}
    first = browser.post(address(someone, "hypertension"), data=typed)
    assert first.status_code == 422 and 'name="sure"' in first.text
    again = typed | {"sure": "SBP=262"}
    assert browser.post(address(someone, "hypertension"), data=again, follow_redirects=False).status_code == 303
    assert file.value("SELECT value FROM observations WHERE code = 'SBP'") == 262


def test_what_somebody_else_answered_meanwhile_is_shown_beside_mine(
    sign_in: Callable[[str], TestClient], file: Database, doctor: Actor, someone: int,
) -> None:
    enter(file, doctor, someone, "allergies", substance="磺胺")
    answer = sign_in("nurse").post(address(someone, "opening"), data=ANSWERS)
    assert answer.status_code == 409
    assert "青霉素" in answer.text and "磺胺" in answer.text and 'value="氨氯地平"' in answer.text
    assert [one.substance for one in records.allergies(file, someone)] == ["磺胺"]
    assert records.medications(file, someone) == []


def test_a_number_fills_in_sex_and_birth_date_and_contradicts_nobody(
    sign_in: Callable[[str], TestClient], file: Database, doctor: Actor, someone: int,
) -> None:
    nameless = patients.register(file, doctor, patients.NewPatient(""))
    browser = sign_in("desk")
    browser.post(address(nameless, "opening"), data={"token": "a", "name": "陈一", "document": "11010519491231002X"})
    patient = patients.get(file, nameless)
    assert (patient.name, patient.sex, patient.birth_date) == ("陈一", "female", "1949-12-31")
    answer = browser.post(address(someone, "opening"), data={"token": "b", "document": "110105194912310038"})
    assert answer.status_code == 422 and 'id="document-error"' in answer.text


def test_what_stands_once_is_completed_by_a_new_version(
    sign_in: Callable[[str], TestClient], file: Database, doctor: Actor, someone: int,
) -> None:
    enter(file, doctor, someone, "diet", meals=3, habits=["salty"])
    sign_in("nurse").post(address(someone, "findrisc"), data={"token": "t", "greens.0.greens_daily": "yes"})
    [entry] = records.entries(file, someone, records.section("diet"))
    assert (entry.greens_daily, entry.meals, entry.habits, entry.reason) == ("yes", 3, "salty", "补填缺项")


def test_the_desk_fills_in_who_somebody_is_and_no_more(sign_in: Callable[[str], TestClient], file: Database, someone: int) -> None:
    browser = sign_in("desk")
    form = browser.get(address(someone, "opening")).text
    assert 'name="phone"' in form and "allergies" not in form and "过敏" not in form
    browser.post(address(someone, "opening"), data=ANSWERS)
    assert patients.phones(file, someone) == ["13800138000"] and records.allergies(file, someone) == []
    assert browser.get(address(someone, "hypertension")).status_code == 404
    pharmacist = sign_in("pharmacist").get(address(someone, "opening")).text
    assert 'name="phone"' not in pharmacist and 'name="allergies.0.substance"' in pharmacist


def test_nothing_typed_is_said(sign_in: Callable[[str], TestClient], someone: int) -> None:
    answer = sign_in("nurse").post(address(someone, "opening"), data={"token": "t"})
    assert answer.status_code == 422 and 'role="alert"' in answer.text


def test_the_page_says_per_purpose_what_is_missing_and_why(sign_in: Callable[[str], TestClient], someone: int) -> None:
    page = sign_in("nurse").get(f"/patients/{someone}/completeness").text
    assert "建档" in page and "Circulation 2016" in page and f'href="{address(someone, "opening")}"' in page
    assert sign_in("reader").get(f"/patients/{someone}/completeness").status_code == 200
    assert sign_in("nurse").get(address(someone, "nothing")).status_code == 404
