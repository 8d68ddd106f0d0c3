"""The sweep: every part looks into the tables for what is due, claims it, and does it or hands it on.

A step gets the app's state (db, folder, files) and must be quick, idempotent and safe to be killed.
"""

import logging
import threading
from collections.abc import Callable
from typing import Any

Step = Callable[[Any], Any]

STEPS: list[Step] = []
WAKES: set[str] = set()
state: Any = None

log = logging.getLogger("yihe.tasks")
_one_at_a_time = threading.Lock()


def step(look: Step) -> Step:
    """Have `look(state)` called at every sweep."""
    STEPS.append(look)
    return look


def wake_on(*kinds: str) -> None:
    """Events after which the sweep need not wait for its next beat."""
    WAKES.update(kinds)


def going_on() -> bool:
    return _one_at_a_time.locked()


def once() -> None:
    """All steps, one after the other; a broken one does not keep the others from their work."""
    with _one_at_a_time:
        for look in STEPS:
            try:
                look(state)
            except Exception as error:
                # the traceback's values may name a person: only where and what kind
                log.error("sweep step %s failed: %s", look.__module__, type(error).__name__)
