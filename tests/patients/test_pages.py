"""The pages about people, as a browser sees them."""

import re
from datetime import date

import pytest
from msgspec.structs import replace

from app.clinic import cards, patients, records

HTMX = {"HX-Request": "true"}
WANG_ID = "370102194803120023"
TYPED = {"name": "李德福", "sex": "male", "birth": "1945-01-02", "language": "zh"}


@pytest.fixture
def house(client):
    return client.app.state.db


@pytest.fixture
def known(house, who) -> int:
    return patients.register(house, who("desk"), patients.NewPatient(
        "王秀英", "female", date(1948, 3, 12), phones=("13800138000",), identifiers=((patients.RESIDENT_ID, WANG_ID),)))


def register(browser, **typed):
    return browser.post("/patients", data=TYPED | typed, follow_redirects=False)


def test_somebody_is_registered_with_one_form(house, sign_in) -> None:
    answer = register(sign_in("desk"), phone="139 0013 9000", consent_how="signed")
    assert (answer.status_code, answer.headers["location"]) == (303, "/patients/1")
    patient = patients.get(house, 1)
    assert (patient.name, patient.sex, patient.birth_date) == ("李德福", "male", "1945-01-02")
    assert patients.phones(house, 1) == ["13900139000"]
    assert patients.consents(house, 1)[0].given_by == "李德福"


def test_a_card_can_be_opened_in_the_same_step(house, sign_in) -> None:
    answer = register(sign_in("desk"), card_type="1")
    assert answer.headers["location"] == "/patients/1/cards"
    assert cards.current(house, 1).type_id == 1


@pytest.mark.parametrize(("typed", "says"), [
    ({"name": ""}, "这一项要填"), ({"document": "123"}, "18 位"), ({"birth": "1945-02-30"}, "2026-11-21"), ({"birth": "2050"}, "未来"),
    ({"phone": "12"}, "7 到 15 位"), ({"document": WANG_ID}, "身份证"),
])
def test_what_is_wrong_stands_beside_its_field_and_typing_is_kept(sign_in, typed, says) -> None:
    answer = register(sign_in("desk"), address="和平里 9 号", **typed)
    assert answer.status_code == 422
    assert says in answer.text
    assert 'value="和平里 9 号"' in answer.text


def test_only_a_year_is_a_birth_date_too(house, sign_in) -> None:
    register(sign_in("desk"), birth="1945")
    patient = patients.get(house, 1)
    assert (patient.birth_date, patient.birth_about) == ("1945-07-01", 1)


def test_the_id_number_fills_in_sex_and_birth_date_while_typing(sign_in) -> None:
    answer = sign_in("desk").post("/patients/identity", data={"document": "３７０１０２１９４８０３１２００２3"}, headers=HTMX)
    assert 'id="filled"' in answer.text and 'hx-swap-oob="true"' in answer.text
    assert 'value="1948-03-12"' in answer.text
    assert 'value="female" checked' in answer.text
    assert f'value="{WANG_ID}"' in answer.text  # as it is kept, not as it was typed
    assert "<html" not in answer.text


def test_the_id_number_fills_them_in_again_at_submit(house, sign_in) -> None:
    register(sign_in("desk"), name="王秀英", document=WANG_ID, sex="unknown", birth="")
    assert (patients.get(house, 1).sex, patients.get(house, 1).birth_date) == ("female", "1948-03-12")


def test_a_likely_duplicate_is_shown_before_saving(house, sign_in, known) -> None:
    browser = sign_in("desk")
    answer = register(browser, phone="13800138000")
    assert answer.status_code == 422
    assert "王秀英" in answer.text and "手机号相同" in answer.text
    assert house.value("SELECT count(*) FROM patients") == 1
    answer = register(browser, phone="13800138000", somebody_else=str(known))
    assert answer.status_code == 422  # the button that saves does not say who it is
    answer = register(browser, phone="13800138000", somebody_else=str(known), told_apart="on")
    assert answer.status_code == 303
    assert house.value("SELECT count(*) FROM patients") == 2


