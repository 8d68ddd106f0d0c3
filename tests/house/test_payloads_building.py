"""What is typed into the builder is given script, template, formula and SQL at every kind of question, published, answered, and looked at."""

import re
from collections.abc import Callable

import pytest
from litestar.testing import TestClient

from app.clinic import patients, questionnaires, responses
from app.clinic.questionnaires import building
from app.core import fhirjson
from tests.house.filling import Form, fill, read
from tests.house.routes import routes
from tests.house.test_payloads import PAYLOADS, check

MANAGE = "/manage/questionnaires"
KINDS = [*building.KINDS]
# What a name of one question may be, seen by everything that prints it.
ABOUT = ("questionnaire", "response", "timeline", "assignment", "invitation", "rules", "pathways", "scores", "figures", "overview")


class Bench:
    """The builder of one questionnaire, as a browser without script uses it."""

    def __init__(self, browser: TestClient, address: str) -> None:
        self.browser, self.address, self.took = browser, address, set()

    def form(self, at: str) -> Form:
        answer = self.browser.get(f"{self.address}/edit", params={"at": at})
        check(answer, f"{self.address} {at}")
        return next(form for form in read(answer.text).forms if form.action.endswith("/draft"))

    def press(self, at: str, change: str, words: str | None = None, **typed: str) -> str:
        """The button with everything the page has, words in every field that takes any; the link id open then."""
        form = self.form(at)
        instead = {one.name: one.value for one in form.controls if one.kind == "select" or (words is None and one.takes_words)}
        sent = fill(form, words or "", instead | typed, set()) | typed | ({"change": change} if change else {})
        answer = self.browser.post(form.action, data=sent)
        check(answer, form.action)
        assert answer.status_code == 200, (at, change, [one.name for one in read(answer.text).forms[0].controls if one.wrong])
        if words is not None:
            self.took |= {re.sub(r"\d+", "n", one.name) for one in form.words}
        return re.search(r'name="at" value="([^"]*)"', answer.text)[1]


@pytest.fixture
def owner(sign_in: Callable[[str], TestClient]) -> TestClient:
    return sign_in("owner")


def build(owner: TestClient, words: str) -> Bench:
    made = owner.post(MANAGE, data={"title_zh": words[:200], "title_en": words[:200], "use": "patient"}, follow_redirects=False)
    bench, at, first = Bench(owner, made.headers["location"].partition("/edit")[0]), "", ""
    bench.press("", "", words)
    for kind in KINDS:
        at = bench.press(at, f"add {kind}")
        if kind == "group":
            at = bench.press(at, f"out {at}")
        if kind in ("one", "several", "open"):
            bench.press(at, "option")
        if kind == "one":
            bench.press(at, "", **{f"option.{n}.score": str(n) for n in range(3)})
        if kind == "score":
            bench.press(at, "", way="sum", of=first)
            bench.press(at, "band")
        if kind in ("number", "one"):
            bench.press(at, "", **{"alarm.above": "1"})
        first = first or at
        if kind not in ("one", "note"):  # those two are for the formula
            bench.press(at, "when")
        if kind == "date":  # about the words before it
            bench.press(at, "", **{"when.0.op": "=", "when.0.answer": "x"})
        bench.press(at, "", words)
    return bench


def tidy(bench: Bench) -> None:
    """Formulas that are no formulas would keep it from being published; a condition on words nobody says would hide all."""
    for place in building.places(resource_of(bench)):
        for _row in building.conditions(place.item):
            bench.press(place.link_id, "when-drop 0")
        if building.formula(place.item):
            bench.press(place.link_id, "", shown_if="")


def resource_of(bench: Bench) -> dict:
    id = int(bench.address.rpartition("/")[2])
    return fhirjson.loads(questionnaires.draft(bench.browser.app.state.db, id).fhir)


@pytest.mark.parametrize("kind", PAYLOADS)
def test_what_is_built_stays_text(owner: TestClient, who: Callable, kind: str) -> None:
    bench = build(owner, PAYLOADS[kind])
    assert bench.took >= {
        "title_zh", "copyright", "description_en", "text_zh", "text_en", "option.n.zh", "option.n.en", "help_zh", "unit", "band.n.meaning_zh",
        "band.n.work_en", "band_source", "alarm.work_zh", "when.n.answer", "shown_if",
    }  # fmt: skip
    check(owner.get(f"{bench.address}/publication"), "publication")
    tidy(bench)
    revision = next(one.value for one in bench.form("").controls if one.name == "revision")
    sent = owner.post(f"{bench.address}/publication", data={"revision": revision}, follow_redirects=False)
    assert sent.status_code == 303, re.findall(r"<li>(.*?)</li>", sent.text)[:5]
    answered(owner, who, bench, PAYLOADS[kind])
    seen = {one.headers.get("content-type", "").partition(";")[0] for one in looked_at(owner, bench)}
    assert seen >= {"text/html", "application/pdf", "text/csv"}


def answered(owner: TestClient, who: Callable, bench: Bench, words: str) -> None:
    """By the book where there is something to choose, by the payload elsewhere."""
    db, nurse = owner.app.state.db, who("nurse")
    person = patients.get(db, patients.register(db, nurse, patients.NewPatient("王秀英", "female")))
    version = next(one for one in questionnaires.current(db) if one.questionnaire_id == int(bench.address.rpartition("/")[2]))
    id = responses.begin(db, nurse, person, version, "staff")
    given = {"string": words, "text": words, "open-choice": f"other:{words}", "integer": "2", "decimal": "2", "boolean": "true"}
    items = version.definition.by_id.values()
    fields = {item.link_id: [item.options[-1].code if item.type == "choice" else given.get(item.type, "")] for item in items if item.asked}
    responses.answer(db, id, 0, fields, "en")
    responses.complete(db, nurse, id)


def looked_at(owner: TestClient, bench: Bench) -> list:
    id, answers = bench.address.rpartition("/")[2], []
    for one in routes(owner.app):
        if one.method == "GET" and any(word in one.path for word in ABOUT):
            address = one.address.replace(f"{MANAGE}/1", f"{MANAGE}/{id}")
            answers.append(owner.get(address))
            check(answers[-1], address)
    answers.append(owner.post(f"{bench.address}/exports"))
    check(answers[-1], "exports")
    return answers
