"""The record is followed as it is written, and comes back as it was at any moment."""

import io
import json
import os
import shutil
import signal
import threading
import time
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st

from app.clinic import backups, staff
from app.commands import from_replica, replicate
from app.commands.environment import Unready
from app.core import clock, following, replicas, servers, settings, typable, words
from app.core.errors import Invalid
from app.core.files import Files
from app.main import open_clinic
from app.serving import replication
from tests.places import store
from tests.places.conftest import PASSWORD

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Litestream is not made for Windows")


@pytest.fixture(autouse=True)
def quick(monkeypatch) -> Iterator[None]:
    """Litestream goes by the real clock, so do we; and nobody waits half a minute."""
    monkeypatch.setattr(replication, "EVERY", 0.1)
    with clock.stop(None):
        yield


@contextmanager
def followed(folder: Path, to: str) -> Iterator[SimpleNamespace]:
    """A clinic that was set up for it, at work."""
    target = replicas.parse(to)
    if place := replicas.place_beside(target, replicas.kept_secrets(folder / "keys", target)):
        place.prepare()
        place.close()
    replicate.note(folder, to)
    with follow(folder) as state:
        yield state


@contextmanager
def follow(folder: Path) -> Iterator[SimpleNamespace]:
    """A clinic at work, as serve.py has it: its file is closed before the replication ends."""
    db = open_clinic(folder)
    state = SimpleNamespace(db=db, folder=folder)
    with replication.beside(state):
        try:
            yield state
        finally:
            db.close()


def arrived(state: SimpleNamespace) -> None:
    """All that is written by now is there."""
    since = clock.now()
    wait_until(lambda: state.following.whole and state.following.whole >= since, lambda: state.following)


def wait_until(happened: Callable[[], object], told: Callable[[], object] = str) -> None:
    limit = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < limit, told()
        time.sleep(0.02)


def name(db, text: str) -> None:
    settings.put(db, None, clinic_name=text)


def restored(tmp_path: Path, data: Path, to: str, at: datetime | None = None, trust: str | None = None) -> str:
    """Brought back by the command into an empty folder; the clinic's name in it."""
    key_file = tmp_path / "sheet.txt"
    if backups.key_path(data).exists():
        key_file.write_text(" ".join(typable.groups(backups.key_path(data).read_bytes())))
    args = Namespace(data=tmp_path / f"restored-{time.monotonic_ns()}", from_replica=to, at=at, aside=False, file=None, key_file=key_file,
                     trust=trust, ssh_key=None)
    assert from_replica.run(args) == 0
    db = open_clinic(args.data)
    try:
        assert staff.everyone(db)
        return settings.get(db, "clinic_name")
    finally:
        db.close()


def test_any_moment_comes_back_with_its_files_and_keys(folder, tmp_path):
    to = tmp_path / "other" / "disk"
    photo = Files(folder / "files").put(b"a photo")
    (folder / "keys").mkdir(exist_ok=True)
    (folder / "keys" / "ca.key").write_bytes(b"what the tablets trust")
    with followed(folder, str(to)) as state:
        name(state.db, "before")
        arrived(state)
        assert state.following.why == "" and state.db.writer.execute("PRAGMA wal_autocheckpoint").fetchone() == (0,)
        time.sleep(0.05)
        moment = datetime.now(UTC)
        time.sleep(0.05)
        name(state.db, "after")
        paper = Files(folder / "files").put(b"a paper that came later")
        arrived(state)
        name(state.db, "the very last")  # nobody waits for this one: it is sent while Yihe ends
    assert not list(folder.glob("clinic.db-*"))  # one file holds everything again
    with followed(folder, str(to)) as state:
        arrived(state)
    assert restored(tmp_path, folder, str(to), at=moment) == "before"
    assert restored(tmp_path, folder, str(to)) == "the very last"
    back = next(tmp_path.glob("restored-*"))
    assert {Files(back / "files").read(hash) for hash in (photo, paper)} == {b"a photo", b"a paper that came later"}
    assert (back / "keys" / "ca.key").read_bytes() == b"what the tablets trust"
    assert {path.stat().st_mode & 0o077 for path in (folder / "replication").rglob("*")} == {0}
    with follow(back) as state:  # the restored clinic does not go on writing into the copy of the one it stands in for
        wait_until(lambda: state.following.why)
        assert "set it up anew" in str(state.following.why) and not (back / "replication").exists()
    kept = b"".join(path.read_bytes() for path in to.rglob("*") if path.is_file() and "record" not in path.parts)
    assert b"a photo" not in kept and b"tablets trust" not in kept


