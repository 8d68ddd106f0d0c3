"""By which names the clinic answers: a page elsewhere that had its own name point at this machine is not served."""

import socket
from collections.abc import Callable, Collection
from typing import Any

from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from app.core import hosts, settings
from app.serving.answers import MALFORMED, say

NOT_BESIDE = """\
请用诊所的网址打开。
Please open this by the clinic's own address.
"""
UNKNOWN = """\
诊所的系统不认识这个网址。请用屏幕或贴纸上的网址打开。要添加网址，请负责人打开：管理 › 患者入口。
The clinic does not know this address. Please open the one on the screen or the label. To add a name, the owner opens: Manage › Patients' entrance.
"""


LENGTHS = {b"content-length", b"transfer-encoding"}  # of whoever says both, a proxy before us may believe the other one
LONGEST_PATH, LONGEST_PART = 1000, 255  # bytes; a file could not be called by more


class KnownHosts:
    """Around an app: a malformed Host is 400, one that is not ours 421.

    Ours are loopback, this machine's own names, what the network calls it, what the owner has added, and `named` when it was started.
    The number a browser connected to is ours too: nobody can make it another's.
    """

    def __init__(self, app: Any, state: Any, named: Collection[str] = ()) -> None:
        self.app, self.state = app, state
        machine = socket.gethostname().lower()
        self.always = {*hosts.LOOPBACK, machine, f"{machine}.local", *(name.lower() for name in named)}

    async def __call__(self, scope: dict[str, Any], receive: Callable, send: Callable) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        host = asked_for(scope)
        if host is None:
            await say(send, 400, MALFORMED)
        elif self._ours(host, scope):
            await self.app(scope, receive, send)
        else:
            await say(send, 421, UNKNOWN)

    def _ours(self, host: str, scope: dict[str, Any]) -> bool:
        """The owner's names are asked for last: they are read from the file."""
        here, network = hosts.number(scope["server"][0]) if scope.get("server") else "", self.state.network
        if host in self.always or host == here or host in network.hosts() or (network.shown and network.shown.covers(host)):
            return True
        return host in settings.get(self.state.db, "other_hosts", [])


class Proxied:
    """Around an app that only a proxy reaches: whom it speaks for, and whether by TLS, stands in its headers. Nobody else comes in beside it."""

    def __init__(self, app: Any, proxy: str) -> None:
        self.app, self.proxy = ProxyHeadersMiddleware(app, [proxy]), proxy

    async def __call__(self, scope: dict[str, Any], receive: Callable, send: Callable) -> None:
        if scope["type"] == "http" and hosts.number(scope["client"][0]) != self.proxy:
            await say(send, 403, NOT_BESIDE)
        else:
            await self.app(scope, receive, send)


def asked_for(scope: dict[str, Any]) -> str | None:
    """The name or number in the one Host header, in small letters and without its port; None where that is not how one looks."""
    given = [value for name, value in scope["headers"] if name == b"host"]
    if len(given) != 1 or not _is_path(scope["path"]) or LENGTHS <= {name for name, _value in scope["headers"]}:
        return None
    return hosts.read(given[0].decode("latin-1"))


def _is_path(path: str) -> bool:
    """One that a page or a file of ours could have."""
    given = path.encode()
    return path.startswith("/") and "\0" not in path and len(given) <= LONGEST_PATH and max(map(len, given.split(b"/"))) <= LONGEST_PART
