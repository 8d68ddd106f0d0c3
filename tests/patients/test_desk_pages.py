"""The desk's form as a browser sees it: documents, phones, guardian, ways to be reached."""

import pytest

from app.clinic import patients

HTMX = {"HX-Request": "true"}
TYPED = {"name": "陈小宝", "sex": "male", "birth": "2019-06-07", "language": "zh", "guardian_name": "陈大明"}
GROWN = {"name": "李德福", "sex": "male", "birth": "1945-01-02", "language": "zh"}
WANG_ID = "370102194803120023"


@pytest.fixture
def house(client):
    return client.app.state.db


def register(browser, typed=GROWN, **more):
    return browser.post("/patients", data=typed | more, follow_redirects=False)


# ── a child ──

def test_a_child_is_not_registered_without_a_guardian(house, sign_in) -> None:
    answer = register(sign_in("desk"), TYPED | {"guardian_name": ""}, address="和平里 9 号")
    assert answer.status_code == 422 and "不满 14 岁，请填监护人" in answer.text
    assert 'id="belongs" ' in answer.text.replace(">", " >") and 'value="和平里 9 号"' in answer.text
    assert patients.get(house, 1) is None


def test_a_childs_guardian_is_kept_and_agrees_for_the_child(house, sign_in) -> None:
    answer = register(sign_in("desk"), TYPED, guardian_phone="138 0013 8000", consent_how="guardian")
    assert answer.status_code == 303
    [one] = patients.related(house, 1)
    assert (one.kind, one.name, one.relation, one.phone) == ("guardian", "陈大明", "parent", "13800138000")
    assert patients.consents(house, 1)[0].given_by == "陈大明"


@pytest.mark.parametrize("how", ["signed", "spoken"])
def test_a_child_does_not_agree_alone(sign_in, how) -> None:
    answer = register(sign_in("desk"), TYPED, consent_how=how)
    assert answer.status_code == 422 and "由家长或监护人同意" in answer.text


@pytest.mark.parametrize(("birth", "status"), [("2012-11-23", 303), ("2012-11-24", 422)])
def test_fourteen_is_counted_to_the_day(sign_in, birth, status) -> None:
    assert register(sign_in("desk"), TYPED | {"birth": birth, "guardian_name": ""}).status_code == status


def test_the_guardian_is_asked_for_as_soon_as_the_birth_date_says_so(sign_in) -> None:
    browser = sign_in("desk")
    child = browser.post("/patients/alike", data=TYPED | {"guardian_name": ""}, headers=HTMX).text
    assert 'id="belongs"' in child and " open" in child
    assert 'id="belongs"' not in browser.post("/patients/alike", data=GROWN, headers=HTMX).text


def test_a_guardian_who_comes_here_too_is_linked(house, sign_in) -> None:
    browser = sign_in("desk")
    register(browser)
    assert "没有这个编号" in register(browser, TYPED, guardian_number="Y-000077").text
    assert register(browser, TYPED, guardian_number="Y-000001").status_code == 303
    assert patients.related(house, 2)[0].other_id == 1
    assert 'href="/patients/1">陈大明' in browser.get("/patients/2").text


def test_an_imported_child_without_a_guardian_is_told(house, who, sign_in) -> None:
    patients.register(house, who("desk"), patients.NewPatient("小宝", birth_date=patients.about(2020), birth_about=True))
    page = sign_in("desk").get("/patients/1").text
    assert "监护人" in page and "还没填" in page


# ── documents ──

@pytest.mark.parametrize(("kind", "typed", "kept"), [
    ("passport", "e 12345678", "E12345678"), ("hk_macau_permit", "Ｈ1234567801", "H12345678"),
    ("taiwan_permit", "01234567", "01234567"), ("foreign_residence", "USA110075010112", "USA110075010112"),
])
def test_every_kind_of_document_is_taken(house, sign_in, kind, typed, kept) -> None:
    register(sign_in("desk"), document_kind=kind, document=typed)
    assert patients.documents(house, 1) == [(kind, kept)]
    assert f'value="{kept}"' in sign_in("desk").get("/patients/1/edit").text


def test_has_none_is_said_and_shown(house, sign_in) -> None:
    browser = sign_in("desk")
    register(browser, document_kind="none")
    assert patients.get(house, 1).no_document == 1
    assert "没有证件" in browser.get("/patients/1").text
    assert register(browser, document_kind="none", document="E12345678").status_code == 422


