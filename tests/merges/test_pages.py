"""The pages: choosing, comparing, joining, undoing; old addresses; and entered in error, from the entry in two taps."""

import re

import pytest

from app.clinic import cards, observations, patients, records, tags, work
from app.clinic.observations import NewValue
from tests.merges.conftest import BORN


@pytest.fixture
def house(client):
    return client.app.state.db


@pytest.fixture
def twice(house, who) -> tuple[int, int]:
    return tuple(patients.register(house, who("desk"), patients.NewPatient(name, "female", BORN, phones=("13800138000",)))
                 for name in ("王秀英", "汪秀英"))


def joined(browser, twice, **fields) -> str:
    kept, gone = twice
    pair = browser.post(f"/patients/{kept}/duplicates", data={"other": gone}, follow_redirects=False).headers["location"]
    page = browser.get(pair)
    assert "Y-000001" in page.text and "汪秀英" in page.text and "138 0013 8000" in page.text
    form = {"keep": kept, "first": 1, "second": 1, "take_name": gone} | fields
    return browser.post(f"{pair}/joining", data=form, follow_redirects=False).headers["location"]


def test_found_compared_joined_and_made_two_again(house, sign_in, twice) -> None:
    browser, (kept, gone) = sign_in("desk"), twice
    assert "汪秀英" in browser.get(f"/patients/{kept}/duplicates").text
    assert "汪秀英" in browser.post(f"/patients/{kept}/duplicates", data={"q": "汪"}).text
    address = joined(browser, twice)
    assert patients.get(house, kept).name == "汪秀英"
    page = browser.get(address).text
    assert "Y-000002" in page and "合并之后没有新的记录" in page
    patients.consent(house, None, kept, patients.Consent("1", "spoken", "2026-11-23", "x"))
    answer = browser.post(f"{address}/undoing", follow_redirects=True)
    assert "已恢复为两份档案" in answer.text and patients.get(house, gone) is not None


def test_the_undo_page_says_what_will_stay(house, who, sign_in, twice) -> None:
    browser = sign_in("doctor")
    address = joined(browser, twice)
    records.record(house, who("doctor"), twice[0], records.section("conditions"), records.NewCondition("高血压"))
    page = browser.get(address).text
    assert "撤销后仍留在 Y-000001" in page and "高血压" in page
    records.record(house, who("doctor"), twice[0], records.section("notes"), records.NewNote("藏好的话", sensitive=True))
    assert "藏好的话" not in sign_in("nurse").get(address).text


