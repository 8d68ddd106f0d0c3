"""When each screen was last touched is written down, so that a restart opens none that had closed."""

from typing import Any

from app.tasks import sweep


@sweep.step
def write(state: Any) -> None:
    state.presence.flush()
