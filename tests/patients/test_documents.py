from datetime import date

import pytest

from app.clinic.patients import mask_document, mask_phone, read_phone, read_resident_id, show_phone
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


@pytest.mark.parametrize("typed", ["12345", "call me", "1380013800012", "138001380001234567"])
def test_what_is_no_phone_number_is_refused(typed: str) -> None:
    with pytest.raises(Refusal):
        read_phone(typed)


def test_masked_document() -> None:
    assert mask_document(GIVEN) == "1101**********002X"
