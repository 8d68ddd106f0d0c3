"""The door before the door: by http there is the page that hands out the clinic's authority, and the way on by https."""

from collections.abc import Callable
from typing import Any

from app.core.network import Network
from app.serving.answers import say
from app.serving.hosts import asked_for

PAGE, OPEN = "/hello", ("hello", "static")
NOT_HERE = """\
请用 https:// 打开。
Please open this by https://
"""


class Hello:
    """Around the app. Nobody is signed in here: what a browser sends by http has been read by whoever listens."""

    def __init__(self, app: Any, network: Network) -> None:
        self.app, self.network = app, network

    async def __call__(self, scope: dict[str, Any], receive: Callable, send: Callable) -> None:
        path = PAGE if scope["path"] == "/" else scope["path"]
        if scope["method"] not in ("GET", "HEAD"):
            await say(send, 403, NOT_HERE)
        elif path.split("/")[1] in OPEN and not self.network.shown.own:
            headers = [header for header in scope["headers"] if header[0] not in (b"cookie", b"authorization")]
            await self.app(scope | {"path": path, "raw_path": path.encode(), "headers": headers}, receive, send)
        else:
            await self._lead_on(scope, send)

    async def _lead_on(self, scope: dict[str, Any], send: Callable) -> None:
        """Never for good: browsers keep that, and the clinic may be served otherwise tomorrow."""
        there = self.network.at(self._host(asked_for(scope) or ""))
        question = b"?" + scope["query_string"] if scope["query_string"] else b""
        headers = [(b"location", there.encode() + scope["raw_path"] + question), (b"content-length", b"0"), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": 307, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    def _host(self, asked: str) -> str:
        """What was asked for, where the certificate is for that."""
        return asked if self.network.shown.covers(asked) else ""
