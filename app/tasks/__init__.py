"""Work beside the pages: huey in this process is clock and hands, never memory.

What must happen stands in the clinic's tables; the sweep (at start and every half minute) claims
what is due. Events only wake it sooner. A task module adds its part with `@sweep.step`, hears events
with `sweep.wake_on(...)`, and does what takes longer than a moment in a `@huey.task()` of its own.
"""

import logging
import threading
from typing import Any

from huey import MemoryHuey
from huey.consumer import Consumer

from app.core.events import Event

huey = MemoryHuey("yihe", results=False)

from app.tasks import troubles  # noqa: E402, F401, I001  looks before the others step
from app.tasks import backup, box, chain, dossiers, encounters, imports, invitations, leaving, nightly, presence, reminders, reports, rosters, sweep, weekly  # noqa: E402, F401  task modules need huey; each adds its step

EVERY = 30  # seconds
WORKERS = 4  # one may render, one may re-evaluate, one may wait for a backup, one stays for the sweep

log = logging.getLogger("yihe.tasks")


class Embedded(Consumer):
    """A consumer that leaves the signals to the server it lives in."""

    def _set_signal_handlers(self) -> None:
        pass


class Running:
    """One clinic's consumer; state is the app's: db, folder, files."""

    def __init__(self, state: Any) -> None:
        self.consumer = Embedded(
            huey, workers=WORKERS, periodic=False, max_delay=0.5, check_worker_health=False, shutdown_timeout=20
        )
        self.stopping, self.stopped = False, threading.Event()
        self.beaten = threading.Event()
        self.nudged = False
        sweep.state = state
        state.db.after(self.hear)
        state.db.faults.heard = self.hurry
        self.ticking = threading.Thread(target=self.tick, name="sweep", daemon=True)

    def tick(self) -> None:
        """Beat evenly: huey's own schedule goes by the box's clock, and one that is set back would stop the sweep for as long."""
        while not self.stopped.wait(EVERY):
            if self.beaten.is_set():  # the last one is done
                self.beaten.clear()
                beat()

    def hurry(self) -> None:
        """The disk failed somebody: have it said over the pages now. Not from inside a sweep, which goes on to say it."""
        if not self.stopping and not self.nudged and not sweep.going_on():
            self.nudged = True
            nudge()

    def hear(self, events: list[Event]) -> None:
        """After a commit: only wake what the next beat would find anyway."""
        if not self.stopping and not self.nudged and any(event.kind in sweep.WAKES for event in events):
            self.nudged = True
            nudge()


_running: Running | None = None


def start(state: Any) -> Running:
    """Begin to sweep; call once per process."""
    global _running
    logging.getLogger("huey").setLevel(logging.WARNING)
    huey.storage.flush_all()
    _running = Running(state)
    _running.consumer.start()
    _running.ticking.start()
    beat()
    return _running


def stop(running: Running) -> None:
    """Let what is being done finish; what was not begun stands in the tables."""
    running.stopping = True
    running.stopped.set()
    running.ticking.join()
    running.consumer.stop(graceful=True)
    huey.storage.flush_all()


@huey.task()
def beat() -> None:
    try:
        sweep.once()
    finally:
        if _running:
            _running.beaten.set()


@huey.task()
def nudge() -> None:
    if _running:
        _running.nudged = False
    sweep.once()
