"""The child processes FHIRPath is worked out in: two, warm, each ended and replaced when it must be."""

import atexit
import os
import signal
import struct
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from queue import Queue
from typing import Any

from app.core import fhirjson

COUNTED = hasattr(signal, "setitimer")  # whether the system counts a process's own time and ends it; Windows does not
WALL_SECONDS = 3.0 if COUNTED else 0.5  # by the clock: for a machine so busy that the child gets no processor, or where that is all there is
CHILDREN = 2
MOST_READ = 5000
# Why a child has not answered all: it was over its limit, stopped by us, is gone for neither, or it is somebody else's turn.
ITSELF, LATE, GONE, TURN = "itself", "late", "gone", "turn"
_HOUSE = Path(__file__).parents[2]
_HEAD = struct.Struct(">I")

_read: dict[str, Any] = {}  # expressions as the library has read them, 5 ms each


def _keep(read: dict[str, Any]) -> None:
    if len(_read) > MOST_READ:
        _read.clear()
    _read.update(read)


class _Child:
    """One process, started when first needed and again when it has ended."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.knows: set[str] = set()

    def ask(self, batch: dict[str, Any], texts: list[str], expected: int) -> tuple[list[dict[str, Any]], str]:
        """The results there are, and how it ended if there are too few."""
        process, stopped = self.running(), threading.Event()
        request = fhirjson.dumps(batch | {"read": self._untold(texts)}).encode()

        def end() -> None:
            stopped.set()
            _kill(process)

        late = threading.Timer(WALL_SECONDS, end)
        late.start()
        found: list[dict[str, Any]] = []
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

    def _answers(self, found: list[dict[str, Any]], expected: int) -> str:
        while len(found) < expected:
            answer = self._read()
            if answer is None:
                return GONE
            if "ended" in answer or "turn" in answer:
                return ITSELF if "ended" in answer else TURN
            _keep(answer.get("read", {}))
            found.append(answer)
        return ""

    def _untold(self, texts: list[str]) -> dict[str, Any]:
        """What was read before, by it or the other one, and is not told it yet."""
        fresh = [text for text in texts if text not in self.knows]
        self.knows.update(fresh)
        return {text: _read[text] for text in fresh if text in _read}

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


def send(batch: dict[str, Any], texts: list[str], expected: int) -> tuple[list[dict[str, Any]], str]:
    """Whoever has waited longest is served next; a batch keeps a child for no longer than its limit."""
    child = _free.get()
    try:
        return child.ask(batch, texts, expected)
    finally:
        _free.put(child)


def warm() -> None:
    """Start both children, so that nobody waits for that."""
    free = [_free.get() for _child in _children]
    for child in free:
        child.running()
        _free.put(child)


def stop() -> None:
    for child in _children:
        child.stop()


atexit.register(stop)
