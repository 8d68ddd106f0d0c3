"""Two descriptions of one person, or of two."""

from datetime import date

import pytest
from app.clinic.patients import Phone
from app.clinic.rosters.likeness import CERTAIN, LIKELY, compare, profile
from app.clinic.rosters.shapes import Said

WANG = Said(
    name="王秀英", sex="female", birth=date(1948, 3, 12), documents=(("resident_id", "110105194803120021"),), phones=(Phone("13800138000"),),
)
BARE = Said(name="王秀英", birth=date(1948, 3, 12))


def like(one: Said, other: Said, numbers=((), ())):
    return compare(profile(one, numbers[0]), profile(other, numbers[1]))


@pytest.mark.parametrize(("other", "because", "against", "score"), [
    (WANG, "document name_birth phone", "", 100),
    (BARE, "name_birth", "", 88),
    (Said(name="王秀英", birth=date(1948, 3, 12), phones=WANG.phones), "name_birth phone", "", 94),
    (Said(name="王秀英", phones=WANG.phones), "name phone", "", 88),
    (Said(name="王秀英"), "name", "", 45),
    (Said(name="王绣英", birth=date(1948, 3, 12)), "sound_birth", "", 62),
    (Said(name="王秀英", birth=date(1948, 7, 1), birth_about=True), "name_year", "", 62),
    (Said(name="王秀英", birth=date(1948, 3, 21), phones=WANG.phones), "name phone", "births", 58),
    (Said(name="李建国", documents=WANG.documents), "document", "names", 65),
    (Said(phones=WANG.phones, birth=date(1948, 3, 12)), "phone birth", "", 75),
    (Said(phones=WANG.phones), "phone", "", 32),
    # a family's telephone, and a namesake of another age
    (Said(name="李建国", sex="male", phones=WANG.phones), "", "", 0),
    (Said(name="王秀英", birth=date(1980, 1, 1)), "", "", 0),
    (Said(name="张伟", birth=date(1960, 1, 1)), "", "", 0),
])
def test_what_speaks_for_and_against(other: Said, because: str, against: str, score: int) -> None:
    found = like(WANG, other)
    assert (" ".join(found.because), " ".join(found.against), found.score) == (because, against, score)
    assert found == like(other, WANG)


def test_only_a_number_with_nothing_against_it_is_certain() -> None:
    assert like(WANG, WANG).certain and not like(WANG, BARE).certain
    assert LIKELY <= like(WANG, BARE).score < CERTAIN
    other = Said(name="李建国", documents=WANG.documents)
    assert like(WANG, other).score < LIKELY and not like(WANG, other).certain


def test_two_id_numbers_are_two_people_whatever_their_names() -> None:
    twin = Said(name="王秀英", birth=date(1948, 3, 12), documents=(("resident_id", "370102194803120021"),), phones=WANG.phones)
    assert like(WANG, twin).score == 0


def test_the_lists_own_number_knows_a_person_again() -> None:
    found = like(Said(name="王秀英"), Said(name="王秀英"), ([("roster:1", "K1")], [("roster:1", "K1")]))
    assert found.certain and found.because[0] == "number"
