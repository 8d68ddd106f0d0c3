"""Cards as a browser sees them."""

import pytest

from app.clinic import cards, patients
from tests.cards.conftest import FAMILY


@pytest.fixture
def house(client):
    return client.app.state.db


@pytest.fixture
def wang(house, who) -> int:
    return patients.register(house, who("desk"), patients.NewPatient("王秀英"))


def post(browser, path, **typed):
    return browser.post(path, data=typed, follow_redirects=False)


def test_a_card_is_opened_printed_and_closed(house, sign_in, wang) -> None:
    browser, path = sign_in("desk"), f"/patients/{wang}/cards"
    assert post(browser, path, type_id="").status_code == 422
    assert post(browser, path, type_id="2").status_code == 303
    card = cards.current(house, wang)
    sheet = browser.get(f"{path}/{card.id}/print").text
    assert card.shown in sheet and sheet.count('class="chart') >= 2
    assert post(browser, path, type_id="2").status_code == 422, "there is one already"
    assert post(browser, f"{path}/{card.id}/closing", reason="").status_code == 422
    assert post(browser, f"{path}/{card.id}/closing", reason="搬家了").status_code == 303
    assert "搬家了" in browser.get(path).text


def test_a_card_is_reached_only_through_its_own_person(house, who, sign_in, wang) -> None:
    other = patients.register(house, who("desk"), patients.NewPatient("李四"))
    card = cards.open_card(house, who("desk"), wang, 1)
    browser = sign_in("desk")
    assert browser.get(f"/patients/{other}/cards/{card}").status_code == 404
    assert post(browser, f"/patients/{other}/cards/{card}/closing", reason="x").status_code == 404


def test_types_are_changed_under_manage(house, sign_in) -> None:
    browser = sign_in("owner")
    assert post(browser, "/manage/card-types", name_zh="家庭卡", name_en="", price_fen="abc").status_code == 422
    assert post(browser, "/manage/card-types", name_zh="家庭卡", name_en="Family card", price_fen="680.5", months="24").status_code == 303
    kind = next(one for one in cards.types(house) if one.name_zh == "家庭卡")
    assert (kind.price_fen, kind.months, kind.price) == (68050, 24, "680.50")
    path, typed = f"/manage/card-types/{kind.id}", {"name_zh": "家庭卡", "name_en": "Family card", "months": "12"}
    assert post(browser, path, **typed, price_fen="700", version="1").status_code == 303
    stale = post(browser, path, **typed, price_fen="600", version="1")
    assert stale.status_code == 409 and "700" in stale.text and 'value="2"' in stale.text
    assert post(browser, f"{path}/retirement").status_code == 303
    assert "家庭卡" not in [one.name_zh for one in cards.types(house) if not one.retired]


def test_only_those_who_manage_the_clinic_change_types(sign_in) -> None:
    assert sign_in("desk").get("/manage/card-types").status_code == 403


@pytest.fixture
def family(house) -> int:
    return cards.add_type(house, None, FAMILY)


def test_everything_that_may_happen_to_a_card_is_on_its_page(house, who, sign_in, wang, family) -> None:
    browser, path = sign_in("desk"), f"/patients/{wang}/cards"
    assert post(browser, path, type_id=str(family)).status_code == 303
    card = cards.current(house, wang)
    one = f"{path}/{card.id}"
    for verb, typed in (
        ("suspension", {"reason": "出国"}), ("resumption", {"add_days": "on"}), ("renewal", {}), ("replacement", {"reason": "丢了"}),
    ):
        seen = str(cards.current(house, wang).seen)
        assert f'name="seen" value="{seen}"' in browser.get(path).text
        assert post(browser, f"{one}/{verb}", seen=seen, **typed).status_code == 303, verb
    assert [step.kind for step in cards.steps(house, card.id)] == ["replaced", "renewed", "resumed", "suspended", "opened"]
    step = cards.last_step(house, card.id)
    assert post(browser, f"{one}/steps/{step.id}/undoing").status_code == 303
    assert cards.current(house, wang).number == card.number
    assert post(browser, f"{one}/steps/1/undoing").status_code in (404, 409)


def test_a_reason_is_asked_for_beside_its_field_and_the_form_stays_open(sign_in, house, who, wang) -> None:
    card = cards.open_card(house, who("desk"), wang, 1)
    browser = sign_in("desk")
    for verb in ("suspension", "replacement", "closing"):
        answer = post(browser, f"/patients/{wang}/cards/{card}/{verb}", reason="")
        assert answer.status_code == 422 and '<details class="confirm" name="confirm" open>' in answer.text


def test_who_was_faster_is_told(sign_in, house, who, wang) -> None:
    card = cards.open_card(house, who("desk"), wang, 2)
    seen = cards.current(house, wang).seen
    cards.renew(house, who("nurse"), wang, card)
    assert post(sign_in("desk"), f"/patients/{wang}/cards/{card}/suspension", reason="x", seen=str(seen)).status_code == 409


