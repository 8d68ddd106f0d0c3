"""Who saw a record: on the screen, on paper, page by page, the joined one's too."""

from datetime import date, timedelta

from app.clinic import dossiers, patients
from app.core import clock
from tests.conftest import NOW


def look(db, patient: int, actor: int, n: int, at=NOW) -> None:
    """n looks, ten minutes apart."""
    for one in range(n):
        with clock.stop(at + timedelta(minutes=10 * one)):
            patients.write_looks(db, {(patient, int((at + timedelta(minutes=10 * one)).timestamp()) // 600, actor, "view")})


def test_who_looked_printed_and_took_it(db, who) -> None:
    wang = patients.register(db, who("desk"), patients.NewPatient("王秀英", "female"))
    look(db, wang, who("nurse").id, 2)
    with clock.stop(NOW + timedelta(hours=1)):
        dossiers.want(db, who("doctor"), wang, "zh")
    found = dossiers.who_looked(db, wang, dossiers.Period())
    assert [(one.who, one.how) for one in found] == [
        ("林文清", "Asked for everything that is kept about the person"), ("周岚", "Looked at the record"), ("周岚", "Looked at the record")]


def test_looks_at_the_other_number_count_too(db, who) -> None:
    kept = patients.register(db, who("desk"), patients.NewPatient("王秀英", "female"))
    gone = patients.register(db, who("desk"), patients.NewPatient("王秀英", "female"))
    look(db, gone, who("nurse").id, 1)
    look(db, kept, who("doctor").id, 1)
    patients.merge(db, who("owner"), kept, gone)
    assert {one.who for one in dossiers.who_looked(db, kept, dossiers.Period())} == {"周岚", "林文清"}


def test_a_day_is_the_clinics(db, who) -> None:
    """Half past midnight at the clinic is the evening before in UTC."""
    wang = patients.register(db, who("desk"), patients.NewPatient("王秀英", "female"))
    look(db, wang, who("nurse").id, 1, NOW.replace(day=22, hour=16, minute=30))
    day = date(2026, 11, 23)
    assert len(dossiers.who_looked(db, wang, dossiers.Period(day, day))) == 1
    assert dossiers.who_looked(db, wang, dossiers.Period(until=day - timedelta(days=1))) == []
    assert dossiers.who_looked(db, wang, dossiers.Period(since=day + timedelta(days=1))) == []


def test_more_than_a_page(sign_in, who) -> None:
    browser = sign_in("owner")
    db = browser.app.state.db
    wang = patients.register(db, None, patients.NewPatient("王秀英", "female"))
    look(db, wang, who("nurse").id, 120, NOW - timedelta(days=3))
    def lines(page: int) -> int:
        return browser.get(f"/patients/{wang}/looks?page={page}&until=2026-11-22").text.count("周岚")
    assert [lines(page) for page in range(4)] == [50, 50, 20, 0]
    assert browser.get(f"/patients/{wang}/looks/sheet?until=2026-11-22").text.count("周岚") == 120
    assert browser.get(f"/patients/{wang}/looks?since=x").status_code == 422


def test_only_the_owner_reads_it(sign_in) -> None:
    browser = sign_in("doctor")
    wang = patients.register(browser.app.state.db, None, patients.NewPatient("王秀英", "female"))
    assert browser.get(f"/patients/{wang}/looks").status_code == 403
    assert "/looks" not in browser.get(f"/patients/{wang}/rights").text


def test_restricted_and_lifted_on_the_page(sign_in) -> None:
    browser = sign_in("doctor")
    db = browser.app.state.db
    wang = patients.register(db, None, patients.NewPatient("王秀英", "female", phones=("13800138000",)))
    page, way = f"/patients/{wang}/rights", f"/patients/{wang}/restriction"
    assert browser.post(way, data={"reason": "", "asked_on": "2026-11-20"}).status_code == 422
    browser.post(way, data={"reason": "书面要求", "asked_on": "2026-11-20"})
    html = browser.get(page).text
    assert "书面要求" in html and "2026-11-20" in html and 'class="notice warn resting"' in html and "tel:" not in html
    assert browser.post(way, data={"reason": "again"}).status_code == 422
    assert browser.post(f"{way}/end", data={"lifted": ""}).status_code == 422
    browser.post(f"{way}/end", data={"lifted": "本人改变主意"})
    assert patients.restriction(db, wang) is None and "resting" not in browser.get(page).text
    kinds = db.all(str, "SELECT kind FROM events WHERE patient_id = :id ORDER BY id DESC LIMIT 2", id=wang)
    assert kinds == ["patient.restriction_lifted", "patient.restricted"]
