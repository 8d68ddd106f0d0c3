"""The real program on a network: who knows the clinic's authority comes in, and by http there is one page only."""

import http.client
import re
import socket
import ssl

import httpx
import pytest

from tests.conftest import PASSWORD
from tests.network.conftest import Lan, trusting

OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def plain(lan: Lan):
    with httpx.Client(base_url=f"http://127.0.0.1:{lan.http}", headers=OURS) as opened:
        yield opened


def test_a_device_that_knows_only_this_authority_comes_in(lan: Lan) -> None:
    with httpx.Client(base_url=f"https://127.0.0.1:{lan.https}", verify=trusting(lan.authority), headers=OURS) as browser:
        answer = browser.post("/sign-in", data={"sign_in": "nurse", "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        [cookie] = [value for value in answer.headers.get_list("set-cookie") if "session" in value]
        assert cookie.startswith("__Host-yihe_session=") and "; Secure" in cookie and "Path=/;" in f"{cookie};" and "Domain" not in cookie
        assert browser.get("/account").status_code == 200
        assert "strict-transport-security" not in answer.headers  # a tablet that was reset must find the page by http
        answer = browser.post("/language", data={"language": "en"})
        assert answer.headers["set-cookie"].startswith("__Secure-yihe_language=en")
        left = browser.post("/sign-out")
        assert '__Host-yihe_session=""' in left.headers["set-cookie"] and browser.get("/account").status_code == 303


def test_who_does_not_know_it_does_not(lan: Lan) -> None:
    with pytest.raises(ssl.SSLCertVerificationError), socket.create_connection(("127.0.0.1", lan.https), 5) as line:
        ssl.create_default_context().wrap_socket(line, server_hostname="127.0.0.1")


def test_neither_for_a_name_that_is_not_in_it(lan: Lan) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"), socket.create_connection(("127.0.0.1", lan.https), 5) as line:
        trusting(lan.authority).wrap_socket(line, server_hostname="yihe.example")


def test_old_tls_is_refused(lan: Lan) -> None:
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    with pytest.warns(DeprecationWarning):
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.raises(ssl.SSLError), socket.create_connection(("127.0.0.1", lan.https), 5) as line:
        old.wrap_socket(line)


def test_by_http_there_is_one_page_and_the_way_on(lan: Lan, plain: httpx.Client) -> None:
    shown = plain.get("/", headers={"Accept-Language": "zh-CN"})
    assert shown.status_code == 200 and "安装" in shown.text
    assert "Install it on this device" in plain.get("/", params={"language": "en"}, headers={"Accept-Language": "zh-CN"}).text
    fingerprint = re.search(r"([0-9A-F]{2} ){31}[0-9A-F]{2}", shown.text)[0]
    assert fingerprint.replace(" ", ":") in lan.told  # where Yihe was started
    https = f"https://127.0.0.1:{lan.https}"
    assert https in shown.headers["content-security-policy"] and f'href="{https}/"' in shown.text
    for path in ("/sign-in", "/patients/7?of=1", "/fill/t/abc", "/@elsewhere.example/%0d%0ax", "/setup", "/manage/network", "/hellono"):
        answer = plain.get(path)
        assert (answer.status_code, answer.headers["location"]) == (307, https + path), path
    assert plain.post("/sign-in", data={"sign_in": "nurse", "password": PASSWORD}).status_code == 403
    style = re.search(r'href="(/static/[^"]+\.css)"', shown.text)[1]
    assert plain.get(style).headers["content-type"].startswith("text/css")


def test_by_http_nobody_is_signed_in(lan: Lan, plain: httpx.Client) -> None:
    """A cookie that came by http may be anybody's."""
    with httpx.Client(base_url=f"https://127.0.0.1:{lan.https}", verify=trusting(lan.authority), headers=OURS) as browser:
        browser.post("/sign-in", data={"sign_in": "nurse", "password": PASSWORD})
        token = browser.cookies["__Host-yihe_session"]
    shown = plain.get("/", headers={"Cookie": f"yihe_session={token}; __Host-yihe_session={token}"})
    assert 'class="app"' not in shown.text
    with httpx.Client(base_url=f"https://127.0.0.1:{lan.https}", verify=trusting(lan.authority), cookies={"yihe_session": token}) as browser:
        assert browser.get("/account").status_code == 303  # nor by https under the name a page by http could have set


def test_each_kind_of_device_gets_the_authority_as_it_wants_it(lan: Lan, plain: httpx.Client) -> None:
    der = ssl.PEM_cert_to_DER_cert(lan.authority.read_text())
    kinds = {"yihe.crt": "application/x-x509-ca-cert", "yihe.cer": "application/pkix-cert"}
    for name, kind in kinds.items():
        answer = plain.get(f"/hello/{name}")
        assert answer.content == der and answer.headers["content-type"] == kind and name in answer.headers["content-disposition"]
    assert plain.get("/hello/yihe.pem").text == lan.authority.read_text()
    assert plain.get("/hello/yihe.mobileconfig").headers["content-type"] == "application/x-apple-aspen-config"
    for secret in ("ca.key", "yihe.key", "..%2fca.key", "leaf.key"):
        assert plain.get(f"/hello/{secret}").status_code == 404
    with httpx.Client(verify=trusting(lan.authority)) as browser:
        asked = browser.get(f"https://127.0.0.1:{lan.https}/hello/trusted")
    assert asked.status_code == 204 and asked.headers["cross-origin-resource-policy"] == "cross-origin"


def test_what_is_not_http_at_all_is_turned_away(lan: Lan) -> None:
    """Somebody typed http:// and the port of https."""
    with pytest.raises((http.client.BadStatusLine, ConnectionError, OSError)):
        connection = http.client.HTTPConnection("127.0.0.1", lan.https, timeout=5)
        connection.request("GET", "/")
        connection.getresponse()


def test_the_terminal_tells_name_number_and_fingerprint(lan: Lan) -> None:
    assert f"https://127.0.0.1:{lan.https}" in lan.told and f"http://127.0.0.1:{lan.http}" in lan.told and "█" in lan.told
    lan.says("Found on the network by name")
    assert re.search(rf"https://yihe(-\d)?\.local:{lan.https}", lan.told)
