"""Who looked: noted at once, written within a second, so that a page never waits for the writer."""

import logging
import threading
import time
from collections.abc import Iterable

from app.clinic import breakglass, patients
from app.core.db import Database
from app.core.errors import Refusal

SLOT_SECONDS = 600
AT_ONCE = 1000  # rows written in one transaction: a list that goes out may hold everybody
log = logging.getLogger(__name__)


class Looks:
    """One row per actor, patient, ten minutes and way of looking: view, print, export, play."""

    def __init__(self, db: Database, every: float = 0.5) -> None:
        self._db, self._every = db, every
        self._noted: set[tuple[int, int, int, str]] = set()
        self._known: set[tuple[int, int, int, str]] = set()
        self._opened: set[breakglass.Look] = set()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="looks", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def note(self, actor_id: int, patient_id: int, how: str = "view") -> None:
        look = (patient_id, int(time.time()) // SLOT_SECONDS, actor_id, how)
        if look not in self._known:
            self._noted.add(look)

    def note_all(self, actor_id: int, people: Iterable[int], how: str) -> None:
        """Everybody on a list that was printed or taken out."""
        for patient_id in people:
            self.note(actor_id, patient_id, how)

    def note_opened(self, look: breakglass.Look) -> None:
        """What somebody opened who had broken the glass."""
        self._opened.add(look)

    def flush(self) -> None:
        if opened := set(self._opened):
            breakglass.write_looks(self._db, opened)
            self._opened -= opened
        looks = set(self._noted)
        if not looks:
            return
        waiting = sorted(looks)
        for first in range(0, len(waiting), AT_ONCE):
            patients.write_looks(self._db, waiting[first : first + AT_ONCE])
        self._noted -= looks
        slot = max(look[1] for look in looks)
        self._known = {look for look in self._known | looks if look[1] == slot}

    def stop(self) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(self._every):
            self._try()
        self._try()

    def _try(self) -> None:
        try:
            self.flush()
        except Refusal:
            log.warning("who looked could not be written yet; it will be tried again")
