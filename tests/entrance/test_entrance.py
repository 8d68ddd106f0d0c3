"""The patients' entrance: it leads to the one form and nowhere else, and its cookies are its own."""

import re
from datetime import UTC, datetime

import pytest
from litestar.testing import TestClient

from app.core import settings
from app.core.network import Shown
from app.routes import entrance
from app.serving.entrance import PatientsOnly, _outward, allowed
from tests.house.routes import routes
from tests.invitations.conftest import value

PHONE = {"Origin": "http://testserver.local", "Host": "testserver.local"}  # by http browsers send no Sec-Fetch-Site


@pytest.fixture
def phone(client) -> TestClient:
    """A browser that comes by the entrance."""
    opened = TestClient(PatientsOnly(client.app))
    opened.headers.update(PHONE)
    return opened


def enter(phone: TestClient, way):
    return phone.post(f"/fill/t/{way.token}", data={"language": "zh"}, follow_redirects=False)


def begun(phone: TestClient, way) -> str:
    """The first question, once the phone is in and has begun."""
    enter(phone, way)
    return phone.post(f"/fill/{way.asked.id}/beginning", data={"language": "zh"}).text


# ── nowhere else ──

def test_nothing_of_the_staffs_is_there(client, phone, sign_in) -> None:
    """Every route of the table, with an owner's session in the cookie under any name."""
    owner = sign_in("owner").cookies["yihe_session"]
    phone.headers["Cookie"] = f"yihe_session={owner}; __Host-yihe_session={owner}; yihe_entrance_session={owner}"
    table = [route for route in routes(client.app) if not (route.path.startswith(("/fill", "/static")) or str(route) in ("POST /language", "GET /"))]
    assert len(table) > 200
    for route in table:
        answer = phone.request(route.method, route.address, follow_redirects=False)
        assert answer.status_code == 404 and "set-cookie" not in answer.headers and 'href="/today"' not in answer.text, str(route)
        for path in (f"/{route.address}", f"/fill/..{route.address}", f"/static/..{route.address}", f"/.{route.address}", f"{route.address}/"):
            assert not allowed(route.method, path), path
    assert phone.get("/", follow_redirects=False).headers["location"] == "/fill"


@pytest.mark.parametrize(("method", "path"), [
    ("PUT", "/fill"), ("DELETE", "/fill/1"), ("GET", "/language"), ("POST", "/static/x/css/index.css"), ("GET", "/fill\\..\\today"), ("GET", "/FILL"),
    ("GET", "/fillx"), ("GET", "/fill//1"), ("GET", "/fill/"), ("GET", "/staticx"), ("GET", "/static/../today"), ("GET", ""),
])
def test_what_only_looks_like_a_way_in_is_none(method, path) -> None:
    assert not allowed(method, path)


def test_what_is_not_there_is_said_calmly_and_in_their_language(phone) -> None:
    answer = phone.get("/today", headers={"Accept-Language": "zh"})
    assert answer.status_code == 404 and 'lang="zh-CN"' in answer.text and 'href="/fill"' in answer.text and "/sign-in" not in answer.text


def test_no_page_of_it_leads_elsewhere(phone, wang, mood, invite) -> None:
    way = invite(wang, mood)
    pages = [phone.get("/fill").text, phone.get(f"/fill/t/{way.token}").text, begun(phone, way), phone.get("/today").text]
    for page in pages:
        for address in re.findall(r'(?:href|action|src)="([^"#]*)"', page):
            assert address.startswith(("/fill", "/static/", "data:", "tel:")) or address == "/language", address
        assert "王秀英" not in page and wang.number not in page and "1948" not in page
    assert "王*英" in pages[1] and "王*英" in pages[2]


# ── one form ──

