"""How the clinic is reached just now: app/serving keeps it up to date, pages and the entrance read it."""

from dataclasses import dataclass
from datetime import datetime

HTTP, HTTPS = 80, 443
NAME = "yihe"


@dataclass
class Shown:
    """What a browser is shown, and what it must trust for that: our authority, PEM. own: the clinic brought a certificate that needs none.

    not_renewed: why the one that should have taken its place is not shown, blank while all is well.
    """

    names: tuple[str, ...]
    addresses: tuple[str, ...]
    until: datetime
    fingerprint: str
    authority: bytes = b""
    own: bool = False
    not_renewed: str = ""

    def covers(self, host: str) -> bool:
        return host in self.addresses or host in self.names or f"*.{host.partition('.')[2]}" in self.names


@dataclass
class Network:
    """port: of https, 0 where only this machine is served. hello_port: of the page that hands out the authority.

    name: how others find us without knowing a number, "" where that cannot be. wanted: what it would be without `.local` if nobody
    else had it. addresses: this machine's, the best first.
    """

    port: int = 0
    hello_port: int = 0
    name: str = ""
    wanted: str = ""
    addresses: tuple[str, ...] = ()
    shown: Shown | None = None

    def at(self, host: str = "") -> str:
        """Where staff open the clinic: by name, or by `host`."""
        return f"https://{host or self.host()}{'' if self.port == HTTPS else f':{self.port}'}"

    def hello(self, host: str = "") -> str:
        """Where a device begins that does not know the clinic's certificate yet: by number, which every device understands."""
        return f"http://{host or self.by_number()}{'' if self.hello_port == HTTP else f':{self.hello_port}'}"

    def first(self) -> str:
        """What a new device scans; with a certificate that every device knows, the clinic itself."""
        return self.at() if self.shown and self.shown.own else self.hello()

    def host(self) -> str:
        named = [name for name in self.shown.names if not name.startswith("*")] if self.shown and self.shown.own else []
        return self.name or next(iter(named), "") or self.by_number()

    def by_number(self) -> str:
        return self.addresses[0] if self.addresses else "127.0.0.1"

    def hosts(self) -> set[str]:
        """Every name and number the clinic answers to, besides this machine's own."""
        certified = {*self.shown.names, *self.shown.addresses} if self.shown else set()
        return {*self.addresses, *certified, *([self.name] if self.name else [])}
