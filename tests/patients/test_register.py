from datetime import date

import pytest
from msgspec import structs

from app.clinic import lists, patients
from app.core.errors import Invalid, NotFound

WANG_ID = "370102194803120023"


def test_a_new_person_has_a_number_and_an_event(db, who, wang) -> None:
    patient = patients.get(db, wang)
    assert (patient.number, patient.name, patient.sex, patient.birth_date) == ("Y-000001", "王秀英", "female", "1948-03-12")
    assert patients.phones(db, wang) == ["13800138000"]
    assert patients.document(db, wang, patients.RESIDENT_ID) == WANG_ID
    [entry] = patients.timeline(db, who("desk"), wang)
    assert (entry.kind, entry.actor, entry.sentence) == ("patient.registered", "许佳", "Registered as Y-000001")


def test_the_nameless_go_by_their_number(db, register) -> None:
    patient = patients.get(db, register("", birth_date=patients.about(1976), birth_about=True))
    assert (patient.name, patient.name_is_number, patient.birth_date) == ("Y-000001", 1, "1976-07-01")


def test_an_id_number_belongs_to_one_person(db, who, register, wang) -> None:
    with pytest.raises(Invalid) as refused:
        register("李四", identifiers=((patients.RESIDENT_ID, WANG_ID),))
    assert "document" in refused.value.errors
    assert db.value("SELECT count(*) FROM patients") == 1, "nothing of the refused person is left"
    assert db.value("SELECT count(*) FROM patient_keys WHERE patient_id <> :id", id=wang) == 0


def test_consent_says_which_text_how_when_and_by_whom(db, who, register) -> None:
    given = patients.Consent(patients.consent_text().version, "signed", "2026-11-23", "王秀英")
    id = register("王秀英", consent=given)
    assert patients.consents(db, id) == [structs.replace(given, id=1)]
    assert patients.text_of(given.text_version).zh
    sentences = [entry.sentence for entry in patients.timeline(db, who("desk"), id)]
    assert sentences == ["Registered as Y-000001", "Agreed that the clinic keeps their data (text 1)"] or sentences == [
        "Agreed that the clinic keeps their data (text 1)", "Registered as Y-000001"]


@pytest.mark.parametrize(("born", "on", "years"), [
    ("1948-03-12", date(2026, 3, 11), 77), ("1948-03-12", date(2026, 3, 12), 78), ("2004-02-29", date(2026, 2, 28), 21),
    ("2004-02-29", date(2026, 3, 1), 22), ("2026-11-23", date(2026, 11, 23), 0), (None, date(2026, 11, 23), None),
])
def test_age(born, on, years) -> None:
    assert patients.Hit(1, "Y-000001", "王", "female", born, 0, "").age(on) == years


def test_a_doctor_and_a_manager_are_assigned(db, who, wang) -> None:
    patients.assign_doctor(db, who("owner"), wang, who("doctor").id)
    patients.assign_manager(db, who("owner"), wang, who("manager").id)
    patient = patients.get(db, wang)
    assert (patient.doctor_id, patient.manager_id) == (who("doctor").id, who("manager").id)
    assert patients.timeline(db, who("desk"), wang)[0].sentence == "Health manager: 何静"


def test_nobody_who_left_is_assigned(db, who, wang) -> None:
    with pytest.raises(Invalid):
        patients.assign_doctor(db, who("owner"), wang, 999)


def test_somebody_taken_out_is_found_no_more_and_frees_the_id(db, who, register, wang) -> None:
    patients.withdraw(db, who("owner"), wang, "import undone")
    assert patients.get(db, wang) is None
    assert patients.search(db, "王秀英", who("desk")).hits == []
    assert lists.page_of(db, lists.EVERYBODY) == []
    again = register("王秀英", phones=("13800138000",), identifiers=((patients.RESIDENT_ID, WANG_ID),))
    assert patients.scanned(db, WANG_ID) == patients.scanned(db, "13800138000") == again
    with pytest.raises(NotFound):
        patients.withdraw(db, who("owner"), wang, "again")
