"""By which names the clinic answers: a page elsewhere that had its own name point at this machine is not served."""

import re
from collections.abc import Callable, Collection
from ipaddress import ip_address
from typing import Any

LOOPBACK = {"localhost", "127.0.0.1", "::1"}
HOST = re.compile(r"(?:\[(?P<six>[0-9a-f:.]{2,45})\]|(?P<name>[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?))\.?(?::(?P<port>[0-9]{1,5}))?", re.IGNORECASE)
MALFORMED = """\
这个请求无法识别。
This request could not be understood.
"""
UNKNOWN = """\
诊所的系统不认识这个网址。请用屏幕或贴纸上的网址打开。要添加网址，请负责人打开：管理 › 患者入口。
The clinic does not know this address. Please open the one on the screen or the label. To add a name, the owner opens: Manage › Patients' entrance.
"""


class KnownHosts:
    """Around an app: a malformed Host is 400, one that is not ours 421.

    known: our names and numbers besides loopback; asked at each request, because they change. The number a browser connected to is
    always ours: nobody can make it another's.
    """

    def __init__(self, app: Any, known: Callable[[], Collection[str]]) -> None:
        self.app, self.known = app, known

    async def __call__(self, scope: dict[str, Any], receive: Callable, send: Callable) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        host = asked_for(scope)
        if host is None:
            await say(send, 400, MALFORMED)
        elif host in LOOPBACK or host in here(scope) or host in {name.lower() for name in self.known()}:
            await self.app(scope, receive, send)
        else:
            await say(send, 421, UNKNOWN)


def asked_for(scope: dict[str, Any]) -> str | None:
    """The name or number in the one Host header, in small letters and without its port; None where that is not how one looks."""
    given = [value for name, value in scope["headers"] if name == b"host"]
    if len(given) != 1 or not scope["path"].startswith("/"):
        return None
    return read(given[0].decode("latin-1"))


def read(typed: str) -> str | None:
    """A name or number with or without a port."""
    found = HOST.fullmatch(typed)
    if not found or int(found["port"] or 1) not in range(1, 65536):
        return None
    if found["six"] is None:
        return found["name"].lower()
    try:
        return str(ip_address(found["six"]))
    except ValueError:
        return None


def here(scope: dict[str, Any]) -> set[str]:
    """The number of ours that was connected to."""
    server = scope.get("server")
    return {server[0].partition("%")[0].removeprefix("::ffff:")} if server else set()


async def say(send: Callable, status: int, text: str) -> None:
    """A short answer before the app is asked, with the headers of all answers."""
    from app.main import HEADERS, PRIVATE

    body = text.encode()
    headers = HEADERS | PRIVATE | {"Content-Type": "text/plain; charset=utf-8", "Content-Length": str(len(body)), "Connection": "close"}
    await send({
        "type": "http.response.start", "status": status,
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
    })
    await send({"type": "http.response.body", "body": body})
