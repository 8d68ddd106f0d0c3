"""Consultations that nobody has signed for a day become work; looked for at every beat, so that none waits for the night."""

from typing import Any

from app.clinic import work
from app.tasks import sweep


@sweep.step
def look(state: Any) -> None:
    work.ask_to_sign(state.db)
