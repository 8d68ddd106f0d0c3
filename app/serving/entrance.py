"""The patients' entrance: a listener of its own for phones, which know no certificate of ours. It leads to the one form and nowhere else."""

import asyncio
import errno
import logging
from collections.abc import Callable, Collection
from typing import Any

from app.core import settings
from app.core.db import Database
from app.core.entrance import PORT, Entrance
from app.serving import listeners
from app.serving.hosts import KnownHosts

COOKIES = {b"yihe_fill": b"yihe_entrance_fill", b"yihe_language": b"yihe_entrance_language"}  # by the app's name: the name on a phone
NOWHERE = "/fill/nowhere"  # no page of ours: its answer is the calm one of the fill pages
WAYS = {"fill": {"GET", "HEAD", "POST"}, "static": {"GET", "HEAD"}}
AGAIN_SECONDS = 30  # until a port is tried again that was taken

log = logging.getLogger("yihe.network")


class PatientsOnly:
    """Around the app: what does not belong to filling in is not there, and no cookie passes but the two of a person who fills in.

    A phone sends its cookies to every port of a machine, so names alone keep them apart: those of staff do not reach the app from
    here, and the app's own go out under other names.
    """

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: dict[str, Any], receive: Callable, send: Callable) -> None:
        if scope["path"] == "/":
            await _to_the_form(send)
            return
        scope = scope | {"headers": [header for header in map(_inward, scope["headers"]) if header]}
        if not allowed(scope["method"], scope["path"]):
            scope |= {"method": "GET", "path": NOWHERE, "raw_path": NOWHERE.encode(), "query_string": b""}

        async def outward(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message = message | {"headers": [header for header in map(_outward, message["headers"]) if header]}
            await send(message)

        await self.app(scope, receive, outward)


def allowed(method: str, path: str) -> bool:
    """The fill pages, what they are drawn with, and the choice of a language."""
    parts = path.split("/")[1:]
    if not parts or "" in parts or {".", ".."} & set(parts) or "\\" in path:
        return False
    if parts == ["language"]:
        return method == "POST"
    return method in WAYS.get(parts[0], ())


def _inward(header: tuple[bytes, bytes]) -> tuple[bytes, bytes] | None:
    """A header of a phone: of its cookies only ours, by the app's names."""
    name, value = header
    if name != b"cookie":
        return None if name == b"authorization" else header
    given = dict(part.strip().partition(b"=")[::2] for part in value.split(b";"))
    kept = [inside + b"=" + given[outside] for inside, outside in COOKIES.items() if outside in given]
    return (name, b"; ".join(kept)) if kept else None


def _outward(header: tuple[bytes, bytes]) -> tuple[bytes, bytes] | None:
    """A header of an answer: of the cookies only ours, by the phone's names; and nothing that browsers complain of where there is no TLS."""
    name, value = header
    if name.lower() != b"set-cookie":
        return None if name.lower() == b"cross-origin-opener-policy" else header
    inside, _mark, rest = value.partition(b"=")
    return (name, COOKIES[inside] + b"=" + rest) if inside in COOKIES else None


async def _to_the_form(send: Callable) -> None:
    await send({"type": "http.response.start", "status": 303, "headers": [(b"location", b"/fill"), (b"cache-control", b"no-store"), (b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


class Keeper:
    """Opens and shuts the entrance as the settings say, while the clinic is served.

    host: the address the other doors listen on; an entrance is no wider than they are.
    """

    def __init__(self, app: Any, host: str, names: Collection[str]) -> None:
        self.state: Any = app.state
        self.app, self.host = KnownHosts(PatientsOnly(app), app.state, [host, *names]), host
        self.server: listeners.Server | None = None
        self.serving: asyncio.Task | None = None

    async def keep(self) -> None:
        """Until cancelled. A port that is taken is tried again."""
        entrance, loop = self.state.entrance, asyncio.get_running_loop()
        entrance.follow = lambda: asyncio.run_coroutine_threadsafe(self.follow(), loop).result(15)
        self.turn = asyncio.Lock()
        try:
            while True:
                try:
                    await self.follow()
                except Exception as error:  # a file that cannot be read just now, say: the next look is soon
                    log.error("the entrance could not be seen to: %s", type(error).__name__)
                await asyncio.sleep(AGAIN_SECONDS)
        finally:
            entrance.follow = Entrance().follow
            await self._shut()

    async def follow(self) -> None:
        async with self.turn:
            port = wanted(self.state.db)
            if port != self.state.entrance.port:
                await self._shut()
                if port:
                    await self._open(port)
            elif not port:
                self.state.entrance.trouble = ""

    async def _open(self, port: int) -> None:
        entrance = self.state.entrance
        try:
            listening = listeners.listen(self.host, port)
        except OSError as problem:
            entrance.trouble = "forbidden" if problem.errno in (errno.EACCES, errno.EPERM) else "taken"
            return
        self.server = listeners.Server(listeners.Door(self.app, listening))
        self.serving = asyncio.create_task(self.server._serve([listening]))
        entrance.port, entrance.trouble = port, ""

    async def _shut(self) -> None:
        """What somebody is just sending in is still taken."""
        self.state.entrance.port = 0
        if self.server and self.serving:
            self.server.should_exit = True
            await self.serving
        self.server = self.serving = None


def wanted(db: Database) -> int:
    """The port on which it should be open, or 0."""
    return settings.get(db, "entrance_port", PORT) if settings.get(db, "entrance_on", False) else 0
