"""A lock that is given in the order it was asked for."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from app.core.errors import Busy


class FairLock:
    """First come, first served, with a timeout; a plain Lock may starve who waits longest."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Event] = deque()

    @contextmanager
    def held(self, seconds: float) -> Iterator[None]:
        """Hold the lock. Raises Busy when it is not free within `seconds`."""
        self._acquire(seconds)
        try:
            yield
        finally:
            self._release()

    def _acquire(self, seconds: float) -> None:
        turn = threading.Event()
        with self._guard:
            if not self._taken:
                self._taken = True
                return
            self._waiting.append(turn)
        if turn.wait(seconds):
            return
        with self._guard:
            if turn.is_set():  # handed over in the very moment of giving up
                return
            self._waiting.remove(turn)
        raise Busy()

    def _release(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False
