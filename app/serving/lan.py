"""The clinic on its network: what it is shown by, where it is found, and noticing when that changes."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.core import clock, settings
from app.core.network import Network
from app.serving import addresses
from app.serving.secure import Brought, Own, Unusable

LOOK_SECONDS = 20

log = logging.getLogger("yihe.network")


def begin(state: Any, certificate: Path | None, key: Path | None, say: Callable[[str], None]) -> "Lan":
    """The clinic on the network, its certificate made or read, before its doors open. Raises Unusable, OSError."""
    shown = Brought(certificate, key) if certificate and key else Own(state.folder / "keys")
    begun = Lan(state, shown, say)
    begun.look()
    return begun


class Lan:
    """state: the app's; its `network` is kept up to date. say: what the terminal is told."""

    def __init__(self, state: Any, certificate: Own | Brought, say: Callable[[str], None]) -> None:
        self.state, self.certificate, self.say = state, certificate, say

    @property
    def network(self) -> Network:
        return self.state.network

    def look(self) -> bool:
        """See to the number and the certificate; whether the number has changed. Raises Unusable, OSError."""
        before, self.network.addresses = self.network.addresses, addresses.present() or self.network.addresses
        names = [self.network.name] if self.network.name else []
        self.network.shown = self.certificate.show(names, list(self.network.addresses), clock.now())
        self._learn()
        return self.network.addresses != before

    def _learn(self) -> None:
        """The first number is known from now on; a later one, once the owner has seen it."""
        if self.network.addresses and settings.get(self.state.db, "lan_address") is None:
            settings.put(self.state.db, None, lan_address=self.network.by_number())

    async def watch(self) -> None:
        """As long as the doors are open."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                if await asyncio.to_thread(self.look):
                    self.say(self.network.at(self.network.by_number()))
                self.network.troubles.pop("renewal", None)
            except (Unusable, OSError) as problem:
                self.network.troubles["renewal"] = str(problem)
                log.error("the certificate was not renewed: %s", problem)