def test_a_wrong_document_stands_beside_everything_else_that_is_wrong(sign_in) -> None:
    answer = register(sign_in("desk"), document_kind="hk_macau_permit", document="123", phone="12")
    assert "H12345678" in answer.text and "7 到 15 位" in answer.text and 'value="123"' in answer.text


def test_a_scanned_number_says_of_which_document_it_is(sign_in) -> None:
    typed = {"document_kind": "passport", "document": "９１１８４０１９８５０６０６００１６"}
    answer = sign_in("desk").post("/patients/identity", data=typed, headers=HTMX).text
    assert '<option value="foreign_residence" selected>' in answer
    assert 'value="1985-06-06"' in answer


def test_two_documents_are_kept_and_one_is_taken_off(house, sign_in) -> None:
    browser = sign_in("desk")
    register(browser, document_kind="passport", document="E12345678", document_2_kind="hk_macau_permit", document_2="H12345678")
    assert patients.documents(house, 1) == [("passport", "E12345678"), ("hk_macau_permit", "H12345678")]
    browser.post("/patients/1", data=GROWN | {"document_kind": "passport", "document": "E12345678", "version": "1"})
    assert patients.documents(house, 1) == [("passport", "E12345678")]


def test_one_document_typed_twice_is_one(house, sign_in) -> None:
    twice = {"document_kind": "passport", "document": "E12345678", "document_2_kind": "passport", "document_2": "e 12345678"}
    assert register(sign_in("desk"), GROWN | twice).status_code == 303
    assert patients.documents(house, 1) == [("passport", "E12345678")]


# ── phones, ways to be reached, background ──

def test_four_phones_with_whose_they_are_come_back_into_the_form(house, sign_in) -> None:
    browser = sign_in("desk")
    register(
        browser, phone="13800138000", phone_2="13900139000", phone_2_relation="child", phone_2_whose="李梅",
        phone_3="13900139000", phone_4="0531-55501234", phone_4_relation="workplace")
    assert [(one.number, one.whose_told) for one in patients.lines(house, 1)] == [
        ("13800138000", ""), ("13900139000", "Son or daughter 李梅"), ("053155501234", "At work")]
    page = browser.get("/patients/1/edit").text
    assert 'value="139 0013 9000"' in page and 'value="李梅"' in page


def test_a_fifth_phone_has_no_room_and_stays(house, who, sign_in) -> None:
    five = tuple(f"1390013900{n}" for n in range(5))
    patients.register(house, who("desk"), patients.NewPatient("李德福", "male", phones=five))
    typed = {"name": "李德福", "sex": "male", "language": "zh", "version": "1", "phone": five[0], "phone_2": five[1], "phone_3": five[2]}
    assert sign_in("desk").post("/patients/1", data=typed, follow_redirects=False).status_code == 303
    assert patients.phones(house, 1) == [five[0], five[1], five[2], five[4]]


def test_who_does_not_want_calls_is_not_offered_a_call(house, sign_in) -> None:
    browser = sign_in("desk")
    register(browser, phone="13800138000", channel_phone="no", channel_wechat="yes")
    assert patients.channels(house, 1) == {"phone": False, "wechat": True}
    page = browser.get("/patients/1").text
    assert "请勿：打电话" in page and 'class="button call"' not in page


def test_work_payment_and_source_are_told_in_the_readers_language(house, sign_in) -> None:
    register(sign_in("desk"), occupation="farmer", payment=["rural", "self"], source="friend", workplace="李家村")
    assert "新型农村合作医疗，全自费" in sign_in("desk").get("/patients/1").text
    assert "Rural cooperative medical scheme, Pays everything" in sign_in("reader").get("/patients/1").text


def test_a_relative_without_a_name_is_refused_beside_the_field(sign_in) -> None:
    answer = register(sign_in("desk"), emergency_phone="13800138000")
    assert answer.status_code == 422 and 'id="emergency_name-error"' in answer.text


# ── a second tap ──

def test_a_second_tap_registers_nobody(house, sign_in) -> None:
    browser = sign_in("desk")
    assert [register(browser, token="abc").headers["location"] for _ in range(2)] == ["/patients/1"] * 2
    assert patients.get(house, 2) is None


def test_a_form_one_went_back_to_registers_the_next_person(house, sign_in) -> None:
    browser = sign_in("desk")
    register(browser, token="abc")
    register(browser, TYPED, token="abc")
    assert patients.get(house, 2).name == "陈小宝"