def test_a_form_is_filled_in_and_handed_in(phone, wang, mood, invite, db) -> None:
    way = invite(wang, mood)
    answer = enter(phone, way)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/fill/{way.asked.id}")
    said = answer.headers["set-cookie"]
    assert said.startswith("yihe_entrance_fill=") and f"Path=/fill/{way.asked.id}" in said and "HttpOnly" in said and "SameSite=strict" in said
    page = phone.post(f"/fill/{way.asked.id}/beginning", data={"language": "zh"}).text
    for link in ("sleep", "harm"):
        sent = {"_at": link, "_hand": value(page, "_hand"), "_revision": value(page, "_revision"), link: "0", "_go": "on"}
        page = phone.post(f"/fill/{way.asked.id}/answers", data=sent).text
    assert phone.post(f"/fill/{way.asked.id}/submission").url.path == f"/fill/{way.asked.id}/thanks"
    assert db.value("SELECT completed_at FROM responses") is not None


def test_the_short_code_lets_in_too(phone, wang, mood, invite) -> None:
    way = invite(wang, mood)
    answer = phone.post("/fill", data={"code": way.code}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/fill/{way.asked.id}")
    assert phone.get(f"/fill/{way.asked.id}").status_code == 200


def test_a_page_elsewhere_cannot_send_for_them(phone, wang, mood, invite) -> None:
    way = invite(wang, mood)
    for headers in ({"Origin": "http://evil.example"}, {"Origin": "null"}, {"Origin": "http://testserver.local:8000"}, {"Origin": "https://testserver.local"}):
        assert phone.post(f"/fill/t/{way.token}", headers=headers).status_code == 403


# ── cookies ──

def test_the_cookie_of_one_door_opens_nothing_at_the_other(client, phone, wang, mood, invite) -> None:
    """The same machine's cookies go to each of its ports: names keep them apart."""
    way = invite(wang, mood)
    enter(phone, way)
    token = phone.cookies["yihe_entrance_fill"]
    here = f"/fill/{way.asked.id}"
    assert phone.get(here).status_code == 200
    phone.cookies.clear()
    assert phone.get(here, headers={"Cookie": f"yihe_fill={token}"}).status_code == 404
    assert client.get(here, headers={"Cookie": f"yihe_entrance_fill={token}"}).status_code == 404
    assert client.get(here, headers={"Cookie": f"yihe_fill={token}"}).status_code == 200


def test_staffs_cookies_are_neither_read_nor_set(client, phone, sign_in) -> None:
    """The fill page of somebody signed in shows their language; here their session is not even looked at."""
    session = sign_in("reader").cookies["yihe_session"]  # her language is English
    given = {"Cookie": f"yihe_session={session}", "Accept-Language": "zh"}
    assert 'lang="en"' in client.get("/fill", headers=given).text
    assert 'lang="zh-CN"' in phone.get("/fill", headers=given).text
    answer = phone.post("/language", data={"language": "en", "back": "/fill"}, headers={"Cookie": f"yihe_session={session}; yihe_language=zh"}, follow_redirects=False)
    assert [said.partition("=")[0] for said in answer.headers.get_list("set-cookie")] == ["yihe_entrance_language"]
    assert 'lang="en"' in phone.get("/fill").text


def test_a_cookie_the_app_sets_otherwise_does_not_pass() -> None:
    assert _outward((b"Set-Cookie", b"yihe_session=x; Path=/")) is None and _outward((b"set-cookie", b"__Host-yihe_session=x")) is None
    assert _outward((b"set-cookie", b"yihe_fill=x; Path=/fill/1")) == (b"set-cookie", b"yihe_entrance_fill=x; Path=/fill/1")


# ── where phones are sent, and the owner's page ──

@pytest.fixture
def slip(client, sign_in, wang, mood, ask):
    """The page with a code, as the nurse sees it, through a door at `server`."""
    asked_id = ask(wang, mood)
    return lambda: sign_in("nurse").post(f"/patients/{wang.id}/asked/{asked_id}/invitations").text


def test_codes_lead_to_the_entrance_while_it_is_open(client, slip) -> None:
    assert "http://testserver.local/fill" in slip()
    client.app.state.network.addresses = ("192.168.1.20",)
    client.app.state.entrance.port = 8088
    page = slip()
    assert "http://192.168.1.20:8088</b>" in page and "http://192.168.1.20:8088/fill/t/" in page and "testserver" not in page
    client.app.state.entrance.port = 0
    assert "http://testserver.local/fill" in slip()


def test_staff_are_told_what_stands_between_a_code_and_a_phone(client, slip) -> None:
    assert "run.py --lan" not in slip()
    client.app.state.entrance.port = 8088  # and no number but this machine's own
    assert "run.py --lan" in slip()
    client.app.state.entrance.port = 0
    client.app.state.network.shown = Shown(("yihe.local",), (), datetime.now(UTC), "AA", own=False)
    assert entrance.only_here("https://[::1]:8443") and not entrance.only_here("https://yihe.local")
    client.base_url = "https://testserver.local"
    client.cookies.clear()
    assert "平板" in slip() and "证书" in slip()


def test_the_owner_opens_and_shuts_it(client, sign_in) -> None:
    owner, followed = sign_in("owner"), []
    client.app.state.entrance.follow = lambda: followed.append(settings.get(client.app.state.db, "entrance_on"))
    given = {"entrance_on": "on", "entrance_port": "8188", "other_hosts": "https://Yihe.LAN:8443/today\n\nbox\n"}
    answer = owner.post("/manage/entrance", data=given, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"], followed) == (303, "/manage/entrance", [True])
    stored = settings.everything(client.app.state.db)
    assert (stored["entrance_port"], stored["other_hosts"]) == (8188, ["yihe.lan", "box"])
    owner.post("/manage/entrance", data={"entrance_port": "8188", "other_hosts": ""})
    assert followed == [True, False] and settings.get(client.app.state.db, "other_hosts") == []
    events = client.app.state.db.value("SELECT count(*) FROM events WHERE kind = 'settings.changed' AND details LIKE '%entrance_on%'")
    owner.post("/manage/entrance", data={"entrance_port": "8188", "other_hosts": ""})
    assert events == client.app.state.db.value("SELECT count(*) FROM events WHERE kind = 'settings.changed' AND details LIKE '%entrance_on%'") == 2


@pytest.mark.parametrize(("field", "typed"), [("entrance_port", "80"), ("entrance_port", "x"), ("entrance_port", "70000"), ("other_hosts", "a b"), ("other_hosts", "<b>"), ("other_hosts", "\n".join(f"n{n}" for n in range(21)))])
def test_what_cannot_be_is_said_beside_its_field(client, sign_in, field, typed) -> None:
    answer = sign_in("owner").post("/manage/entrance", data={"entrance_on": "on", "entrance_port": "8088", "other_hosts": "", field: typed})
    assert answer.status_code == 422 and f'id="{field}-error"' in answer.text and "<b>" not in re.findall(r'id="other_hosts-error".*', answer.text + " ")[:1]
    assert settings.get(client.app.state.db, "entrance_on") is None


def test_why_it_could_not_be_opened_is_said(client, sign_in) -> None:
    client.app.state.entrance.trouble = "taken"
    assert "8188" in sign_in("owner").get("/manage/entrance").text


def test_the_house_says_so_over_every_page(client, sign_in) -> None:
    state = client.app.state
    state.troubles.look(state)
    assert not any(one.code == "entrance" for one in state.troubles.found)
    state.entrance.trouble = "taken"
    state.troubles.look(state)
    [said] = [one for one in state.troubles.found if one.code == "entrance"]
    assert said.level == "amber" and 'href="/manage/entrance"' in sign_in("owner").get("/today").text


# ── what is typed into a form ──

@pytest.mark.parametrize("path", ["/sign-in", "/language", "/fill", "/setup"])
def test_a_stranger_cannot_keep_the_house_busy_with_a_form(client, path) -> None:
    """A megabyte of a form takes a third of a second to be read, in which nobody is answered."""
    flood = b"a=1&" * 2**18
    assert client.post(path, content=flood, headers={"Content-Type": "application/x-www-form-urlencoded"}).status_code == 413
    pieces = (flood[n:n + 2**16] for n in range(0, len(flood), 2**16))  # and without saying how long it is
    assert client.post(path, content=pieces, headers={"Content-Type": "application/x-www-form-urlencoded"}).status_code == 413


def test_whose_form_is_refused_is_not_read(client) -> None:
    """The guard asks first: not even its length counts."""
    flood = b"a=1&" * 2**20
    answer = client.post("/patients", content=flood, headers={"Content-Type": "application/x-www-form-urlencoded"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
