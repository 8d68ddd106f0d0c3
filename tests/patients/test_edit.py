from datetime import date

import pytest
from msgspec.structs import replace

from app.clinic import patients
from app.core.errors import Conflict, Invalid


@pytest.fixture
def seen(db, wang) -> patients.NewPatient:
    return patients.as_new(db, patients.get(db, wang))


def test_an_edit_keeps_what_it_replaced_in_its_event(db, who, wang, seen) -> None:
    patients.edit(db, who("desk"), wang, 1, replace(seen, name="王秀瑛", birth_date=date(1948, 3, 21)))
    patient = patients.get(db, wang)
    assert (patient.name, patient.birth_date, patient.version) == ("王秀瑛", "1948-03-21", 2)
    entry = patients.timeline(db, who("desk"), wang)[0]
    assert entry.sentence == "Corrected: Name, Birth date"
    assert entry.details["before"] == {"name": "王秀英", "birth_date": "1948-03-12"}


def test_a_stale_edit_shows_both_texts_and_changes_nothing(db, who, wang, seen) -> None:
    patients.edit(db, who("desk"), wang, 1, replace(seen, address="和平里 5 号"))
    with pytest.raises(Conflict) as conflict:
        patients.edit(db, who("nurse"), wang, 1, replace(seen, address="和平里 7 号"))
    assert conflict.value.texts == [("Address", "和平里 7 号", "和平里 5 号")]
    assert patients.get(db, wang).address == "和平里 5 号"


def test_phones_and_id_are_replaced(db, who, wang, seen) -> None:
    other = "11010519491231002X"
    patients.edit(db, who("desk"), wang, 1, replace(
        seen, phones=("13900139000", "13800138000"), identifiers=((patients.RESIDENT_ID, other),)))
    assert set(patients.phones(db, wang)) == {"13800138000", "13900139000"}
    assert patients.document(db, wang, patients.RESIDENT_ID) == other
    assert patients.scanned(db, other) == wang
    assert patients.scanned(db, "370102194803120023") is None


def test_somebody_elses_id_is_refused(db, who, wang, register) -> None:
    other = register("李四")
    seen = patients.as_new(db, patients.get(db, other))
    with pytest.raises(Invalid):
        patients.edit(db, who("desk"), other, 1, replace(seen, identifiers=((patients.RESIDENT_ID, "370102194803120023"),)))


def test_a_senders_own_number_survives_an_edit(db, who, register) -> None:
    id = register("李四", identifiers=(("sender:1", "A-17"),))
    patients.edit(db, who("desk"), id, 1, replace(patients.as_new(db, patients.get(db, id)), name="李思"))
    assert patients.holders(db, "sender:1", ["A-17"]) == {"A-17": id}


def test_the_nameless_get_a_name(db, who, register) -> None:
    id = register("")
    patients.edit(db, who("desk"), id, 1, replace(patients.as_new(db, patients.get(db, id)), name="李四"))
    assert (patients.get(db, id).name, patients.get(db, id).name_is_number) == ("李四", 0)
    assert patients.scanned(db, "Y-000001") == id


def test_an_assigned_doctor_makes_an_open_form_stale(db, who, wang, seen) -> None:
    patients.assign_doctor(db, who("owner"), wang, who("doctor").id)
    with pytest.raises(Conflict) as conflict:
        patients.edit(db, who("desk"), wang, 1, seen)
    assert ("Responsible doctor", "", "林文清") in conflict.value.texts
