"""FHIRPath, worked out where it can be stopped.

`(1).repeat($this + 1)` and `matches('(a+)+$')` run for ever, and a thread cannot be stopped. So expressions go to a warm child
process with 200 ms of its processor for each and little memory; what is over that is ended, named and not tried again for a while.
There are two children, and who has had much of one waits behind the others: so that nobody waits for somebody else's slow
expression for longer than it may run.
"""

import atexit
import os
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from queue import Queue
from typing import Any

import msgspec

from app.core import clock, fhirjson

SECONDS = 0.2  # of the processor, for one; reading an expression for the first time has its own
WALL_SECONDS = 3.0  # by the clock, on a machine so busy that the child gets no processor, and where processors have no limits
FORGET_SECONDS = 600  # an expression that overran is not tried again before
MOST_OVERRUNS = 5  # in one call; what is left then is given up
LONGEST = 10_000
CHILDREN = 2
MOST_READ = 5000
MOST_TRIES = 3  # where a child is gone for no reason of its own
SLOW, BROKEN = "slow", "broken"
# Why a child has not answered all: it was over its limit, stopped by us, is gone for neither, or it is somebody else's turn.
ITSELF, LATE, GONE, TURN = "itself", "late", "gone", "turn"
_HOUSE = Path(__file__).parents[2]
_HEAD = struct.Struct(">I")

Steps = tuple[int, ...]


class Variable(msgspec.Struct, frozen=True):
    """at: the item it belongs to, as with Ask."""

    name: str
    expression: str
    at: Steps | None = None


class Ask(msgspec.Struct, frozen=True):
    """One expression. resource: its own, else the call's. at: the item that is %context, as places in `item`; focus: `.` stands there too.

    variables are worked out before it, each with those before.
    """

    expression: str
    resource: dict[str, Any] | None = None
    at: Steps | None = None
    focus: bool = False
    variables: tuple[Variable, ...] = ()


class Result(msgspec.Struct, frozen=True):
    """values: as JSON has them. problem: slow, broken, or None when all went well; why: the library's words, for who wrote it."""

    values: list[Any] = []
    problem: str | None = None
    why: str = ""


def evaluate(resource: dict[str, Any], asks: Sequence[Ask], variables: dict[str, Any] | None = None, today: str = "") -> list[Result]:
    """Work them out on the resource, in order. Blocks its thread for as long as that may take, never longer."""
    results: dict[int, Result] = {n: _refused(ask) for n, ask in enumerate(asks) if _known_bad(ask)}
    left = [n for n in range(len(asks)) if n not in results]
    overruns = tries = 0
    while left and overruns < MOST_OVERRUNS and tries < MOST_TRIES:
        batch = {"resource": resource, "asks": [asks[n] for n in left], "variables": variables or {}, **_now(today)}
        found, ended = _send(batch, len(left))
        results |= dict(zip(left, found, strict=False))
        left = left[len(found):]
        tries += ended == GONE
        if left and ended in (ITSELF, LATE):
            overruns += 1
            culprit = left.pop(0)
            results[culprit] = Result(problem=SLOW)
            if ended == ITSELF:
                _overran[asks[culprit]] = time.monotonic()
    return [results.get(n, Result(problem=SLOW)) for n in range(len(asks))]


@lru_cache(4096)
def parse(expression: str) -> str | None:
    """What is wrong with how it is written, or None."""
    if len(expression) > LONGEST:
        return "too long"
    for _try in range(MOST_TRIES):
        found, ended = _send({"parse": expression, "asks": []}, 1)
        if ended != GONE:
            break
    if not found:
        return SLOW
    return found[0].why if found[0].problem else None


def _now(today: str) -> dict[str, str]:
    """The clinic's day, not the machine's."""
    local = clock.local_now()
    moment = f"{local.isoformat(timespec='seconds')}{clock.offset()}"
    return {"today": today or local.date().isoformat(), "now": moment}


class _Overran(dict):
    """Which expressions overran, and when; the oldest are forgotten first."""

    def __setitem__(self, ask: Ask, at: float) -> None:
        super().__setitem__(_texts(ask), at)
        while len(self) > 1000:
            del self[next(iter(self))]

    def has(self, ask: Ask) -> bool:
        at = self.get(_texts(ask))
        return at is not None and time.monotonic() - at < FORGET_SECONDS


