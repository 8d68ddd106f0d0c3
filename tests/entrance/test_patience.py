"""Slow, half-open and greedy visitors at a real socket: each is let go in its time, and none keeps others waiting."""

import asyncio
import contextlib
import gc
import socket
import ssl
import struct
import time
import weakref
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.core import authority
from app.serving import listeners, patience, porch
from tests.loops import run

LIMITS = {"silent": 1.2, "asking": 0.4, "sending": 0.8, "taking": 0.8}
HEAD = b"GET /small HTTP/1.1\r\nHost: localhost\r\n"
FORM = b"POST /small HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 100000\r\n\r\n--x\r\n"
BIG = 20_000_000


async def tiny(scope: dict, receive: Callable, send: Callable) -> None:
    """Reads what is sent; /broken breaks, /deaf does not until the house is shut, /big answers with more than any buffer takes."""
    if scope["path"] == "/broken":
        1 / 0
    while scope["path"] == "/deaf" and not scope["state"]["shut"].is_set():
        await scope["state"]["shut"].wait()
    while (message := await receive()).get("more_body"):
        pass
    if message["type"] == "http.disconnect":
        return
    body = b"." * (BIG if scope["path"] == "/big" else 5)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", str(len(body)).encode())]})
    await send({"type": "http.response.body", "body": body})


class House:
    """A door with `tiny` behind it, and ways to come to it."""

    def __init__(self, tls: ssl.SSLContext | None) -> None:
        self.shut, self.held = asyncio.Event(), []
        self.server = listeners.Server(listeners.Door(self, listeners.listen("127.0.0.1", 0), tls))
        self.port = self.server.door.listening.getsockname()[1]

    async def __call__(self, scope: dict, receive: Callable, send: Callable) -> None:
        await tiny(scope | {"state": {"shut": self.shut}}, receive, send)

    @property
    def inside(self) -> dict:
        return self.server.servers[0].visits

    async def come(self, said: bytes = b"", **how) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, **how)
        self.held.append(writer)
        writer.write(said)
        return reader, writer

    async def ask(self) -> float:
        """How long a good visitor waits for an answer."""
        began = time.monotonic()
        reader, writer = await self.come(HEAD + b"Connection: close\r\n\r\n")
        answer = await asyncio.wait_for(reader.read(), 5)
        writer.close()
        assert answer.startswith(b"HTTP/1.1 200")
        return time.monotonic() - began


@contextlib.asynccontextmanager
async def opened(tls: ssl.SSLContext | None = None) -> AsyncIterator[House]:
    house = House(tls)
    serving = asyncio.create_task(house.server._serve([house.server.door.listening]))
    while not house.server.started:
        await asyncio.sleep(0.01)
    try:
        yield house
    finally:
        for writer in house.held:
            writer.transport.abort()
        house.shut.set()
        house.server.should_exit = True
        await asyncio.wait_for(serving, 10)


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "LOOK_SECONDS", 0.1)
    monkeypatch.setattr(patience, "PATIENCE", LIMITS)
    monkeypatch.setattr(porch, "HANDSHAKE_SECONDS", 0.5)


async def until_gone(reader: asyncio.StreamReader, drip: Callable[[], Awaitable[None]] | None = None) -> float:
    """Seconds until the other side is gone, dripping meanwhile."""
    began = time.monotonic()
    while time.monotonic() - began < 5:
        if drip:
            await drip()
        try:
            if await asyncio.wait_for(reader.read(1), 0.05) == b"":
                break
        except TimeoutError:
            continue
        except OSError:
            break
    return time.monotonic() - began


