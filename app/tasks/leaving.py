"""Answers that call a person, in sittings that were left: looked at every beat; one that cannot be read keeps no other from it."""

import logging
from typing import Any

from app.clinic import work
from app.tasks import sweep

log = logging.getLogger("yihe.tasks")


@sweep.step
def look(state: Any) -> None:
    for response_id in work.left(state.db):
        try:
            work.ask_about(state.db, response_id)
        except Exception as error:
            log.error("sitting of response %s not looked at: %s", response_id, type(error).__name__)
