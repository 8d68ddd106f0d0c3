"""Who comes in: each visitor is given room, and none is given anybody else's.

A handshake that stops is let go. When there is no room left, whoever holds most of it and only stands there makes way.
"""

import asyncio
import errno
import socket
import ssl
from collections import Counter
from collections.abc import Callable
from typing import Any

from app.core import hosts
from app.serving.patience import Visitor

HANDSHAKE_SECONDS = 10  # who begins to speak TLS and stops is let go
GOODBYE_SECONDS = 5  # of TLS: an answer to "that was all"
MOST, MOST_OF_ONE = 256, 64  # connections, and of one address: a second router shows all its tablets as one
FULL = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}


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

