"""Every route × every role × nobody, from the route table."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar.testing import TestClient

from app.clinic import patients
from app.core.access import ROLES, Actor, May, Role
from app.main import create_app
from tests.conftest import CAST, PASSWORD
from tests.house.routes import routes

ROLE_OF = {name: role for name, (_, role) in CAST.items() if name != "manager2"}
COUNTS = "SELECT count(*) FROM looks"


@pytest.fixture(scope="module")
def house(made_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """One app for the whole matrix, with one person in it."""
    import shutil

    folder = tmp_path_factory.mktemp("house") / "data"
    shutil.copytree(made_once, folder)
    with TestClient(create_app(folder, tasks=False)) as client:
        client.headers["Sec-Fetch-Site"] = "same-origin"
        owner = Actor(1, "安", Role.OWNER, "zh")
        patients.register(client.app.state.db, owner, patients.NewPatient(name="王秀英", sex="female"))
        yield client


def enter(client: TestClient, name: str | None) -> None:
    client.cookies.clear()
    if name:
        answer = client.post("/sign-in", data={"sign_in": name, "password": PASSWORD}, follow_redirects=False)
        assert answer.status_code == 303


def ask(client: TestClient, route) -> int:
    return client.request(route.method, route.address, follow_redirects=False).status_code


def test_nobody_gets_in_without_signing_in(house: TestClient) -> None:
    enter(house, None)
    for route in routes(house.app):
        if route.needs is May.ANYONE:
            continue
        answer = house.request(route.method, route.address, follow_redirects=False)
        assert answer.status_code == 303 and answer.headers["location"].startswith("/sign-in"), str(route)


@pytest.mark.parametrize("name", sorted(ROLE_OF))
def test_every_role_is_let_in_exactly_where_the_table_says(house: TestClient, name: str) -> None:
    leaving = {"/sign-out", "/account/password"}
    for route in routes(house.app):
        if route.needs is May.ANYONE or route.path in leaving:
            continue
        enter(house, name)
        status = ask(house, route)
        if route.needs in ROLES[ROLE_OF[name]]:
            assert status not in (401, 403) and status < 500, f"{name} {route}: {status}"
        else:
            assert status == 403, f"{name} {route}: {status}"


def test_a_write_from_another_site_is_refused(house: TestClient) -> None:
    enter(house, "owner")
    for route in routes(house.app):
        if route.method == "POST":
            answer = house.post(route.address, headers={"Sec-Fetch-Site": "cross-site"}, follow_redirects=False)
            assert answer.status_code == 403, str(route)


def test_a_get_writes_nothing_but_who_looked(house: TestClient) -> None:
    enter(house, "owner")
    db, looks = house.app.state.db, house.app.state.looks
    for route in routes(house.app):
        if route.method != "GET":
            continue
        looks.flush()
        before, looked = db.writer.total_changes, db.value(COUNTS)
        ask(house, route)
        looks.flush()
        assert db.writer.total_changes - before == db.value(COUNTS) - looked, str(route)


def test_every_page_answers_in_both_languages_with_its_headers(house: TestClient) -> None:
    for name in ("owner", "reader"):
        enter(house, name)
        for route in routes(house.app):
            if route.method != "GET" or route.path.startswith("/static"):
                continue
            answer = house.get(route.address, follow_redirects=False)
            assert answer.status_code < 500, f"{route}: {answer.status_code}"
            assert answer.headers["x-content-type-options"] == "nosniff", str(route)
            assert "unsafe" not in answer.headers["content-security-policy"], str(route)
            assert answer.headers["cache-control"] == "no-store", str(route)


def test_other_peoples_ids_are_not_found(house: TestClient) -> None:
    enter(house, "owner")
    for route in routes(house.app):
        if "{patient_id:int}" in route.path or "{patient_id}" in route.path:
            address = route.address.replace("/patients/1", "/patients/999", 1)
            assert house.request(route.method, address, follow_redirects=False).status_code in (404, 422), str(route)