def test_units_are_used_and_given_back_by_hand(sign_in, house, wang, family) -> None:
    browser, path = sign_in("desk"), f"/patients/{wang}/cards"
    post(browser, path, type_id=str(family))
    card = cards.current(house, wang)
    account = cards.usable(house, card.id)[0]
    for _tap in range(2):
        assert post(browser, f"{path}/{card.id}/uses", entitlement_id=str(account.id), token="t1").status_code == 303
    assert "剩 7 / 共 8" in browser.get(path).text
    entry = cards.lines(house, card.id, 1)[0]
    assert f"/uses/{entry.id}/return" in browser.get(f"{path}/{card.id}").text
    assert post(browser, f"{path}/{card.id}/uses/{entry.id}/return").status_code == 303
    assert "剩 8 / 共 8" in browser.get(path).text


def test_the_ledger_is_read_page_by_page(sign_in, house, who, wang, family) -> None:
    card = cards.open_card(house, who("desk"), wang, family)
    account = cards.usable(house, card)[0]
    for _n in range(30):
        cards.use(house, who("desk"), wang, card, cards.Use(account.id))
        cards.give_back(house, who("desk"), wang, card, cards.lines(house, card, 1)[0].id)
    browser, path = sign_in("desk"), f"/patients/{wang}/cards/{card}"
    first, second = browser.get(path).text, browser.get(f"{path}?p=2").text
    assert first.count("<tr>") == 51 and "p=2" in first
    assert second.count("<tr>") == 16 and "p=1" in second  # 60 uses, the price, four services, the head


def test_a_family_is_put_on_a_card(sign_in, house, who, wang, family) -> None:
    browser, path = sign_in("desk"), f"/patients/{wang}/cards"
    post(browser, path, type_id=str(family))
    card = cards.current(house, wang).id
    son, other = (patients.register(house, who("desk"), patients.NewPatient("王小明")) for _n in range(2))
    assert post(browser, f"{path}/{card}/people", who="没有这人").status_code == 422
    several = post(browser, f"{path}/{card}/people", who="王小明")
    assert several.status_code == 422 and f'name="other_id" value="{other}"' in several.text
    assert post(browser, f"{path}/{card}/people", who="王小明", other_id=str(son)).status_code == 303
    assert cards.people(house, card) == [wang, son]
    assert "家庭卡" in browser.get(f"/patients/{son}/cards").text
    assert post(browser, f"{path}/{card}/people/{son}/removal").status_code == 303
    assert cards.people(house, card) == [wang]


# ── scanning ──

def test_a_good_card_leads_to_its_person_and_sounds_good(sign_in, house, who, wang) -> None:
    cards.open_card(house, who("desk"), wang, 1)
    browser, number = sign_in("desk"), cards.current(house, wang).number
    assert browser.post("/scan", data={"code": number}).json() == {"good": True, "to": f"/patients/{wang}"}
    assert browser.post("/search", data={"q": number}, follow_redirects=False).headers["location"] == f"/patients/{wang}"


def test_a_card_that_is_not_valid_names_its_person_and_says_why(sign_in, house, who, wang) -> None:
    card = cards.open_card(house, who("desk"), wang, 1)
    number = cards.current(house, wang).number
    cards.replace(house, who("desk"), wang, card, "丢在公交车上")
    browser = sign_in("desk")
    answer = browser.post("/scan", data={"code": number}).json()
    assert answer["good"] is False and number not in answer["to"]
    found = browser.get(answer["to"], follow_redirects=False)
    assert found.status_code == 200
    assert "丢在公交车上" in found.text and "王秀英" in found.text and cards.current(house, wang).shown in found.text


def test_a_familys_card_asks_who_it_is(sign_in, house, who, wang, family) -> None:
    card, son = cards.open_card(house, who("desk"), wang, family), patients.register(house, who("desk"), patients.NewPatient("王小明"))
    gone = patients.register(house, who("desk"), patients.NewPatient("王大明"))
    for one in (son, gone):
        cards.add_person(house, who("desk"), wang, card, one)
    cards.remove_person(house, who("desk"), wang, card, gone)
    number = cards.current(house, wang).number
    browser = sign_in("desk")
    answer = browser.post("/scan", data={"code": number}).json()
    page = browser.get(answer["to"]).text
    assert answer["good"] and number not in answer["to"]
    assert "王秀英" in page and "王小明" in page and "王大明" not in page


def test_what_is_nobodys_sounds_so(sign_in) -> None:
    assert sign_in("desk").post("/scan", data={"code": "89999999"}).json()["good"] is False
    assert sign_in("desk").post("/scan", data={}).json() == {"good": False, "to": "/search?asked="}
