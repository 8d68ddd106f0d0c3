"""The real program, started as people start it."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from app.commands import folder
from app.commands.environment import ROOT
from app.core.files import Files
from app.main import open_clinic


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def yihe(*words: str, **options) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "run.py", *words], cwd=ROOT, capture_output=True, text=True, timeout=60, **options)


@pytest.fixture
def server(tmp_path: Path):
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "run.py", "--data", str(tmp_path / "data"), "--port", str(port)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | {"PYTHONIOENCODING": "utf-8"},
    )
    process.address = f"http://127.0.0.1:{port}"
    for _ in range(400):
        try:
            httpx.get(process.address, timeout=5)
            break
        except httpx.TransportError:
            assert process.poll() is None, process.stderr.read()
            time.sleep(0.05)
    yield process
    process.kill()
    process.wait()
    process.stdout.close()
    process.stderr.close()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_tells_its_address_and_stops_with_0(server, tmp_path, how):
    answer = httpx.get(server.address + "/setup")
    assert answer.status_code == 200
    assert "server" not in answer.headers
    server.send_signal(how)
    assert server.wait(20) == 0
    told, troubles = server.stdout.read(), server.stderr.read()
    assert server.address in told
    assert "█" in told
    assert "First run" in told
    assert troubles == ""
    assert [path.name for path in (tmp_path / "data").glob("clinic.db*")] == ["clinic.db"]  # the log is folded in


def test_a_second_one_on_the_same_folder_refuses(server, tmp_path):
    second = yihe("--data", str(tmp_path / "data"), "--port", str(free_port()))
    assert second.returncode == 2
    assert "Another Yihe is using" in second.stderr and second.stderr.count("\n") == 1
    writer = yihe("user", "list", "--data", str(tmp_path / "data"))
    assert writer.returncode == 2 and "Another Yihe is using" in writer.stderr


@pytest.mark.skipif(os.name != "posix", reason="Windows has owners of another kind")
def test_nobody_else_on_the_machine_reads_it(tmp_path):
    """Neither what is made now nor what stood open, in a folder that anybody may enter."""
    (tmp_path / "files" / "ab").mkdir(parents=True)
    (tmp_path / "clinic.db").touch(0o644)
    tmp_path.chmod(0o755)
    before = os.umask(0o022)
    try:
        with folder.held(tmp_path):
            db = open_clinic(tmp_path)
            Files(tmp_path / "files").put(b"a photo")
            beside = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
            db.close()
        assert os.umask(0o022) == 0o022
    finally:
        os.umask(before)
    assert set(beside) >= {"clinic.db", "clinic.db-wal", "files", "keys", folder.LOCK}
    assert {name: oct(mode) for name, mode in beside.items() if mode & 0o077} == {}
    assert all(path.stat().st_mode & 0o077 == 0 for path in (tmp_path / "files").glob("[!a]*/*"))


def test_a_taken_port_is_said(server, tmp_path):
    other = yihe("--data", str(tmp_path / "other"), "--port", server.address.rpartition(":")[2])
    assert other.returncode == 1
    assert "Cannot listen" in other.stderr and other.stderr.count("\n") == 1


def test_check_reads_beside_the_running_server(server, tmp_path):
    checked = yihe("check", "--data", str(tmp_path / "data"))
    assert (checked.returncode, checked.stderr) == (0, "")
    assert "all is well" in checked.stdout


def test_check_finds_what_is_wrong(tmp_path):
    assert yihe("check", "--data", str(tmp_path)).returncode == 2  # there is nothing
    (tmp_path / "clinic.db").write_bytes(b"not a database at all" * 500)
    broken = yihe("check", "--data", str(tmp_path))
    assert broken.returncode == 1 and "cannot be read" in broken.stdout


def test_a_file_of_a_newer_yihe_is_left_alone(tmp_path, folder):
    from app.main import open_clinic

    db = open_clinic(folder)
    with db.aside():
        db.execute("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('yihe', '999_later', '2030-01-01')")
    db.close()
    refused = yihe("--data", str(folder), "--port", str(free_port()))
    assert refused.returncode == 1
    assert "newer Yihe" in refused.stderr and "999_later" in refused.stderr
    assert yihe("check", "--data", str(folder)).returncode == 1
    listed = yihe("user", "list", "--data", str(folder))
    assert listed.returncode == 1 and "newer Yihe" in listed.stderr and listed.stderr.count("\n") == 1


def test_a_broken_file_is_said_in_one_line(tmp_path):
    (tmp_path / "clinic.db").write_bytes(b"not a database at all" * 500)
    results = tmp_path / "results.csv"
    results.write_text("id,性别\n1,男\n", encoding="utf-8")
    for words in (("serve", "--port", str(free_port())), ("user", "list"), ("import", "checkups", str(results))):
        refused = yihe(*words, "--data", str(tmp_path))
        assert refused.returncode == 1, words
        assert "cannot be opened" in refused.stderr and refused.stderr.count("\n") == 1, words


def test_listing_staff_makes_no_clinic(tmp_path):
    refused = yihe("user", "list", "--data", str(tmp_path / "mistyped"))
    assert refused.returncode == 2 and "There is no clinic" in refused.stderr
    assert not (tmp_path / "mistyped").exists()


def test_staff_from_the_terminal(folder):
    added = yihe("user", "add", "sun", "--role", "nurse", "--name", "孙护士", "--data", str(folder), input="blue-river-1234\n")
    assert added.returncode == 0, added.stderr
    listed = yihe("user", "list", "--data", str(folder))
    assert "孙护士" in listed.stdout
    weak = yihe("user", "passwd", "sun", "--data", str(folder), input="short\n")
    assert weak.returncode == 2 and weak.stderr.count("\n") == 1
    nobody = yihe("user", "passwd", "ghost", "--data", str(folder), input="blue-river-1234\n")
    assert nobody.returncode == 2 and "ghost" in nobody.stderr


def test_version_names_the_sqlite_in_use():
    told = yihe("version").stdout
    assert "Yihe 0." in told and "SQLite 3." in told and "Python 3." in told
