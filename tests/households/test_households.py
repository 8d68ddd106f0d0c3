"""Who lives with whom, who is what to whom, and what is offered as family history."""

from collections.abc import Callable
from datetime import date

import pytest
from msgspec.structs import replace

from app.clinic import households, patients, records
from app.clinic.households.relations import INVERSE, RELATIONS, guess
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Invalid, NotFound
from app.core.words import speaking

Cast = dict[str, int]


@pytest.fixture
def desk(who: Callable[[str], Actor]) -> Actor:
    return who("desk")


@pytest.fixture
def kin(db: Database, desk: Actor) -> Cast:
    """A couple, their daughter and the wife's mother; nobody is related to anybody yet."""
    told = {"wife": ("王秀英", "female", 1968), "husband": ("李建国", "male", 1966), "daughter": ("李小满", "female", 1995),
            "granny": ("陈桂兰", "female", 1941), "stranger": ("赵一", "male", 1980)}
    return {role: patients.register(db, desk, patients.NewPatient(name, sex, birth_date=date(year, 5, 1)))
            for role, (name, sex, year) in told.items()}


def ties(db: Database, one: int) -> dict[int, tuple[str, bool]]:
    return {tie.patient.id: (tie.relation, tie.together) for tie in households.family(db, one).ties}


def test_a_relation_is_told_once_and_read_from_both_sides(db: Database, desk: Actor, kin: Cast) -> None:
    households.connect(db, desk, kin["wife"], kin["daughter"], "child", together=False)
    assert ties(db, kin["wife"]) == {kin["daughter"]: ("child", False)}
    assert ties(db, kin["daughter"]) == {kin["wife"]: ("parent", False)}
    [tie] = households.family(db, kin["daughter"]).ties
    assert tie.name == "Mother"
    with speaking("zh"):
        assert tie.name == "母亲"


def test_every_relation_has_an_inverse_that_leads_back() -> None:
    assert set(INVERSE) == set(RELATIONS)
    assert all(INVERSE[INVERSE[one]] == one for one in INVERSE)


def test_living_together_makes_a_household_and_others_join_it(db: Database, desk: Actor, kin: Cast) -> None:
    households.connect(db, desk, kin["wife"], kin["husband"], "spouse", together=True)
    households.connect(db, desk, kin["daughter"], kin["husband"], "parent", together=True)  # she joins theirs
    home = households.family(db, kin["wife"]).household_id
    assert home and households.family(db, kin["daughter"]).household_id == home
    assert [m.patient.name for m in households.household(db, home).members] == ["李建国", "王秀英", "李小满"]
    assert ties(db, kin["wife"])[kin["daughter"]] == ("", True)


def test_the_same_said_twice_stores_nothing_twice(db: Database, desk: Actor, kin: Cast) -> None:
    for _tap in range(2):
        households.connect(db, desk, kin["wife"], kin["husband"], "spouse", together=True)
    households.connect(db, desk, kin["husband"], kin["wife"], "spouse", together=True)
    assert db.value("SELECT count(*) FROM kinships") == 1
    assert db.value("SELECT count(*) FROM household_members") == 2


def test_nobody_lives_in_two_households(db: Database, desk: Actor, kin: Cast) -> None:
    households.connect(db, desk, kin["wife"], kin["husband"], "spouse", together=True)
    households.connect(db, desk, kin["granny"], kin["stranger"], "", together=True)
    with pytest.raises(Invalid) as refused:
        households.connect(db, desk, kin["wife"], kin["granny"], "parent", together=True)
    assert "together" in refused.value.errors
    assert kin["granny"] not in ties(db, kin["wife"]), "a refused form leaves nothing behind, the relation neither"


def test_what_was_said_can_be_said_anew_ended_and_put_back(db: Database, desk: Actor, kin: Cast) -> None:
    households.relate(db, desk, kin["wife"], kin["granny"], "parent_in_law")
    households.relate(db, desk, kin["wife"], kin["granny"], "parent")
    assert ties(db, kin["wife"]) == {kin["granny"]: ("parent", False)}
    id, _relation = households.between(db, kin["wife"], kin["granny"])
    households.end(db, desk, kin["granny"], id)
    assert ties(db, kin["wife"]) == {}
    [past] = households.past(db, kin["wife"])
    assert (past.patient.id, past.relation) == (kin["granny"], "parent")
    households.put_back(db, desk, kin["wife"], past.kinship_id)
    assert ties(db, kin["granny"]) == {kin["wife"]: ("child", False)}
    assert households.past(db, kin["wife"]) == []


