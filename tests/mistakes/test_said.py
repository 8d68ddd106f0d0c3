"""A consent and a talk about medicines of the wrong person go where they belong, with what followed from them."""

from datetime import date

import pytest

from app.clinic import mistakes, patients, records
from app.core.errors import Refusal

MEDICINES = records.section("medications")


@pytest.fixture
def two(db, who) -> list[patients.Patient]:
    """The wrong person and the right one."""
    new = [patients.NewPatient(name, "female", date(1980, 3, 12)) for name in ("王秀英", "王秀瑛")]
    return [patients.get(db, patients.register(db, who("desk"), one)) for one in new]


def test_a_consent_is_the_right_persons(db, who, two) -> None:
    wrong, right = two
    patients.consent(db, who("desk"), wrong.id, patients.Consent("1", "signed", "2026-11-20", wrong.name))
    [given] = patients.consents(db, wrong.id)
    mistakes.mark(db, who("desk"), wrong, "consents", given.id, "the wrong Wang", right.id)
    assert patients.consents(db, wrong.id) == []
    assert [(one.given_by, one.given_on) for one in patients.consents(db, right.id)] == [(right.name, "2026-11-20")]
    told = [one.sentence for one in patients.timeline(db, who("desk"), wrong.id, limit=50)]
    assert any(right.number in one for one in told) and any("the wrong Wang" in one for one in told)


def test_a_talk_about_medicines_goes_to_the_same_medicine_and_what_it_found(db, who, two) -> None:
    wrong, right = two
    nurse = who("nurse")
    ids = {(p.id, drug): records.record(db, nurse, p.id, MEDICINES, records.NewMedication(drug))
           for p, drug in ((wrong, "氨氯地平"), (wrong, "二甲双胍"), (right, "氨氯地平"))}
    answers = {ids[wrong.id, "氨氯地平"]: records.NewLine("regular"), ids[wrong.id, "二甲双胍"]: records.NewLine("irregular", 3)}
    talk = records.talk_through(db, nurse, wrong.id, records.NewReview(noticed="tired"), answers, [records.OwnMedicine("鱼油")])
    mistakes.mark(db, nurse, wrong, "medicines", talk, "another Wang", right.id)
    assert records.reviews_of(db, wrong.id) == []
    assert sorted(one.drug for one in records.entries(db, wrong.id, MEDICINES)) == ["二甲双胍", "氨氯地平"]
    assert sorted(one.drug for one in records.entries(db, right.id, MEDICINES)) == ["氨氯地平", "鱼油"]
    [one] = records.reviews_of(db, right.id)
    assert "tired" in one.noticed and "二甲双胍" in one.noticed and "氨氯地平" not in one.noticed
    assert sorted((line.drug, line.takes) for line in records.reviewed(db, nurse, right.id, one.id)) == [("氨氯地平", "regular"), ("鱼油", "own")]


def test_a_talk_about_a_sensitive_medicine_is_struck_out_but_not_carried(db, who, two) -> None:
    wrong, right = two
    medicine = records.record(db, who("doctor"), wrong.id, MEDICINES, records.NewMedication("secret", sensitive=True))
    talk = records.talk_through(db, who("doctor"), wrong.id, records.NewReview(), {medicine: records.NewLine("regular")})
    with pytest.raises(Refusal):
        mistakes.mark(db, who("doctor"), wrong, "medicines", talk, "x", right.id)
    mistakes.mark(db, who("doctor"), wrong, "medicines", talk, "x")
    assert records.reviews_of(db, wrong.id) == []
