"""Yihe's own Python environment in .venv: made once, repaired when it was interrupted. Standard library only.

The environment is ready when its stamp names the very lock it was made from. No stamp means it was
never finished, so it is made anew; another stamp means the lock has changed, so it is brought up to date.
"""

import hashlib
import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "ready"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOCK = ROOT / "requirements.txt"
TEST_LOCK = ROOT / "requirements-test.txt"
REPLICATION_LOCK = ROOT / "requirements-replication.txt"  # fetched where replication is switched on
FONTS = "from app.core import fonts; fonts.prepare()"


class Unready(Exception):
    """Yihe cannot start here, and what to do about it."""

    def __init__(self, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.code = code


def inside() -> bool:
    return Path(sys.prefix).resolve() == VENV.resolve()


def enter(argv: list[str], with_tests: bool) -> int:
    """Make the environment if need be and go on in it with the same arguments."""
    prepare([LOCK, TEST_LOCK, REPLICATION_LOCK] if with_tests else [LOCK])
    command = [str(PYTHON), str(ROOT / "run.py"), *argv]
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")  # glibc would keep memory apart for every thread, some 30 MB in all
    if os.name != "nt":
        os.execv(command[0], command)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Windows has no exec: the child answers Ctrl-C, we wait for it
    return subprocess.call(command)


def prepare(locks: list[Path]) -> None:
    stamped = STAMP.read_text(encoding="utf-8").splitlines() if STAMP.exists() else []
    alive = PYTHON.exists() and stamped[:1] == [os.path.realpath(PYTHON)]
    wanted = [fingerprint(lock) for lock in locks]
    if alive and set(wanted) <= set(stamped[1:]):
        return
    if not alive:
        create()
    STAMP.unlink(missing_ok=True)
    install(locks)
    make_fonts()
    STAMP.write_text("\n".join([os.path.realpath(PYTHON), *wanted]) + "\n", encoding="utf-8")


def fingerprint(lock: Path) -> str:
    return f"{lock.name} {hashlib.sha256(lock.read_bytes()).hexdigest()}"


def create() -> None:
    try:
        import ensurepip  # noqa: F401  Debian leaves it out
        import venv
    except ImportError:
        raise Unready("Python's venv is missing here. Type: sudo apt install python3-venv", 2) from None
    say("Making Yihe's own Python environment in .venv …")
    venv.EnvBuilder(clear=True, with_pip=True, symlinks=os.name != "nt").create(VENV)


def install(locks: list[Path]) -> None:
    """Fetch exactly what the locks name, wheels only, each checked against its fingerprint."""
    command = [str(PYTHON), "-m", "pip", "install", "--require-hashes", "--only-binary", ":all:"]
    command += ["--no-input", "--disable-pip-version-check", "--progress-bar", "off"]
    for lock in locks:
        command += ["-r", str(lock)]
    total = sum(line[:1].isalnum() for lock in locks for line in lock.read_text(encoding="utf-8").splitlines())
    say(f"Fetching what Yihe needs: about {total} packages, once. This takes a minute or two …")
    # readable for whoever runs Yihe, also when somebody else fetched it
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT, umask=0o022) as pip:
        troubles = report(pip.stdout, total)
    if pip.returncode:
        raise Unready(f"Could not fetch everything: {troubles or 'pip failed'}. "
                      "Is this machine on the Internet? Type the same command again when it is.")


def report(lines, total: int) -> str:
    """Turn pip's lines into a count on the terminal; the last trouble it told, or nothing."""
    seen, trouble = 0, ""
    for line in lines:
        if line.startswith(("Collecting ", "Requirement already satisfied: ")):
            seen += 1
            if sys.stdout.isatty():
                name = line.removeprefix("Collecting ").removeprefix("Requirement already satisfied: ").split("=")[0]
                print(f"\r  {min(seen, total)} of {total}  {name.split()[0]:<30}", end="", flush=True)
        elif line.startswith("Installing collected"):
            say("\r  everything is here; putting it in place …" + " " * 20)
        elif line.startswith("ERROR:"):
            trouble = line.removeprefix("ERROR:").strip().rstrip(".")
    return trouble


def make_fonts() -> None:
    done = subprocess.run([str(PYTHON), "-c", FONTS], cwd=ROOT, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        reason = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
        raise Unready(f"The fonts for reports could not be prepared: {reason[0]}")


def say(text: str) -> None:
    print(text, flush=True)