@pytest.mark.parametrize(("said", "drop", "limit"), [
    (b"", b"", "silent"), (b"G", b"", "asking"), (HEAD, b"x", "asking"), (FORM, b"", "sending"), (FORM, b"x", "sending"),
    (HEAD + b"\r\n" + HEAD, b"x", "asking"), (b"GET /deaf HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000\r\n\r\n", b"x", "sending"),
])
def test_who_does_not_get_on_is_let_go(said: bytes, drop: bytes, limit: str) -> None:
    """A byte every twentieth of a second does not buy time."""

    async def scene() -> None:
        async with opened() as house:
            reader, writer = await house.come(said)
            if said.startswith(HEAD + b"\r\n"):
                await reader.readuntil(b".....")

            async def drip() -> None:
                writer.write(drop)
                await asyncio.sleep(0)

            waited = await until_gone(reader, drip)
            assert LIMITS[limit] - 0.1 <= waited < LIMITS[limit] + 0.8
            assert not house.inside
            assert await house.ask() < 1

    run(scene())


def test_an_answer_nobody_takes_is_taken_back() -> None:
    async def scene() -> None:
        async with opened() as house:
            small = socket.socket()
            small.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            small.connect(("127.0.0.1", house.port))
            small.sendall(b"GET /big HTTP/1.1\r\nHost: localhost\r\n\r\n")
            await asyncio.sleep(0.3)
            assert len(house.inside) == 1
            await asyncio.sleep(LIMITS["taking"] + 0.4)
            assert not house.inside
            small.close()

    run(scene())


def test_who_breaks_off_is_forgotten_at_once() -> None:
    """The memory of an answer that was on its way is not held until a connection would have been let go anyway."""

    async def scene() -> None:
        async with opened() as house:
            breaking = socket.create_connection(("127.0.0.1", house.port))
            breaking.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            breaking.sendall(b"GET /big HTTP/1.1\r\nHost: localhost\r\n\r\n")
            await asyncio.sleep(0.2)
            kept = weakref.ref(next(iter(house.inside)).visitor)
            breaking.close()
            await asyncio.sleep(0.2)
            gc.collect()
            assert kept() is None

    run(scene())


def test_a_slow_but_steady_visitor_is_served() -> None:
    """An upload and a download that take longer than any limit, but move on."""

    async def scene() -> None:
        async with opened() as house:
            reader, writer = await house.come(b"POST /big HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n", limit=2**16)
            for _piece in range(12):
                writer.write(b"." * 5000)
                await asyncio.sleep(0.15)
            taken = 0
            while taken < BIG:
                piece = await asyncio.wait_for(reader.read(2_000_000), 2)
                assert piece, f"cut off after {taken}"
                taken += len(piece)
                await asyncio.sleep(0.0 if taken > 8_000_000 else 0.02)

    run(scene())


def test_a_body_nobody_reads_does_not_fill_the_memory() -> None:
    async def scene() -> None:
        async with opened() as house:
            _reader, writer = await house.come(b"POST /deaf HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50000000\r\n\r\n")
            writer.write(b"." * 5_000_000)
            await asyncio.sleep(0.3)
            [visit] = house.inside
            assert len(visit.visitor.cycle.body) < 1_000_000

    run(scene())


def test_two_hundred_of_them_change_nothing_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "PATIENCE", dict.fromkeys(LIMITS, 60))

    async def scene() -> None:
        async with opened() as house:
            kinds = [b"", HEAD, FORM, b"GET /big HTTP/1.1\r\nHost: localhost\r\n\r\n"]
            held = [await house.come(kinds[n % 4] if n < 80 else kinds[n % 2]) for n in range(200)]
            for _round in range(3):
                for _reader, writer in held:
                    with contextlib.suppress(OSError):
                        writer.write(b"x")
                assert await house.ask() < 1
            assert len(house.inside) <= porch.MOST_OF_ONE

    run(scene())


def test_of_many_the_one_with_most_makes_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hall that is full of one visitor's idle connections has room for another visitor, whose own stay."""
    monkeypatch.setattr(patience, "PATIENCE", dict.fromkeys(LIMITS, 60))

    async def scene() -> None:
        async with opened() as house:
            hall = house.server.servers[0]
            hall.most, hall.most_of_one = 12, 10
            await house.come(local_addr=("127.0.0.2", 0))
            for _n in range(20):
                await house.come(local_addr=("127.0.0.3", 0))
            await asyncio.sleep(0.1)
            assert len(hall.visits) == 11
            for host in ("127.0.0.4", "127.0.0.5", "127.0.0.6"):
                await house.come(local_addr=(host, 0))
            await asyncio.sleep(0.1)
            whose = [visit.whose for visit in hall.visits]
            assert len(whose) == 12 and {"127.0.0.2", "127.0.0.4", "127.0.0.5", "127.0.0.6"} <= set(whose)

    run(scene())


