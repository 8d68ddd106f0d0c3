"""Slow, half-open and greedy visitors: each is given time and room, and none is given anybody else's.

A connection is let go when it does not get on: a handshake or headers that do not come to their end, a body that drips, an
answer that nobody takes. When there is no room left, whoever holds most of it and only stands there makes way.
"""

import asyncio
import errno
import socket
import ssl
from collections import Counter
from collections.abc import Callable
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

from app.core import hosts

HANDSHAKE_SECONDS = 10  # who begins to speak TLS and stops is let go
GOODBYE_SECONDS = 5  # of TLS: an answer to "that was all"
SILENT_SECONDS = 30  # connected and nothing said: browsers do so before they know what to ask
HEADER_SECONDS = 10  # from a request's first byte to the end of its headers
STEP_SECONDS, STEP_BYTES = 20, 4096  # a body, or an answer being taken, moves on by so much in so long
LOOK_SECONDS = 2
MOST, MOST_OF_ONE = 256, 64  # connections, and of one address: a second router shows all its tablets as one
FULL = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}


class Visitor(H11Protocol):
    """uvicorn's own connection, looked at every two seconds. `gone` is set when it is over."""

    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(transport)
        self.gone, self.received = asyncio.Event(), 0
        self.doing, self.since, self.amount = self.does(), self.loop.time(), 0
        self.looking = self.loop.call_later(LOOK_SECONDS, self.look)

    def data_received(self, data: bytes) -> None:
        self.received += len(data)
        super().data_received(data)

    def connection_lost(self, problem: Exception | None) -> None:
        self.looking.cancel()
        super().connection_lost(problem)
        self._unset_keepalive_if_required()  # uvicorn leaves it after a broken connection, which it then holds in memory
        self.gone.set()

    def does(self) -> str:
        """taking: our answer. silent or asking: its headers are not whole. sending: its body. resting: between requests. waiting: for us."""
        cycle = self.cycle
        if self.transport.get_write_buffer_size():
            return "taking"
        if cycle and cycle.more_body and not self.flow.read_paused and not cycle.waiting_for_100_continue:
            return "sending"
        if cycle and not cycle.response_complete:
            return "waiting"
        if self.conn.trailing_data[0]:
            return "asking"
        return "resting" if cycle else "silent"

    def look(self) -> None:
        """Has it got on since it began what it does?"""
        now, does = self.loop.time(), self.does()
        if does != self.doing or self.moved():
            self.doing, self.since, self.amount = does, now, self.standing()
        elif now - self.since > PATIENCE.get(does, float("inf")):
            self.transport.abort()
            return
        self.looking = self.loop.call_later(LOOK_SECONDS, self.look)

    def standing(self) -> int:
        return self.transport.get_write_buffer_size() if self.doing == "taking" else self.received

    def moved(self) -> bool:
        """Enough for it to go on. More waiting to be taken than before: some was, or the app would not have added to it."""
        if self.doing == "taking":
            waiting = self.transport.get_write_buffer_size()
            return waiting > self.amount or waiting <= self.amount - STEP_BYTES
        return self.doing == "sending" and self.received >= self.amount + STEP_BYTES

    def idle(self) -> bool:
        return self.does() in ("silent", "asking", "resting")


PATIENCE = {"silent": SILENT_SECONDS, "asking": HEADER_SECONDS, "sending": STEP_SECONDS, "taking": STEP_SECONDS}


class Visit:
    """One connection from its first packet on. visitor: once it is through the handshake."""

    def __init__(self, whose: str) -> None:
        self.whose = whose
        self.visitor: Visitor | None = None
        self.task: asyncio.Task | None = None

    def leave(self) -> None:
        if self.visitor:
            self.visitor.transport.abort()
        elif self.task:
            self.task.cancel()


class Porch:
    """In place of asyncio's server at one listening socket: lets in whoever comes, as long as there is room.

    spared: an address whose connections are many people's, which is a proxy's.
    """

    def __init__(
        self, listening: socket.socket, visitor: Callable[[], Visitor], tls: ssl.SSLContext | None = None,
        most: int = MOST, most_of_one: int = MOST_OF_ONE, spared: str = "",
    ) -> None:
        listening.setblocking(False)
        self.listening, self.visitor, self.tls = listening, visitor, tls
        self.most, self.most_of_one, self.spared = most, most_of_one, spared
        self.visits: dict[Visit, None] = {}  # in the order they came
        self.accepting = asyncio.get_running_loop().create_task(self._accept())

    async def shut(self) -> None:
        """Nobody comes in any more; who is inside goes on. Only then may the socket be closed: its number is still watched."""
        self.accepting.cancel()
        await asyncio.gather(self.accepting, return_exceptions=True)

    def close(self) -> None:
        self.accepting.cancel()

    async def wait_closed(self) -> None:
        """uvicorn has waited for those inside."""

    async def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        while self.listening.fileno() >= 0:
            try:
                connection, address = await loop.sock_accept(self.listening)
            except OSError as problem:
                await asyncio.sleep(1 if problem.errno in FULL else 0)
                continue
            self._let_in(connection, hosts.visitor(address[0]))

    def _let_in(self, connection: socket.socket, whose: str) -> None:
        if not self._room(whose):
            connection.close()
            return
        visit = Visit(whose)
        self.visits[visit] = None
        visit.task = asyncio.get_running_loop().create_task(self._attend(visit, connection))

    async def _attend(self, visit: Visit, connection: socket.socket) -> None:
        secure: dict[str, Any] = {
            "ssl": self.tls, "ssl_handshake_timeout": HANDSHAKE_SECONDS, "ssl_shutdown_timeout": GOODBYE_SECONDS,
        } if self.tls else {}
        try:
            loop = asyncio.get_running_loop()
            _transport, visit.visitor = await loop.connect_accepted_socket(self.visitor, connection, **secure)
            await visit.visitor.gone.wait()
        except OSError:
            pass  # no handshake, or gone before it began
        finally:
            self.visits.pop(visit, None)

    def _room(self, whose: str) -> bool:
        """Whether one more may come in; somebody who only stands there is sent away for it, of the address that holds most."""
        held = Counter(visit.whose for visit in self.visits)
        if whose != self.spared and held[whose] >= self.most_of_one:
            return self._send_away(whose)
        if len(self.visits) >= self.most:
            return self._send_away(held.most_common(1)[0][0])
        return True

    def _send_away(self, whose: str) -> bool:
        for visit in self.visits:
            if visit.whose == whose and (visit.visitor is None or visit.visitor.idle()):
                del self.visits[visit]
                visit.leave()
                return True
        return False