def test_who_was_told_apart_is_not_asked_about_again(house, sign_in, known) -> None:
    alike = {"name": "王秀英", "sex": "female", "birth": "1948-03-12", "phone": "13800138000"}
    answer = register(sign_in("desk"), **alike, document="", somebody_else=str(known), told_apart="on")
    assert answer.status_code == 303
    patients.look_through(house)
    assert patients.open_pairs(house) == 0
    assert [pair.told_apart for pair in patients.pairs(house, apart=True)[0]] == [1]


def test_somebody_alike_who_is_restricted_holds_up_no_registration(house, who, sign_in, known) -> None:
    patients.restrict(house, who("owner"), known, patients.NewRestriction("asked"))
    alike = {"name": "王秀英", "sex": "female", "birth": "1948-03-12", "phone": "13800138000"}
    assert register(sign_in("desk"), **alike, document="", somebody_else=str(known), told_apart="on").status_code == 303


def test_the_same_id_cannot_be_somebody_else(house, sign_in, known) -> None:
    answer = register(sign_in("desk"), name="李秀英", sex="female", birth="1948-03-12", document=WANG_ID,
                      somebody_else=str(known), told_apart="on")
    assert answer.status_code == 422
    assert "已经登记" in answer.text
    assert house.value("SELECT count(*) FROM patients") == 1


def test_a_stale_correction_shows_both_texts_and_can_be_saved_then(house, who, sign_in, known) -> None:
    browser = sign_in("desk")
    typed = {"name": "王秀英", "sex": "female", "birth": "1948-03-12", "document": WANG_ID, "phone": "13800138000",
             "language": "zh", "address": "和平里 7 号", "version": "1"}
    seen = patients.as_new(house, patients.get(house, known))
    patients.edit(house, who("nurse"), known, 1, replace(seen, address="和平里 5 号"))
    answer = browser.post(f"/patients/{known}", data=typed, headers=HTMX)
    assert answer.status_code == 409
    assert "和平里 5 号" in answer.text and "和平里 7 号" in answer.text
    assert 'name="version" value="2"' in answer.text
    answer = browser.post(f"/patients/{known}", data=typed | {"version": "2"}, follow_redirects=False)
    assert answer.status_code == 303
    assert patients.get(house, known).address == "和平里 7 号"


def test_reception_sees_identity_and_card_but_nothing_clinical(house, who, sign_in, known) -> None:
    records.record(house, who("nurse"), known, records.section("allergies"), records.NewAllergy("青霉素"))
    records.record(house, who("nurse"), known, records.section("conditions"), records.NewCondition("高血压"))
    cards.open_card(house, who("desk"), known, 1)
    browser = sign_in("desk")
    for path in ("", "/timeline", "/cards", "/edit"):
        text = browser.get(f"/patients/{known}{path}").text
        assert "王秀英" in text and cards.current(house, known).shown in text, path
        assert "青霉素" not in text and "高血压" not in text and "/record" not in text, path
    assert browser.get(f"/patients/{known}/record").status_code == 403


def test_allergies_stand_in_words_over_every_page(house, who, sign_in, known) -> None:
    browser = sign_in("nurse")
    assert "还没问过过敏" in browser.get(f"/patients/{known}").text
    records.record_none(house, who("nurse"), known, records.section("allergies"))
    assert "没有已知过敏" in browser.get(f"/patients/{known}/timeline").text
    records.record(house, who("nurse"), known, records.section("allergies"), records.NewAllergy("青霉素", "皮疹"))
    for path in ("", "/timeline", "/record", "/cards"):
        assert "过敏：青霉素" in browser.get(f"/patients/{known}{path}").text, path


def test_the_list_pages_and_keeps_its_filters_in_the_address(house, who, sign_in) -> None:
    for n in range(120):
        patients.register(house, who("desk"), patients.NewPatient(f"王{n}号", doctor_id=who("doctor").id if n % 2 else None))
    browser, path, seen = sign_in("doctor"), f"/patients?doctor={who('doctor').id}", 0
    while path:
        text = browser.get(path).text
        seen += len(re.findall(r"<th scope=\"row\"><a href=\"/patients/\d+\"", text))
        older = re.search(r'href="([^"]+)" rel="next"', text)
        path = older and older[1].replace("&amp;", "&")
        assert path is None or f"doctor={who('doctor').id}" in path
    assert seen == 60


