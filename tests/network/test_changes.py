"""What changes while the clinic is open: the certificate, the number, the name."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from app.core import authority, clock, reached, settings
from app.core.db import Database
from app.core.network import Network
from app.serving import addresses, lan, listeners, names, ports
from app.serving.lan import Lan
from app.serving.names import Name
from app.serving.secure import Own
from tests.conftest import NOW
from tests.loops import run
from tests.network.conftest import trusting

ASK = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
FIRST, SECOND = "127.0.0.11", "127.0.0.12"  # numbers of this machine, as if they were the network's


async def small(scope: dict, receive: object, send: object) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


def test_a_renewal_drops_no_connection(own: Own) -> None:
    run(_renewed(own))


async def _renewed(own: Own) -> None:
    """By the machine's own clock: the client looks at that."""
    today = datetime.now(UTC)
    own.show(["yihe.local"], today - authority.LEAF_LIFE + authority.EARLY - timedelta(days=2))
    door = listeners.Door(small, listeners.listen("127.0.0.1", 0), own.context)
    server = listeners.Server(door)
    serving = asyncio.create_task(server._serve([door.listening]))
    while not server.started:
        await asyncio.sleep(0.01)
    number = door.listening.getsockname()[1]
    before, serial = await _connected(own, number)
    assert await _asked(before)
    own.show(["yihe.local"], today)
    after, other = await _connected(own, number)
    assert other != serial  # shown to whoever comes now
    assert await _asked(before) and await _asked(after)
    for _reader, writer in (before, after):
        writer.close()
    server.should_exit = True
    await serving


async def _connected(own: Own, number: int) -> tuple[tuple, int]:
    context = trusting(own.keys / "ca.pem")
    reader, writer = await asyncio.open_connection("127.0.0.1", number, ssl=context, server_hostname="localhost")
    return (reader, writer), writer.get_extra_info("peercert")["serialNumber"]


async def _asked(line: tuple) -> bool:
    reader, writer = line
    writer.write(ASK)
    return (await reader.readuntil(b"ok")).startswith(b"HTTP/1.1 200")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The machine's numbers, which a test may change; looks are taken often."""
    numbers = [FIRST]
    monkeypatch.setattr(lan, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(names, "ASK_SECONDS", 0.3)
    monkeypatch.setattr(addresses, "present", lambda _host: tuple(numbers))
    yield numbers


def test_another_number_is_noticed_and_told(db: Database, own: Own, quick: list[str]) -> None:
    state, told = SimpleNamespace(db=db, network=Network(port=8443)), []
    here = Lan(state, own, "0.0.0.0", [], told.append)
    here.look()
    run(_moved(here, quick, told))
    assert any(SECOND in line for line in told)
    assert SECOND in authority.names_in(own.leaf.certificate)[1] and state.network.shown.covers(SECOND)
    [trouble] = reached.look(state)
    assert (trouble.code, trouble.params) == ("network.moved", {"before": FIRST, "now": SECOND})
    settings.put(db, None, lan_address=SECOND)  # the owner has seen it
    assert reached.look(state) == []


async def _moved(here: Lan, numbers: list[str], told: list[str]) -> None:
    watching = asyncio.create_task(here.watch())
    await _until(lambda: settings.get(here.state.db, "lan_address"))
    assert (settings.get(here.state.db, "lan_address"), f"{here.wanted}.local") == (FIRST, here.network.name)
    assert reached.look(here.state) == [] and not any("changed" in line for line in told)
    numbers[:] = []  # a cable out for a moment is no other number
    await asyncio.sleep(0.2)
    assert here.network.addresses == (FIRST,)
    numbers[:] = [SECOND]
    await _until(lambda: any(SECOND in line for line in told))
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)


async def _until(what: object) -> None:
    async with asyncio.timeout(20):
        while not what():
            await asyncio.sleep(0.05)


def test_two_of_one_name_are_told_apart(quick: list[str]) -> None:
    run(_two())


async def _two() -> None:
    mine, other, none = Name(), Name(), Name()
    try:
        assert await mine.take("yihe-test", [SECOND], 8443) == "yihe-test.local"
        taken, rival = await asyncio.gather(other.take("yihe-test", ["127.0.0.13"], 8443), _printer("yihe-test", FIRST))
        assert taken == "yihe-test-2.local"
        assert await asyncio.gather(mine.lost(), other.lost(), none.lost()) == [True, False, False]  # of two the higher number steps back
        await rival.async_close()
    finally:
        await asyncio.gather(mine.give_up(), other.give_up())


