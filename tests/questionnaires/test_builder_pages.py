"""Manage › Questionnaires: the library, and the builder as a browser uses it."""

import json
import re
from collections.abc import Callable

import pytest
from litestar.testing import TestClient

from app.clinic import questionnaires
from app.core import fhirjson
from tests.house.filling import read

ALL = "/manage/questionnaires"
HTMX = {"HX-Request": "true"}


class Builder:
    """A page of the builder that is open; `press` sends what it has, as the browser would."""

    def __init__(self, browser: TestClient, address: str) -> None:
        self.browser, self.address, self.at = browser, address, ""
        self.revision = re.search(r'name="revision" value="(\d+)"', browser.get(f"{address}/edit").text)[1]

    def press(self, change: str = "", htmx: bool = True, **typed: object):
        data = {"revision": self.revision, "at": self.at} | ({"change": change} if change else {}) | {name.replace("__", "."): said for name, said in typed.items()}
        answer = self.browser.post(f"{self.address}/draft", data=data, headers=HTMX if htmx else {}, follow_redirects=False)
        if found := re.search(r'id="revision"[^>]* value="(\d+)"', answer.text):
            self.revision = found[1]
        if found := re.search(r'name="at" value="([^"]*)"', answer.text[answer.text.find('id="builder"'):]):
            self.at = found[1]
        return answer


@pytest.fixture
def nurse(sign_in: Callable[[str], TestClient]) -> TestClient:
    return sign_in("nurse")


@pytest.fixture
def builder(nurse: TestClient) -> Builder:
    answer = nurse.post(ALL, data={"title_zh": "睡眠", "title_en": "Sleep", "use": "patient"}, follow_redirects=False)
    assert answer.status_code == 303
    return Builder(nurse, answer.headers["location"].partition("/edit")[0])


@pytest.fixture
def built(builder: Builder) -> Builder:
    """A question with two answers and a score."""
    builder.press("add one")
    builder.press("", text_zh="您打鼾吗", text_en="Do you snore?")
    builder.press("", option__0__zh="从不", option__0__en="Never", option__0__score="0")
    builder.press("add score", option__1__zh="经常", option__1__en="Often", option__1__score="2")
    builder.press("", text_zh="总分", text_en="Total", way="sum", of=["q1"], boxes=["whole"], whole="on")
    return builder


def test_who_may_build(sign_in: Callable[[str], TestClient]) -> None:
    assert sign_in("desk").get(ALL).status_code == 403 and sign_in("reader").get(ALL).status_code == 403
    for name in ("owner", "doctor", "nurse", "manager"):
        assert sign_in(name).get(ALL).status_code == 200


def test_the_library_says_licence_and_how_sure_the_words_are(nurse: TestClient) -> None:
    page = nurse.get(ALL).text
    assert "PHQ-9" in page and "可免费使用" in page and "已与来源核对" in page
    off = nurse.get(f"{ALL}?of=off").text
    assert "WHO-5" in off and "WHO-5" not in page


def test_both_names_are_asked_for(nurse: TestClient) -> None:
    answer = nurse.post(ALL, data={"title_zh": "睡眠", "title_en": ""})
    assert answer.status_code == 422 and 'value="睡眠"' in answer.text


def test_a_field_that_is_left_is_kept_and_only_the_revision_comes_back(built: Builder) -> None:
    answer = built.press("", text_en="Total score")
    assert answer.status_code == 200 and len(answer.text) < 300 and answer.headers["hx-trigger"] == "kept"
    assert "Total score" in built.browser.get(f"{built.address}/edit?at=s2").text


def test_without_script_the_whole_page_comes_back(built: Builder) -> None:
    assert "<html" in built.press("add date", htmx=False).text and built.at == "q3"


def test_the_form_beside_it_answers_and_keeps_nothing(built: Builder) -> None:
    answer = built.browser.post(f"{built.address}/trial", data={"q1": "2", "_language": "en"}, headers=HTMX)
    assert answer.status_code == 200 and "Do you snore?" in answer.text and re.search(r"<output>2</output>", answer.text)
    assert built.browser.app.state.db.value("SELECT count(*) FROM responses") == 0


def test_a_wrong_field_is_said_beside_it_and_the_rest_is_kept(built: Builder) -> None:
    built.press("open q1")
    answer = built.press("", text_en="Snoring?", option__0__score="many")
    assert answer.status_code == 422 and 'value="many"' in answer.text and "分数要填数字" in answer.text
    assert "many" not in built.browser.get(f"{built.address}/edit?at=q1").text
    again = built.press("", wrong="1", option__0__score="0")
    assert again.status_code == 200 and 'id="builder"' in again.text and "分数要填数字" not in again.text


