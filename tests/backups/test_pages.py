"""The owner's page says in one sentence when the last proved backup was; a banner says when it is too long ago."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from litestar.testing import TestClient

from app.clinic import backups
from app.clinic.backups import actions, watching
from app.clinic.backups.shapes import Proof
from app.core import clock, servers, sftp, sticks, typable
from app.core.access import Actor
from app.core.db import Database
from tests.conftest import NOW, PASSWORD

PROOF = Proof("yihe-20261123-020000.yihe", 1_500_000, 123, 5000, 30, 3, 2, 9)


@pytest.fixture
def page(sign_in: Callable[[str], TestClient]) -> Callable[[], str]:
    browser = sign_in("owner")
    browser.post("/language", data={"language": "en"})
    return lambda: browser.get("/manage/backup").text


@pytest.fixture
def house(client: TestClient) -> Database:
    return client.app.state.db


def prove(db: Database) -> None:
    actions.note(db, 1, PROOF)


# ── one sentence ──

def test_it_says_when_and_what_was_compared(client: TestClient, house: Database, sign_in: Callable) -> None:
    browser = sign_in("reader")
    assert browser.get("/manage/backup").status_code == 403
    browser = sign_in("owner")
    assert "还没有一份核对无误的备份" in browser.get("/manage/backup").text
    prove(house)
    text = browser.get("/manage/backup").text
    assert "最近一次核对无误的备份：今天 09:30" in text and "123 个数据表共 5000 行完全一致" in text and "9 份备份" in text and "1.5 MB" in text
    with clock.stop(NOW + timedelta(hours=37)):
        old = sign_in("owner").get("/manage/backup").text
    assert "昨天 09:30" in old and 'class="notice bad"' in old


@pytest.mark.parametrize(("hours", "level"), [(0, None), (35.9, None), (36.1, "red"), (1000, "red")])
def test_older_than_36_hours_is_red_for_everybody(house: Database, folder: Path, hours: float, level: str | None) -> None:
    prove(house)
    with clock.stop(NOW + timedelta(hours=hours)):
        said = watching.too_old(house)
    assert (said and (said.level, said.for_whom)) == (level and (level, "everybody"))


def test_the_banner_stands_on_every_page_in_both_languages(client: TestClient, house: Database, sign_in: Callable) -> None:
    prove(house)
    with clock.stop(NOW + timedelta(hours=48)):
        client.app.state.troubles.look(client.app.state)
        for member, says in (("nurse", "最近一次核对无误的备份已是 2.0 天前的"), ("reader", "The last proved backup is 2.0 days old")):
            assert says in sign_in(member).get("/patients").text


def test_never_is_red_only_when_there_was_time_for_one(house: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "since", lambda _db: (NOW - timedelta(hours=35)).isoformat())
    assert watching.too_old(house) is None
    monkeypatch.setattr(watching, "since", lambda _db: (NOW - timedelta(hours=37)).isoformat())
    assert watching.too_old(house).code == "backup.never"


def test_the_owner_is_reminded_of_a_second_place_and_of_the_sheet(
    house: Database, folder: Path, who: Callable[[str], Actor], monkeypatch: pytest.MonkeyPatch,
) -> None:
    prove(house)
    state = SimpleNamespace(db=house, folder=folder)
    assert datetime.fromisoformat(watching.since(house)).tzinfo == UTC
    monkeypatch.setattr(watching, "since", lambda _db: clock.stamp())
    assert watching.look(state) == []  # a new clinic has other things to do on its first day
    monkeypatch.setattr(watching, "since", lambda _db: (NOW - timedelta(hours=25)).isoformat())
    assert [(one.code, one.level, one.for_whom) for one in watching.look(state)] == [("backup.here", "amber", "owner"), ("backup.sheet", "amber", "owner")]
    actions.add_place(house, who("owner"), "folder", "/elsewhere", same_disk=False)
    backups.put_away(house, who("owner"), folder, typable.groups(backups.key(folder))[-1])
    assert watching.look(state) == []


# ── by hand ──

def test_a_backup_is_asked_for_shown_and_broken_off(client: TestClient, house: Database, page: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    for _tap in range(2):
        assert client.post("/manage/backup/runs", follow_redirects=False).status_code == 303
    [run] = backups.due(house)
    assert "Waiting for its turn" in page() and "Back up now" not in page()
    actions._far[run.id] = backups.Far("files", 3, 12)
    assert "Putting photos, recordings and reports away" in page() and "3 / 12" in page()
    del actions._far[run.id]
    client.post(f"/manage/backup/runs/{run.id}/cancellation")
    assert "broken off" in page() and "Back up now" in page()
    assert client.post("/manage/backup/runs/999/cancellation").status_code == 404


def test_what_it_waits_for_is_said_and_it_can_be_tried_at_once(client: TestClient, house: Database, page: Callable, folder: Path, who: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.clinic.backups.running import Later

    backups.want(house, who("owner"), 1)

    def absent(*_: object) -> None:
        raise Later("The place of the backups is not there: is the stick plugged in, the folder's disk switched on?")

    monkeypatch.setattr(actions, "run_child", absent)
    backups.do(house, folder, backups.due(house)[0], lambda: False)
    assert "is the stick plugged in" in page() and "tried again by itself at today 09:45" in page()
    client.post("/manage/backup/runs")
    assert len(backups.due(house)) == 1


# ── places ──

def test_a_stick_that_is_plugged_in_is_offered_and_used(client: TestClient, page: Callable, house: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usb = tmp_path / "KINGSTON"
    usb.mkdir()
    monkeypatch.setattr(sticks, "sticks", lambda: [sticks.Stick(str(usb), "KINGSTON", 15_900_000_000)])
    assert "Use the stick KINGSTON, 16 GB free" in page()
    assert client.post("/manage/backup/places", data={"at": str(usb)}, follow_redirects=False).status_code == 303
    assert str(usb) in page() and (next(usb.iterdir()) / "README.txt").is_file()
    client.post(f"/manage/backup/places/{backups.places(house)[0].id}/removal")
    assert backups.places(house)[0].kind == "own"
    assert client.post("/manage/backup/places/1/removal").status_code == 404


def test_a_wrong_folder_is_said_beside_the_field_and_what_was_typed_stays(client: TestClient, page: Callable) -> None:
    answer = client.post("/manage/backup/places", data={"at": "/nowhere/usb"})
    assert answer.status_code == 422 and "/nowhere/usb" in answer.text and "There is no such folder" in answer.text


def test_sticks_are_found_among_the_mounts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usb = tmp_path / "my 药 stick"
    usb.mkdir()
    mounts = tmp_path / "mounts"
    escaped = str(usb).replace(" ", "\\040")
    mounts.write_text(f"/dev/sda1 / ext4 rw 0 0\nproc /proc proc rw 0 0\n/dev/sdb1 {escaped} vfat rw 0 0\n/dev/sdc1 /nowhere/gone vfat rw 0 0\n", encoding="utf-8")
    monkeypatch.setattr(sticks, "MOUNTS", mounts)
    monkeypatch.setattr(sticks, "CARRIED", (f"{tmp_path}/", "/nowhere/"))
    if sticks.sys.platform == "linux":
        assert [one.path for one in sticks.sticks()] == [str(usb)]


def test_another_machine_is_used_only_after_its_key_was_compared(
    client: TestClient, page: Callable, house: Database, folder: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJfkNV4OS33ImTXvorZr72q4v5XhVEQKfvqsxOEJ/XaR"
    prepared: list[str] = []
    monkeypatch.setattr(sftp, "shown_key", lambda _server: shown)
    monkeypatch.setattr(sftp.SftpPlace, "prepare", lambda self: prepared.append(f"{self.server.folder} {self.access.host_key}"))
    assert client.post("/manage/backup/machines", data={"address": "http://x"}).status_code == 422
    text = client.post("/manage/backup/machines", data={"address": "sftp://kept@nas.local/backup"}).text
    assert servers.fingerprint(shown) in text and not prepared
    given = {"address": "sftp://kept@nas.local/backup", "host_key": shown}
    assert client.post("/manage/backup/machines/trusted", data=given).status_code == 422
    answer = client.post("/manage/backup/machines/trusted", data=given | {"password": "quiet-harbour-11"}, follow_redirects=False)
    assert answer.status_code == 303
    [one] = backups.places(house)
    assert prepared == [f"/backup/{one.told.rpartition('/')[2]} {shown}"] and "kept@nas.local" in page()
    dumped = b"".join(path.read_bytes() for path in folder.glob("clinic.db*"))
    assert b"quiet-harbour-11" not in dumped
    monkeypatch.undo()
    for host_key in ("nonsense", "ssh-ed25519 !!!", "ssh-ed25519 AAAA"):
        assert client.post("/manage/backup/machines/trusted", data=given | {"password": "x", "host_key": host_key}).status_code == 422


def test_the_hour_is_the_owners(client: TestClient, page: Callable, house: Database) -> None:
    assert client.post("/manage/backup/hour", data={"hour": "25"}).status_code == 422
    client.post("/manage/backup/hour", data={"hour": "23"})
    assert 'value="23" selected' in page()
    backups.want_nightly(house)
    assert backups.due(house) == []


# ── the recovery sheet ──

def test_the_sheet_is_shown_after_the_password_and_opens_a_backup(client: TestClient, page: Callable, folder: Path, house: Database) -> None:
    key = backups.key(folder)
    assert client.post("/manage/backup/sheet", data={"password": "wrong"}).status_code == 422
    answer = client.post("/manage/backup/sheet", data={"password": PASSWORD})
    groups = [group for group in typable.groups(key) if f">{group}<" in answer.text]
    assert typable.read(" ".join(groups), 32) == key and answer.headers["cache-control"] == "no-store"
    assert "python3 run.py restore" in answer.text and "请像合同一样收好" in answer.text and "Keep this like a contract" in answer.text
    assert client.get("/manage/backup/sheet").status_code == 405
    assert house.value("SELECT count(*) FROM events WHERE kind = 'backup_key.shown'") == 1
    assert not any(group in page() for group in groups)
    drawn = client.post("/manage/backup/sheet", data={"password": PASSWORD, "as": "pdf"})
    assert drawn.headers["content-type"] == "application/pdf" and drawn.content.startswith(b"%PDF")
    assert _words(drawn.content) >= set(groups)


def _words(content: bytes) -> set[str]:
    import io

    from pypdf import PdfReader

    pages = PdfReader(io.BytesIO(content)).pages
    assert len(pages) == 1
    return set(pages[0].extract_text().split())


def test_whoever_has_it_in_print_knows_its_last_group(client: TestClient, page: Callable, folder: Path, house: Database) -> None:
    last = typable.groups(backups.key(folder))[-1]
    assert "Not done yet" in page()
    assert client.post("/manage/backup/sheet/keeping", data={"group": "AAAA"}).status_code == 422
    client.post("/manage/backup/sheet/keeping", data={"group": f" {last.lower()} "})
    assert "put away in print" in page() and backups.is_put_away(house, folder)