def test_who_is_being_answered_is_not_sent_away_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene() -> None:
        async with opened() as house:
            hall = house.server.servers[0]
            hall.most_of_one = 2
            busy = [await house.come(b"GET /deaf HTTP/1.1\r\nHost: localhost\r\n\r\n") for _n in range(2)]
            await asyncio.sleep(0.1)
            reader, _writer = await house.come(HEAD + b"\r\n")
            assert await until_gone(reader) < 1
            assert len(hall.visits) == 2 and not any(writer.is_closing() for _reader, writer in busy)
            hall.spared = "127.0.0.1"
            assert await house.ask() < 1

    run(scene())


def test_a_handshake_that_stops_is_let_go(tmp_path: Path) -> None:
    """Thirty that begin TLS and say no more, thirty that say nothing; a tablet comes in meanwhile."""
    tls, trusted = certified(tmp_path)

    async def scene() -> None:
        async with opened(tls) as house:
            hello = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"
            for n in range(60):
                await house.come(hello if n % 2 else b"")
            began = time.monotonic()
            reader, writer = await house.come(HEAD + b"Connection: close\r\n\r\n", ssl=trusted, server_hostname="yihe.local")
            assert (await reader.read(15)) == b"HTTP/1.1 200 OK" and time.monotonic() - began < 2
            await asyncio.sleep(porch.HANDSHAKE_SECONDS + 0.5)
            assert not house.inside

    run(scene())


def certified(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    now = datetime.now(UTC)
    root = authority.make_authority(now)
    leaf = authority.make_leaf(root, ["yihe.local"], ["127.0.0.1"], now)
    (folder / "leaf.pem").write_bytes(leaf.certificate + leaf.key)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(folder / "leaf.pem")
    return tls, ssl.create_default_context(cadata=root.certificate.decode())


@pytest.mark.parametrize("said", [b"nonsense\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n\x00\r\n\r\n", b"GET /" + b"a" * 70_000, b"\x16\x03\x01\r\n\r\n"], ids=range(4))
def test_what_is_no_request_has_an_answer_with_every_header(said: bytes, caplog: pytest.LogCaptureFixture) -> None:
    async def scene() -> None:
        async with opened() as house:
            reader, _writer = await house.come(said)
            answer = (await reader.read()).decode()
            assert answer.startswith("HTTP/1.1 400") and "\r\ncache-control: no-store" in answer and "frame-ancestors 'none'" in answer

    run(scene())
    assert not caplog.records  # nor is a line written for it


def test_what_is_no_request_behind_one_that_was_answered_is_not(caplog: pytest.LogCaptureFixture) -> None:
    async def scene() -> None:
        async with opened() as house:
            reader, writer = await house.come(b"POST /small HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
            await reader.readuntil(b".....")
            writer.write(b"zzz\r\n\r\n")
            assert (await reader.read()).startswith(b"HTTP/1.1 400")
            reader, writer = await house.come(b"GET /big HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\n")
            assert (await until_gone(reader)) < 2

    run(scene())
    assert not caplog.records


def test_an_error_is_logged_without_what_it_says(caplog: pytest.LogCaptureFixture) -> None:
    """The text of an error may hold a name."""

    async def scene() -> None:
        async with opened() as house:
            reader, _writer = await house.come(HEAD.replace(b"/small", b"/broken") + b"Connection: close\r\n\r\n")
            assert (await reader.read()).startswith(b"HTTP/1.1 500")

    run(scene())
    said = caplog.text
    assert "ZeroDivisionError at" in said and "test_patience.py" in said and "division" not in said
