"""kill -9 while people fill in questionnaires on their phones: no answer that was acknowledged is lost, and what was begun is ended."""

import json
import random
import re
import signal
import threading
import time
from datetime import UTC, date, datetime
from itertools import cycle
from pathlib import Path

import httpx
import pytest

from app.clinic import invitations, patients, questionnaires, responses, upkeep
from app.clinic.invitations import NewAsked
from app.clinic.patients import NewPatient
from app.core import clock
from app.main import open_clinic
from tests.kill.test_kill import free_port, start

KILLS, PHONES, QUESTIONS = 4, 6, 12
FORM = {
    "resourceType": "Questionnaire", "status": "active", "language": "zh", "title": "长问卷", "url": "urn:test:kill",
    "item": [{"linkId": f"q{n}", "type": "string", "text": f"第 {n} 题"} for n in range(QUESTIONS)],
}


@pytest.fixture
def running_clock():
    with clock.stop(datetime.now(UTC)):
        yield


class Phone:
    """Answers for ever, and goes on with the same cookie after every fall. acknowledged, doubtful: question → text."""

    def __init__(self, address: str, way: invitations.WayIn) -> None:
        self.way, self.asked_id = way, way.asked.id
        self.browser = httpx.Client(base_url=address, headers={"Sec-Fetch-Site": "same-origin"}, timeout=10)
        self.acknowledged: dict[str, str] = {}
        self.doubtful: dict[str, str] = {}
        self.refused: list[int] = []
        self.serial = 0

    def enter(self) -> None:
        assert self.browser.post(f"/fill/t/{self.way.token}").status_code == 303
        assert self.browser.post(f"/fill/{self.asked_id}/looks", data={"whole": "1"}).status_code == 303

    def live(self) -> None:
        """Until the server is gone."""
        try:
            page = self.browser.get(f"/fill/{self.asked_id}").text
            hand = re.search(r'name="_hand" value="(\w+)"', page)[1]
            revision = re.search(r'name="_revision" value="(\d+)"', page)[1]
            for n in cycle(range(QUESTIONS)):
                revision = self._answer(f"q{n}", hand, revision)
        except httpx.TransportError:
            return

    def _answer(self, question: str, hand: str, revision: str) -> str:
        self.serial += 1
        text = f"{self.asked_id}-{self.serial}"
        self.doubtful[question] = text
        answer = self.browser.post(
            f"/fill/{self.asked_id}/answers", data={question: text, "_hand": hand, "_revision": revision, "_at": question},
            headers={"HX-Request": "true"})
        if answer.status_code != 200:
            self.refused.append(answer.status_code)
            return revision
        self.acknowledged[question] = text
        del self.doubtful[question]
        return re.search(r'name="_revision"[^>]* value="(\d+)"', answer.text)[1]


def test_kills_lose_no_answer(folder: Path, tmp_path: Path, running_clock, who) -> None:
    db = open_clinic(folder)
    ways = [way_in(db, who, n, made) for made in [publish(db, who)] for n in range(PHONES)]
    db.close()
    port, mark, chance = free_port(), tmp_path / "mark", random.Random(11)
    phones, answered = [Phone(f"http://127.0.0.1:{port}", way) for way in ways], 0
    for n in range(KILLS):
        server = start(folder, port, mark, "last")
        if n == 0:
            for phone in phones:
                phone.enter()
        answered += fall(server, phones, chance)
        keeps(folder, phones)
    print(f"{answered} answers acknowledged over {KILLS} kills, {sum(len(phone.doubtful) for phone in phones)} in doubt, none lost")
    assert answered > KILLS * PHONES
    assert not any(phone.refused for phone in phones)
    hand_in(folder, port, mark, phones)


def publish(db, who) -> int:
    made = questionnaires.begin(db, who("owner"), json.dumps(FORM, ensure_ascii=False))
    questionnaires.publish(db, who("owner"), made, 1)
    return made


def way_in(db, who, n: int, made: int) -> invitations.WayIn:
    person = patients.register(db, None, NewPatient(f"测试{n}", "female", date(1950, 1, 1)))
    invitations.ask(db, who("nurse"), person, NewAsked("", [made]), [made])
    return invitations.invite(db, who("nurse"), person, invitations.open_of(db, person)[0].id)


def fall(server, phones: list[Phone], chance: random.Random) -> int:
    """Let everybody answer for a while, then kill; how many answers were acknowledged."""
    before = sum(phone.serial for phone in phones)
    threads = [threading.Thread(target=phone.live, daemon=True) for phone in phones]
    for thread in threads:
        thread.start()
    while sum(phone.serial for phone in phones) - before < 4 * PHONES:
        time.sleep(0.01)
    time.sleep(chance.random() / 5)
    server.send_signal(signal.SIGKILL)
    server.wait()
    server.stderr.close()
    for thread in threads:
        thread.join(20)
        assert not thread.is_alive()
    return sum(phone.serial for phone in phones) - before - len(phones)


def keeps(folder: Path, phones: list[Phone]) -> None:
    """Each answer is the last one acknowledged, or the one that was under way."""
    db = open_clinic(folder)
    try:
        for phone in phones:
            one = invitations.get(db, phone.asked_id)
            _response, sitting = responses.being_filled(db, one.response_id)
            for question, text in phone.acknowledged.items():
                assert sitting.given[question][0]["valueString"] in (text, phone.doubtful.get(question)), question
    finally:
        db.close()


def hand_in(folder: Path, port: int, mark: Path, phones: list[Phone]) -> None:
    server = start(folder, port, mark, "first")
    for phone in phones:
        answer = phone.browser.post(f"/fill/{phone.asked_id}/submission")
        assert (answer.status_code, answer.headers["location"]) == (303, f"/fill/{phone.asked_id}/thanks")
        phone.browser.close()
    server.send_signal(signal.SIGKILL)
    server.wait()
    server.stderr.close()
    db = open_clinic(folder)
    try:
        for phone in phones:
            one = invitations.get(db, phone.asked_id)
            said = {answer.link_id: answer.words for answer in responses.answers(db, one.response_id)}
            assert one.state == "done"
            assert all(said[question] in (text, phone.doubtful.get(question)) for question, text in phone.acknowledged.items())
        assert upkeep.findings(db) == []
    finally:
        db.close()
