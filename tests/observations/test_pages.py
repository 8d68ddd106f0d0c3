"""The pages about measured values, in both languages."""

import pytest

from app.clinic import observations
from app.clinic.observations import NewValue


@pytest.fixture
def db(client):
    return client.app.state.db


@pytest.fixture
def nurse_at(sign_in):
    return sign_in("nurse")


def fill(page_text, name):
    return page_text.split(f'name="{name}" value="')[1].split('"')[0]


def enter(browser, patient, **fields):
    token = fill(browser.get(f"/patients/{patient.id}/observations/new").text, "token")
    given = {"token": token, "taken_at": "2026-11-23T09:00", **fields}
    return browser.post(f"/patients/{patient.id}/observations", data=given, follow_redirects=False)


def test_an_empty_person_has_pages(nurse_at, woman):
    for path in ("indicators", "indicators/SBP", "indicators?show=out", "findings", "observations/new"):
        assert nurse_at.get(f"/patients/{woman.id}/{path}").status_code == 200
    for path in ("indicators/NOTHING", "results/7", "observations/7/correction"):
        assert nurse_at.get(f"/patients/{woman.id}/{path}").status_code == 404


def test_vitals_are_entered_shown_and_explained(nurse_at, woman, db):
    answer = enter(nurse_at, woman, value_SBP="１５２", value_DBP="94", value_WEIGHT="64", value_HEIGHT="160")
    assert answer.status_code == 303
    report = nurse_at.get(answer.headers["location"]).text
    assert "152\u00a0mmHg" in report and "偏高" in report and "25.0" in report
    for path in ("indicators", "indicators/SBP", "indicators/DBP", "indicators/BMI", "indicators?show=out"):
        shown = nurse_at.get(f"/patients/{woman.id}/{path}")
        assert shown.status_code == 200 and "为什么" in shown.text
    assert "152/94" in nurse_at.get(f"/patients/{woman.id}/indicators").text


def test_two_pressures_of_one_minute_are_both_shown(nurse_at, woman):
    enter(nurse_at, woman, value_SBP="168", value_DBP="102")
    enter(nurse_at, woman, value_SBP="154", value_DBP="96")
    rows = nurse_at.get(f"/patients/{woman.id}/indicators/SBP").text.partition("<tbody")[2].partition("</table>")[0]
    assert all(str(value) in rows for value in (168, 102, 154, 96))


def test_the_same_form_twice_files_once(nurse_at, woman, db):
    token = {"token": "abc"}
    first = enter(nurse_at, woman, value_HR="70", **token)
    again = enter(nurse_at, woman, value_HR="70", **token)
    assert first.headers["location"] == again.headers["location"]
    assert len(observations.latest(db, woman.id)) == 1


def test_an_unusual_value_is_asked_about_once_an_impossible_one_is_refused(nurse_at, woman, db):
    asked = enter(nurse_at, woman, value_SBP="260", value_HR="70")
    assert asked.status_code == 422 and 'value="260"' in asked.text and 'value="70"' in asked.text
    sure = fill(asked.text, "sure")
    changed = enter(nurse_at, woman, value_SBP="270", sure=sure)
    assert changed.status_code == 422
    assert enter(nurse_at, woman, value_SBP="260", sure=sure).status_code == 303
    assert enter(nurse_at, woman, value_SBP="2600", sure="SBP=2600").status_code == 422
    assert enter(nurse_at, woman, value_SBP="90", value_DBP="95").status_code == 422
    assert enter(nurse_at, woman, value_SBP="high").status_code == 422
    assert enter(nurse_at, woman).status_code == 422
    assert enter(nurse_at, woman, value_HR="70", taken_at="2027-01-01").status_code == 422
    assert len(observations.latest(db, woman.id)) == 1


def test_another_indicator_is_added_without_losing_what_was_typed(nurse_at, woman, db):
    form = enter(nurse_at, woman, value_HR="71", add="FPG", more="1")
    assert form.status_code == 200 and 'value="71"' in form.text and 'name="value_FPG"' in form.text
    saved = enter(nurse_at, woman, value_HR="71", codes="FPG", value_FPG="126", unit_FPG="mg/dL")
    assert saved.status_code == 303
    assert {r.code: round(r.value, 1) for r in observations.latest(db, woman.id)} == {"HR": 71, "FPG": 7.0}


