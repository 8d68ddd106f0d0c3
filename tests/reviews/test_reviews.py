"""What a person really takes: asked for each medicine, kept with what was prescribed, corrected by versions."""

import pytest

from app.clinic import patients, records
from app.clinic.records import NewLine, NewMedication, NewReview, OwnMedicine
from app.core.errors import Conflict, Invalid, NotFound, Refusal

HTMX = {"HX-Request": "true"}
MEDICINES = records.section("medications")


@pytest.fixture
def house(client):
    return client.app.state.db


@pytest.fixture
def wang(house, who) -> int:
    """Takes two medicines, and one that not everybody may know of."""
    person = patients.register(house, who("desk"), patients.NewPatient("王秀英"))
    for new in (NewMedication("氨氯地平", "5 mg", frequency="每日一次"), NewMedication("二甲双胍", "500 mg"), NewMedication("舍曲林", sensitive=True)):
        records.record(house, who("doctor"), person, MEDICINES, new)
    return person


AMLODIPINE, METFORMIN, SERTRALINE = 1, 2, 3


def test_answers_are_kept_and_shown_with_the_medicine(house, sign_in, wang) -> None:
    browser = sign_in("pharmacist")
    form = browser.get(f"/patients/{wang}/medicines/new").text
    assert "氨氯地平" in form and "舍曲林" not in form and "国家基本公共卫生服务规范" in form
    answer = browser.post(f"/patients/{wang}/medicines", follow_redirects=False, data={
        "takes_1": "irregular", "missed_1": "2", "how_1": "晚上那格常忘", "takes_2": "regular", "source": "family", "agreed": "改到早上一起吃"})
    assert answer.headers["location"] == f"/patients/{wang}/medicines"
    text = browser.get(f"/patients/{wang}/medicines").text
    assert "间断，近 7 天漏 2 天，晚上那格常忘" in text and "规律" in text and "改到早上一起吃" in text
    assert "实际用药：1 种规律，1 种间断" in browser.get(f"/patients/{wang}/timeline").text


def test_the_answer_follows_the_medicine_through_its_corrections(house, who, wang) -> None:
    records.talk_through(house, who("nurse"), wang, NewReview(), {AMLODIPINE: NewLine("not", how="停了")})
    newer = records.correct(house, who("doctor"), wang, MEDICINES, AMLODIPINE, NewMedication("氨氯地平", "10 mg"), "raised")
    line = records.taking(house, wang)[newer]
    assert (line.takes, line.prescribed) == ("not", "5 mg 每日一次")
    records.talk_through(house, who("nurse"), wang, NewReview(), {newer: NewLine("regular")})
    assert records.taking(house, wang)[newer].takes == "regular"


def test_what_was_not_known_becomes_an_entry(house, who, sign_in, wang) -> None:
    browser = sign_in("pharmacist")
    browser.post(f"/patients/{wang}/medicines", data={"drug_own1": "布洛芬", "how_own1": "疼时一片", "why_own1": "膝痛", "source": "patient"})
    [own] = [one for one in records.medications(house, wang) if one.drug == "布洛芬"]
    assert (own.frequency, own.why, own.source) == ("疼时一片", "膝痛", "patient")
    assert records.taking(house, wang)[own.id].takes == "own"
    assert "自行在用" in browser.get(f"/patients/{wang}/medicines").text


@pytest.mark.parametrize(("typed", "says"), [
    ({}, "至少回答一种药"), ({"takes_1": "regular", "missed_1": "3"}, "请二选一"), ({"missed_1": "3"}, "请从中选一个"),
    ({"takes_1": "irregular", "missed_1": "8"}, "7"), ({"takes_1": "own"}, "请从中选一个"), ({"how_own2": "每天"}, "这一项要填"),
    ({"takes_1": "regular", "reviewed_on": "2026-12-01"}, "还没到"),
])
def test_what_cannot_be_is_refused_and_kept(house, sign_in, wang, typed, says) -> None:
    answer = sign_in("nurse").post(f"/patients/{wang}/medicines", data={"source": "patient", "noticed": "", "how_1": "", "agreed": ""} | typed, headers=HTMX)
    assert answer.status_code == 422 and says in answer.text
    assert all(value in answer.text for value in typed.values() if value != "own")
    assert house.value("SELECT count(*) FROM medication_reviews") == 0


