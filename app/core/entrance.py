"""The patients' entrance as it stands just now: app/serving opens and shuts it, pages read it and say when a setting has changed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.core import troubles
from app.core.hosts import LOOPBACK
from app.core.network import Network
from app.core.troubles import Trouble
from app.core.words import N_

PORT = 8088


def _nobody() -> None:
    """Where nothing is served, in a test or a command, nothing follows a setting."""


@dataclass
class Entrance:
    """port: 0 while it is shut. trouble: why it is shut though it should be open: `taken` or `forbidden`. follow: do as the settings say."""

    port: int = 0
    trouble: str = ""
    follow: Callable[[], None] = _nobody

    def address(self, network: Network, reached: str) -> str:
        """Where phones find it; blank while it is shut. reached: the number of ours by which who asks has come, which phones beside them reach too."""
        host = network.by_number() if reached in (*LOOPBACK, "") else reached
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}" if self.port else ""


def look(state: Any) -> Trouble | None:
    if not state.entrance.trouble:
        return None
    return Trouble("entrance", "amber", N_("The patients' entrance could not be opened: phones cannot fill in questionnaires just now."), act="/manage/entrance")


troubles.watch("entrance", look)