def test_a_correction_keeps_the_old_value_in_sight(nurse_at, woman, db, measure):
    measure(woman, "2026-11-01", WEIGHT=64)
    id = observations.latest(db, woman.id)[0].now.id
    path = f"/patients/{woman.id}/observations/{id}/correction"
    assert nurse_at.get(path).status_code == 200
    refused = nurse_at.post(path, data={"value": "54", "taken_at": "2026-11-01"}, follow_redirects=False)
    assert refused.status_code == 422 and 'value="54"' in refused.text
    assert nurse_at.post(path, data={"value": "x", "taken_at": "2026-11-01", "reason": "r"}).status_code == 422
    done = nurse_at.post(path, data={"value": "54", "taken_at": "2026-11-01", "reason": "slip"}, follow_redirects=False)
    assert done.status_code == 303
    assert "64.0\u00a0kg" in nurse_at.get(done.headers["location"]).text
    assert nurse_at.get(path).status_code == 404


def test_a_pressure_confirmed_twice(nurse_at, woman, db, measure):
    measure(woman, "2026-11-01", SBP=130)
    id = observations.latest(db, woman.id)[0].now.id
    path, given = f"/patients/{woman.id}/observations/{id}/correction", {"value": "260", "taken_at": "2026-11-01", "reason": "r"}
    asked = nurse_at.post(path, data=given)
    assert asked.status_code == 422
    assert nurse_at.post(path, data=given | {"sure": fill(asked.text, "sure")}, follow_redirects=False).status_code == 303


def test_glucose_is_told_apart_later_and_struck_out(nurse_at, woman, db, measure):
    measure(woman, "2026-11-01", GLU=6.5)
    id = observations.latest(db, woman.id)[0].now.id
    path = f"/patients/{woman.id}/observations/{id}/correction"
    assert "空腹血糖" in nurse_at.get(path).text
    done = nurse_at.post(path, data={"value": "6.50", "code": "FPG", "taken_at": "2026-11-01", "reason": "fasted"}, follow_redirects=False)
    assert done.headers["location"].endswith("/indicators/FPG")
    id = observations.latest(db, woman.id)[0].now.id
    strike = {"strike": "on", "taken_at": "2026-11-01", "reason": "another person's"}
    assert nurse_at.post(f"/patients/{woman.id}/observations/{id}/correction", data=strike, follow_redirects=False).status_code == 303
    assert observations.latest(db, woman.id) == []


def test_a_report_is_taken_back_with_a_reason(nurse_at, woman, db, measure):
    report = measure(woman, "2026-11-01", LDL=4.2)
    path = f"/patients/{woman.id}/results/{report}/withdrawal"
    assert nurse_at.post(path, data={}).status_code == 422
    assert nurse_at.post(path, data={"reason": "wrong person"}, follow_redirects=False).status_code == 303
    assert observations.latest(db, woman.id) == []
    assert nurse_at.get(f"/patients/{woman.id}/results/{report}").status_code == 200


def test_findings_are_explained(nurse_at, woman, db, measure):
    measure(woman, "2026-11-01", LDL=4.2, UA=500)
    page = nurse_at.get(f"/patients/{woman.id}/findings")
    ids = [str(finding.id) for finding in observations.open_findings(db, woman.id)]
    assert all(f'value="{id}" checked' in page.text for id in ids)
    path = f"/patients/{woman.id}/findings/explanation"
    assert nurse_at.post(path, data={"note": "said", "findings": []}).status_code == 422
    assert nurse_at.post(path, data={"findings": ids}).status_code == 422
    assert nurse_at.post(path, data={"note": "told her", "findings": ids}, follow_redirects=False).status_code == 303
    assert all(finding.explained for finding in observations.open_findings(db, woman.id))
    measure(woman, "2026-11-20", LDL=3.0)
    assert "told her" in nurse_at.get(f"/patients/{woman.id}/findings").text