def test_two_taps_are_one_talk(house, who, wang) -> None:
    for _tap in range(2):
        records.talk_through(house, who("nurse"), wang, NewReview(token="t"), {AMLODIPINE: NewLine("regular")}, [OwnMedicine("鱼油")])
    assert house.value("SELECT count(*) FROM medication_reviews") == 1 and len(records.medications(house, wang)) == 4


def test_a_correction_keeps_both_and_what_the_corrector_may_not_see(house, who, sign_in, wang) -> None:
    first = records.talk_through(house, who("doctor"), wang, NewReview(), {
        AMLODIPINE: NewLine("regular"), SERTRALINE: NewLine("not")}, [OwnMedicine("鱼油")])
    browser, path = sign_in("pharmacist"), f"/patients/{wang}/medicines/{first}"
    assert "舍曲林" not in browser.get(path).text and "舍曲林" not in browser.get(f"{path}/edit").text
    given = {"takes_1": "irregular", "missed_1": "0", "takes_2": "regular", "source": "patient"}
    assert browser.post(path, data=given).status_code == 422
    answer = browser.post(path, data=given | {"reason": "数了药盒"}, follow_redirects=False)
    second = int(answer.headers["location"].rpartition("/")[2])
    seen = {line.drug: line.takes for line in records.reviewed(house, who("doctor"), wang, second)}
    assert seen == {"氨氯地平": "irregular", "二甲双胍": "regular", "舍曲林": "not", "鱼油": "own"}
    text = browser.get(path).text
    assert "数了药盒" in text and "近 7 天漏 0 天" in text and text.count("氨氯地平") == 2
    stale = browser.post(path, data=given | {"takes_1": "not", "reason": "x"}, headers=HTMX)
    assert stale.status_code == 409 and "不服药" in stale.text and "间断，近 7 天漏 0 天" in stale.text


def test_a_talk_is_taken_back(house, who, sign_in, wang) -> None:
    id = records.talk_through(house, who("nurse"), wang, NewReview(), {AMLODIPINE: NewLine("not")})
    browser, path = sign_in("nurse"), f"/patients/{wang}/medicines/{id}"
    assert browser.post(f"{path}/withdrawal", data={"reason": ""}).status_code == 422
    browser.post(f"{path}/withdrawal", data={"reason": "问错人"})
    assert records.taking(house, wang) == {} and records.reviews_of(house, wang) == []
    assert "问错人" in browser.get(path).text
    with pytest.raises(Conflict):
        records.take_back_talk(house, who("nurse"), wang, id, "again")


def test_only_this_persons_medicines_are_asked_about(house, who, wang) -> None:
    other = patients.register(house, who("desk"), patients.NewPatient("李四"))
    for person, actor, medicine in ((other, "doctor", AMLODIPINE), (wang, "pharmacist", SERTRALINE), (wang, "doctor", 99)):
        with pytest.raises(NotFound):
            records.talk_through(house, who(actor), person, NewReview(), {medicine: NewLine("regular")})
    with pytest.raises(Refusal):
        records.talk_through(house, who("doctor"), wang, NewReview(), {AMLODIPINE: NewLine()})
    with pytest.raises(Invalid):
        records.talk_through(house, who("doctor"), wang, NewReview(), {AMLODIPINE: NewLine(how="x")})


def test_a_medicine_corrected_meanwhile_is_answered_as_it_was_seen(house, who, sign_in, wang) -> None:
    newer = records.correct(house, who("doctor"), wang, MEDICINES, METFORMIN, NewMedication("二甲双胍", "850 mg"), "raised")
    sign_in("nurse").post(f"/patients/{wang}/medicines", data={f"takes_{METFORMIN}": "regular", "source": "patient"})
    assert records.taking(house, wang)[newer].prescribed == "500 mg"


def test_what_somebody_typed_never_becomes_markup(sign_in, wang) -> None:
    evil = "<script>alert(1)</script>{{ 7 * 7 }}"
    browser = sign_in("doctor")
    browser.post(f"/patients/{wang}/medicines", data={
        "takes_1": "not", "how_1": evil, "why_1": evil, "noticed": evil, "agreed": evil, "drug_own1": evil, "source": "patient"})
    for path in ("medicines", "medicines/1", "medicines/1/edit", "timeline", "record"):
        assert "<script>alert" not in browser.get(f"/patients/{wang}/{path}").text, path
