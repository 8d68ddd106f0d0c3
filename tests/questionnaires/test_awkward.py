"""Awkward questionnaires from elsewhere, from the file to the completed answers and out again, as a clinic would."""

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from litestar.testing import TestClient

from app.clinic import patients, questionnaires, responses
from app.core import fhirjson

ALL = "/manage/questionnaires"
FORMS = Path(__file__).parent / "awkward"
CS = "http://example.org/cs"
# What is typed, and what must come of it: answers or scores by path, and what is not shown.
CASES = {
    "nested": ({
        "_repeat": "g1.1.1", "g1.1.1[0]/name": "甲", "g1.1.1[0]/dose": "2.5", "g1.1.1[0]/times": "3", "g1.1.1[1]/name": "乙", "g1.1.1[1]/dose": "1",
        "g1.1.1[1]/times": "2",
    }, {"g1.1.1[0]/perday": 7.5, "g1.1.1[1]/perday": 2, "total": 3.5, "count": 2}, ()),
    "ops": ({
        "n": "5", "d": "2026-01-01", "s": "嗨", "c": [f"{CS}|a", f"{CS}|b"], "bo": "true", "ti": "12:00", "dt": "2026-01-01T12:00", "qu": "70",
        "qu.unit": "kg", "all": "好",
    }, {"n": 5, "all": "好"}, ()),
    "limits": ({"w": "70", "w.unit": "[lb_av]", "born": "2026-12-31", "t": "36.5", "pain": "10", "u": "https://example.org/a"}, {"t": 36.5, "pain": 10}, ()),
    "choices": ({"oc": [f"{CS}|h", f"{CS}|n", "other:头晕"], "vs": "http://example.org/f|o", "str": "红", "int": "2"}, {"sc": 6, "str": "红", "int": 2}, ()),
    "launch": ({"w": "80", "h": "170", "preg": "false", "heavy": "胖"}, {"bd": "1970-01-02", "sex": "female", "age": 2, "bmi": 27.7, "heavy": "胖"}, ("age",)),
    "deep": ({
        "visits[0]/when": "2026-11-20T09:00", "visits[0]/find[0]/what": f"{CS}|y", "visits[0]/find[0]/what/why": "", "visits[0]/find[0]/why": "累",
    }, {"visits[0]/vsum": 5, "grand": 5, "visits[0]/find[0]/why": "累"}, ()),
}  # fmt: skip


@pytest.fixture
def nurse(sign_in: Callable[[str], TestClient]) -> TestClient:
    return sign_in("nurse")


@pytest.fixture
def person(client: TestClient, who) -> int:
    return patients.register(client.app.state.db, who("desk"), patients.NewPatient("王秀英", sex="female", birth_date=date(1970, 1, 2)))


def brought_in(nurse: TestClient, name: str) -> int:
    content = (FORMS / f"{name}.json").read_bytes()
    there = nurse.post(f"{ALL}/imports", files={"file": ("x.json", content, "application/json")}, follow_redirects=False).headers["location"]
    page = nurse.get(there).text
    for link_id in re.findall(r'name="change" value="open ([^"]+)"', page)[1:]:
        assert nurse.get(there, params={"at": link_id}).status_code == 200
    about, revision = there.partition("/edit")[0], re.search(r'name="revision" value="(\d+)"', page)[1]
    sent = nurse.post(f"{about}/publication", data={"revision": revision}, follow_redirects=False)
    assert sent.status_code == 303, re.findall(r"<li>(.*?)</li>", sent.text)
    assert fhirjson.loads(nurse.get(f"{about}/questionnaire.json").content) == json.loads(content), "out as it came in"
    return int(about.rpartition("/")[2])


@pytest.mark.parametrize("name", CASES)
def test_from_the_file_to_the_answers_and_out_again(nurse: TestClient, person: int, name: str) -> None:
    typed, expected, hidden = CASES[name]
    form = brought_in(nurse, name)
    begun = nurse.post(f"/patients/{person}/questionnaires", data={"questionnaire": form, "by": "staff", "token": "t"}, follow_redirects=False)
    base = begun.headers["location"].removesuffix("/sitting")
    assert nurse.get(f"{base}/sitting").status_code == 200
    revision = 0
    for field, said in typed.items():
        sent = {"_revision": str(revision), "_hand": "one"} | ({"_repeat": said} if field == "_repeat" else {field: said})
        if field.endswith(".unit"):
            sent |= {field.removesuffix(".unit"): typed[field.removesuffix(".unit")]}
        answer = nurse.post(f"{base}/answers", data=sent, headers={"HX-Request": "true"})
        assert answer.status_code == 200, (field, answer.text[:300])
        revision = responses.sitting(nurse.app.state.db, int(base.rpartition("/")[2])).revision
    done = nurse.post(f"{base}/completion", data={"_revision": str(revision), "_hand": "one"}, follow_redirects=False)
    assert done.status_code == 303, re.findall(r'class="error"[^>]*>(.*?)</small>', done.text)
    for address in (base, f"{base}/paper", f"{base}/paper.pdf", f"{ALL}/{form}/figures"):
        assert nurse.get(address).status_code == 200, address
    said = said_in(nurse, int(base.rpartition("/")[2]))
    assert {path: said.get(path) for path in expected} == expected
    page = nurse.get(base).text
    assert not [one for one in hidden if questionnaires_text(nurse, form, one) in page]


def said_in(nurse: TestClient, id: int) -> dict:
    db = nurse.app.state.db
    given = questionnaires.given_of(responses.definition_of(db, responses.get(db, id)), responses.fhir(db, id))
    plain = {path: next(iter(values[0].values())) for path, values in given.items() if values and isinstance(values[0], dict)}
    return {path: float(value) if not isinstance(value, str | bool | dict) else value for path, value in plain.items()}


def questionnaires_text(nurse: TestClient, form: int, link_id: str) -> str:
    version = next(one for one in questionnaires.current(nurse.app.state.db) if one.questionnaire_id == form)
    return version.definition.by_id[link_id].text.said("zh")[0]