def test_two_people_see_both_texts(built: Builder, sign_in: Callable[[str], TestClient]) -> None:
    mine = built.revision
    built.press("", text_zh="她的总分")
    doctor = sign_in("doctor")
    answer = doctor.post(f"{built.address}/draft", data={"revision": mine, "at": "s2", "text_zh": "我的总分", "text_en": "Total"}, headers=HTMX)
    assert answer.status_code == 409 and "她的总分" in answer.text and "我的总分" in answer.text and "周岚" in answer.text
    newest = re.search(r'id="revision"[^>]* value="(\d+)"', answer.text)[1]
    assert doctor.post(f"{built.address}/draft", data={"revision": newest, "at": "s2", "text_zh": "我的总分"}).status_code == 200


def test_what_was_taken_out_comes_back_whole(built: Builder) -> None:
    db, id = built.browser.app.state.db, int(built.address.rpartition("/")[2])
    before = questionnaires.draft(db, id).fhir
    answer = built.press("drop q1")
    [form] = [one for one in read(answer.text).forms if one.action.endswith("/undo")]
    undo = {one.name: one.value for one in form.controls}
    assert built.browser.post(f"{built.address}/undo", data=undo, follow_redirects=False).status_code == 303
    assert questionnaires.draft(db, id).fhir == before
    assert built.browser.post(f"{built.address}/undo", data=undo).status_code == 409
    assert built.browser.post(f"{built.address}/undo", data=undo | {"before": "{"}).status_code == 422


def test_an_error_is_mended_before_anything_is_published(built: Builder) -> None:
    built.press("add one")
    built.press("open ")
    page = built.browser.get(f"{built.address}/publication").text
    assert "要改" in built.browser.get(f"{built.address}/edit").text or "先改好" in page
    answer = built.browser.post(f"{built.address}/publication", data={"revision": built.revision})
    assert answer.status_code == 422 and "先改好" in answer.text
    built.press("drop q3")
    assert built.browser.post(f"{built.address}/publication", data={"revision": built.revision}, follow_redirects=False).status_code == 303


def test_versions_say_what_changed_and_never_change(built: Builder) -> None:
    publish = lambda: built.browser.post(f"{built.address}/publication", data={"revision": built.revision}, follow_redirects=False)  # noqa: E731
    assert publish().status_code == 303 and built.browser.get(f"{built.address}/edit", follow_redirects=False).status_code in (302, 303)
    assert built.browser.post(f"{built.address}/editing", follow_redirects=False).headers["location"].endswith("/edit")
    again = Builder(built.browser, built.address)
    again.press("open q1")
    again.press("", text_zh="您夜里打鼾吗")
    assert "夜里" in built.browser.get(f"{built.address}/publication").text
    stale = built.browser.post(f"{built.address}/publication", data={"revision": "0"})
    assert stale.status_code == 409
    assert built.browser.post(f"{built.address}/publication", data={"revision": again.revision}, follow_redirects=False).status_code == 303
    page = built.browser.get(built.address).text
    assert "您打鼾吗" in page and "您夜里打鼾吗" in page and "第 2 版" in page
    first = questionnaires.versions(built.browser.app.state.db, int(built.address.rpartition("/")[2]))[-1]
    assert "夜里" not in built.browser.get(f"{built.address}/questionnaire.json?version={first.id}").text
    assert built.browser.get(f"{built.address}?version={first.id}").status_code == 200
    assert built.browser.get(f"{built.address}?version=1").status_code == 404


def test_a_shipped_one_is_copied_never_changed(nurse: TestClient) -> None:
    shipped = questionnaires.by_code(nurse.app.state.db, "phq-9")
    for verb in ("copy", "editing"):
        made = nurse.post(f"{ALL}/{shipped.questionnaire_id}/{verb}", follow_redirects=False).headers["location"]
        page = nurse.get(made).text
        assert made != f"{ALL}/{shipped.questionnaire_id}/edit" and "本诊所" in page
    assert questionnaires.draft(nurse.app.state.db, shipped.questionnaire_id) is None


def test_switching_and_retiring_can_be_taken_back(nurse: TestClient) -> None:
    db = nurse.app.state.db
    one = questionnaires.by_code(db, "phq-9").questionnaire_id
    offered = lambda: one in {version.questionnaire_id for version in questionnaires.current(db)}  # noqa: E731
    assert offered()
    for verb, data, there in (("switch", {}, False), ("switch", {"on": "1"}, True), ("retirement", {}, False), ("return", {}, True)):
        assert nurse.post(f"{ALL}/{one}/{verb}", data=data, follow_redirects=False).status_code == 303
        assert offered() is there, verb


def test_out_and_in_again_is_the_same(built: Builder) -> None:
    file = built.browser.get(f"{built.address}/questionnaire.json")
    assert file.headers["content-type"].startswith("application/fhir+json") and "attachment" in file.headers["content-disposition"]
    answer = built.browser.post(f"{ALL}/imports", files={"file": ("x.json", file.content, "application/json")}, follow_redirects=False)
    there = answer.headers["location"].partition("/edit")[0]
    assert fhirjson.loads(built.browser.get(f"{there}/questionnaire.json").content) == fhirjson.loads(file.content)


