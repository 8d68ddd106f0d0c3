"""What is hung on, moved to or joined with somebody: the other end is asked too, and nothing is half done."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from litestar.testing import TestClient

from app.clinic import attachments, cards, patients, records
from app.core.access import Actor
from tests.attachments.conftest import picture
from tests.house.test_whose import everything  # noqa: F401  one of everything

EVENTS = "SELECT max(id) FROM events"


@pytest.fixture
def owner(everything: tuple[int, int], sign_in: Callable[[str], TestClient]) -> TestClient:  # noqa: F811
    return sign_in("owner")


@pytest.fixture
def ends(owner: TestClient, who: Callable[[str], Actor]) -> dict[str, int]:
    """Persons nothing can be hung on."""
    db, desk = owner.app.state.db, who("desk")
    withdrawn = patients.register(db, desk, patients.NewPatient("不在", "male"))
    patients.withdraw(db, who("owner"), withdrawn, "registered twice")
    return {"nobody": 999, "who was taken out": withdrawn, "a number no row has": 2**62, "less than nobody": -1}


# Form → what it sends for the person `x`. The entry of each kind of everything has the number 1.
FORMS = {
    "patients/1/mistakes/conditions/1": lambda x: {"reason": "mixed up", "to": x}, "patients/1/mistakes/attachments/1": lambda x: {"reason": "mixed up", "to": x},
    "patients/1/mistakes/cards/1": lambda x: {"reason": "mixed up", "to": x}, "patients/1/mistakes/results/1": lambda x: {"reason": "mixed up", "to": x},
    "patients/1/family": lambda x: {"other": x, "relation": "sibling"}, "patients/1/duplicates": lambda x: {"other": x},
    "patients/1/cards/1/people": lambda x: {"who": "x", "other_id": x}, "households/1/kinships": lambda x: {"one": 1, "other": x, "relation": "sibling"},
    "households/1/departures": lambda x: {"patient": x}, "recalls/1/work": lambda x: {"patients": x, "due_on": "2026-12-01"},
    "patients/1/family/history": lambda x: {"relative": x, "illness": "I10", "answer": "yes"},
}
ALREADY_SO = {"households/1/departures"}  # who does not live there leaves as who has left


def test_nothing_is_hung_on_who_is_not_there(owner: TestClient, ends: dict[str, int]) -> None:
    db = owner.app.state.db
    for form, typed in FORMS.items():
        for what, person in ends.items():
            before = db.value(EVENTS)
            answer = owner.post(f"/{form}", data=typed(person), follow_redirects=False)
            assert db.value(EVENTS) == before, f"{form}: {what}"
            assert 400 <= answer.status_code < 500 or form in ALREADY_SO, f"{form}: {what}: {answer.status_code}"


def test_an_entry_of_one_person_holds_nothing_of_anothers(owner: TestClient, everything: tuple[int, int], who: Callable[[str], Actor]) -> None:  # noqa: F811
    """An attachment is not hung on, nor a correction made of, what belongs to somebody else."""
    mine, other = everything
    db, files = owner.app.state.db, owner.app.state.files
    theirs = records.record(db, who("doctor"), other, records.section("conditions"), records.NewCondition("别人的病"))
    place = attachments.Place("conditions", theirs)
    before = db.value(EVENTS)
    with files.incoming() as arriving, suppress(Exception):
        arriving.write(picture() + b"more")
        attachments.add(db, who("doctor"), files, mine, attachments.NewAttachment("x", place=place), arriving)
    owner.post(f"/patients/{mine}/attachments/1", data={"title": "x", "place": place.typed, "reason": "x"})
    owner.post(f"/patients/{mine}/record/conditions/{theirs}", data={"text": "x", "reason": "x"})
    owner.post(f"/patients/{mine}/encounters/1/forms", data={"response": "99"})
    assert db.value(EVENTS) == before
    assert db.value("SELECT count(*) FROM attachments WHERE entry_id = :id AND patient_id = :mine", id=theirs, mine=mine) == 0


def test_a_card_of_one_family_is_not_used_through_another(owner: TestClient, everything: tuple[int, int], who: Callable[[str], Actor]) -> None:  # noqa: F811
    mine, other = everything
    db = owner.app.state.db
    theirs = cards.open_card(db, who("desk"), other, cards.types(db)[0].id)
    before = db.value(EVENTS)
    for way, data in (("closing", {"reason": "x"}), ("suspension", {"reason": "x"}), ("uses", {"entitlement": "1"}), ("replacement", {"reason": "x"})):
        assert owner.post(f"/patients/{mine}/cards/{theirs}/{way}", data=data, follow_redirects=False).status_code == 404, way
    assert db.value(EVENTS) == before
