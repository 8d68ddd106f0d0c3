import os
import subprocess
import sys

import pytest

from app.commands import environment
from app.commands.environment import ROOT, Unready


@pytest.fixture
def nest(tmp_path, monkeypatch):
    """An environment of files only, which notes what would have been done."""
    done = []
    monkeypatch.setattr(environment, "VENV", tmp_path)
    monkeypatch.setattr(environment, "STAMP", tmp_path / "ready")
    monkeypatch.setattr(environment, "PYTHON", tmp_path / "python")
    monkeypatch.setattr(environment, "create", lambda: (done.append("create"), (tmp_path / "python").touch()))
    monkeypatch.setattr(environment, "install", lambda locks: done.append([lock.name for lock in locks]))
    monkeypatch.setattr(environment, "make_fonts", lambda: done.append("fonts"))
    lock = tmp_path / "requirements.txt"
    lock.write_text("one==1\n")
    return lock, done


def test_made_once(nest):
    lock, done = nest
    environment.prepare([lock])
    assert done == ["create", ["requirements.txt"], "fonts"]
    done.clear()
    environment.prepare([lock])
    assert done == []


def test_a_changed_lock_is_installed_without_starting_over(nest):
    lock, done = nest
    environment.prepare([lock])
    done.clear()
    lock.write_text("one==2\n")
    environment.prepare([lock])
    assert done == [["requirements.txt"], "fonts"]


def test_an_interrupted_install_starts_over(nest, monkeypatch):
    lock, done = nest
    environment.prepare([lock])
    lock.write_text("one==2\n")

    def interrupted(locks):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(environment, "install", interrupted)
        environment.prepare([lock])
    done.clear()
    environment.prepare([lock])
    assert done[0] == "create"


def test_another_python_starts_over(nest, tmp_path):
    lock, done = nest
    environment.prepare([lock])
    done.clear()
    (tmp_path / "newer").touch()
    (tmp_path / "python").unlink()
    (tmp_path / "python").symlink_to(tmp_path / "newer")
    environment.prepare([lock])
    assert done[0] == "create"


def test_serving_does_not_forget_that_the_tests_are_installed(nest, tmp_path):
    lock, done = nest
    tests = tmp_path / "requirements-test.txt"
    tests.write_text("two==1\n")
    environment.prepare([lock, tests])
    done.clear()
    environment.prepare([lock])
    environment.prepare([lock, tests])
    assert done == []


def test_python_without_venv_says_what_to_type(nest, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(Unready) as refused:
        environment.create()
    assert "apt install python3-venv" in str(refused.value)
    assert refused.value.code == 2
    assert "\n" not in str(refused.value)


def test_a_failed_fetch_tells_the_last_trouble():
    lines = ["Collecting one==1\n", "ERROR: No matching distribution found for one==1\n"]
    assert environment.report(lines, 1) == "No matching distribution found for one==1"


def test_locks_pin_every_package_with_fingerprints_and_name_no_address():
    for lock, least in ((environment.LOCK, 16), (environment.TEST_LOCK, 16), (environment.REPLICATION_LOCK, 1)):
        text = lock.read_text()
        packages = [block for block in text.replace("\\\n", " ").splitlines() if block and not block.startswith("#")]
        assert len(packages) >= least
        assert all("==" in block and "--hash=sha256:" in block for block in packages), lock
        assert "://" not in text and "index-url" not in text


def test_locks_agree_with_what_was_asked_for():
    for lock in (environment.LOCK, environment.TEST_LOCK, environment.REPLICATION_LOCK):
        wanted = lock.with_suffix(".in").read_text().splitlines()
        names = {line.split()[0] for line in wanted if line[:1].isalpha()}
        pinned = {line.split("==")[0] for line in lock.read_text().splitlines() if "==" in line}
        assert names <= pinned


def test_the_two_locks_do_not_contradict_each_other():
    pins = [dict(line.rstrip(" \\").split(" ;")[0].split("==") for line in lock.read_text().splitlines() if line[:1].isalnum())
            for lock in (environment.LOCK, environment.TEST_LOCK)]
    assert {name: (pins[0][name], pins[1][name]) for name in pins[0].keys() & pins[1].keys() if pins[0][name] != pins[1][name]} == {}


def test_commands_need_only_the_standard_library_until_they_run():
    """-S: no site-packages at all; --help must work before anything is installed."""
    for words in (["--help"], *([name, "--help"] for name in ("serve", "demo", "import", "user", "check", "bench", "version"))):
        done = subprocess.run([sys.executable, "-S", "-E", str(ROOT / "run.py"), *words], capture_output=True, text=True,
                              env={"PATH": os.environ["PATH"]}, cwd=ROOT)
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith("usage: run.py")


@pytest.mark.parametrize("words", [["nonsense"], ["--port", "0"], ["--port", "x"], ["serve", "extra"], ["user"], ["check", "--what"],
                                   ["user", "add", "li", "--role", "king"], ["demo", "--patients", "-1"], ["import"]])
def test_a_wrong_argument_gives_one_line_and_2(words):
    done = subprocess.run([sys.executable, "run.py", *words], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1 and done.stderr.startswith("run.py")
    assert done.stdout == ""
