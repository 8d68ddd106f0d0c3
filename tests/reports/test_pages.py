"""The pages: asking, waiting, reading, printing, and whose is whose."""

import re
from collections.abc import Callable

import pytest
from litestar.testing import TestClient

from app.clinic import reports
from app.clinic.reports import actions
from app.core import pdf
from app.core.db import Database
from app.core.files import Files
from app.tasks import reports as task
from app.tasks import sweep
from tests.reports.conftest import add_nameless, add_wang

HTMX = {"HX-Request": "true"}


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions.pdf, "draw", lambda _html: pdf.Pdf(b"%PDF-paper", ()))


def asked(client: TestClient, patient_id: int, **fields: str) -> int:
    answer = client.post(f"/patients/{patient_id}/reports", data={"language": "zh"} | fields, follow_redirects=False)
    assert answer.status_code == 303 and answer.headers["location"] == f"/patients/{patient_id}/reports"
    return reports.of_patient(client.app.state.db, patient_id)[0].id


@pytest.fixture
def people(client: TestClient) -> tuple[int, int]:
    db = client.app.state.db
    return add_wang(db, None), add_nameless(db)


def test_from_the_form_to_the_paper(people: tuple[int, int], sign_in: Callable, quick) -> None:
    wang, _other = people
    client = sign_in("nurse")
    page = client.get(f"/patients/{wang}/reports").text
    token = re.search(r'name="token" value="(\w+)"', page)[1]
    id = asked(client, wang, words="**按时吃药**", token=token)
    assert asked(client, wang, words="**按时吃药**", token=token) == id, "a second tap asks for nothing"
    waiting = client.get(f"/patients/{wang}/reports", headers=HTMX).text
    assert 'hx-trigger="every 1s"' in waiting and 'id="report_list" hx-swap-oob="true"' in waiting
    assert client.get(f"/patients/{wang}/reports/{id}/report.pdf").status_code == 404
    state = client.app.state
    assert reports.make_one(state.db, state.files, id)
    done = client.get(f"/patients/{wang}/reports", headers=HTMX).text
    assert "every 1s" not in done and f"/patients/{wang}/reports/{id}/report.pdf" in done
    paper = client.get(f"/patients/{wang}/reports/{id}/report.pdf")
    assert paper.content == b"%PDF-paper"
    assert paper.headers["content-type"] == "application/pdf" and paper.headers["cache-control"] == "no-store"
    assert paper.headers["x-content-type-options"] == "nosniff"
    assert paper.headers["content-disposition"] == 'inline; filename="R-20261123-01.pdf"'


def test_reading_writes_nothing_and_printing_is_written_down(people: tuple[int, int], sign_in: Callable, quick) -> None:
    wang, _other = people
    client = sign_in("nurse")
    db: Database = client.app.state.db
    id = asked(client, wang)
    reports.make_one(db, client.app.state.files, id)
    before = db.value("SELECT max(id) FROM events")
    client.get(f"/patients/{wang}/reports/{id}/report.pdf")
    client.get(f"/patients/{wang}/reports/{id}")
    assert db.value("SELECT max(id) FROM events") == before
    answer = client.post(f"/patients/{wang}/reports/{id}/prints", follow_redirects=False)
    assert answer.status_code == 303 and answer.headers["location"].endswith(f"/{id}/report.pdf")
    assert [one.by for one in reports.prints(db, wang)] == ["周岚"]


def test_the_sheet_on_the_screen_speaks_the_patients_language(people: tuple[int, int], sign_in: Callable) -> None:
    wang, _other = people
    client = sign_in("owner")
    id = asked(client, wang, language="en", words="<script>alert(1)</script>")
    sheet = client.get(f"/patients/{wang}/reports/{id}").text
    assert '<html lang="en">' in sheet and "What happens next" in sheet and "alert(1)" not in sheet
    assert "style=" not in sheet and sheet.count("<svg") > 3


def test_a_report_is_only_its_patients(people: tuple[int, int], sign_in: Callable, quick) -> None:
    wang, other = people
    client = sign_in("doctor")
    id = asked(client, wang)
    reports.make_one(client.app.state.db, client.app.state.files, id)
    for way in ("", "/report.pdf"):
        assert client.get(f"/patients/{other}/reports/{id}{way}").status_code == 404
    for way in ("/prints", "/attempts"):
        assert client.post(f"/patients/{other}/reports/{id}{way}").status_code == 404
    assert reports.prints(client.app.state.db, wang) == []


@pytest.mark.parametrize(("name", "reads", "prints"), [("reader", 200, 403), ("desk", 403, 403), ("pharmacist", 200, 200)])
def test_who_may(people: tuple[int, int], sign_in: Callable, quick, name: str, reads: int, prints: int) -> None:
    wang, _other = people
    id = asked(sign_in("doctor"), wang)
    client = sign_in(name)
    reports.make_one(client.app.state.db, client.app.state.files, id)
    assert client.get(f"/patients/{wang}/reports").status_code == reads
    assert client.get("/reports").status_code == reads
    assert client.get(f"/patients/{wang}/reports/{id}/report.pdf").status_code == prints
    if reads == 200 and prints == 403:
        assert "<form id=" not in client.get(f"/patients/{wang}/reports").text


def test_what_is_wrong_keeps_what_was_typed(people: tuple[int, int], sign_in: Callable) -> None:
    wang, _other = people
    client = sign_in("doctor")
    answer = client.post(f"/patients/{wang}/reports", data={"language": "fr", "words": "kept"})
    assert answer.status_code == 422 and "kept" in answer.text
    assert client.post(f"/patients/{wang}/reports", data={"words": "x" * 4001}).status_code == 422
    assert reports.of_patient(client.app.state.db, wang) == []


def test_the_newest_reports_of_everybody(people: tuple[int, int], sign_in: Callable) -> None:
    wang, other = people
    client = sign_in("nurse")
    asked(client, wang), asked(client, other)
    page = client.get("/reports").text
    assert page.index("Y-000002") < page.index("王**")


@pytest.mark.parametrize(("host", "address"), [
    ("127.0.0.1:8000", ""), ("localhost:8000", ""), ("[::1]:8000", ""), ("192.168.1.20:8000", "http://192.168.1.20:8000"),
    ("yihe.lan", "http://yihe.lan"),
])  # fmt: skip
def test_a_phone_is_only_sent_where_it_can_go(people: tuple[int, int], sign_in: Callable, host: str, address: str) -> None:
    wang, _other = people
    client = sign_in("doctor")
    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    answer = client.post(f"/patients/{wang}/reports", data={"language": "zh"}, headers={"Host": host, "Cookie": cookies}, follow_redirects=False)
    assert answer.status_code == 303
    db = client.app.state.db
    assert reports.content(db, reports.of_patient(db, wang)[0].id).address == address


def test_the_sweep_draws_what_waits(db: Database, files: Files, wang: int, quick, monkeypatch: pytest.MonkeyPatch) -> None:
    class State:
        pass

    state = State()
    state.db, state.files = db, files
    monkeypatch.setattr(sweep, "state", state)
    ids = [reports.want(db, None, wang) for _ in range(3)]
    for _ in ids:
        task.draw.call_local()
    assert [reports.get(db, wang, id).file is not None for id in ids] == [True] * 3
    assert {"healthreport.wanted", "healthreport.retried"} <= sweep.WAKES and task.look in sweep.STEPS
