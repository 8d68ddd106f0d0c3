"""Thirty people fill in a questionnaire at once, each on a phone of their own; and one of them a very long one."""

import http.client
import json
import random
import re
import threading
import time
from urllib.parse import urlencode

from app.clinic import invitations, lists, questionnaires, staff
from app.clinic.invitations import NewAsked
from app.core.access import Actor
from app.core.db import Database
from app.routes.guests import COOKIE
from bench.client import Tablet, middle, percentile
from bench.table import Line

PEOPLE, QUESTIONS, MANY, THINK = 30, 40, 300, (0.3, 0.9)
SHORT_AIM, LONG_AIM = 50, 100  # milliseconds
ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
CALCULATED = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression"


Ways = dict[int, list[invitations.WayIn]]


def prepare(db: Database) -> Ways:
    """Two questionnaires of known length, and who is let in to each."""
    owner = next(one for one in staff.everyone(db) if one.role == "owner" and not one.disabled)
    people = [row.id for row in lists.page_of(db, lists.EVERYBODY, limit=PEOPLE)]
    actor = Actor(owner.id, owner.name, owner.role, "en")
    return {n: ways_in(db, actor, form(n), people if n == QUESTIONS else people[:1]) for n in (QUESTIONS, MANY)}


def answers(port: int, floor_port: int, token: str, ways: Ways, say) -> list[Line]:
    say(f"{PEOPLE} people fill in {QUESTIONS} questions at once …")
    short = together([Phone(port, way) for way in ways[QUESTIONS]])
    say("As many bare durable writes, at the same pace …")
    bare = together([Pen(floor_port, token, way.asked.patient_id) for way in ways[QUESTIONS]])
    say(f"One fills in {MANY} questions …")
    long = Phone(port, ways[MANY][0]).fill(MANY, (0, 0))
    return [
        Line(f"an answer, {PEOPLE} people at once", middle(short), None, middle(bare)),
        Line(f"an answer, {PEOPLE} people at once, p95", percentile(short, 0.95), SHORT_AIM, None),
        Line("a bare durable write at that pace, p95", percentile(bare, 0.95), None, None),
        Line(f"an answer among {MANY} questions", middle(long), LONG_AIM, None),
        Line(f"an answer among {MANY} questions, p95", percentile(long, 0.95), LONG_AIM, None),
    ]


def together(many: list) -> list[float]:
    times: list[float] = []
    threads = [threading.Thread(target=lambda one=one: times.extend(one.fill(QUESTIONS, THINK))) for one in many]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(times) < QUESTIONS * len(many):
        raise RuntimeError("somebody did not come to the end")
    return times


class Phone:
    """A person's own device: in by a token, then every tap is sent."""

    def __init__(self, port: int, way: invitations.WayIn) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded"}
        cookies = self._ask("POST", f"/fill/t/{way.token}", {}, 303).headers["set-cookie"]
        self.headers["Cookie"] = f"{COOKIE}={re.search(rf'{COOKIE}=([^;]+)', cookies)[1]}"
        self.path = f"/fill/{way.asked.id}"
        self._ask("POST", f"{self.path}/looks", {"whole": "1"}, 303)
        page = self._ask("GET", self.path, None, 200).text
        self.hand = re.search(r'name="_hand" value="(\w+)"', page)[1]
        self.revision = "0"

    def _ask(self, method: str, path: str, data: dict[str, str] | None, want: int):
        self.connection.request(method, path, None if data is None else urlencode(data), self.headers)
        answer = self.connection.getresponse()
        answer.text = answer.read().decode()
        if answer.status != want:
            raise RuntimeError(f"{method} {path} answered {answer.status}")
        return answer

    def fill(self, questions: int, think: tuple[float, float]) -> list[float]:
        """Milliseconds until what changed was there."""
        self.headers |= {"HX-Request": "true"}
        times, chance = [], random.Random(self.path)
        for n in range(questions):
            time.sleep(chance.uniform(*think))
            began = time.perf_counter()
            answer = self._ask("POST", f"{self.path}/answers", {
                f"q{n}": str(chance.randrange(4)), "_revision": self.revision, "_hand": self.hand, "_at": f"q{n}"}, 200)
            times.append((time.perf_counter() - began) * 1000)
            self.revision = re.search(r'name="_revision"[^>]* value="(\d+)"', answer.text)[1]
        return times


class Pen:
    """The floor's writer, at a phone's pace."""

    def __init__(self, port: int, token: str, person: int) -> None:
        self.tablet, self.person = Tablet(port, token), person

    def fill(self, questions: int, think: tuple[float, float]) -> list[float]:
        chance, times = random.Random(self.person), []
        for _n in range(questions):
            time.sleep(chance.uniform(*think))
            times.append(self.tablet.post(f"/record/{self.person}", {}))
        return times


# ── what is filled in ──


def form(questions: int) -> str:
    """Choices in groups of ten, every third asked only once the one before is answered; a sum for each group, and one of all."""
    items: list[dict] = []
    for first in range(0, questions, 10):
        items.append({"linkId": f"g{first}", "type": "group", "text": f"Group {first}", "item": [question(n) for n in range(first, first + 10)]})
        items.append(total(f"s{first}", f"%resource.item.where(linkId='g{first}').answers().ordinal().sum()"))
    items.append(total("all", "%resource.item.answers().ordinal().sum()"))
    return json.dumps({"resourceType": "Questionnaire", "status": "active", "language": "en", "url": f"urn:bench:{questions}",
                       "title": f"Bench, {questions} questions", "item": items})  # fmt: skip


def question(n: int) -> dict:
    options = [{"valueCoding": {"code": str(k), "display": f"Option {k}"}, "extension": [{"url": ORDINAL, "valueDecimal": k}]} for k in range(4)]
    more = {"enableWhen": [{"question": f"q{n - 1}", "operator": "exists", "answerBoolean": True}]} if n % 3 == 1 else {}
    return {"linkId": f"q{n}", "type": "choice", "text": f"Question {n}", "required": True, "answerOption": options, **more}


def total(link_id: str, expression: str) -> dict:
    said = {"language": "text/fhirpath", "expression": expression}
    return {"linkId": link_id, "type": "decimal", "text": link_id, "readOnly": True, "extension": [{"url": CALCULATED, "valueExpression": said}]}


def ways_in(db: Database, actor: Actor, made: str, people: list[int]) -> list[invitations.WayIn]:
    id = questionnaires.begin(db, actor, made)
    questionnaires.publish(db, actor, id, 1)
    found = []
    for person in people:
        invitations.ask(db, actor, person, NewAsked("", [id]), [id])
        asked = next(one for one in invitations.open_of(db, person) if one.questionnaire_id == id)
        found.append(invitations.invite(db, actor, person, asked.id))
    return found