def _texts(ask: Ask) -> tuple[str, ...]:
    return (ask.expression, *(variable.expression for variable in ask.variables))


_overran = _Overran()


def _known_bad(ask: Ask) -> bool:
    return _overran.has(ask) or sum(map(len, _texts(ask))) > LONGEST * 4


def _refused(ask: Ask) -> Result:
    return Result(problem=SLOW) if _overran.has(ask) else Result(problem=BROKEN, why="too long")


_read: dict[str, Any] = {}  # expressions as the library has read them, 5 ms each


def _keep(read: dict[str, Any]) -> None:
    if len(_read) > MOST_READ:
        _read.clear()
    _read.update(read)


# ── the children ──


class _Child:
    """One process, started when first needed and again when it has ended."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.knows: set[tuple[str, ...]] = set()

    def ask(self, batch: dict[str, Any], expected: int) -> tuple[list[Result], str]:
        """The results there are, and how it ended if there are too few."""
        process, stopped = self.running(), threading.Event()
        request = fhirjson.dumps(batch | {"read": self._untold(batch["asks"])}).encode()

        def end() -> None:
            stopped.set()
            _kill(process)

        late = threading.Timer(WALL_SECONDS, end)
        late.start()
        found: list[Result] = []
        try:
            process.stdin.write(_HEAD.pack(len(request)) + request)
            process.stdin.flush()
            ended = self._answers(found, expected)
        except OSError:
            ended = GONE
        late.cancel()
        if ended == GONE:
            self.stop()
        if ended == ITSELF:
            self.knows.clear()
        return found, LATE if ended == GONE and stopped.is_set() else ended

    def _answers(self, found: list[Result], expected: int) -> str:
        while len(found) < expected:
            answer = self._read()
            if answer is None:
                return GONE
            if "ended" in answer or "turn" in answer:
                return ITSELF if "ended" in answer else TURN
            _keep(answer.get("read", {}))
            found.append(Result(answer.get("values", []), answer.get("problem"), answer.get("why", "")))
        return ""

    def _untold(self, asks: list[Ask]) -> dict[str, Any]:
        """What was read before, by it or the other one, and is not told it yet."""
        fresh = [texts for ask in asks if (texts := _texts(ask)) not in self.knows]
        self.knows.update(fresh)
        return {text: _read[text] for texts in fresh for text in texts if text in _read}

    def _read(self) -> dict[str, Any] | None:
        head = self.process.stdout.read(_HEAD.size)
        if len(head) < _HEAD.size:
            return None
        size = _HEAD.unpack(head)[0]
        body = self.process.stdout.read(size)
        try:
            return fhirjson.loads(body) if len(body) == size else None
        except fhirjson.NotJson:
            return None

    def running(self) -> subprocess.Popen[bytes]:
        if self.process is None or self.process.poll() is not None:
            self.stop()
            self.process = subprocess.Popen(
                [sys.executable, "-m", "app.core.fhirpath"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=_HOUSE,
                start_new_session=True,
            )  # fmt: skip
        return self.process

    def stop(self) -> None:
        process, self.process = self.process, None
        self.knows.clear()
        if process:
            _kill(process)
            for pipe in (process.stdin, process.stdout):
                with suppress(OSError):  # what was left to write
                    pipe.close()
            process.wait()


def _kill(process: subprocess.Popen[bytes]) -> None:
    """It and the fork that works for it: they are a group of their own."""
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()


_children = tuple(_Child() for _n in range(CHILDREN))
_free: Queue[_Child] = Queue()
for _child in _children:
    _free.put(_child)


def _send(request: dict[str, Any], expected: int) -> tuple[list[Result], str]:
    """Whoever has waited longest is served next; a batch keeps a child for no longer than its limit."""
    child = _free.get()
    try:
        return child.ask(request, expected)
    finally:
        _free.put(child)


def warm() -> None:
    """Start both children, so that nobody waits for that."""
    for child in _children:
        child.running()


def stop() -> None:
    for child in _children:
        child.stop()


atexit.register(stop)


if __name__ == "__main__":
    from app.core.fhirpath_child import serve

    serve()
