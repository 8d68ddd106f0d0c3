"""Who saw a person: on the screen, on paper, in a file; read from the answers, so that no new way out is forgotten."""

import re
from collections.abc import Callable, Iterator

import pytest
from litestar.testing import TestClient

from app.clinic import dossiers, patients, questionnaires
from app.core.access import Actor
from app.core.spreadsheets import CSV_TYPE
from app.routes.rights import hand_out
from tests.house.test_whose import PLACE, WORDS, everything  # noqa: F401  one of everything

LOOKS = "SELECT how FROM looks WHERE patient_id = :id AND actor_id = 1"
PAPER = ("/paper", "/sheet", "/copy", "/letter", "/print", "/sticker", "/file")  # pages that are there to be printed
FILES = {"text/csv": "export", CSV_TYPE.partition(";")[0]: "export", "application/zip": "export", "audio/": "play"}


@pytest.fixture
def owner(everything: tuple[int, int], sign_in: Callable[[str], TestClient]) -> TestClient:  # noqa: F811
    return sign_in("owner")


def noted(browser: TestClient, patient: int, act: Callable[[], object]) -> set[str]:
    """What `act` was noted as. The time stands still for the tables: what was noted before is taken away first."""
    db, looks = browser.app.state.db, browser.app.state.looks
    looks.flush()
    with db.aside():
        db.execute("DROP TRIGGER IF EXISTS looks_are_never_deleted")
        db.execute("DELETE FROM looks")
    looks._known.clear()
    act()
    looks.flush()
    return set(db.all(str, LOOKS, id=patient))


def expected(path: str, answer) -> str:
    kind = answer.headers.get("content-type", "")
    if (path.endswith(PAPER) and "html" in kind and "/attachments/" not in path) or "/blank/" in path:
        return "print"
    return next((how for begins, how in FILES.items() if kind.startswith(begins)), "view")


def pages_of(browser: TestClient, patient: int) -> Iterator[str]:
    """Drawn papers are left out, for each takes a second: of these only what they are noted as is looked at."""
    for route in browser.app.routes:
        for handler in getattr(route, "route_handlers", []):
            names = set(PLACE.findall(route.path_format.replace(":int", "")))
            if "GET" not in handler.http_methods or "patient_id" not in names:
                continue
            if route.path_format.endswith(".pdf"):
                assert handler.opt.get("look") == "print", route.path_format
            else:
                yield re.sub(r"\{(\w+)(:int)?\}", lambda place: WORDS.get(place[1], "1"), route.path_format).format(patient)


def test_every_page_of_a_person_is_noted_as_what_it_is(owner: TestClient, everything: tuple[int, int]) -> None:  # noqa: F811
    mine, _other = everything
    seen = {"view": 0, "print": 0}
    for path in pages_of(owner, mine):
        answers = []
        how = noted(owner, mine, lambda: answers.append(owner.get(path, follow_redirects=False)))  # noqa: B023  called at once
        if answers[0].status_code == 200:
            assert how == {expected(path, answers[0])}, path
            seen[how.pop()] += 1
    assert seen["view"] > 30 and seen["print"] >= 8


def test_a_list_that_goes_out_is_noted_with_everybody_on_it(owner: TestClient, everything: tuple[int, int]) -> None:  # noqa: F811
    for how, path, data in (
        ("export", "/patients/exports", {"query": "", "format": "csv"}), ("export", "/patients/exports", {"query": "", "format": "xlsx"}),
        ("print", "/patients/prints", {"query": "", "what": "list"}), ("print", "/patients/prints", {"query": "", "what": "labels"}),
    ):
        for person in everything:
            assert noted(owner, person, lambda: owner.post(path, data=data)) == {how}, path  # noqa: B023  called at once
    mine, other = everything
    phq = questionnaires.by_code(owner.app.state.db, "phq-2").questionnaire_id
    answers = f"/manage/questionnaires/{phq}/exports"
    assert noted(owner, mine, lambda: owner.post(answers)) == {"export"} and noted(owner, other, lambda: owner.post(answers)) == set()
    assert noted(owner, mine, lambda: owner.get("/today/sheet?of=clinic")) == {"print"}
    assert noted(owner, mine, lambda: owner.get("/today?of=clinic")) == set()


def test_the_page_says_how(owner: TestClient, everything: tuple[int, int], who: Callable[[str], Actor]) -> None:  # noqa: F811
    mine, _other = everything
    db = owner.app.state.db
    assert hand_out.opt["look"] == "export"  # the person's file is sent while it is read, which takes its time
    patients.write_looks(db, [(mine, 1, who("nurse").id, how) for how in ("view", "print", "export", "play")])
    html = owner.get(f"/patients/{mine}/looks").text
    assert all(word in html for word in ("查看了档案", "打开了打印页", "以文件导出", "播放了录音"))
    assert {one.how for one in dossiers.who_looked(db, mine, dossiers.Period()) if one.who == "周岚"} == {
        "Looked at the record", "Opened something to print", "Took something out as a file", "Listened to a recording"}
