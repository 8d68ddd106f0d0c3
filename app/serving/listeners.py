"""The doors: each a socket with what stands behind it, all in one event loop."""

import asyncio
import gc
import logging
import os
import signal
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from ssl import SSLContext
from typing import Any

import uvicorn
from uvicorn.lifespan.on import LifespanOn

from app.serving.patience import Visitor
from app.serving.porch import Porch

KEEP_SECONDS = 75  # a tablet's connection between two taps
FINISH_SECONDS = 10  # what is being saved may finish; a browser that only listens may not hold us up
BACKLOG = 512

log = logging.getLogger("yihe.network")


@dataclass
class Door:
    """app: ASGI. tls: the live context, for https. spared: a proxy's number, whose connections are many people's."""

    app: Any
    listening: socket.socket
    tls: SSLContext | None = None
    spared: str = ""


class Server(uvicorn.Server):
    """One door of the house; the app itself is started and stopped apart, once."""

    def __init__(self, door: Door) -> None:
        super().__init__(configured(door.app, "off"))
        self.door = door

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """In place of uvicorn's own: who comes in passes the porch, by a context that is renewed while it is used."""
        self.servers = [Porch(self.door.listening, self._visitor, self.door.tls, spared=self.door.spared)]
        self.started = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self.servers[0].shut()
        await super().shutdown(sockets)

    def _visitor(self) -> Visitor:
        return Visitor(config=self.config, server_state=self.server_state, app_state={})


def configured(app: Any, lifespan: str) -> uvicorn.Config:
    return uvicorn.Config(
        app, lifespan=lifespan, loop="asyncio", http=Visitor, ws="none", access_log=False, server_header=False,
        proxy_headers=False,  # who asks is who is connected, whatever a header claims
        log_level="warning", timeout_keep_alive=KEEP_SECONDS, timeout_graceful_shutdown=FINISH_SECONDS,
    )


def listen(host: str, number: int) -> socket.socket:
    """Named TCP, for asyncio sends without waiting (TCP_NODELAY) only then: an answer came 40 ms late. Raises OSError."""
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if os.name != "nt":  # there it would let two programs share a port
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, number))
        listening.listen(BACKLOG)
    except OSError:
        listening.close()
        raise
    return listening


def run(app: Any, doors: list[Door], opened: Callable[[], None], beside: Callable[[], Awaitable[None]]) -> int:
    """Serve until somebody stops us. opened: called when all doors are. beside: runs as long as they are open."""
    servers = [Server(door) for door in doors]
    before = {number: signal.signal(number, lambda *_: _stop(servers)) for number in _signals()}
    try:
        with asyncio.Runner() as runner:
            return runner.run(_live(app, servers, opened, beside))
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _signals() -> list[int]:
    return [signal.SIGINT, signal.SIGTERM, *([signal.SIGBREAK] if hasattr(signal, "SIGBREAK") else [])]


def _stop(servers: list[Server]) -> None:
    """Asked once, what is being answered is finished; asked twice, not."""
    for server in servers:
        server.force_exit = server.should_exit
        server.should_exit = True


async def _live(app: Any, servers: list[Server], opened: Callable[[], None], beside: Callable[[], Awaitable[None]]) -> int:
    """The app lives as long as the last door is open: no answer meets a closed file."""
    config = configured(app, "on")
    config.load()
    lifespan = LifespanOn(config)
    await lifespan.startup()
    if lifespan.should_exit:
        return 1
    try:
        await _serve(servers, opened, beside)
    finally:
        await lifespan.shutdown()
    return 0


async def _serve(servers: list[Server], opened: Callable[[], None], beside: Callable[[], Awaitable[None]]) -> None:
    async with asyncio.TaskGroup() as group:
        for server in servers:
            group.create_task(server._serve([server.door.listening]))
        while not all(server.started for server in servers):
            await asyncio.sleep(0.01)
        settle_memory()
        opened()
        watching = group.create_task(_watched(beside))
        while not all(server.should_exit for server in servers):
            await asyncio.sleep(0.1)
        watching.cancel()


async def _watched(beside: Callable[[], Awaitable[None]]) -> None:
    """Whatever fails there, the doors stay open."""
    try:
        await beside()
    except Exception as error:
        log.error("what runs beside the doors has ended: %s", type(error).__name__)


def settle_memory() -> None:
    """What start-up made stays for ever: looking through it again made a page wait 80 ms every two seconds."""
    gc.collect()
    gc.freeze()
