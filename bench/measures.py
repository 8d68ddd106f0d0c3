"""What is measured: the pages with the very SQL they run, and the write."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from httpx import Response
from litestar.testing import TestClient

from app.clinic import lists, patients, staff
from app.core import settings
from app.core.db import Database
from app.core.reading import Reading
from app.main import create_app
from app.routes.web import COOKIE

HTMX = {"HX-Request": "true"}


class Measure(msgspec.Struct, frozen=True):
    """paths: asked in turn. aim: how many times the floor it may take. typed: sent in the box that finds, in no address."""

    name: str
    code: str
    paths: tuple[str, ...]
    aim: float
    headers: dict[str, str] = {}
    typed: str | None = None


def measures(db: Database) -> list[Measure]:
    """Pages of people spread over the whole house."""
    newest = lists.page_of(db, lists.EVERYBODY, limit=1)[0].id
    some = [patients.get(db, newest * n // 12) for n in range(1, 11)]
    phone = patients.phones(db, some[0].id)[0][-4:]
    return [
        Measure("patient list", "list", ("/patients",), 2),
        Measure("search: part of a name (秀)", "part", ("/search",), 2, HTMX, "秀"),
        Measure("search: two characters (桂兰)", "two", ("/search",), 2, HTMX, "桂兰"),
        Measure("search: initials (wxy)", "initials", ("/search",), 2, HTMX, "wxy"),
        Measure("search: phone's last 4", "phone", ("/search",), 2, HTMX, phone),
        Measure("search: one character (王)", "one", ("/search",), 2, HTMX, "王"),
        Measure("patient overview", "overview", tuple(f"/patients/{one.id}" for one in some), 2.5),
        Measure("Today", "today", ("/today",), 2),
        Measure("timeline, 10,000 entries", "timeline", (f"/patients/{told_much(db, newest)}/timeline",), 2.5),
    ]


MUCH = 10_000
TOLD = "SELECT count(*) FROM events WHERE patient_id = :patient"


def told_much(db: Database, person: int) -> int:
    """Of this person ten thousand things are told: written once."""
    if (missing := MUCH - db.value(TOLD, patient=person)) > 0:
        with db.change(None, "note.recorded", person) as details:
            details |= {"entry": 0, "what": "the first"}
            db.write_events((None, "note.recorded", person, {"entry": 0, "what": f"number {n}"}) for n in range(missing))
    return person


def sign_in(db: Database, many: int = 1) -> list[str]:
    """So many sessions of the demo's health manager; the password is made anew."""
    from secrets import token_urlsafe

    member = next(one for one in staff.everyone(db) if one.role == "health_manager" and not one.disabled)
    password = token_urlsafe(12)
    staff.reset_password(db, None, member.id, password)
    settings.put(db, None, idle_minutes=24 * 60)  # a session waits its turn
    return [staff.sign_in(db, member.sign_in, password, "bench", "127.0.0.1") for _ in range(many)]


def ask(client: TestClient, one: Measure, path: str) -> Response:
    if one.typed is None:
        return client.get(path, headers=one.headers)
    return client.post(path, data={"q": one.typed}, headers=one.headers | {"Sec-Fetch-Site": "same-origin"})


def statements(folder: Path, token: str) -> dict[str, list[list[str]]]:
    """The SQL each page runs, with its values filled in, but for the look at the session."""
    with heard() as told, TestClient(create_app(folder, tasks=False), cookies={COOKIE: token}) as client:
        found = {}
        for one in measures(client.app.state.db):
            found[one.code] = []
            for path in one.paths:
                ask(client, one, path)  # the first one fills caches
                told.clear()
                answer = ask(client, one, path)
                assert answer.status_code == 200, (path, answer.status_code)
                found[one.code].append([sql for sql in told if "FROM sessions" not in sql])
    return found


@contextmanager
def heard() -> Iterator[list[str]]:
    """Every statement a reading connection runs."""
    told: list[str] = []
    reader = Reading._reader

    def listening(self: Reading):
        connection = reader(self)
        connection.set_trace_callback(told.append)
        return connection

    Reading._reader = listening
    try:
        yield told
    finally:
        Reading._reader = reader