@pytest.mark.parametrize("content", [
    b"", b"{", b"[]", b"\xff\xfe\x00", json.dumps({"resourceType": "Patient"}).encode(), b'{"resourceType":"Questionnaire","item":' + b"[" * 5000,
    b'{"resourceType":"Questionnaire","status":"draft","item":[{"linkId":"a","type":"nonsense"}]}',
], ids=["empty", "cut", "list", "binary", "patient", "deep", "type"])
def test_what_is_no_questionnaire_is_refused_with_what_is_wrong(nurse: TestClient, content: bytes) -> None:
    answer = nurse.post(f"{ALL}/imports", files={"file": ("x.json", content, "application/json")}, follow_redirects=False)
    assert answer.status_code == 422 and 'id="file-error"' in answer.text


def test_too_large_a_file_is_refused(nurse: TestClient) -> None:
    assert nurse.post(f"{ALL}/imports", files={"file": ("x.json", b" " * 2_000_001, "application/json")}).status_code == 413


@pytest.mark.parametrize("words", ['"><evilx onerror=evil()>', "{{7*7}}", "x'); DROP TABLE patients; --", "=HYPERLINK(1)"])
def test_what_is_typed_stays_text(built: Builder, words: str) -> None:
    built.press("open q1")
    page = built.browser.get(f"{built.address}/edit?at=q1").text
    form = next(one for one in read(page).forms if one.action.endswith("/draft"))
    built.press("", **{one.name: words for one in form.words})
    built.press("open s2")
    built.press("band")
    built.press("", text_zh=words, text_en=words, band__0__meaning_zh=words, band__0__work_zh=words, band_source=words)
    built.press("open ")
    built.press("", title_zh=words, title_en=words, copyright=words)
    for address in (ALL, f"{ALL}?of=draft", built.address, f"{built.address}/publication", *(f"{built.address}/edit?at={at}" for at in ("", "q1", "s2"))):
        answer = built.browser.get(address)
        assert answer.status_code == 200, address
        assert not [tag for tag, _given in read(answer.text).tags if tag == "evilx"] and ">49<" not in answer.text
    assert words in json.dumps(fhirjson.loads(built.browser.get(f"{built.address}/questionnaire.json").content), default=str, ensure_ascii=False).replace('\\"', '"')


@pytest.mark.parametrize("path", ["/edit", "/publication", "/questionnaire.json", ""])
def test_one_that_does_not_exist_is_not_found(nurse: TestClient, path: str) -> None:
    assert nurse.get(f"{ALL}/99999{path}", follow_redirects=True).status_code == 404


def test_a_second_tap_makes_no_second_one(built: Builder) -> None:
    nurse, file = built.browser, built.browser.get(f"{built.address}/questionnaire.json").content
    page = nurse.get(f"{ALL}/new").text
    token = next(one.value for form in read(page).forms if form.action.endswith("/imports") for one in form.controls if one.name == "token")
    bring = lambda: nurse.post(f"{ALL}/imports", data={"token": token}, files={"file": ("x.json", file, "application/json")}, follow_redirects=False)  # noqa: E731
    assert token and bring().headers["location"] == bring().headers["location"]
    shipped = f"{ALL}/{questionnaires.by_code(nurse.app.state.db, 'phq-9').questionnaire_id}"
    for about in (built.address, shipped):
        assert nurse.post(f"{built.address}/publication", data={"revision": built.revision}).status_code in (200, 404)
        form = next(form for form in read(nurse.get(about).text).forms if form.action.endswith("/copy"))
        sent = {one.name: one.value for one in form.controls}
        made = {nurse.post(form.action, data=sent, follow_redirects=False).headers["location"] for _tap in range(2)}
        assert sent["token"] and len(made) == 1


def test_an_imported_list_and_formula_are_edited_here(nurse: TestClient) -> None:
    list_of = {"resourceType": "ValueSet", "id": "v", "compose": {"include": [{"concept": [{"code": "n", "display": "从不"}, {"code": "o", "display": "经常"}]}]}}
    shown = {"url": "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-enableWhenExpression",
             "valueExpression": {"language": "text/fhirpath", "expression": "%resource.item.exists()"}}
    brought = {"resourceType": "Questionnaire", "status": "draft", "language": "zh", "title": "x", "contained": [list_of], "item": [
        {"linkId": "a", "type": "choice", "text": "a", "answerValueSet": "#v"}, {"linkId": "b", "type": "string", "text": "b", "extension": [shown]},
    ]}  # fmt: skip
    answer = nurse.post(f"{ALL}/imports", files={"file": ("x.json", json.dumps(brought), "application/json")}, follow_redirects=False)
    builder = Builder(nurse, answer.headers["location"].partition("/edit")[0])
    page = builder.press("open a").text
    assert "从不，经常" in page and 'value="own-answers"' in page
    assert 'name="option.1.zh"' in builder.press("own-answers").text
    assert "%resource.item.exists()</textarea>" in builder.press("open b").text
    builder.press("", shown_if="(((")
    assert "(((" in nurse.get(f"{builder.address}/publication").text