def test_the_old_address_leads_on_and_takes_along_what_was_typed(house, sign_in, twice) -> None:
    browser, (kept, gone) = sign_in("nurse"), twice
    joined(browser, twice)
    answer = browser.get(f"/patients/{gone}/timeline?kind=identity", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (307, f"/patients/{kept}/timeline?kind=identity")
    note = {"channel": "phone", "outcome": "reached", "note": "到了", "token": "t1"}
    assert browser.post(f"/patients/{gone}/contacts", data=note, follow_redirects=True).status_code == 200
    assert [one.note for one in work.contacts_of(house, kept)] == ["到了"]
    assert browser.get("/patients/99").status_code == 404


def test_somebody_was_faster(house, who, sign_in, twice) -> None:
    kept, gone = twice
    patients.edit(house, who("desk"), gone, 1, patients.NewPatient("王秀瑛", "female", BORN))
    browser = sign_in("desk")
    pair = browser.post(f"/patients/{kept}/duplicates", data={"other": gone}, follow_redirects=False).headers["location"]
    answer = browser.post(f"{pair}/joining", data={"keep": kept, "first": 1, "second": 1, "take_name": gone})
    assert answer.status_code == 409 and "王秀瑛" in answer.text and patients.get(house, gone) is not None


def test_no_family_loses_its_card_to_a_joining(house, who, sign_in, twice) -> None:
    (one, again), desk = twice, who("desk")
    card = cards.open_card(house, desk, one, cards.add_type(house, None, cards.NewType("家庭卡", "Family card", 68050, 12, people=3)))
    member = patients.register(house, desk, patients.NewPatient("李芳"))
    cards.add_person(house, desk, one, card, member)
    cards.open_card(house, desk, again, cards.types(house)[0].id)
    browser, pair = sign_in("desk"), patients.compare(house, desk, one, again)
    form = {"keep": one, "first": 1, "second": 1, "card": again}
    answer = browser.post(f"/duplicates/{pair}/joining", data=form)
    assert answer.status_code == 422 and "还有别人在用" in answer.text
    assert cards.current(house, member).id == card
    assert browser.post(f"/duplicates/{pair}/joining", data=form | {"card": one}, follow_redirects=False).status_code == 303
    assert cards.current(house, one).id == cards.current(house, member).id == card and not cards.current(house, one).closed


def test_two_people(house, sign_in, twice) -> None:
    browser, (kept, gone) = sign_in("desk"), twice
    pair = browser.post(f"/patients/{kept}/duplicates", data={"other": gone}, follow_redirects=False).headers["location"]
    assert "Y-000002" in browser.get("/duplicates").text
    assert browser.post(f"{pair}/difference", follow_redirects=True).status_code == 200
    assert "Y-000002" not in browser.get("/duplicates").text and "Y-000002" in browser.get("/duplicates?show=apart").text
    browser.post(f"{pair}/doubt")
    assert "Y-000002" in browser.get("/duplicates").text


def test_oneself_and_nobody_are_refused(sign_in, twice) -> None:
    browser = sign_in("desk")
    assert browser.post(f"/patients/{twice[0]}/duplicates", data={"other": twice[0]}).status_code == 422
    assert browser.post(f"/patients/{twice[0]}/duplicates", data={"other": 99}).status_code == 404
    assert browser.get("/duplicates/99").status_code == 404 and browser.get("/merges/99").status_code == 404


def test_a_score_is_shown_before_saving(sign_in, twice) -> None:
    answer = sign_in("desk").post("/patients", data={"name": "王秀英", "sex": "female", "birth": "1948-03-12", "language": "zh"})
    assert answer.status_code == 422 and re.search(r">70</b>", answer.text)


# ── entered in error ──

@pytest.fixture
def entries(house, who, twice) -> dict[str, tuple[str, int]]:
    """Kind → the page where the entry is seen (or the one a tap further), its id."""
    wrong, doctor = twice[0], who("doctor")
    condition = records.record(house, doctor, wrong, records.section("conditions"), records.NewCondition("高血压"))
    report = observations.record(house, doctor, patients.get(house, wrong), "2026-11-20", [NewValue("SBP", 166.0)])
    value = observations.latest(house, wrong)[0].now.id
    contact = work.record(house, doctor, wrong, work.NewContact("phone", "reached", "well"))
    card = cards.open_card(house, doctor, wrong, cards.types(house)[0].id)
    tags.label(house, doctor, wrong, tags.Labelled("怕跌倒", "told us"))
    label = next(tag.id for tag in tags.current(house, wrong) if tag.manual)
    return {
        "conditions": (f"record/conditions/{condition}", condition), "results": (f"results/{report}", report),
        "values": (f"observations/{value}/correction", value), "contacts": ("follow-up", contact), "cards": ("cards", card),
        "tags": ("tags", label),
    }


@pytest.mark.parametrize("kind", ["conditions", "results", "values", "contacts", "cards", "tags"])
def test_reached_from_where_it_is_seen_and_moved_in_one_step(house, sign_in, twice, entries, kind) -> None:
    browser, (seen, id), (wrong, right) = sign_in("doctor"), entries[kind], twice
    address = f"/patients/{wrong}/mistakes/{kind}/{id}"
    assert f'href="{address}"' in browser.get(f"/patients/{wrong}/{seen}").text
    assert browser.get(address).status_code == 200
    looking = browser.post(address, data={"reason": "看错了人", "whose": "汪秀英", "find": "on"})
    assert looking.status_code == 200 and f'value="{right}"' in looking.text and "看错了人" in looking.text
    done = browser.post(address, data={"reason": "看错了人", "whose": "汪秀英", "to": right}, follow_redirects=True)
    assert done.status_code == 200 and "Y-000002" in done.text and "看错了人" in done.text
    for person, other in ((wrong, "Y-000002"), (right, "Y-000001")):
        assert other in browser.get(f"/patients/{person}/timeline").text


def test_a_name_alone_is_not_enough(house, sign_in, twice, entries) -> None:
    browser, (_seen, id) = sign_in("doctor"), entries["conditions"]
    answer = browser.post(f"/patients/{twice[0]}/mistakes/conditions/{id}", data={"reason": "看错了人", "whose": "汪秀英"})
    assert answer.status_code == 422 and records.conditions(house, twice[0])


def test_a_reason_is_needed(house, sign_in, twice, entries) -> None:
    browser, (_seen, id) = sign_in("doctor"), entries["conditions"]
    answer = browser.post(f"/patients/{twice[0]}/mistakes/conditions/{id}", data={"to": twice[1]})
    assert answer.status_code == 422 and records.conditions(house, twice[0])


def test_struck_out_first_and_moved_later(house, sign_in, twice, entries) -> None:
    browser, (_seen, id) = sign_in("doctor"), entries["results"]
    address = f"/patients/{twice[0]}/mistakes/results/{id}"
    assert "作废" in browser.post(address, data={"reason": "不知是谁的"}, follow_redirects=True).text
    browser.post(address, data={"whose": "汪秀英", "to": twice[1]})
    assert observations.latest(house, twice[1]) and not observations.latest(house, twice[0])


def test_who_may(sign_in, twice, entries) -> None:
    desk = sign_in("desk")
    assert desk.get(f"/patients/{twice[0]}/mistakes/cards/{entries['cards'][1]}").status_code == 200
    assert desk.get(f"/patients/{twice[0]}/mistakes/conditions/{entries['conditions'][1]}").status_code == 403
    assert sign_in("reader").get(f"/patients/{twice[0]}/mistakes/conditions/{entries['conditions'][1]}").status_code == 403