def test_nobodys_kinship_is_touched_from_a_third_persons_page(db: Database, desk: Actor, kin: Cast) -> None:
    households.relate(db, desk, kin["wife"], kin["granny"], "parent")
    id, _relation = households.between(db, kin["wife"], kin["granny"])
    with pytest.raises(NotFound):
        households.end(db, desk, kin["stranger"], id)


def test_who_moved_out_can_be_put_back(db: Database, desk: Actor, kin: Cast) -> None:
    households.connect(db, desk, kin["wife"], kin["husband"], "spouse", together=True)
    home = households.family(db, kin["wife"]).household_id
    for _tap in range(2):
        households.leave(db, desk, home, kin["husband"])
    assert ties(db, kin["wife"]) == {kin["husband"]: ("spouse", False)}
    assert [one.id for one in households.household(db, home).gone] == [kin["husband"]]
    households.come_back(db, desk, home, kin["husband"])
    assert ties(db, kin["wife"]) == {kin["husband"]: ("spouse", True)}


def test_who_lives_elsewhere_by_now_is_not_brought_back(db: Database, desk: Actor, kin: Cast) -> None:
    households.connect(db, desk, kin["wife"], kin["husband"], "", together=True)
    home = households.family(db, kin["wife"]).household_id
    households.leave(db, desk, home, kin["husband"])
    households.connect(db, desk, kin["husband"], kin["stranger"], "", together=True)
    households.come_back(db, desk, home, kin["husband"])
    assert households.family(db, kin["husband"]).household_id != home


def test_it_stands_on_both_timelines_by_number(db: Database, desk: Actor, kin: Cast) -> None:
    households.connect(db, desk, kin["wife"], kin["husband"], "spouse", together=True)
    for one, other in ((kin["wife"], kin["husband"]), (kin["husband"], kin["wife"])):
        told = [entry.sentence for entry in patients.timeline(db, desk, one)]
        number = patients.get(db, other).number
        assert f"Family: {number} (Husband or wife)" in told
        assert f"Lives together with {number}" in told


@pytest.mark.parametrize(("first", "second", "result"), [
    ("spouse", "child", "child"), ("parent", "child", "sibling"), ("child", "parent", "spouse"), ("parent", "parent", "grandparent"),
    ("other", "child", ""),
])
def test_what_probably_follows(first: str, second: str, result: str) -> None:
    assert guess({(1, 2): first, (2, 3): second}, 1, 3) == result


def test_the_household_says_who_nobody_has_said_anything_about(db: Database, desk: Actor, kin: Cast) -> None:
    households.connect(db, desk, kin["wife"], kin["husband"], "spouse", together=True)
    households.connect(db, desk, kin["wife"], kin["daughter"], "child", together=True)
    home = households.household(db, households.family(db, kin["wife"]).household_id)
    [(one, other, guessed)] = home.unsaid
    assert (one.name, other.name, guessed) == ("李建国", "李小满", "child")
    wife = next(member for member in home.members if member.patient.id == kin["wife"])
    assert [(told, of.name) for told, of in wife.kin] == [("Wife", "李建国"), ("Mother", "李小满")]


def test_who_was_named_at_registration_is_offered_until_they_are_family(db: Database, desk: Actor, kin: Cast) -> None:
    person = patients.get(db, kin["granny"])
    known = patients.as_new(db, person)
    related = (patients.Related("emergency", "王秀英", "child", "", kin["wife"]), patients.Related("emergency", "阿姨", "carer"))
    patients.edit(db, desk, person.id, person.version, replace(known, related=related))
    [one] = households.named(db, person.id, [])
    assert (one.patient.id, one.name) == (kin["wife"], "Daughter")
    households.relate(db, desk, person.id, kin["wife"], "child")
    assert households.named(db, person.id, households.family(db, person.id).ties) == []


# ── what runs in the family ──

def ill(db: Database, doctor: Actor, patient: int, text: str, code: str = "", **more: str | bool) -> None:
    section = records.section("conditions")
    records.record(db, doctor, patient, section, section.new(text=text, code=code, **more))


def offered(db: Database, one: int) -> list[tuple[str, str]]:
    return [(offer.role, offer.illness.id) for offer in households.offers(db, one, households.family(db, one).ties)]


