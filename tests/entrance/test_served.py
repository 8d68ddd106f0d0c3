"""The real program with its three doors: staff's by TLS, the one before it, and the patients'."""

import asyncio
import contextlib
import socket
import ssl
import time
from collections.abc import Iterator
from shutil import copytree

import httpx
import pytest

from app.serving import entrance
from tests.conftest import PASSWORD
from tests.loops import run
from tests.network.conftest import Lan

HALF_TLS = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"
DRIP = b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 100000\r\n\r\n--x\r\n"


@pytest.fixture(scope="module")
def house(made_once, tmp_path_factory) -> Iterator[Lan]:
    folder = tmp_path_factory.mktemp("doors") / "data"
    copytree(made_once, folder)
    lan = Lan(folder)
    lan.says("Ctrl-C")
    yield lan
    assert lan.stop() == 0


@pytest.fixture(scope="module")
def owner(house) -> Iterator[httpx.Client]:
    trusted = ssl.create_default_context(cafile=house.authority)
    with httpx.Client(base_url=f"https://127.0.0.1:{house.https}", verify=trusted, headers={"Sec-Fetch-Site": "same-origin"}, follow_redirects=True) as client:
        assert client.post("/sign-in", data={"sign_in": "owner", "password": PASSWORD}).status_code == 200
        yield client


@pytest.fixture(scope="module")
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def open_it(owner: httpx.Client, port: int) -> str:
    """The owner's page after switching it on."""
    return owner.post("/manage/entrance", data={"entrance_on": "on", "entrance_port": str(port)}).text


def test_the_owner_opens_it_and_shuts_it_while_the_clinic_is_served(house, owner, port) -> None:
    phone = f"http://127.0.0.1:{port}"
    with pytest.raises(httpx.ConnectError):
        httpx.get(phone)
    assert f"{phone}</b>" in open_it(owner, port)
    assert httpx.get(phone, follow_redirects=True).url.path == "/fill"
    assert httpx.get(f"{phone}/sign-in").status_code == httpx.get(f"{phone}/today", headers={"Cookie": str(owner.cookies)}).status_code == 404
    owner.post("/manage/entrance", data={"entrance_port": str(port)})
    with pytest.raises(httpx.ConnectError):
        httpx.get(phone)


def test_a_port_that_is_taken_is_said(house, owner) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        assert "8188" in open_it(owner, other.getsockname()[1])
    owner.post("/manage/entrance", data={})


def test_every_door_answers_to_its_own_names_only(house, owner, port) -> None:
    open_it(owner, port)
    doors = [str(owner.base_url), f"http://127.0.0.1:{house.http}", f"http://127.0.0.1:{port}"]
    for door in doors:
        for host, status in (("evil.example", 421), ("[", 400), ("127.0.0.1:99999", 400), ("", 400), ("a b", 400)):
            answer = owner.get(door, headers={"Host": host}, follow_redirects=False)
            assert (answer.status_code, answer.headers["cache-control"]) == (status, "no-store"), (door, host)
        assert owner.get(door, headers={"Host": "localhost"}, follow_redirects=False).status_code < 400


def test_slow_visitors_at_every_door_keep_nobody_waiting(house, owner, port) -> None:
    """Sixty: half a handshake, half a request, a form a byte at a time, an answer nobody reads."""
    open_it(owner, port)
    with contextlib.ExitStack() as held:
        slow = []
        for number in range(60):
            door = (house.https, house.http, port)[number % 3]
            visitor = held.enter_context(socket.create_connection(("127.0.0.1", door)))
            visitor.sendall([HALF_TLS, b"GET /fill HT", DRIP][number % 3] if number % 2 else b"")
            slow.append(visitor)
        longest = 0.0
        for number in range(24):
            for visitor in slow[number::24]:
                with contextlib.suppress(OSError):
                    visitor.sendall(b"-")
            began = time.monotonic()
            assert owner.get("/manage/entrance").status_code == httpx.get(f"http://127.0.0.1:{port}/fill").status_code == 200
            longest = max(longest, time.monotonic() - began)
        assert longest < 2


def test_a_look_that_fails_is_not_the_last(client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file cannot be read for a moment; half a minute later it can."""
    looks = []

    def wanted(_db) -> int:
        looks.append(1)
        if len(looks) == 1:
            raise OSError
        return 0

    monkeypatch.setattr(entrance, "wanted", wanted)
    monkeypatch.setattr(entrance, "AGAIN_SECONDS", 0.01)

    async def scene() -> None:
        keeping = asyncio.ensure_future(entrance.Keeper(client.app, "127.0.0.1", []).keep())
        await asyncio.sleep(0.1)
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)

    run(scene())
    assert len(looks) > 1
