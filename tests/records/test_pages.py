"""The record as a browser sees it."""

import pytest

from app.clinic import patients, records
from app.clinic.records import NewCondition, NewMedication, NewNote

HTMX = {"HX-Request": "true"}
CONDITIONS, MEDICATIONS, NOTES = (records.section(id) for id in ("conditions", "medications", "notes"))


@pytest.fixture
def house(client):
    return client.app.state.db


@pytest.fixture
def wang(house, who) -> int:
    return patients.register(house, who("desk"), patients.NewPatient("王秀英"))


def post(browser, path, **typed):
    return browser.post(path, data=typed, follow_redirects=False)


def test_an_entry_is_written_and_shown(house, sign_in, wang) -> None:
    browser = sign_in("nurse")
    answer = post(browser, f"/patients/{wang}/record/conditions", text="高血压", code="i10", onset="2016年", source="clinic")
    assert answer.headers["location"] == f"/patients/{wang}/record#conditions"
    text = browser.get(f"/patients/{wang}/record").text
    assert "高血压" in text and "I10" in text and "周岚" in text


@pytest.mark.parametrize(("section", "typed", "says"), [
    ("conditions", {"text": ""}, "这一项要填"), ("conditions", {"text": "高血压", "code": "xx"}, "ICD-10 编码像"),
    ("conditions", {"text": "高血压", "onset": "去年"}, "请填年"), ("allergies", {"substance": ""}, "这一项要填"),
    ("medications", {"drug": "x" * 201}, "200"),
])
def test_a_wrong_entry_is_refused_beside_its_field(house, sign_in, wang, section, typed, says) -> None:
    answer = post(sign_in("nurse"), f"/patients/{wang}/record/{section}", source="clinic", **typed)
    assert answer.status_code == 422 and says in answer.text
    assert house.value("SELECT count(*) FROM events WHERE kind LIKE '%.recorded'") == 0


def test_a_correction_asks_why_and_keeps_the_old_text(house, who, sign_in, wang) -> None:
    seen = records.record(house, who("nurse"), wang, MEDICATIONS, NewMedication("氨氯地平", "5 mg"))
    browser, path = sign_in("doctor"), f"/patients/{wang}/record/medications/{seen}"
    assert post(browser, path, drug="氨氯地平", dose="10 mg", source="clinic").status_code == 422
    assert post(browser, path, drug="氨氯地平", dose="10 mg", source="clinic", reason="加量").status_code == 303
    text = browser.get(path).text
    assert "5 mg" in text and "10 mg" in text and "加量" in text


def test_a_stale_correction_shows_both_texts_and_can_then_be_saved(house, who, sign_in, wang) -> None:
    seen = records.record(house, who("nurse"), wang, MEDICATIONS, NewMedication("氨氯地平", "5 mg"))
    newer = records.correct(house, who("doctor"), wang, MEDICATIONS, seen, NewMedication("氨氯地平", "10 mg"), "raised")
    browser, mine = sign_in("pharmacist"), {"drug": "氨氯地平", "dose": "2.5 mg", "source": "patient", "reason": "减量"}
    answer = browser.post(f"/patients/{wang}/record/medications/{seen}", data=mine, headers=HTMX)
    assert answer.status_code == 409
    assert "10 mg" in answer.text and "2.5 mg" in answer.text and 'value="减量"' in answer.text
    assert f'action="/patients/{wang}/record/medications/{newer}"' in answer.text
    assert post(browser, f"/patients/{wang}/record/medications/{newer}", **mine).status_code == 303
    assert [one.dose for one in records.medications(house, wang)] == ["2.5 mg"]


def test_a_sensitive_entry_is_withheld_everywhere(house, who, sign_in, wang) -> None:
    entry = records.record(house, who("doctor"), wang, CONDITIONS, NewCondition("抑郁发作", "F32", sensitive=True))
    browser = sign_in("nurse")
    for path in ("", "/record", "/timeline"):
        text = browser.get(f"/patients/{wang}{path}").text
        assert "抑郁" not in text and "F32" not in text, path
    assert "1 条敏感记录，不予显示" in browser.get(f"/patients/{wang}/record").text
    for path in ("", "/edit"):
        assert browser.get(f"/patients/{wang}/record/conditions/{entry}{path}").status_code == 403
    assert post(browser, f"/patients/{wang}/record/conditions/{entry}", text="x", source="clinic", reason="x").status_code == 403
    assert post(browser, f"/patients/{wang}/record/conditions/{entry}/withdrawal", reason="x").status_code == 403
    assert "抑郁发作" in sign_in("doctor").get(f"/patients/{wang}/record").text