def test_an_english_reader_sees_everything_and_enters_nothing(sign_in, woman, db, measure):
    measure(woman, "2026-11-01", SBP=152, DBP=94, LDL=4.2)
    measure(woman, "2026-11-10", SBP=190, DBP=94)
    observations.file_report(db, None, woman, "2026-11-02", "省立医院", [NewValue("U_PRO", text="1+"), NewValue("GLU", 6.5)])
    reader = sign_in("reader")
    for path in ("indicators", "indicators/SBP?years=1", "indicators/U_PRO", "indicators/GLU", "findings", "results/1", "results/3"):
        shown = reader.get(f"/patients/{woman.id}/{path}")
        assert shown.status_code == 200 and "observations/new" not in shown.text and "/correction" not in shown.text
    assert "fasting" in reader.get(f"/patients/{woman.id}/indicators/GLU").text
    assert reader.get(f"/patients/{woman.id}/observations/new").status_code == 403


def test_other_peoples_things_are_not_there(nurse_at, woman, db, measure, add):
    other = add(name="李德福")
    report = measure(woman, "2026-11-01", LDL=4.2)
    id, finding = observations.latest(db, woman.id)[0].now.id, observations.open_findings(db, woman.id)[0].id
    assert nurse_at.get(f"/patients/{other.id}/results/{report}").status_code == 404
    assert nurse_at.get(f"/patients/{other.id}/observations/{id}/correction").status_code == 404
    assert nurse_at.post(f"/patients/{other.id}/results/{report}/withdrawal", data={"reason": "x"}).status_code == 404
    stolen = nurse_at.post(f"/patients/{other.id}/findings/explanation", data={"findings": [str(finding)], "note": "x"})
    assert stolen.status_code == 404


def test_the_clinic_sets_its_own_limits(sign_in, db):
    doctor = sign_in("doctor")
    assert "≥180" in doctor.get("/manage/indicators").text
    assert doctor.get("/manage/indicators?category=cbc").status_code == 200
    assert 'value="180"' in doctor.get("/manage/indicators/SBP").text
    assert doctor.get("/manage/indicators/NOTHING").status_code == 404
    path = "/manage/indicators/HR/limits"
    assert doctor.post(path, data={"low_male": "100", "high_male": "50", "reason": "x"}).status_code == 422
    assert doctor.post(path, data={"low_male": "50", "high_male": "100"}).status_code == 422
    assert doctor.post(path, data={"low_male": "50", "high_male": "100", "reason": "our device"}, follow_redirects=False).status_code == 303
    assert "our device" in doctor.get("/manage/indicators/HR").text and "our device" in doctor.get("/manage/indicators").text
    back = "/manage/indicators/HR/restoration"
    assert doctor.post(back, data={}).status_code == 422
    assert doctor.post(back, data={"reason": "no"}, follow_redirects=False).status_code == 303
    assert doctor.post(back, data={"reason": "no"}).status_code == 404




def test_an_htmx_form_gets_its_block_back(nurse_at, woman, db, measure):
    swap = {"HX-Request": "true"}
    measure(woman, "2026-11-01", LDL=4.2)
    id = observations.latest(db, woman.id)[0].now.id
    for path, root in ((f"observations/{id}/correction", "correction"), ("observations", "entry"), ("findings/explanation", "explaining")):
        answer = nurse_at.post(f"/patients/{woman.id}/{path}", data={"value_SBP": "x"}, headers=swap)
        assert answer.status_code == 422 and "<html" not in answer.text
        assert f'id="{root}"' in answer.text and 'hx-swap-oob="true"' in answer.text
    saved = nurse_at.post(f"/patients/{woman.id}/observations", data={"value_HR": "70", "taken_at": "2026-11-23"}, headers=swap)
    assert saved.headers["hx-redirect"].startswith(f"/patients/{woman.id}/results/")


def test_what_happened_and_what_was_taken_lie_over_the_years(nurse_at, who, woman, db, measure):
    from app.clinic import records
    doctor = who("doctor")
    for year in ("2024", "2025", "2026"):
        measure(woman, f"{year}-03-01", SBP=150, DBP=90)
    records.record(db, doctor, woman.id, records.SECTIONS["conditions"], records.NewCondition("膝骨关节炎", onset="2025"))
    records.record(db, doctor, woman.id, records.SECTIONS["conditions"], records.NewCondition("抑郁", onset="2025-05", sensitive=True))
    records.record(db, doctor, woman.id, records.SECTIONS["medications"], records.NewMedication("氨氯地平", dose="5 mg", since="2024-06", until=""))
    shown = nurse_at.get(f"/patients/{woman.id}/indicators/SBP").text
    assert "膝骨关节炎" in shown and "氨氯地平" in shown and "抑郁" not in shown
