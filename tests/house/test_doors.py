"""The checks at the door, broken on purpose: each way of leaving one out is noticed. And what stands on every answer there is."""

import shutil
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from litestar.testing import TestClient

from app import main
from app.clinic import patients, staff
from app.core.access import ROLES, Actor, May, Role
from app.core.errors import Forbidden, Invalid, Refusal, SignedOut
from app.main import HEADERS, create_app
from app.routes import web
from tests.conftest import PASSWORD
from tests.house.routes import routes
from tests.house.test_routes import enter

# What somebody who may only read can send: what is theirs alone, questions that change nothing, and leaving.
READERS_SEND = {
    "/account", "/sign-out", "/drafts", "/language", "/search", "/scan", "/patients/filters", "/patients/sitting", "/patients/views", "/presence",
    "/patients/{patient_id}/unmasking", "/patients/{patient_id}/breakglass", "/lock", "/unlock", "/switch",
}
BY_ITSELF = {"/patients/{patient_id}/mistakes/{kind}/{entry_id}"}  # asks for the right of what is corrected, in clinic/mistakes


@pytest.fixture
def made(made_once: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made_once, tmp_path / "data")


def opened(folder: Path) -> TestClient:
    client = TestClient(create_app(folder, tasks=False))
    client.headers["Sec-Fetch-Site"] = "same-origin"
    return client


def first_wrong(client: TestClient, name: str | None) -> str:
    """The first GET that answers otherwise than the table of roles says; blank when all is right."""
    enter(client, name)
    role = {"desk": Role.RECEPTIONIST, "owner": Role.OWNER}.get(name)
    for route in routes(client.app):
        if route.method != "GET" or route.needs is May.ANYONE or route.path.endswith(".pdf"):
            continue
        answer = client.get(route.address, follow_redirects=False)
        if role is None:
            right = answer.status_code == 303 and answer.headers["location"].startswith("/sign-in")
        else:
            right = (answer.status_code != 403) == (route.needs in ROLES[role])
        if not right:
            return str(route)
    return ""


async def _anybody(connection, handler) -> None:
    """Left out: who is asking, and what they may."""
    web.recognise(connection)


async def _whoever_is_in(connection, handler) -> None:
    """Left out: what they may."""
    if handler.opt["needs"] is not May.ANYONE and web.recognise(connection) is None:
        raise SignedOut()


async def _nobody_known(connection, handler) -> None:
    """Left out: nobody is refused who is not signed in."""
    actor = web.recognise(connection)
    if actor and not actor.may(handler.opt["needs"]) and handler.opt["needs"] is not May.ANYONE:
        raise Forbidden()


@pytest.mark.parametrize("name", [None, "desk"])
def test_the_guard_as_it_is_does_as_the_table_says(client: TestClient, name: str | None) -> None:
    assert first_wrong(client, name) == ""


@pytest.mark.parametrize(("broken", "name"), [(_anybody, None), (_whoever_is_in, "desk"), (_nobody_known, None)])
def test_a_guard_that_leaves_something_out_is_noticed(made: Path, monkeypatch: pytest.MonkeyPatch, broken, name) -> None:
    monkeypatch.setattr(web, "guard", broken)
    with opened(made) as client:
        client.raise_server_exceptions = False
        assert first_wrong(client, name)


@pytest.mark.parametrize("broken", [
    lambda self, what: what not in ROLES[self.role], lambda self, what: True, lambda self, what: False, lambda self, what: self.role is Role.OWNER,
    lambda self, what: what in ROLES[self.role] or what is May.MANAGE_CLINIC, lambda self, what: what in ROLES[self.role] - {May.FIND_PATIENTS},
], ids=["inverted", "always", "never", "owners only", "one too many", "one too few"])
def test_a_table_read_wrongly_is_noticed(client: TestClient, monkeypatch: pytest.MonkeyPatch, broken: Callable[[Actor, May], bool]) -> None:
    client.raise_server_exceptions = False
    monkeypatch.setattr(Actor, "may", broken)
    assert first_wrong(client, "desk")