def test_it_is_begun_anew_and_what_was_written_meanwhile_is_not_missed(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(replication, "FIRST_WAIT", 0.2)
    with followed(folder, str(tmp_path / "to")) as state:
        arrived(state)
        first = engine(tmp_path)
        os.kill(first, signal.SIGKILL)
        name(state.db, "while nobody followed")
        state.db.writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        arrived(state)
        assert engine(tmp_path) != first
    assert restored(tmp_path, folder, str(tmp_path / "to")) == "while nobody followed"


def engine(tmp_path: Path) -> int:
    """The process that follows this test's clinic."""
    for words in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if words.read_bytes().startswith(f"{replicas.ENGINE}\0replicate\0-config\0{tmp_path}".encode()):
                return int(words.parent.name)
    raise LookupError


def test_it_ends_with_yihe_however_that_ends(folder, tmp_path):
    """Its input is closed by the system when Yihe is killed."""
    with followed(folder, str(tmp_path / "to")) as state:
        arrived(state)
        number = engine(tmp_path)
        follower = next(thread for thread in threading.enumerate() if thread.name == "replication")._target.__self__
        name(state.db, "a moment before")
        follower._child.stdin.close()  # as a kill -9 would
        wait_until(lambda: not Path(f"/proc/{number}").exists())
    assert restored(tmp_path, folder, str(tmp_path / "to")) == "a moment before"


def test_another_machine(folder, tmp_path, machine, monkeypatch):
    to = machine.server("/srv/yihe")
    servers.keep(folder / "keys", to, machine.access())
    photo = Files(folder / "files").put(b"a photo")
    with followed(folder, str(to)) as state:
        name(state.db, "far away")
        arrived(state)
        config = (folder / "replication" / "litestream.yml").read_text()
        assert PASSWORD in json.loads(config)["dbs"][0]["replica"]["password"]
        assert not any(PASSWORD.encode() in words.read_bytes() for words in command_lines())
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    assert restored(tmp_path, folder, str(to), trust=servers.fingerprint(machine.access().host_key)) == "far away"
    assert Files(next(tmp_path.glob("restored-*")) / "files").read(photo) == b"a photo"


def command_lines() -> Iterator[Path]:
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        if path.exists():
            yield path


def test_a_stick_that_is_pulled_is_not_made_anew_on_our_own_disk(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(replication, "FIRST_WAIT", 0.05)
    stick, drawer = tmp_path / "stick", tmp_path / "drawer"
    with followed(folder, str(stick)) as state:
        arrived(state)
        stick.rename(drawer)
        wait_until(lambda: state.following.why)
        assert "not there" in str(state.following.why) and not stick.exists()
        assert following.look(state) is None  # a moment is nothing to speak of
        with clock.stop(clock.now() + following.LATE * 2):
            trouble = following.look(state)
            assert "is the stick plugged in" in words.marked(trouble.words, **trouble.params)
        assert (trouble.level, trouble.for_whom) == ("amber", "owner") and str(stick) in trouble.params["to"]
        name(state.db, "while it was out")
        shutil.rmtree(stick, ignore_errors=True)  # what Litestream may have begun between two looks
        drawer.rename(stick)
        arrived(state)
        assert state.following.why == ""
    assert restored(tmp_path, folder, str(stick)) == "while it was out"


def test_an_s3_compatible_store_gets_the_record(folder, tmp_path, monkeypatch, capsys):
    with store.opened() as (kept, endpoint):
        to = f"s3://clinic-copies/heping?endpoint={endpoint}&region=nowhere-1"
        assert str(replicas.parse(str(replicas.parse(to)))) == str(replicas.parse(to))
        replicas.keep_secrets(folder / "keys", replicas.parse(to), replicas.BucketAccess("who-we-are", "s3cret $HOME"))
        with followed(folder, to) as state:
            name(state.db, "in the store")
            arrived(state)
        assert all(key.startswith("clinic-copies/heping/record/") for key in kept.objects) and kept.who == {"who-we-are"}
        monkeypatch.setattr("sys.stdin", io.StringIO("who-we-are\ns3cret\n"))
        assert restored(tmp_path, folder, to) == "in the store"
        assert "they are in the encrypted backups" in capsys.readouterr().out
        kept.broken = True
        with followed(folder, to) as state:
            wait_until(lambda: state.following.why)
            assert state.following.whole is None and "s3cret" not in str(state.following.why)


def test_litestream_is_fetched_in_the_version_that_was_chosen(tmp_path, monkeypatch):
    engine, fetched = tmp_path / "litestream", []
    monkeypatch.setattr(replicas, "ENGINE", engine)

    def fetch(version: str = "") -> None:
        fetched.append(version)
        if not version:
            raise Unready("no Internet")
        engine.write_text(f"#!/bin/sh\necho {version}\n")
        engine.chmod(0o700)

    with pytest.raises(Unready):
        replicas.ready(fetch)
    replicas.ready(lambda: fetch("0.0.1"))
    replicas.ready(fetch)  # an old one does until the new one can be had
    replicas.ready(lambda: fetch(replicas._version()))
    replicas.ready(fetch)
    assert fetched == ["", "0.0.1", "", replicas._version()]


@settings_of_hypothesis(max_examples=50, deadline=None)
@given(st.one_of(st.text(), st.from_regex(r"(sftp|s3)://[^/]{1,20}/.{0,20}")))
def test_an_address_is_read_or_refused(text):
    try:
        target = replicas.parse(text)
    except Invalid:
        return
    assert replicas.parse(str(target)) == target
