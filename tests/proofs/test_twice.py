"""Every form of every page, sent twice as a bad line or a hasty finger would: the second time nothing more is stored."""

import inspect
import re
from collections.abc import Callable, Iterator

from litestar.testing import TestClient

from tests.house.filling import Form, fill, read, same_place
from tests.house.routes import routes
from tests.house.test_payloads import CHOSEN, FILES, fitting, newest, pages, turn
from tests.house.test_whose import everything  # noqa: F401  one of everything

EVENTS = "SELECT count(*) FROM events"
# What takes a file piece by piece is known by a token or by the count of the answers it belongs to.
BY_THEMSELVES = {
    "/patients/{patient_id}/attachments", "/patients/{patient_id}/questionnaires/{response_id}/files", "/fill/{asked_id}/files",
}
# A cookie or a file is given only by doing it again.
GIVEN_AGAIN = {"/language", "/sign-in", "/sign-in/code", "/patients/exports", "/patients/…/dossiers/…/copies"}
ENDS = re.compile(r"/(sign-out|lock|closure|password|second-step/removal|restriction|handover)$|/sessions/\d+/end$|/tablets/\d+/revocation$")


def test_every_handler_that_takes_a_form_takes_it_once(client: TestClient) -> None:
    without = {
        route.path_format for route in client.app.routes for handler in getattr(route, "route_handlers", [])
        if "POST" in handler.http_methods and "sending" not in inspect.signature(handler.fn).parameters
    }
    assert without == BY_THEMSELVES & {route.path for route in routes(client.app)} and len(routes(client.app)) > 200


def posted(browser: TestClient, addresses: list[str]) -> Iterator[tuple[str, Form]]:
    """Each form that is posted, once, and where it stands."""
    told = set()
    for address in addresses:
        answer = browser.get(address)
        if answer.status_code != 200 or "html" not in answer.headers.get("content-type", ""):
            continue
        for form in read(answer.text).forms:
            place = same_place(form.action or address)
            if form.method == "post" and place not in told and not ENDS.search(form.action.partition("?")[0]):
                told.add(place)
                yield address, form


def twice(browser: TestClient, address: str, form: Form) -> tuple[int, int]:
    """How many events the form made when it was first taken, and how many more when it came again."""
    instead, leave = dict(CHOSEN), set()
    form = newest(browser.get(address).text, form)
    for _try in range(4):
        sent = fill(form, "same words", instead, leave) | {"told_apart": "on"}
        file = {form.file: FILES[same_place(form.action)]} if form.file and same_place(form.action) in FILES else None
        before = browser.app.state.db.value(EVENTS)
        answer = browser.post(form.action, data=sent, files=file, follow_redirects=False)
        made = browser.app.state.db.value(EVENTS) - before
        if answer.status_code < 400:
            again = browser.post(form.action, data=sent, files=file, follow_redirects=False)
            assert again.status_code < (400 if made else 500), f"{form.action}: {again.status_code}"
            return made, browser.app.state.db.value(EVENTS) - before - made
        form = newest(answer.text, form)
        for name in {one.name for one in form.controls if one.wrong}:
            (leave.add(name) if name in instead else instead.update({name: fitting(name)}))
    return 0, 0


def test_no_form_stores_anything_twice(everything: tuple[int, int], sign_in: Callable[[str], TestClient]) -> None:  # noqa: F811
    browser = sign_in("owner")
    addresses = [one for one in pages(browser, everything[0]) if not one.endswith((".pdf", ".svg"))]
    stored, doubled = set(), {}
    for address, form in sorted(posted(browser, addresses), key=lambda found: turn(found[1].action)):
        made, more = twice(browser, address, form)
        if made:
            stored.add(same_place(form.action))
        if more and same_place(form.action) not in GIVEN_AGAIN:
            doubled[form.action] = more
    assert doubled == {}
    assert len(stored) > 60, sorted(stored)
