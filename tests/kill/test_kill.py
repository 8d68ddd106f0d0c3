"""Twelve times kill -9 under sixteen writing clients: nothing acknowledged is lost, nothing is there twice."""

import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import httpx
import msgspec
import pytest

from app import parts
from app.clinic import patients, tags, upkeep
from app.clinic.patients import NewPatient
from app.core import clock
from app.core.events import Event
from app.core.sqlite import sqlite3
from app.main import open_clinic
from tests.kill.clients import TABLETS, Crowd

KILLS = 12
EVENTS = "SELECT id, at, actor_id, kind, patient_id, cause_id, details FROM events ORDER BY id"


@pytest.fixture
def running_clock():
    """The servers live in real time, so this test does too."""
    with clock.stop(datetime.now(UTC)):
        yield


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(folder: Path, port: int, mark: Path, place: str) -> subprocess.Popen:
    server = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("server.py")), str(folder), str(port), str(mark), place],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )
    for _ in range(400):
        try:
            httpx.get(f"http://127.0.0.1:{port}/sign-in", timeout=5)
            return server
        except httpx.TransportError:
            assert server.poll() is None, server.stderr.read().decode()
            time.sleep(0.05)
    raise AssertionError("the server does not answer")


def inside_a_transaction(folder: Path, mark: Path) -> bool:
    """Did the kill land between a listener's event and its commit? The marked event is not in the file then."""
    marked = int(mark.read_text() or 0) if mark.exists() else 0
    file = sqlite3.connect(f"file:{folder / 'clinic.db'}?mode=ro", uri=True)
    try:
        return marked > (file.execute("SELECT max(id) FROM events").fetchone()[0] or 0)
    finally:
        file.close()


def test_twelve_kills_lose_nothing_and_double_nothing(folder: Path, tmp_path: Path, running_clock) -> None:
    db = open_clinic(folder)
    people = [patients.register(db, None, NewPatient(f"测试{n}", "female", datetime(1950, 1, 1).date())) for n in range(2 * TABLETS)]
    db.close()
    port, mark = free_port(), tmp_path / "mark"
    crowd, chance, inside = Crowd(f"http://127.0.0.1:{port}", people), random.Random(7), Counter()
    for n in range(KILLS):
        place = ("first", "last")[n % 2]
        server = start(folder, port, mark, place)
        crowd.start()
        crowd.wait_for(chance.randrange(6, 24))
        time.sleep(chance.random() / 10)
        server.send_signal(signal.SIGKILL)
        server.wait()
        server.stderr.close()
        crowd.join()
        inside[place] += inside_a_transaction(folder, mark)
    print(f"{sum(inside.values())} of {KILLS} kills landed inside an open transaction: {dict(inside)}; "
          f"{len(crowd.acknowledged)} writes acknowledged")
    assert sum(inside.values()) >= KILLS / 2
    assert inside["first"] and inside["last"]
    assert not crowd.refused
    settle(folder, port, mark, crowd)
    check(folder, crowd, people)


def settle(folder: Path, port: int, mark: Path, crowd: Crowd) -> None:
    """The tablets send again what was in doubt; then the server is stopped as it should be."""
    server = start(folder, port, mark, "last")
    crowd.start()
    crowd.wait_for(20)
    server.terminate()
    assert server.wait(20) == 0, server.stderr.read().decode()
    server.stderr.close()
    crowd.join()


def check(folder: Path, crowd: Crowd, people: list[int]) -> None:
    db = open_clinic(folder)
    try:
        sent = db.all(str, "SELECT token FROM diagnostic_reports UNION ALL SELECT token FROM contacts")
        kept = Counter(token.partition("@")[0] for token in sent)
        assert len(crowd.acknowledged) >= 20 + 3 * KILLS
        lost = set(crowd.acknowledged) - set(kept)
        print(f"acknowledged {len(crowd.acknowledged)}, stored {len(kept)}, acknowledged − stored: {sorted(lost) or '∅'}")
        assert not lost
        assert max(kept.values()) == 1
        in_doubt = {data["token"] for writes in crowd.doubtful for _path, data in writes}
        assert set(kept) - set(crowd.acknowledged) <= in_doubt
        assert upkeep.findings(db) == []
        facts_have_their_events(db, people)
        nothing_that_follows_is_missing(db)
    finally:
        db.close()


def facts_have_their_events(db, people: list[int]) -> None:
    reports = db.value("SELECT count(*) FROM diagnostic_reports")
    assert db.value("SELECT count(*) FROM events WHERE kind = 'observation.recorded'") == reports
    assert db.value("SELECT count(*) FROM observations") == 2 * reports
    assert db.value("SELECT count(*) FROM events WHERE kind = 'contact.recorded'") == db.value("SELECT count(*) FROM contacts")
    assert db.value("SELECT count(*) FROM events WHERE details = 'null'") == 0


def nothing_that_follows_is_missing(db) -> None:
    """Hearing every event again, the house finds nothing to add: no finding, tag or work item was lost with its fact."""
    heard = [Event(*row[:6], msgspec.json.decode(row[6])) for row in db.all(tuple, EVENTS)]
    assert {"finding.opened", "tag.set", "work.created"} <= {event.kind for event in heard}
    with db.aside():
        for listener in parts.WITHIN:
            listener(db, heard)
    assert tags.reevaluate(db) == 0
    assert db.value("SELECT max(id) FROM events") == heard[-1].id
