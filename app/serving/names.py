"""A name on the network, by multicast DNS: `yihe.local`, as long as nobody else is called that."""

import asyncio
from ipaddress import IPv4Address

from zeroconf import DNSOutgoing, DNSQuestion, IPVersion, NonUniqueNameException, ServiceNameAlreadyRegistered, current_time_millis
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf
from zeroconf.const import _CLASS_IN as IN
from zeroconf.const import _FLAGS_QR_QUERY as FLAGS_QUERY
from zeroconf.const import _TYPE_A as A

SERVICE = "_https._tcp.local."
MOST = 9  # yihe.local, yihe-2.local … yihe-9.local
ASK_SECONDS = 0.8


class Name:
    """The name this machine goes by; blank before `take` and after `give_up`."""

    def __init__(self) -> None:
        self.name = ""
        self._voice: AsyncZeroconf | None = None
        self._info: AsyncServiceInfo | None = None

    async def take(self, wanted: str, addresses: list[str], port: int) -> str:
        """Go by `wanted` or by the first number after it that nobody has. Raises OSError where names cannot be had here."""
        await self.give_up()
        self._voice = AsyncZeroconf(interfaces=addresses, ip_version=IPVersion.V4Only)
        for name in (wanted, *(f"{wanted}-{number}" for number in range(2, MOST + 1))):
            if not await self._others(name, addresses) and await self._register(name, addresses, port):
                self.name = f"{name}.local"
                return self.name
        await self.give_up()
        return ""

    async def lost(self) -> bool:
        """Whether another machine goes by our name too, and it is for us to step back: of two the higher number does."""
        if not self._info:
            return False
        mine = {IPv4Address(number) for number in self._info.parsed_addresses()}
        others = {IPv4Address(number) for number in await self._others(self.name.removesuffix(".local"), list(map(str, mine)))}
        return bool(others) and min(others) < min(mine)

    async def give_up(self) -> None:
        if self._voice:
            await self._voice.async_close()  # it says good-bye
        self.name, self._voice, self._info = "", None, None

    async def _register(self, name: str, addresses: list[str], port: int) -> bool:
        """Whether the name is ours now."""
        info = AsyncServiceInfo(SERVICE, f"{name}.{SERVICE}", port=port, server=f"{name}.local.", parsed_addresses=addresses)
        try:
            await (await self._voice.async_register_service(info))
        except (NonUniqueNameException, ServiceNameAlreadyRegistered):
            return False
        self._info = info
        return True

    async def _others(self, name: str, mine: list[str]) -> set[str]:
        """The numbers of other machines that answer to the name. Asked twice: who has said it to all just now says it again only a second later."""
        host, voice = f"{name}.local.", self._voice.zeroconf
        await voice.async_wait_for_start()
        question = DNSOutgoing(FLAGS_QUERY)
        question.add_question(DNSQuestion(host, A, IN))
        for _time in range(2):
            voice.async_send(question)
            await asyncio.sleep(ASK_SECONDS)
        heard = [record for record in voice.cache.async_all_by_details(host, A, IN) if not record.is_expired(current_time_millis())]
        return {str(IPv4Address(record.address)) for record in heard} - set(mine)
