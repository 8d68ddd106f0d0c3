"""One spoilt page: what is whole can be read, nothing new is taken in, and everybody is told; an index is made again."""

import os
import shutil
from contextlib import closing
from types import SimpleNamespace

import pytest
from litestar.testing import TestClient

from app.clinic import box, patients, staff
from app.core import troubles
from app.core.access import Actor, Role
from app.core.errors import Damaged
from app.core.sqlite import sqlite3
from app.main import furnish, open_clinic
from app.tasks import box as task
from app.tasks import sweep
from tests.conftest import PASSWORD

NEW = patients.NewPatient("王秀英", "female")


def spoil(path, name, at=0, n=64):
    """Flip n bytes in the page where a table or an index begins, as a worn-out disk does. The file is closed."""
    with closing(sqlite3.connect(path)) as file:
        page, = file.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (name,)).fetchone()
        size, = file.execute("PRAGMA page_size").fetchone()
    with path.open("r+b") as raw:
        raw.seek((page - 1) * size + at % size)
        begin = raw.read(n)
        raw.seek(-len(begin), os.SEEK_CUR)
        raw.write(bytes(byte ^ 0xFF for byte in begin))


def owner(db):
    return next(Actor(m.id, m.name, Role(m.role), m.language) for m in staff.everyone(db) if m.sign_in == "owner")


@pytest.fixture
def people(folder):
    """The clinic's folder with three people in it, closed."""
    db = open_clinic(folder)
    for _n in range(3):
        patients.register(db, owner(db), NEW)
    db.close()
    return folder


@pytest.fixture
def served(the_house, people):
    """served("patients"): a browser of the owner's on that clinic after that page was spoilt."""
    opened = []

    def serve(name):
        spoil(people / "clinic.db", name)
        furnish(the_house, people)
        client = TestClient(the_house)
        opened.append(client.__enter__())
        client.headers["Sec-Fetch-Site"] = "same-origin"
        assert client.post("/sign-in", data={"sign_in": "owner", "password": PASSWORD}, follow_redirects=False).status_code == 303
        return client

    yield serve
    for client in opened:
        client.__exit__(None, None, None)


def test_what_is_whole_can_be_read_and_nothing_new_goes_into_a_damaged_file(served, monkeypatch):
    client = served("patients")
    state = client.app.state
    hurt = client.get("/patients")
    assert hurt.status_code == 503 and "数据文件有一处损坏" in hurt.text
    state.troubles.look(state)
    assert "正在检查" in client.get("/manage/staff").text, "said at once, before it is known what else is damaged"

    monkeypatch.setattr(sweep, "state", state)
    task.look_over.call_local("")
    page = client.get("/manage/staff")
    assert page.status_code == 200 and "林文清" in page.text
    assert 'data-trouble="file.damaged"' in page.text and "（patients）" in page.text and "/manage/health" in page.text
    refused = client.post("/patients", data={"name": "李小小", "sex": "female"}, follow_redirects=False)
    assert refused.status_code == 503 and "不再接收新内容" in refused.text
    told = client.get("/manage/health").text
    assert "恢复最近一份好的备份" in told and "/manage/backup" in told
    assert client.post("/sign-out", follow_redirects=False).status_code == 303, "signing in and out goes on: one must, to read"


def test_it_is_still_known_after_a_restart_and_over_when_the_file_is_whole(people):
    whole = people.parent / "whole.db"
    shutil.copy(people / "clinic.db", whole)
    spoil(people / "clinic.db", "observations")
    db = open_clinic(people)
    assert box.check(db).damaged
    db.close()
    db = open_clinic(people)
    with pytest.raises(Damaged):
        patients.register(db, owner(db), NEW)
    db.close()
    shutil.copy(whole, people / "clinic.db")
    db = open_clinic(people)
    assert not box.check(db).damaged and patients.register(db, owner(db), NEW)
    db.close()


def test_the_house_opens_and_says_so_even_when_its_own_settings_cannot_be_read(the_house, people):
    furnish(the_house, people)
    with TestClient(the_house) as client:
        client.headers["Sec-Fetch-Site"] = "same-origin"
        client.post("/sign-in", data={"sign_in": "owner", "password": PASSWORD})

        def torn(*_of, **_named):
            raise Damaged()

        for place in ("app.core.settings.everything", "app.clinic.work.unseen"):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(place, torn)
                answer = client.get("/manage")
                assert answer.status_code in (200, 503) and "<h1" in answer.text, place


def test_an_index_is_made_again_from_its_table(people):
    db = open_clinic(people)
    db.close()
    spoil(people / "clinic.db", "staff_by_role", at=-5, n=3)
    db = open_clinic(people)
    done = box.check(db)
    assert done.mended == ["staff_by_role"] and not done.damaged and not done.findings
    assert [m.sign_in for m in staff.with_role(db, Role.OWNER)] == ["owner"] and not db.faults.reading
    assert patients.register(db, owner(db), NEW)
    db.close()


def test_a_row_that_points_at_nothing_is_told_to_the_owner_and_stops_nobody(people):
    with closing(sqlite3.connect(people / "clinic.db")) as file:
        file.execute("INSERT INTO teams (doctor_id, manager_id, event_id) VALUES (99, 98, 1)")
        file.commit()
    db = open_clinic(people)
    assert box.check(db).findings == ["2 rows of teams point at rows that are not there"] and patients.register(db, owner(db), NEW)
    said = troubles.LOOKS["file"](SimpleNamespace(db=db))
    assert said.level == "amber" and said.for_whom == "owner"
    db.close()


def test_the_owner_asks_for_it_and_sees_the_result(client, sign_in, monkeypatch):
    page = sign_in("owner").post("/manage/health/check").text
    assert "正在把整个数据文件检查一遍" in page and 'hx-get="/manage/health/file"' in page
    monkeypatch.setattr(sweep, "state", client.app.state)
    task.look_over.call_local("")
    page = client.get("/manage/health/file", headers={"HX-Request": "true"}).text
    assert "数据文件完好" in page and "hx-get" not in page


def test_it_is_looked_over_once_a_night(client, monkeypatch):
    state, looked = client.app.state, []
    monkeypatch.setattr(task, "look_over", looked.append)
    task.look(state)
    task.look(state)
    assert len(looked) == 1 and looked[0].startswith("2026-11-23 ")
