"""What is wrong with the house, looked at first in every sweep: the other steps may be what stumbles over it."""

from typing import Any

from app.tasks import sweep


@sweep.step
def look(state: Any) -> None:
    state.troubles.look(state)