def test_what_becomes_sensitive_is_withheld_back_to_its_beginning(house, who, sign_in, wang) -> None:
    first = records.record(house, who("doctor"), wang, CONDITIONS, NewCondition("抑郁发作"))
    second = records.correct(house, who("doctor"), wang, CONDITIONS, first, NewCondition("抑郁发作，中度"), "graded")
    records.correct(house, who("doctor"), wang, CONDITIONS, second, NewCondition("抑郁发作，中度", sensitive=True), "hers")
    text = sign_in("nurse").get(f"/patients/{wang}/timeline").text
    assert "抑郁" not in text and "graded" not in text and text.count("一条敏感记录") == 3
    assert "抑郁发作，中度" in sign_in("doctor").get(f"/patients/{wang}/timeline").text


def test_an_entry_is_taken_out_with_a_reason(house, who, sign_in, wang) -> None:
    entry = records.record(house, who("nurse"), wang, CONDITIONS, NewCondition("糖尿病"))
    browser, path = sign_in("doctor"), f"/patients/{wang}/record/conditions/{entry}"
    assert post(browser, f"{path}/withdrawal", reason="").status_code == 422
    assert post(browser, f"{path}/withdrawal", reason="记错人").status_code == 303
    assert "糖尿病" not in browser.get(f"/patients/{wang}/record").text
    assert "记错人" in browser.get(path).text


def test_no_known_allergies_is_said_with_one_tap(sign_in, wang) -> None:
    browser = sign_in("nurse")
    assert post(browser, f"/patients/{wang}/record/allergies/none").status_code == 303
    assert "没有已知过敏" in browser.get(f"/patients/{wang}/record").text


def test_what_somebody_typed_never_becomes_markup(house, who, sign_in, wang) -> None:
    evil = "<script>alert(1)</script>{{ 7 * 7 }}"
    records.record(house, who("nurse"), wang, NOTES, NewNote(evil))
    records.record(house, who("nurse"), wang, CONDITIONS, NewCondition(evil, note=evil))
    browser = sign_in("doctor")
    for path in ("", "/record", "/timeline", "/record/notes/1", "/record/conditions/1/edit"):
        text = browser.get(f"/patients/{wang}{path}").text
        assert "<script>alert" not in text, path


def test_an_entry_is_reached_only_through_its_own_person(house, who, sign_in, wang) -> None:
    other = patients.register(house, who("desk"), patients.NewPatient("李四"))
    entry = records.record(house, who("nurse"), wang, NOTES, NewNote("hers"))
    browser = sign_in("doctor")
    for path in ("", "/edit"):
        assert browser.get(f"/patients/{other}/record/notes/{entry}{path}").status_code == 404
    assert browser.get(f"/patients/{wang}/record/nonsense/new").status_code == 404


TYPED = {
    "procedures": {"text": "阑尾切除"}, "injuries": {"text": "扭伤"}, "transfusions": {"why": "产后出血"},
    "immunizations": {"vaccine": "流感疫苗"}, "family_history": {"relative": "mother", "text": "糖尿病", "code": "e11.9"},
    "smoking": {"status": "current", "per_day": "20", "began": "1996"}, "alcohol": {"status": "never"},
    "exercise": {"frequency": "daily", "minutes": "30"}, "diet": {"habits": ["salty", "oily"]}, "sleep": {"hours": "6.5"},
    "living": {"kitchen": "hood"}, "personal": {"blood_group": "A"}, "womens_health": {"births": "1"},
    "disabilities": {"kind": "vision"}, "needs": {"kind": "social", "text": "陪诊"}, "wishes": {"text": "看孙女上大学"},
}


