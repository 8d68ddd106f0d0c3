"""Who looked: noted at once, written within a second, so that a page never waits for the writer."""

import logging
import threading
import time

from app.clinic import patients
from app.core.db import Database
from app.core.errors import Refusal

SLOT_SECONDS = 600
log = logging.getLogger(__name__)


class Looks:
    """One row per actor, patient, ten minutes and way of looking: view, print, export, play."""

    def __init__(self, db: Database, every: float = 0.5) -> None:
        self._db, self._every = db, every
        self._noted: set[tuple[int, int, int, str]] = set()
        self._known: set[tuple[int, int, int, str]] = set()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="looks", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def note(self, actor_id: int, patient_id: int, how: str = "view") -> None:
        look = (patient_id, int(time.time()) // SLOT_SECONDS, actor_id, how)
        if look not in self._known:
            self._noted.add(look)

    def flush(self) -> None:
        looks = set(self._noted)
        if not looks:
            return
        patients.write_looks(self._db, looks)
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
