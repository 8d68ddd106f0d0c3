"""The clinic on its network: what it is shown by, where it is found, and noticing when that changes."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.core import clock, settings
from app.core.network import NAME, Network
from app.serving import addresses
from app.serving.names import Name
from app.serving.secure import Brought, Own

LOOK_SECONDS = 20

log = logging.getLogger("yihe.network")


def certificate(data: Path, brought: Path | None, key: Path | None) -> Own | Brought:
    return Brought(brought, key) if brought and key else Own(data / "keys")


class Lan:
    """state: the app's; its `network` is kept up to date. host: where the doors listen. names: others by which the clinic is known.
    say: what the terminal is told."""

    def __init__(self, state: Any, certificate: Own | Brought, host: str, names: list[str], say: Callable[[str], None]) -> None:
        self.state, self.certificate, self.host, self.names, self.say = state, certificate, host, names, say
        self.name = Name()

    @property
    def network(self) -> Network:
        return self.state.network

    @property
    def wanted(self) -> str:
        return settings.get(self.state.db, "lan_name", NAME)

    def look(self) -> None:
        """See to the numbers and the certificate. Raises Unusable, OSError where nothing can be shown."""
        self.network.addresses = addresses.present(self.host) or self.network.addresses
        others = [*self.names, *settings.get(self.state.db, "other_hosts", [])]
        before = self.network.shown
        self.network.shown = self.certificate.show([self.network.name or f"{self.wanted}.local", *others, *self.network.addresses], clock.now())
        if self.network.shown.not_renewed and not (before and before.not_renewed):
            log.error("the certificate could not be renewed: %s", self.network.shown.not_renewed)

    async def watch(self) -> None:
        """As long as the doors are open, whatever goes wrong meanwhile."""
        known: tuple[str, ...] = ()
        try:
            while True:
                try:
                    known = await self._once(known)
                except Exception as error:
                    log.error("a look at the network failed: %s", type(error).__name__)
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            await self.name.give_up()

    async def _once(self, known: tuple[str, ...]) -> tuple[str, ...]:
        """known: the numbers of the last look, none at the first."""
        await asyncio.to_thread(self.look)
        now = self.network.addresses
        if known and now != known:
            self.say(f"The address has changed · 地址变了：{'  ·  '.join(map(self.network.at, now))}")
        await self._follow(now != known)
        if now and settings.get(self.state.db, "lan_address") is None:  # the first is known; a later one once the owner has seen it
            await asyncio.to_thread(settings.put, self.state.db, None, lan_address=now[0])
        return now

    async def _follow(self, changed: bool) -> None:
        """Go by the name that is wanted, at the numbers of the moment. One asked for on the page is taken at the next look."""
        wanted = self.wanted
        if not changed and self.network.wanted == wanted and self.network.name and not await self.name.lost():
            return
        before, self.network.wanted = self.network.name, wanted
        self.network.name = await self._take(wanted)
        if self.network.name != before and self.network.name:
            await asyncio.to_thread(self.look)
            self.say(f"Found on the network by name · 网络上的名称：{self.network.at()}")
            if settings.get(self.state.db, "lan_name") is None:  # the first it gets is its own from now on, whoever starts sooner
                self.network.wanted = self.network.name.removesuffix(".local")
                await asyncio.to_thread(settings.put, self.state.db, None, lan_name=self.network.wanted)

    async def _take(self, wanted: str) -> str:
        """Blank where nobody can be told, or where the clinic's certificate is for other names."""
        shown = self.network.shown
        if not self.network.addresses or (shown.own and not shown.covers(f"{wanted}.local")):
            return ""
        try:
            return await self.name.take(wanted, list(self.network.addresses), self.network.port)
        except OSError:  # a network without multicast: the page says so, and it is tried again
            return ""
