"""What browsers are shown on the network: a live TLS context whose certificate is renewed while it is in use.

The clinic's own authority is made once and kept in data/keys. A leaf of it is made when there is none, when a third of
its life is left, and when the machine's name or address has changed. Or the clinic brings a certificate of its own: then it is
read again when its files have changed.
"""

import ssl
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from app.core import authority, clock, secret_files
from app.core.authority import Pair
from app.core.network import HTTPS, Network, Shown

OLDEST = ssl.TLSVersion.TLSv1_2


class Unusable(Exception):
    """A certificate that cannot be shown, and why."""


class Own:
    """The clinic's authority and the leaf of the moment. `context` is shared with the open door."""

    def __init__(self, keys: Path) -> None:
        self.keys = keys
        self.context = context()
        self.authority = self._read("ca") or self._made()
        self.leaf, self._showing = self._read("leaf"), None

    def show(self, hosts: list[str], now: datetime) -> Shown:
        """See to it that the door shows a valid leaf for what the authority may vouch for of these, or else the one there is."""
        names, addresses = authority.vouched([*hosts, "localhost", "127.0.0.1"])
        why = "" if self._good(names, addresses, now := max(now, authority.FIRST_DAY)) else self._renew(names, addresses, now)
        if self.leaf != self._showing:
            self.context.load_cert_chain(self.keys / "leaf.pem", self.keys / "leaf.key")
            self._showing = self.leaf
        until, ours = authority.life(self.leaf.certificate)[1], self.authority.certificate
        return Shown(*authority.names_in(self.leaf.certificate), until, authority.fingerprint(ours), ours, not_renewed=why)

    def _renew(self, names: list[str], addresses: list[str], now: datetime) -> str:
        """Why it could not be; a disk that is full or may only be read is no reason to serve nobody."""
        try:
            self._keep("leaf", authority.make_leaf(self.authority, names, addresses, now))
        except OSError as problem:
            if self.leaf is None or not authority.belong(self.authority, self.leaf):
                raise
            return problem.strerror or str(problem)
        self.leaf = self._read("leaf")
        return ""

    def _good(self, names: list[str], addresses: list[str], now: datetime) -> bool:
        if self.leaf is None or not authority.belong(self.authority, self.leaf):
            return False
        begins, ends = authority.life(self.leaf.certificate)
        covered = [set(some) for some in authority.names_in(self.leaf.certificate)]
        return begins <= now < ends - authority.EARLY and covered == [set(names), set(addresses)]

    def _made(self) -> Pair:
        made = authority.make_authority(clock.now())
        self._keep("ca", made)
        return made

    def _read(self, name: str) -> Pair | None:
        try:
            return Pair((self.keys / f"{name}.pem").read_bytes(), (self.keys / f"{name}.key").read_bytes())
        except FileNotFoundError:
            return None

    def _keep(self, name: str, pair: Pair) -> None:
        """The key first: a certificate without its key would be of no use."""
        secret_files.write(self.keys / f"{name}.key", pair.key)
        secret_files.write(self.keys / f"{name}.pem", pair.certificate)


class Brought:
    """The clinic's own certificate with its key, read again when a renewal has replaced them."""

    def __init__(self, certificate: Path, key: Path) -> None:
        self.certificate, self.key = certificate, key
        self.context = context()
        self._seen: tuple[int, int] | None = None
        self._shown: Shown | None = None

    def show(self, hosts: list[str], now: datetime) -> Shown:  # noqa: ARG002  it is for the names that are in it
        """Half a renewal leaves what was shown. Raises Unusable where nothing was."""
        try:
            changed = (self.certificate.stat().st_mtime_ns, self.key.stat().st_mtime_ns)
            if changed != self._seen:
                self._shown, self._seen = self._read(), changed
            self._shown.not_renewed = ""
        except (OSError, ValueError) as problem:
            why = getattr(problem, "strerror", None) or str(problem)
            if self._shown is None:
                raise Unusable(why) from None
            self._shown.not_renewed = why
        return self._shown

    def _read(self) -> Shown:
        """Tried on another context first: half a renewal must not reach the door."""
        for tried in (context(), self.context):
            tried.load_cert_chain(self.certificate, self.key, password="")
        read = self.certificate.read_bytes()
        return Shown(*authority.names_in(read), authority.life(read)[1], authority.fingerprint(read), own=True)


class Strict:
    """Around the app: browsers are told never to come by http again, where nothing of ours is needed to believe us.

    Never with the clinic's own authority: a box that was replaced, a tablet that was reset would be locked out of the very page that
    mends it, and browsers offer no way past. Nor by number, nor beside another port than 443: the header is for a host's every port.
    A month: a clinic that gives its name up is reached again within that.
    """

    def __init__(self, app: Any, network: Network) -> None:
        self.app, self.network = app, network

    async def __call__(self, scope: dict[str, Any], receive: Callable, send: Callable) -> None:
        async def strictly(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start" and self.network.shown.own and self.network.port == HTTPS:
                message = message | {"headers": [*message["headers"], (b"strict-transport-security", b"max-age=2592000")]}
            await send(message)

        await self.app(scope, receive, strictly)


def context() -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = OLDEST
    made.set_alpn_protocols(["http/1.1"])
    return made