@pytest.mark.parametrize(("relation", "offers"), [
    ("parent", [("mother", "hypertension")]), ("sibling", [("sibling", "hypertension")]), ("child", [("child", "hypertension")]),
    ("spouse", []), ("step_parent", []), ("parent_in_law", []), ("grandparent", []),
])
def test_close_relatives_illnesses_are_offered(
    db: Database, kin: Cast, who: Callable[[str], Actor], relation: str, offers: list,
) -> None:
    ill(db, who("doctor"), kin["granny"], "原发性高血压", "I10")
    households.relate(db, who("desk"), kin["wife"], kin["granny"], relation)
    assert offered(db, kin["wife"]) == offers


@pytest.mark.parametrize(("text", "code", "more", "expected"), [
    ("2 型糖尿病", "E11.9", {}, "diabetes"), ("冠心病", "", {}, "coronary"), ("脑梗死", "I63.9", {}, "stroke"),
    ("胃癌", "C16.9", {}, "cancer"), ("痛风", "M10.9", {}, None), ("高血压?", "I10", {"certainty": "suspected"}, None),
    ("精神分裂症", "F20.0", {"sensitive": True}, None), ("陈旧性肺结核", "A15.0", {"status": "resolved"}, "tuberculosis"),
])
def test_of_the_forms_list_confirmed_and_not_told_in_confidence(
    db: Database, kin: Cast, who: Callable[[str], Actor], text: str, code: str, more: dict, expected: str | None,
) -> None:
    ill(db, who("doctor"), kin["granny"], text, code, **more)
    households.relate(db, who("desk"), kin["wife"], kin["granny"], "parent")
    assert offered(db, kin["wife"]) == ([("mother", expected)] if expected else [])


def test_nothing_is_offered_of_who_asked_that_their_data_not_be_used(db: Database, kin: Cast, who: Callable[[str], Actor]) -> None:
    ill(db, who("doctor"), kin["granny"], "原发性高血压", "I10")
    households.relate(db, who("desk"), kin["wife"], kin["granny"], "parent")
    patients.restrict(db, who("owner"), kin["granny"], patients.NewRestriction(reason="asked"))
    assert offered(db, kin["wife"]) == []


def test_an_offer_becomes_family_history_only_when_confirmed(db: Database, kin: Cast, who: Callable[[str], Actor]) -> None:
    doctor = who("doctor")
    ill(db, doctor, kin["granny"], "原发性高血压", "I10")
    households.relate(db, doctor, kin["wife"], kin["granny"], "parent")
    section = records.section("family_history")
    assert records.entries(db, kin["wife"], section) == []
    for _tap in range(2):
        households.confirm(db, doctor, kin["wife"], kin["granny"], "hypertension")
    [entry] = records.entries(db, kin["wife"], section)
    assert (entry.relative, entry.text, entry.code, entry.author) == ("mother", "原发性高血压", "I10", "林文清")
    assert offered(db, kin["wife"]) == []


def test_what_stands_in_the_family_history_is_not_offered(db: Database, kin: Cast, who: Callable[[str], Actor]) -> None:
    doctor = who("doctor")
    ill(db, doctor, kin["granny"], "原发性高血压", "I10")
    households.relate(db, doctor, kin["wife"], kin["granny"], "parent")
    section = records.section("family_history")
    records.record(db, doctor, kin["wife"], section, section.new(relative="mother", text="高血压"))
    assert offered(db, kin["wife"]) == []


def test_a_declined_offer_stays_away_until_it_is_asked_again(db: Database, kin: Cast, who: Callable[[str], Actor]) -> None:
    doctor = who("doctor")
    ill(db, doctor, kin["granny"], "原发性高血压", "I10")
    households.relate(db, doctor, kin["wife"], kin["granny"], "parent")
    for _tap in range(2):
        households.decline(db, doctor, kin["wife"], kin["granny"], "hypertension")
    assert offered(db, kin["wife"]) == []
    [one] = households.declined(db, kin["wife"], households.family(db, kin["wife"]).ties)
    assert (one.illness.id, one.relative.id) == ("hypertension", kin["granny"])
    households.offer_again(db, doctor, kin["wife"], kin["granny"], "hypertension")
    assert offered(db, kin["wife"]) == [("mother", "hypertension")]


def test_the_list_is_the_forms_and_says_so() -> None:
    assert len(households.ILLNESSES) == 10
    assert "国家基本公共卫生服务规范" in households.SOURCE.zh and households.SOURCE.en
