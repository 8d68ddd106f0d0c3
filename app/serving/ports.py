"""Which ports the clinic is served at: those every browser tries by itself, where this user may have them."""

from socket import socket

import msgspec

from app.core.network import HTTP, HTTPS
from app.serving.listeners import listen

INSTEAD = {HTTPS: 8443, HTTP: 8080}


class Taken(msgspec.Struct):
    """A port that is ours. why: it is not the usual one."""

    listening: socket
    why: str = ""

    @property
    def number(self) -> int:
        return self.listening.getsockname()[1]


def take(host: str, number: int | None, usual: int) -> Taken:
    """The port that was asked for, or else the usual one, or else the one instead of it. Raises OSError."""
    if number is not None:
        return Taken(listen(host, number))
    try:
        return Taken(listen(host, usual))
    except OSError as problem:
        return Taken(listen(host, INSTEAD[usual]), problem.strerror or str(problem))