@pytest.mark.parametrize("section", TYPED)
def test_every_section_is_written_corrected_and_checked_in_a_browser(house, sign_in, wang, section) -> None:
    browser, path = sign_in("nurse"), f"/patients/{wang}/record/{section}"
    assert browser.get(f"{path}/new").status_code == 200
    assert post(browser, path, source="patient", **TYPED[section]).status_code == 303
    assert browser.get(f"{path}/1").status_code == 200 and browser.get(f"{path}/1/edit").status_code == 200
    assert post(browser, f"{path}/1", source="family", reason="问了女儿", **TYPED[section]).status_code == 303
    assert post(browser, f"{path}/2/verification", how="papers").status_code == 303
    text = browser.get(f"/patients/{wang}/record").text
    assert "问了女儿" in text and "看过凭据" in text and "家属说的" in text
    assert "看过凭据" in browser.get(f"{path}/2").text
    assert post(browser, f"{path}/2/verification/withdrawal").status_code == 303
    assert "看过凭据，" not in browser.get(f"/patients/{wang}/record").text


def test_what_stands_is_typed_again_for_its_correction(house, sign_in, wang) -> None:
    browser, path = sign_in("nurse"), f"/patients/{wang}/record/diet"
    post(browser, path, source="patient", habits=["salty", "oily"], meals="3")
    text = browser.get(f"{path}/1/edit").text
    assert 'value="salty" checked' in text and 'value="oily" checked' in text and 'value="sweet" checked' not in text
    assert 'name="meals" type="text" value="3"' in text


def test_a_double_tap_stores_one_entry(house, sign_in, wang) -> None:
    browser, path = sign_in("nurse"), f"/patients/{wang}/record/injuries"
    for _tap in range(2):
        assert post(browser, path, source="patient", text="扭伤", token="abc").status_code == 303
    assert house.value("SELECT count(*) FROM injuries") == 1


def test_codes_are_offered_while_an_illness_is_typed(sign_in, wang) -> None:
    browser = sign_in("nurse")
    text = browser.get("/codes", params={"text": "gxy"}, headers=HTMX).text
    assert 'data-code="I10"' in text and 'data-text="高血压"' in text and "<html" not in text
    assert "特发性" in browser.get("/codes", params={"q": "I10"}).text
    assert "按您写的文字保存" in browser.get("/codes", params={"text": "不存在的病"}, headers=HTMX).text
    assert sign_in("desk").get("/codes").status_code == 403


def test_the_record_as_it_was_is_asked_by_day(house, who, sign_in, wang) -> None:
    records.record(house, who("nurse"), wang, CONDITIONS, NewCondition("高血压"))
    browser, path = sign_in("nurse"), f"/patients/{wang}/record/then"
    assert "高血压" in browser.get(path, params={"on": "2026-11-23"}).text
    assert "后新增" in browser.get(path, params={"on": "2026-11-01"}).text
    assert browser.get(path, params={"on": "yesterday"}).status_code == 422


def test_a_mans_record_does_not_ask_for_womens_health(house, who, sign_in) -> None:
    man = patients.register(house, who("desk"), patients.NewPatient("李建国", "male"))
    woman = patients.register(house, who("desk"), patients.NewPatient("李梅", "female"))
    browser = sign_in("nurse")
    assert "妇女保健" not in browser.get(f"/patients/{man}/record").text
    assert "妇女保健" in browser.get(f"/patients/{woman}/record").text


def test_two_who_write_down_what_stands_once_get_both_texts(house, who, sign_in, wang) -> None:
    smoking = records.section("smoking")
    standing = records.record(house, who("doctor"), wang, smoking, records.NewSmoking("current", 20, "1996"))
    path = f"/patients/{wang}/record/smoking"
    typed = {"status": "former", "per_day": "10", "source": "patient"}
    answer = post(sign_in("nurse"), path, **typed, token="a")
    assert answer.status_code == 409 and 'value="10"' in answer.text and "<td>20</td>" in answer.text
    assert f'action="{path}/{standing}"' in answer.text  # what was typed is a correction of the other now
    assert post(sign_in("nurse"), f"{path}/{standing}", **typed, reason="asked again").status_code == 303
    assert [one.per_day for one in records.history(house, wang, smoking, standing)] == [10, 20]
