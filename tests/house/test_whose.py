"""What is one person's is found under nobody else's address: every route that names a person and something of theirs."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from litestar.testing import TestClient

from app.clinic import attachments, cards, dossiers, encounters, households, invitations, observations, patients, questionnaires, records, reports, responses, tags
from app.clinic.observations import NewValue
from app.core.access import Actor
from app.core.db import Database
from tests.attachments.conftest import picture
from tests.house.routes import routes

GIVEN = {"reason": "slip", "text": "x", "value": "120", "unit": "mmHg", "taken_at": "2026-11-20"}
PLACE = re.compile(r"\{(\w+)\}")
WORDS = {"section_id": "conditions", "code": "SBP", "kind": "conditions", "patient_id": "{}", "purpose_id": "opening", "part_id": "complaint"}  # every other place is an id
NOT_YET = {"report.pdf", "attempts", "prints", "copy", "copy.pdf", "paper.pdf"}  # the report is wanted, not drawn; nobody is handed what no doctor has signed


@pytest.fixture
def everything(client: TestClient, who: Callable[[str], Actor]) -> tuple[int, int]:
    """Two people; the first has one of everything, each with the id 1."""
    db, doctor = client.app.state.db, who("doctor")
    mine = patients.register(db, doctor, patients.NewPatient("王秀英", "female", birth_date=date(1948, 3, 12)))
    other = patients.register(db, doctor, patients.NewPatient("李建国", "male"))
    cards.open_card(db, doctor, mine, cards.types(db)[0].id)
    observations.record(db, doctor, patients.get(db, mine), "2026-11-20", [NewValue("SBP", 110.0)])
    records.record(db, doctor, mine, records.section("conditions"), records.NewCondition("高血压"))
    [tag] = tags.current(db, mine)
    tags.take_off(db, doctor, mine, tag.id, "asked not to be told")
    reports.want(db, doctor, mine)
    records.record(db, doctor, mine, records.section("medications"), records.NewMedication("氨氯地平"))
    records.talk_through(db, doctor, mine, records.NewReview(), {1: records.NewLine("regular")})
    with client.app.state.files.incoming() as arriving:
        arriving.write(picture())
        attachments.add(db, doctor, client.app.state.files, mine, attachments.NewAttachment("ECG"), arriving)
    aunt = patients.register(db, doctor, patients.NewPatient("王秀兰", "female"))
    households.connect(db, doctor, mine, aunt, "sibling", together=True)
    dossiers.want(db, doctor, mine, "zh")
    encounters.begin(db, doctor, mine)
    questionnaires.revise(db, doctor, 1)
    invitations.ask(db, doctor, mine, invitations.NewAsked("", [1]), [1])
    _answered(db, doctor, mine)
    return mine, other


def _answered(db: Database, doctor: Actor, person: int) -> None:
    form = questionnaires.by_code(db, "phq-2")
    id = responses.begin(db, doctor, patients.get(db, person), form, "staff")
    responses.answer(db, id, 0, {item.link_id: [item.options[0].code] for item in form.definition.by_id.values() if item.options}, "zh")
    responses.complete(db, doctor, id)


@pytest.fixture
def addresses(client: TestClient) -> list[tuple[str, str]]:
    """(method, path) with the person open and every other id 1."""
    found = []
    for route in routes(client.app):
        names = PLACE.findall(route.path)
        if "patient_id" in names and not set(names) <= set(WORDS):
            found.append((route.method, PLACE.sub(lambda place: WORDS.get(place[1], "1"), route.path)))
    return found


def test_nothing_of_mine_is_found_under_another(
    everything: tuple[int, int], addresses: list[tuple[str, str]], sign_in: Callable[[str], TestClient],
) -> None:
    mine, other = everything
    browser = sign_in("owner")
    assert len(addresses) > 12
    for method, path in addresses:
        answer = browser.request(method, path.format(other), data=GIVEN if method == "POST" else None, follow_redirects=False)
        assert answer.status_code == 404, f"{method} {path.format(other)}: {answer.status_code}"
    for method, path in addresses:
        if method == "GET" and path.rpartition("/")[2] not in NOT_YET:
            assert browser.get(path.format(mine)).status_code == 200, path