def test_a_handler_that_does_not_say_what_it_needs_keeps_the_house_shut(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import litestar

    @litestar.get("/open", sync_to_thread=False)
    def open_door() -> str:
        return ""

    monkeypatch.setattr(main.parts, "HANDLERS", [*main.parts.HANDLERS, open_door])
    with pytest.raises(RuntimeError, match="/open does not say what it needs"):
        create_app(made, tasks=False)


def test_who_may_read_may_not_write(client: TestClient) -> None:
    """Every form's right is one that somebody who may only read lacks, but for what is theirs alone."""
    reads = ROLES[Role.READ_ONLY]
    open_to_readers = {one.path for one in routes(client.app) if one.method != "GET" and one.needs in reads}
    assert {path for path in open_to_readers - BY_ITSELF if not any(path == way or path.startswith(f"{way}/") for way in READERS_SEND)} == set()


def test_a_reader_corrects_nothing_wherever_the_right_is_asked_inside(sign_in, who) -> None:
    from app.clinic import mistakes

    browser = sign_in("reader")
    patients.register(browser.app.state.db, who("desk"), patients.NewPatient("王秀英"))
    for kind in mistakes.KINDS:
        assert browser.post(f"/patients/1/mistakes/{kind}/1", data={"reason": "x"}).status_code in (403, 404), kind


def test_only_get_and_post_are_taken(client: TestClient) -> None:
    methods = {one.method for one in routes(client.app)}
    assert methods == {"GET", "POST"}, "another unsafe method must be asked where it comes from: web.guard asks all but GET and HEAD"


# ── headers ──

def all_kinds(client: TestClient, sign_in: Callable[[str], TestClient]) -> Iterator[tuple[str, int, object]]:
    """(what, the status meant, the answer)"""
    ask = client.request
    static = next(route.path for route in routes(client.app) if route.path.startswith("/static/") and "vendor" not in route.path).partition("{")[0]
    yield "signed out", 303, ask("GET", "/patients", follow_redirects=False)
    yield "sign-in", 200, ask("GET", "/sign-in")
    sign_in("desk")
    for what, status, method, path, options in (
        ("page", 200, "GET", "/patients", {}), ("static", 200, "GET", f"{static}css/index.css", {}), ("no static", 404, "GET", f"{static}css/no.css", {}),
        ("head", 405, "HEAD", "/patients", {}), ("unknown", 404, "GET", "/nowhere", {}), ("no such", 404, "GET", "/patients/999", {}),
        ("method", 405, "PUT", "/patients", {}), ("options", 403, "OPTIONS", "/patients", {}), ("forbidden", 403, "GET", "/manage/staff", {}),
        ("elsewhere", 403, "POST", "/patients", {"headers": {"Sec-Fetch-Site": "cross-site"}}), ("redirect", 303, "GET", "/", {}),
        ("invalid", 422, "POST", "/patients", {"data": {"name": ""}}), ("large", 413, "POST", "/language", {"content": b"x" * (main.LARGEST_BODY + 1)}),
        ("no form", 400, "POST", "/patients/photo", {"content": b"--x", "headers": {"Content-Type": "multipart/form-data"}}),
        ("block", 200, "GET", "/patients", {"headers": {"HX-Request": "true"}}), ("traversal", 404, "GET", f"{static}../app/main.py", {}),
        ("traversal", 404, "GET", f"{static}%2e%2e/%2e%2e/app/main.py", {}), ("slash", 404, "GET", "//evil.example/x", {}),
    ):
        yield what, status, ask(method, path, follow_redirects=False, **options)


def test_headers_stand_on_every_answer(client: TestClient, sign_in: Callable[[str], TestClient], monkeypatch: pytest.MonkeyPatch) -> None:
    answers = list(all_kinds(client, sign_in))
    monkeypatch.setattr(patients, "get", lambda *_: 1 / 0)
    answers.append(("broken", 500, client.get("/patients/1")))
    for what, status, answer in answers:
        assert answer.status_code == status, f"{what}: {answer.status_code}"
        for name, value in HEADERS.items():
            assert answer.headers[name] == value, f"{what}: {name}"
        assert answer.headers["cache-control"] == ("public, max-age=31536000, immutable" if what == "static" else "no-store"), what


def test_the_headers_say_what_they_must() -> None:
    policy = dict(part.strip().partition(" ")[::2] for part in HEADERS["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'" and policy["frame-ancestors"] == "'none'" and policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == policy["connect-src"] == "'self'"
    assert "unsafe" not in HEADERS["Content-Security-Policy"] and "*" not in HEADERS["Content-Security-Policy"]
    assert HEADERS["X-Content-Type-Options"] == "nosniff" and HEADERS["Referrer-Policy"] in ("same-origin", "no-referrer")


# ── signing in and the first run ──

def test_an_unknown_name_costs_as_much_as_a_wrong_password(db, who, monkeypatch: pytest.MonkeyPatch) -> None:
    """Told apart neither by words nor by time: for each name one hash of the same cost is worked out."""
    staff.reset_password(db, None, who("nurse").id, PASSWORD)  # hashed as in the clinic, not as quickly as for the tests
    staff.disable(db, None, who("reader").id)
    real, costs, said = staff.rules._hasher, Counter(), set()

    class Counting:
        def verify(self, stored: str, password: str) -> bool:
            costs[name] += 1
            assert stored.split("$")[1:4] == staff.rules._NOBODY.split("$")[1:4] or name == "reader"
            return real.verify(stored, password)

    monkeypatch.setattr(staff.rules, "_hasher", Counting())
    names = ("nurse", "reader", "nobody", "", "x" * 40, "护士'--")
    for n, name in enumerate(names):
        with pytest.raises(Invalid) as refused:
            staff.sign_in(db, name, "wrong-lake-4711", "", f"192.168.1.{n}")
        said.add(str(refused.value.errors))
    assert len(said) == 1 and costs == dict.fromkeys(names, 1)


def test_six_who_set_the_clinic_up_at_once_make_one_owner(tmp_path: Path) -> None:
    with opened(tmp_path) as browser:
        state = browser.app.state
        made, start = [], threading.Barrier(6)

        def try_it(n: int) -> None:
            start.wait()
            with suppress(Refusal):
                made.append(staff.set_up(state.db, state.first_run_code, staff.SetUp(state.first_run_code, "和平里诊所", f"person{n}", "安", PASSWORD, "zh")))

        hands = [threading.Thread(target=try_it, args=(n,)) for n in range(6)]
        for one in hands:
            one.start()
        for one in hands:
            one.join()
        assert made == [1] and state.db.value("SELECT count(*) FROM staff") == 1
