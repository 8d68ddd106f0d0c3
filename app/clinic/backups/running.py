"""One whole run, and the process of its own it takes place in: restoring and comparing would make pages wait.

The child reads one JSON line and answers JSON lines: how far it is, then what came of it. When its input ends, because the house
closes, somebody cancels, or we were killed, it clears up and ends.
"""

import json
import os
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any

import msgspec

from app.clinic.backups.making import Changed, key_path, make
from app.clinic.backups.placing import open_place
from app.clinic.backups.proving import Unproved, Unsound, prove
from app.clinic.backups.pruning import prune
from app.clinic.backups.shapes import Far, Kind, Proof
from app.clinic.backups.working import Told
from app.core import clock
from app.core.errors import Refusal
from app.core.places import Place, Unreachable
from app.core.sealing import Damaged, WrongKey, key_of
from app.core.sqlite import sqlite3
from app.core.words import N_

HOUSE = Path(__file__).parents[3]
BEAT = 0.3  # seconds between two words about how far it is
PATIENCE = 20  # seconds a child that was told to end may take


class Job(msgspec.Struct, frozen=True):
    data: str
    kind: Kind
    at: str
    name: str
    zone: str


class Stopped(Exception):
    """Ended because somebody wanted it."""


class Broken(Exception):
    """Ended by something nobody foresaw; says where, not what."""


class Later(Refusal):
    """It cannot be done now and will be tried again."""


def whole(data: Path, place: Place, name: str, told: Told) -> Proof:
    """Make a backup there, prove it, clear old ones away. What could not be proved does not stay."""
    key = key_of(key_path(data))
    try:
        manifest, new = make(data, place, key, name, told)
        try:
            proof = prove(data, place, key, name, told, manifest, new)
        except Unsound:
            raise
        except (Damaged, WrongKey, Unproved):
            place.drop(name)
            raise
    except sqlite3.DatabaseError:
        raise Unproved(N_("The clinic's own file cannot be read whole. See Manage › The box.")) from None
    except Changed as changed:
        raise Unproved(N_("A file on this machine is damaged: %(file)s"), file=changed.args[0][:12]) from None
    if proof.parted:  # what another audit lies in is not cleared away by the same run
        return msgspec.structs.replace(proof, kept=len(place.names()))
    return msgspec.structs.replace(proof, kept=prune(place, key, name, told))


# ── the parent's side ──

def run(job: Job, told: Callable[[Far], None], stop: Callable[[], bool]) -> Proof:
    """Have a child do it. Raises Stopped when `stop` says so, Later, Unsound, Refusal, or Broken."""
    child = subprocess.Popen(
        [sys.executable, "-m", "app.clinic.backups.child"], cwd=HOUSE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        child.stdin.write(msgspec.json.encode(job) + b"\n")
        child.stdin.flush()
        for said in _heard(child, stop):
            if "step" in said:
                told(Far(said["step"], said["done"], said["of"]))
            else:
                return _came_of(said)
        raise Broken(f"ended with code {child.wait(PATIENCE)}")
    finally:
        _end(child)


def _heard(child: subprocess.Popen, stop: Callable[[], bool]) -> Iterator[dict[str, Any]]:
    lines: SimpleQueue = SimpleQueue()
    threading.Thread(target=lambda: [lines.put(line) for line in child.stdout] and None or lines.put(None), daemon=True).start()
    while True:
        try:
            line = lines.get(timeout=0.5)
        except Empty:
            line = b""
        if stop():
            raise Stopped
        if line is None:
            return
        if line:
            yield json.loads(line)


def _came_of(said: dict[str, Any]) -> Proof:
    if "proof" in said:
        return msgspec.convert(said["proof"], Proof)
    if "broken" in said:
        raise Broken(said["broken"])
    kind = {"later": Later, "unsound": Unsound}.get(said["kind"], Refusal)
    raise kind(said["refused"], **said["params"])


def _end(child: subprocess.Popen) -> None:
    """Its input ends, so it clears up; what does not hear is killed."""
    child.stdin.close()
    try:
        child.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    child.stdout.close()


# ── the child's side ──

class Teller:
    """Tells how far it is, a few times a second; raises Stopped once the parent is gone or wants no more."""

    def __init__(self) -> None:
        self.over = threading.Event()
        self.last, self.step = 0.0, ""

    def __call__(self, step: str, done: int, of: int) -> None:
        if self.over.is_set():
            raise Stopped
        if step != self.step or monotonic() - self.last >= BEAT:
            self.last, self.step = monotonic(), step
            say(step=step, done=done, of=of)


def say(**what: Any) -> None:
    print(json.dumps(what), flush=True)


def answer() -> None:
    if hasattr(os, "nice"):
        os.nice(10)
    job = msgspec.json.decode(sys.stdin.readline(), type=Job)
    told = Teller()
    threading.Thread(target=lambda: sys.stdin.read() or told.over.set(), daemon=True).start()
    clock.use_zone(job.zone)
    data = Path(job.data)
    try:
        place = open_place(data, job.kind, job.at)
        try:
            say(proof=msgspec.to_builtins(whole(data, place, job.name, told)))
        finally:
            place.close()
    except Stopped:
        pass
    except Refusal as refusal:
        kind = "later" if isinstance(refusal, Unreachable) else "unsound" if isinstance(refusal, Unsound) else ""
        say(refused=refusal.message, params=refusal.params, kind=kind)
    except Exception as error:  # its words may quote a row or a path: only what kind and where
        step = traceback.extract_tb(error.__traceback__)[-1]
        say(broken=f"{type(error).__name__} at {Path(step.filename).name}:{step.lineno}")
