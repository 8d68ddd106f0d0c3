"""Break-glass: one person, one hour, reading only, a reason, and the owner knows."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from litestar.testing import TestClient

from app.clinic import breakglass, dossiers, households, patients, records
from app.core import clock
from app.core.access import Actor
from app.core.errors import Forbidden, Invalid, NotFound
from tests.conftest import NOW
from tests.house.routes import routes

Who = Callable[[str], Actor]
REASON = "昏迷送来，须知道用药"
SECRET, THEIRS = "艾滋病毒感染", "他人的秘密"


@pytest.fixture
def wang(client: TestClient, who: Who) -> int:
    """With a sensitive condition; and her sister, with another."""
    db, doctor = client.app.state.db, who("doctor")
    mine = patients.register(db, doctor, patients.NewPatient("王秀英", "female"))
    sister = patients.register(db, doctor, patients.NewPatient("王秀兰", "female"))
    for person, text in ((mine, SECRET), (sister, THEIRS)):
        records.record(db, doctor, person, records.section("conditions"), records.NewCondition(text, sensitive=True))
    households.connect(db, doctor, mine, sister, "sibling", together=True)
    return mine


@pytest.fixture
def nurse(wang: int, sign_in: Callable[[str], TestClient]) -> TestClient:
    """Signed in, the glass broken."""
    browser = sign_in("nurse")
    page = f"/patients/{wang}/record"
    assert SECRET not in browser.get(page).text and "/breakglass" in browser.get(page).text
    answer = browser.post(f"/patients/{wang}/breakglass", data={"reason": REASON}, follow_redirects=False)
    assert answer.status_code == 303 and answer.headers["location"] == page
    return browser


def test_for_one_hour_one_person_is_open_to_read(nurse: TestClient, wang: int) -> None:
    page = nurse.get(f"/patients/{wang}/record").text
    assert SECRET in page and "09:30" not in page and "10:30" in page
    assert THEIRS not in nurse.get(f"/patients/{wang + 1}/record").text
    with clock.stop(NOW + timedelta(minutes=61)):
        assert SECRET not in nurse.get(f"/patients/{wang}/record").text
    with clock.stop(NOW - timedelta(days=400)):  # a clock that fell back opens nothing either
        assert breakglass.standing(nurse.app.state.db, Actor(3, "", "nurse", "zh"), wang) is None


def test_no_page_under_this_person_shows_what_is_another_ones(nurse: TestClient, wang: int) -> None:
    shown = 0
    for route in routes(nurse.app):
        if route.method == "GET" and "{patient_id" in route.path and not route.path.endswith(".pdf"):  # drawn by a child from the same pages
            answer = nurse.get(route.address.replace("/patients/1", f"/patients/{wang}", 1), follow_redirects=False)
            shown += SECRET in answer.text
            assert THEIRS not in answer.text, route.path
    assert shown > 3
    assert SECRET not in nurse.get("/today").text + nurse.get("/patients?q=王").text


def test_it_lets_nobody_change_anything(nurse: TestClient, wang: int) -> None:
    [entry] = records.conditions(nurse.app.state.db, wang)
    base = f"/patients/{wang}/record/conditions/{entry.id}"
    assert nurse.post(f"{base}/withdrawal", data={"reason": "x"}).status_code == 403
    assert nurse.post(base, data={"text": "anders", "reason": "x"}).status_code in (403, 404, 405)
    assert records.conditions(nurse.app.state.db, wang)[0].text == SECRET


def test_it_ends_by_a_tap(nurse: TestClient, wang: int) -> None:
    """Where it was opened, it is closed: that page does not take the opening for the role's own right."""
    assert f"/patients/{wang}/breakglass/end" in nurse.get(f"/patients/{wang}/breakglass").text
    assert nurse.post(f"/patients/{wang}/breakglass/end", follow_redirects=False).status_code == 303
    assert SECRET not in nurse.get(f"/patients/{wang}/record").text
    assert nurse.post(f"/patients/{wang}/breakglass/end").status_code == 404


def test_a_reason_is_asked_for_and_kept_while_it_is_wrong(nurse: TestClient, wang: int) -> None:
    nurse.post(f"/patients/{wang}/breakglass/end")
    for reason in ("", "急"):
        answer = nurse.post(f"/patients/{wang}/breakglass", data={"reason": reason})
        assert answer.status_code == 422 and 'aria-invalid="true"' in answer.text and f"{reason}</textarea>" in answer.text


def test_who_does_not_see_care_or_sees_all_breaks_nothing(wang: int, client: TestClient, who: Who) -> None:
    db = client.app.state.db
    for name in ("desk", "doctor", "owner"):
        with pytest.raises(Forbidden):
            breakglass.open_for_an_hour(db, who(name), wang, breakglass.NewOpening(REASON))
    with pytest.raises(NotFound):
        breakglass.open_for_an_hour(db, who("reader"), 99, breakglass.NewOpening(REASON))
    with pytest.raises(Invalid):
        breakglass.open_for_an_hour(db, who("reader"), wang, breakglass.NewOpening("急"))
    first = breakglass.open_for_an_hour(db, who("reader"), wang, breakglass.NewOpening(REASON))
    assert breakglass.open_for_an_hour(db, who("reader"), wang, breakglass.NewOpening("once more, please")) == first


def test_the_owner_is_told_sees_what_was_looked_at_and_takes_note(nurse: TestClient, wang: int, sign_in: Callable[[str], TestClient]) -> None:
    nurse.get(f"/patients/{wang}/record")
    nurse.get(f"/patients/{wang}/timeline")
    nurse.app.state.looks.flush()
    assert "/manage/breakglass" not in nurse.get("/today").text and nurse.get("/manage/breakglass").status_code == 403
    owner = sign_in("owner")
    today = owner.get("/today").text
    assert "/manage/breakglass" in today and "<b>1</b>" in today.partition('class="bell"')[2][:600]
    page = owner.get("/manage/breakglass").text
    assert REASON in page and "周岚" in page and "健康档案" in page and "时间轴" in page
    assert owner.post("/manage/breakglass/1/noting", follow_redirects=False).status_code == 303
    assert "/manage/breakglass" not in owner.get("/today").text
    assert owner.post("/manage/breakglass/1/noting").status_code == 422 and owner.post("/manage/breakglass/9/noting").status_code == 404


def test_who_saw_this_person_says_so(nurse: TestClient, wang: int, who: Who) -> None:
    nurse.get(f"/patients/{wang}/record")
    nurse.app.state.looks.flush()
    db = nurse.app.state.db
    patients.write_looks(db, {(wang, 1, who("manager").id, "view")})
    found = dossiers.who_looked(db, wang, dossiers.Period())
    assert {(one.who, "emergency" in one.how) for one in found if not one.details} == {("周岚", True), ("何静", False)}
    assert any(REASON in one.how for one in found)


def test_a_person_whose_data_rests_can_be_helped_too(nurse: TestClient, wang: int, who: Who) -> None:
    db = nurse.app.state.db
    nurse.post(f"/patients/{wang}/breakglass/end")
    patients.restrict(db, who("doctor"), wang, patients.NewRestriction("asked in writing"))
    assert breakglass.open_for_an_hour(db, who("nurse"), wang, breakglass.NewOpening(REASON)) == 2