async def _printer(name: str, number: str) -> names.AsyncZeroconf:
    """Some other machine that calls itself so."""
    voice = names.AsyncZeroconf(interfaces=[number], ip_version=names.IPVersion.V4Only)
    info = names.AsyncServiceInfo("_printer._tcp.local.", f"{name}._printer._tcp.local.", port=9, server=f"{name}.local.", parsed_addresses=[number])
    await (await voice.async_register_service(info))
    return voice


def test_a_leaf_that_cannot_be_renewed_goes_on_and_is_said(db: Database, own: Own, quick: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    state = SimpleNamespace(db=db, network=Network(port=8443))
    here = Lan(state, own, "0.0.0.0", [], print)
    here.look()
    ends = state.network.shown.until
    with clock.stop(ends - reached.SOON):
        with monkeypatch.context() as full:
            full.setattr(own, "_keep", _full)
            here.look()
        [trouble] = reached.look(state)
        assert (trouble.code, trouble.level, trouble.for_whom) == ("network.ending", "red", "everybody")
        assert "No space left" in state.network.shown.not_renewed and state.network.shown.until == ends
        here.look()
        assert reached.look(state) == [] and not state.network.shown.not_renewed


def test_watching_goes_on_when_a_look_fails(db: Database, own: Own, quick: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    here = Lan(SimpleNamespace(db=db, network=Network(port=8443)), own, "0.0.0.0", [], print)
    looks = []

    def broken() -> None:
        looks.append(1)
        raise RuntimeError

    monkeypatch.setattr(here, "look", broken)

    async def scene() -> None:
        watching = asyncio.create_task(here.watch())
        await _until(lambda: len(looks) > 2)
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)

    run(scene())


def _full(*_what: object) -> None:
    raise OSError(28, "No space left on device")


def test_a_name_somebody_else_has_is_said(db: Database, own: Own) -> None:
    state = SimpleNamespace(db=db, network=Network(port=8443, name="yihe-2.local", wanted="yihe", shown=own.show([], NOW)))
    assert reached.look(state) == []  # never had another
    settings.put(db, None, lan_name="yihe")
    assert [trouble.params for trouble in reached.look(state)] == [{"wanted": "yihe.local", "name": "yihe-2.local"}]




def test_what_fails_beside_the_doors_shuts_none(caplog: pytest.LogCaptureFixture) -> None:
    async def broken() -> None:
        raise RuntimeError

    run(listeners._watched(broken))  # in one group with the doors: an error would end them all
    assert "RuntimeError" in caplog.text


def test_where_the_usual_port_cannot_be_had_another_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    with listeners.listen("127.0.0.1", 0) as usual, listeners.listen("127.0.0.1", 0) as free:
        number, instead = usual.getsockname()[1], free.getsockname()[1]
        free.close()
        monkeypatch.setattr(ports, "INSTEAD", {number: instead})
        with ports.take("127.0.0.1", None, number).listening as taken:
            assert taken.getsockname()[1] == instead
        with pytest.raises(OSError):  # who asked for one number gets no other
            ports.take("127.0.0.1", number, 443)


def test_of_many_numbers_the_one_that_others_use_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = {"lo": ["127.0.0.1"], "docker0": ["172.17.0.1"], "wan": ["203.0.113.5"], "eth0": ["192.168.1.20", "169.254.3.3"], "wlan0": ["10.0.0.4"]}
    adapters = [SimpleNamespace(nice_name=name, ips=[SimpleNamespace(ip=ip) for ip in ips] + [SimpleNamespace(ip=("fe80::1", 0, 2))]) for name, ips in numbers.items()]
    monkeypatch.setattr(addresses.ifaddr, "get_adapters", lambda: adapters)
    monkeypatch.setattr(addresses, "outward", lambda: "192.168.1.20")
    assert addresses.present("0.0.0.0") == ("192.168.1.20", "10.0.0.4", "169.254.3.3", "203.0.113.5")
    assert addresses.present("192.168.1.20") == ("192.168.1.20",)