def test_a_scanned_card_goes_straight_to_its_person(house, who, sign_in, known) -> None:
    cards.open_card(house, who("desk"), known, 1)
    number = cards.current(house, known).number
    answer = sign_in("desk").post("/search", data={"q": number}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/patients/{known}")


def test_search_answers_with_its_block_or_a_whole_page(sign_in, known) -> None:
    browser = sign_in("desk")
    fragment = browser.post("/search", data={"q": "wxy"}, headers=HTMX).text
    assert fragment.lstrip().startswith('<div id="found"') and "王秀英" in fragment and "138****8000" in fragment
    answer = browser.post("/search", data={"q": "王"})
    assert "<html" in answer.text and "王秀英" in answer.text and answer.text.count('id="found"') == 1
    assert re.fullmatch(r"asked=[\w-]{12}", answer.url.query.decode()), "what was typed stands in no address"
    assert "王秀英" not in sign_in("nurse").get(answer.url).text


def test_nobody_found_offers_to_register_them(sign_in) -> None:
    browser = sign_in("desk")
    for way in (HTMX, {}):
        to = re.search(r"/patients/new\?asked=[\w-]+", browser.post("/search", data={"q": "赵钱"}, headers=way).text)
        assert 'value="赵钱"' in browser.get(to[0]).text


def test_a_second_phone_survives_a_correction(house, who, sign_in, known) -> None:
    seen = patients.as_new(house, patients.get(house, known))
    patients.edit(house, who("desk"), known, 1, replace(seen, phones=("13800138000", "13900139000")))
    typed = {"name": "王秀英", "sex": "female", "birth": "1948-03-12", "document": WANG_ID, "phone": "13700137000",
             "phone_2": "139 0013 9000", "language": "zh", "version": "2"}
    assert sign_in("desk").post(f"/patients/{known}", data=typed, follow_redirects=False).status_code == 303
    assert set(patients.phones(house, known)) == {"13700137000", "13900139000"}


def test_consent_is_recorded_later_too(house, sign_in, known) -> None:
    browser = sign_in("desk")
    assert f"/patients/{known}/consents/new" in browser.get(f"/patients/{known}").text
    assert browser.post(f"/patients/{known}/consents", data={}).status_code == 422
    answer = browser.post(f"/patients/{known}/consents", data={"consent_how": "guardian", "consent_by": "李静"}, follow_redirects=False)
    assert answer.status_code == 303
    assert patients.consents(house, known) == [patients.Consent("1", "guardian", "2026-11-23", "李静", id=1)]


def test_a_correction_asks_only_about_people_it_makes_alike(house, who, sign_in, known) -> None:
    husband = patients.register(house, who("desk"), patients.NewPatient("李德福", "male", phones=("13800138000",)))
    browser = sign_in("desk")
    typed = {"name": "李德福", "sex": "male", "phone": "13800138000", "language": "zh", "address": "和平里 3 号", "version": "1"}
    assert browser.post(f"/patients/{husband}", data=typed, follow_redirects=False).status_code == 303
    patients.register(house, who("desk"), patients.NewPatient("孙梅", "female", date(1950, 1, 1)))
    answer = browser.post(f"/patients/{husband}", data=typed | {"name": "孙梅", "birth": "1950-01-01", "version": "2"})
    assert answer.status_code == 422 and "姓名和出生日期相同" in answer.text


@pytest.mark.parametrize(("name", "filters"), [("desk", 2), ("doctor", 3), ("manager", 3)])
def test_only_who_has_patients_is_offered_my_patients(sign_in, who, name: str, filters: int) -> None:
    page = sign_in(name).get("/patients").text
    nav = page[page.index('<nav class="filters"'):]
    assert nav[: nav.index("</nav>")].count("<a ") == filters
