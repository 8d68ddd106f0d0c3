from datetime import date

import pytest

from app.clinic.patients import mask_document, mask_phone, read_document, read_phone, read_resident_id, recognised, show_phone
from app.core.errors import Refusal

TODAY = date(2026, 11, 23)
GIVEN = "11010519491231002X"  # the example in GB 11643-1999


@pytest.mark.parametrize("typed", [
    GIVEN, "11010519491231002x", " 110105 19491231 002x ", "１１０１０５１９４９１２３１００２Ｘ", "110105-19491231-002X",
])
def test_an_id_number_is_read_however_it_is_typed(typed: str) -> None:
    read = read_resident_id(typed, TODAY)
    assert (read.number, read.sex, read.birth_date) == (GIVEN, "female", date(1949, 12, 31))


def test_the_second_last_digit_gives_the_sex() -> None:
    assert read_resident_id("440524188001010014", TODAY).sex == "male"  # the standard's other example


@pytest.mark.parametrize(("typed", "says"), [
    ("11010519491231002", "has 18 characters; this has 17"),
    ("110105491231002", "has 18 characters; this has 15"),
    ("1101051949123100XX", "17 digits"),
    ("11010519491331002X", "does not exist: 19491331"),
    ("110105190002290025", "does not exist: 19000229"),
    ("11010520991231002X", "does not exist: 20991231"),
    ("110105194912310021", "last character does not fit"),
    ("11010519491231003X", "last character does not fit"),
    ("11010591491231002X", "does not exist"),
])
def test_a_wrong_id_number_says_what_is_wrong(typed: str, says: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_resident_id(typed, TODAY)
    assert says in str(refused.value)


@pytest.mark.parametrize(("system", "typed", "kept"), [
    ("resident_id", "１１０１０５ 19491231 002x", GIVEN),
    ("passport", "e 1234-5678", "E12345678"), ("passport", "ＥＡ１２３４５６７", "EA1234567"), ("passport", "12345", "12345"),
    ("hk_macau_permit", "h12345678", "H12345678"), ("hk_macau_permit", "M1234567802", "M12345678"),
    ("taiwan_permit", "01234567", "01234567"), ("taiwan_permit", "0123456702(B)", "01234567"), ("taiwan_permit", "０１２３４５６７０２", "01234567"),
    ("foreign_residence", "usa 1100 7501 0112", "USA110075010112"), ("foreign_residence", "911840198506060016", "911840198506060016"),
])
def test_each_document_has_its_one_spelling(system: str, typed: str, kept: str) -> None:
    assert read_document(system, typed, TODAY).number == kept


@pytest.mark.parametrize(("system", "typed", "says"), [
    ("resident_id", "E12345678", "has 18 characters"), ("passport", "E123", "5 to 9"), ("passport", "E1234567890", "5 to 9"),
    ("passport", "护照12345", "5 to 9"), ("hk_macau_permit", "K12345678", "H or M"), ("hk_macau_permit", "H123456789", "H or M"),
    ("taiwan_permit", "1234567", "8 digits"), ("taiwan_permit", "A1234567", "8 digits"),
    ("foreign_residence", "USA1100750101", "begins with 9"), ("foreign_residence", GIVEN, "begins with 9"),
    ("foreign_residence", "911840198506060011", "last character does not fit"),
])
def test_what_cannot_be_that_document_is_refused(system: str, typed: str, says: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_document(system, typed, TODAY)
    assert says in str(refused.value)


def test_the_card_for_foreigners_says_sex_and_birth_date() -> None:
    read = read_document("foreign_residence", "911840198506060016", TODAY)
    assert (read.sex, read.birth_date) == ("male", date(1985, 6, 6))
    assert read_document("foreign_residence", "USA110075010112", TODAY).birth_date is None


@pytest.mark.parametrize(("typed", "system"), [
    (GIVEN, "resident_id"), ("911840198506060016", "foreign_residence"), ("USA110075010112", "foreign_residence"),
    ("E12345678", None), ("H12345678", None), ("999999194912310020", "resident_id"), ("", None), ("身份证", None),
])
def test_a_number_that_can_be_of_one_document_only_says_so(typed: str, system: str | None) -> None:
    assert recognised(typed) == system


def test_every_single_wrong_digit_is_noticed() -> None:
    for place in range(17):
        for digit in "0123456789":
            if digit != GIVEN[place]:
                with pytest.raises(Refusal):
                    read_resident_id(GIVEN[:place] + digit + GIVEN[place + 1 :], TODAY)


@pytest.mark.parametrize(("typed", "kept", "shown", "masked"), [
    ("138 0013 8000", "13800138000", "138 0013 8000", "138****8000"),
    ("+86 138-0013-8000", "13800138000", "138 0013 8000", "138****8000"),
    ("1３800138000", "13800138000", "138 0013 8000", "138****8000"),
    ("010-6275 1234", "01062751234", "010 6275 1234", "010****1234"),
    ("(0531) 5550 1234", "053155501234", "0531 5550 1234", "053****1234"),
    ("5550 1234", "55501234", "5550 1234", "****34"),
    ("0044 20 7946 0018", "+442079460018", "+442079460018", "+44****0018"),
])
def test_phones(typed: str, kept: str, shown: str, masked: str) -> None:
    assert read_phone(typed) == kept
    assert show_phone(kept) == shown
    assert mask_phone(kept) == masked


@pytest.mark.parametrize("typed", ["12345", "call me", "1380013800012", "138001380", "138001380001234567"])
def test_what_is_no_phone_number_is_refused(typed: str) -> None:
    with pytest.raises(Refusal):
        read_phone(typed)


def test_masked_document() -> None:
    assert mask_document(GIVEN) == "1101**********002X"
    assert mask_document("E12345678") == "E1*****78"
    assert mask_document("12345") == "*****"
