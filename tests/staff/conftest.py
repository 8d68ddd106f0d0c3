"""A tablet with two people on shift, and what is done with its lock."""

import re
from datetime import timedelta

import pytest

from app.clinic import staff
from app.core import clock
from app.routes.devices import TABLET_COOKIE
from tests.conftest import NOW, PASSWORD

PAGE = {"Accept": "text/html"}
PIN = "739014"


def later(minutes: float):
    return clock.stop(NOW + timedelta(minutes=minutes))


@pytest.fixture
def tablet(client, sign_in, who):
    """The nurse's browser on an enrolled tablet, on shift with a PIN; the doctor is on shift there too."""
    db = client.app.state.db
    token = staff.enrol_by_code(db, staff.announce(db, who("owner"), "前台"), "10.0.0.5")
    for name in ("doctor", "nurse"):
        sign_in(name)  # empties the cookies
        client.cookies.set(TABLET_COOKIE, token, domain="testserver.local")
        client.post("/sign-in", data={"sign_in": name, "password": PASSWORD})
        staff.set_pin(db, who(name), PASSWORD, PIN, PIN)
    return client


def staff_id(db, name):
    return db.value("SELECT id FROM staff WHERE sign_in = :name", name=name)


def unlock(browser, name, secret=PIN, **more):
    typed = {"who": staff_id(browser.app.state.db, name), "secret": secret} | more
    return browser.post("/lock/opening", data=typed, follow_redirects=False)


def acting(browser):
    found = re.search(r"<summary class=\"actor\">.*?<b>(.*?)</b>", browser.get("/today", headers=PAGE).text)
    return found[1] if found else None
