from typing import Any

from app.clinic import work
from app.tasks import sweep


@sweep.step
def ring(state: Any) -> None:
    work.ring(state.db)
