"""By which names the clinic answers, and whose word about others it takes."""

from datetime import UTC, datetime

import pytest

from app.core import hosts, settings
from app.core.network import Network, Shown
from app.main import open_clinic
from app.serving.hosts import KnownHosts, Proxied
from tests.loops import run


class State:
    """As much of the app's state as is asked."""

    def __init__(self, db) -> None:
        self.db, self.network = db, Network(name="yihe.local", addresses=("192.168.1.20",))


async def telling(scope, receive, send) -> None:
    """Answers with who came, and how."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": f"{scope['client'][0]} {scope['scheme']}".encode()})


def ask(app, *given: tuple[str, str], path: str = "/", server: str = "10.0.0.9", client: str = "10.0.0.77") -> tuple[int, dict[str, str], str]:
    """The status, headers and text of an answer."""
    said = []

    async def send(message) -> None:
        said.append(message)

    headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in given]
    scope = {"type": "http", "method": "GET", "scheme": "http", "path": path, "headers": headers, "server": (server, 8000), "client": (client, 50000), "query_string": b""}
    run(app(scope, None, send))
    return said[0]["status"], {k.decode(): v.decode() for k, v in said[0]["headers"]}, said[1]["body"].decode()


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """One for all: what is asked here changes nothing."""
    opened = open_clinic(tmp_path_factory.mktemp("hosts"))
    settings.put(opened, None, other_hosts=["yihe.lan"])
    yield opened
    opened.close()


@pytest.fixture
def house(file):
    return KnownHosts(telling, State(file), ["Clinic.Example"])


@pytest.mark.parametrize("host", [
    "localhost", "127.0.0.1:8000", "[::1]:8000", "yihe.local", "YIHE.LOCAL.", "192.168.1.20:443", "10.0.0.9", "clinic.example:8443", "yihe.lan",
])
def test_it_answers_to_its_own_names(house, host) -> None:
    assert ask(house, ("Host", host))[0] == 200


@pytest.mark.parametrize("host", [
    "evil.example", "yihe.local.evil.example", "evil.yihe.local", "10.0.0.8", "192.168.1.20.evil.example", "[fe80::1]", "0.0.0.0", "127.1", "2130706433",
])
def test_under_any_other_name_nothing_is_served(house, host) -> None:
    """A page elsewhere may let its own name point at this machine; its visitors' browsers then say that name."""
    status, headers, text = ask(house, ("Host", host))
    assert (status, "evil" in text, "管理" in text) == (421, False, True)
    assert headers["cache-control"] == "no-store" and headers["x-content-type-options"] == "nosniff" and "frame-ancestors 'none'" in headers["content-security-policy"]


def test_a_certificate_for_every_name_of_a_domain_counts(house) -> None:
    house.state.network.shown = Shown(("*.clinic.example",), (), datetime.now(UTC), "AA", own=True)
    assert [ask(house, ("Host", host))[0] for host in ("box.clinic.example", "a.box.clinic.example", "clinic.example.evil")] == [200, 421, 421]


@pytest.mark.parametrize("given", [
    [], [("Host", "")], [("Host", "localhost"), ("Host", "localhost")], [("Host", "[")], [("Host", "[::1")], [("Host", "[::zz]")], [("Host", "a b")],
    [("Host", "localhost:0")], [("Host", "localhost:99999")], [("Host", "localhost:８０")], [("Host", "localhost:")], [("Host", "user@localhost")],
    [("Host", "localhost/x")], [("Host", "localhost,evil.example")], [("Host", "http://localhost")], [("Host", "-a")], [("Host", "a" * 300)],
    [("Host", "localhost\x00")], [("Host", "ｌocalhost")],
], ids=range(19))
def test_what_is_no_name_is_refused_before_it_is_looked_at(house, given) -> None:
    given = [(name, value.encode().decode("latin-1")) for name, value in given]
    assert ask(house, *given)[0] == 400


@pytest.mark.parametrize("path", ["http://evil.example/today", "*", ""])
def test_an_address_that_is_no_path_is_refused(house, path) -> None:
    assert ask(house, ("Host", "localhost"), path=path)[0] == 400


FORWARDED = [("X-Forwarded-For", "203.0.113.5"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "evil.example"), ("Forwarded", "for=203.0.113.6;proto=https")]


def test_what_is_forwarded_counts_for_nothing_without_a_proxy(house) -> None:
    assert ask(house, ("Host", "localhost"), *FORWARDED)[2] == "10.0.0.77 http"


def test_a_named_proxy_says_for_whom_it_speaks(house) -> None:
    behind = Proxied(house, "10.0.0.5")
    assert ask(behind, ("Host", "yihe.lan"), *FORWARDED, client="10.0.0.5")[2] == "203.0.113.5 https"
    assert ask(behind, ("Host", "yihe.lan"), ("X-Forwarded-For", "198.51.100.1, 203.0.113.5"), client="10.0.0.5")[2] == "203.0.113.5 http"
    assert ask(behind, ("Host", "evil.example"), ("X-Forwarded-Host", "yihe.lan"), client="10.0.0.5")[0] == 421


def test_beside_a_proxy_nobody_comes_in(house) -> None:
    assert ask(Proxied(house, "10.0.0.5"), ("Host", "yihe.lan"), *FORWARDED)[0] == 403


def test_letters_that_only_look_like_it_are_none() -> None:
    assert [hosts.read(each) for each in ("yihe.lan", "yihe.ſan", "\u212aiosk", "诊所")] == ["yihe.lan", None, None, None]


def test_numbers_are_written_in_one_way() -> None:
    assert [hosts.number(each) for each in ("::ffff:10.0.0.1", "fe80::1%eth0", "10.0.0.1", "testclient")] == ["10.0.0.1", "fe80::1", "10.0.0.1", ""]
