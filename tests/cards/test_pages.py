"""Cards as a browser sees them."""

import pytest

from app.clinic import cards, patients


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
