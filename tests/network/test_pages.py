"""The owner's page of the network, the page for new devices, and cookies by TLS, without a network."""

import plistlib
import ssl
from collections.abc import Callable

import pytest
from litestar.testing import TestClient

from app.core import settings
from app.serving.hello import Hello
from tests.conftest import PASSWORD
from tests.loops import run

SignIn = Callable[[str], TestClient]


def test_an_owner_finds_address_code_and_fingerprint(on_lan: TestClient, sign_in: SignIn) -> None:
    network = on_lan.app.state.network
    shown = sign_in("owner").get("/manage/network").text
    for words in ("http://192.168.1.20:8080", "https://yihe.local:8443", "https://192.168.1.20:8443", network.shown.fingerprint.replace(":", " "), "<svg"):
        assert words in shown
    assert sign_in("nurse").get("/manage/network").status_code == 403


def test_alone_it_says_how_to_serve_the_network(client: TestClient, sign_in: SignIn) -> None:
    assert "run.py --lan" in sign_in("owner").get("/manage/network").text
    for path in ("/hello", "/hello/yihe.crt", "/hello/yihe.mobileconfig"):
        assert client.get(path).status_code == 404  # nothing to hand out


def test_another_name_is_asked_for(on_lan: TestClient, sign_in: SignIn) -> None:
    browser, db = sign_in("owner"), on_lan.app.state.db
    assert browser.post("/manage/network", data={"lan_name": "Heping-Clinic.local"}, follow_redirects=False).status_code == 303
    assert settings.get(db, "lan_name") == "heping-clinic"
    for wrong in ("和平里", "a b", "-a", "a-", "x" * 31, "yihe.lan", "", "a/b"):
        answer = browser.post("/manage/network", data={"lan_name": wrong})
        assert answer.status_code == 422 and f'value="{wrong}"' in answer.text, wrong
    assert settings.get(db, "lan_name") == "heping-clinic"


def test_a_new_number_is_said_until_the_owner_has_seen_it(on_lan: TestClient, sign_in: SignIn) -> None:
    state = on_lan.app.state
    settings.put(state.db, None, lan_address="192.168.1.7")
    state.troubles.look(state)
    banner = 'data-trouble="network.moved"'
    assert banner in sign_in("owner").get("/today").text and "192.168.1.7" in on_lan.get("/manage/network").text
    assert banner not in sign_in("nurse").get("/today").text
    assert sign_in("owner").post("/manage/network/address", follow_redirects=False).status_code == 303
    assert banner not in on_lan.get("/today").text and "192.168.1.7" not in on_lan.get("/manage/network").text


def test_a_profile_holds_the_authority_and_nothing_else(on_lan: TestClient) -> None:
    profile = plistlib.loads(on_lan.get("/hello/yihe.mobileconfig").content)
    [part] = profile["PayloadContent"]
    authority = on_lan.app.state.network.shown.authority.decode()
    assert part["PayloadType"] == "com.apple.security.root" and ssl.DER_cert_to_PEM_cert(part["PayloadContent"]) == authority
    assert profile["PayloadDisplayName"] == "和平里诊所"
    assert plistlib.loads(on_lan.get("/hello/yihe.mobileconfig").content) == profile  # a second one takes the first one's place


def test_with_a_certificate_of_its_own_the_clinic_hands_none_out(on_lan: TestClient, sign_in: SignIn) -> None:
    network = on_lan.app.state.network
    network.shown.own, network.shown.names, network.name = True, ("*.clinic.example", "yihe.clinic.example"), ""
    assert on_lan.get("/hello").status_code == on_lan.get("/hello/yihe.pem").status_code == 404
    shown = sign_in("owner").get("/manage/network").text
    assert "https://yihe.clinic.example:8443" in shown and "8080" not in shown and network.shown.fingerprint.replace(":", " ") not in shown


@pytest.mark.parametrize(("asked", "there"), [("yihe.clinic.example", "yihe.clinic.example"), ("a.clinic.example", "a.clinic.example"), ("192.168.1.20", "yihe.clinic.example")])
def test_and_by_http_everything_leads_to_it(on_lan: TestClient, asked: str, there: str) -> None:
    network = on_lan.app.state.network
    network.shown.own, network.shown.names, network.shown.addresses, network.name, network.port = True, ("*.clinic.example", "yihe.clinic.example"), (), "", 443
    sent = []

    async def send(message: dict) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/", "raw_path": b"/", "query_string": b"a=1", "headers": [(b"host", asked.encode())]}
    run(Hello(on_lan.app, network)(scope, None, send))
    assert (sent[0]["status"], dict(sent[0]["headers"])[b"location"]) == (307, f"https://{there}/?a=1".encode())


@pytest.fixture
def by_tls(client: TestClient) -> TestClient:
    client.base_url = "https://testserver.local"
    return client


def test_by_tls_cookies_are_bound_to_this_host(by_tls: TestClient) -> None:
    answer = by_tls.post("/sign-in", data={"sign_in": "nurse", "password": PASSWORD}, follow_redirects=False)
    set_by = answer.headers["set-cookie"].split("; ")
    assert set_by[0].startswith("__Host-yihe_session=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=strict"} <= set(set_by) and "Domain" not in answer.headers["set-cookie"]
    token = set_by[0].partition("=")[2]
    by_tls.cookies.clear()
    assert by_tls.get("/account", headers={"Cookie": f"yihe_session={token}"}, follow_redirects=False).status_code == 303
    assert by_tls.get("/account", headers={"Cookie": f"__Host-yihe_session={token}"}, follow_redirects=False).status_code == 200


def test_a_page_by_http_writes_nothing_by_https(by_tls: TestClient) -> None:
    """An old browser says no more than its origin."""
    del by_tls.headers["Sec-Fetch-Site"]
    form = {"sign_in": "nurse", "password": PASSWORD}
    host = by_tls.base_url.host
    assert by_tls.post("/sign-in", data=form, headers={"Origin": f"http://{host}"}, follow_redirects=False).status_code == 403
    assert by_tls.post("/sign-in", data=form, headers={"Origin": f"https://{host}"}, follow_redirects=False).status_code == 303
