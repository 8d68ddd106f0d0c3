"""Nothing typed is lost or silently written over: the sections of a consultation while they are written, and the lock after."""

import pytest

from app.clinic import encounters, patients
from app.core.errors import Conflict, NotFound, Refusal, TooLarge
from app.core.sqlite import sqlite3


def said(house, begun, section="complaint") -> str:
    return encounters.texts(house, begun)[section].body.get("text", "")


def test_one_page_saves_again_and_again_in_one_row(house, begun, write) -> None:
    for n, text in enumerate(("头", "头晕", "头晕三天"), 1):
        write("complaint", seen=0, n=n, text=text)
    assert said(house, begun) == "头晕三天" and encounters.earlier(house, begun)["complaint"] == []
    assert house.value("SELECT count(*) FROM encounter_texts") == 1


def test_a_save_that_comes_late_behind_a_later_one_is_not_taken(house, begun, write) -> None:
    write("complaint", n=2, text="头晕三天")
    assert write("complaint", n=1, text="头晕").body == {"text": "头晕三天"}
    assert said(house, begun) == "头晕三天"


def test_two_who_write_in_one_section_see_both_texts(house, who, begun, write) -> None:
    write("complaint", by="nurse", hand="b", text="护士写的")
    with pytest.raises(Conflict) as conflict:
        write("complaint", hand="a", seen=0, text="医生写的")
    assert conflict.value.texts == [("Chief complaint", "医生写的", "护士写的")] and said(house, begun) == "护士写的"
    write("complaint", hand="a", seen=1, text="医生写的")
    assert said(house, begun) == "医生写的"
    assert [(one.by, one.body["text"]) for one in encounters.earlier(house, begun)["complaint"]] == [("周岚", "护士写的")]


def test_two_pages_of_one_person_are_two_hands(house, begun, write) -> None:
    write("plan", hand="a", text="一")
    with pytest.raises(Conflict):
        write("plan", hand="b", seen=0, text="二")
    assert write("plan", hand="b", seen=0, text="一").revision == 1  # the same words are no conflict


def test_sections_do_not_disturb_each_other(house, begun, write) -> None:
    write("complaint", by="nurse", hand="b", text="护士写的")
    write("plan", hand="a", text="医生写的")
    assert (said(house, begun), said(house, begun, "plan")) == ("护士写的", "医生写的")


def test_what_is_too_long_is_refused_whole(house, begun, write) -> None:
    write("illness", text="x" * 8000)
    with pytest.raises(TooLarge):
        write("illness", n=2, text="x" * 8001)
    assert len(said(house, begun, "illness")) == 8000


def test_a_field_nobody_asked_for_is_not_kept(house, begun, write) -> None:
    write("complaint", text="一", tongue="二", text_1="三")
    assert encounters.texts(house, begun)["complaint"].body == {"text": "一"}
    with pytest.raises(NotFound):
        write("nothing", text="x")


def test_signed_it_is_locked_by_the_file_itself(house, who, begun, write, signed) -> None:
    write("complaint", text="头晕")
    write("assessment", text_1="高血压", code_1="I10", certainty_1="confirmed")
    write("plan", what_1="量血压", on_1="2026-12-01")
    signed()
    with pytest.raises(Refusal):
        write("complaint", n=2, text="别的")
    for sql in (
        "UPDATE encounter_texts SET body = '{}'", "DELETE FROM encounter_texts", "UPDATE assessments SET text = 'x'", "DELETE FROM assessments",
        "INSERT INTO assessments (encounter_id, n, text, certainty) VALUES (1, 9, 'x', 'confirmed')", "DELETE FROM encounter_promises",
        "UPDATE encounters SET signed_event_id = NULL", "UPDATE encounters SET at = '2020-01-01T00:00'", "DELETE FROM encounters",
        "INSERT INTO encounter_texts VALUES (1, 'plan', 9, '{}', 'x', 0, 1, '')", "INSERT INTO encounter_checks (encounter_id, part, event_id) VALUES (1, 'past', 1)",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="locked|never"), house.aside():
            house.execute(sql)
    assert said(house, begun) == "头晕"


def test_what_is_signed_is_what_was_shown(house, who, wang, begun, write) -> None:
    write("complaint", text="头晕")
    with pytest.raises(Conflict):
        encounters.sign(house, who("doctor"), wang, begun, 0)
    assert not encounters.encounter(house, wang.id, begun).signed


def test_an_empty_one_is_not_signed(house, who, wang, begun) -> None:
    with pytest.raises(Refusal, match="nothing"):
        encounters.sign(house, who("doctor"), wang, begun, 0)


def test_a_second_today_is_the_same_and_tomorrow_another(house, who, wang, begun) -> None:
    assert encounters.begin(house, who("nurse"), wang.id) == begun
    encounters.discard(house, who("doctor"), wang.id, begun)
    second = encounters.begin(house, who("nurse"), wang.id, "t")
    assert second != begun and encounters.begin(house, who("nurse"), wang.id, "t") == second


def test_thrown_away_and_taken_up_again(house, who, wang, begun, write) -> None:
    write("complaint", text="头晕")
    encounters.discard(house, who("doctor"), wang.id, begun)
    with pytest.raises(Refusal):
        write("complaint", n=2, text="x")
    encounters.put_back(house, who("doctor"), wang.id, begun)
    assert write("complaint", n=3, text="头晕三天") and said(house, begun) == "头晕三天"


def test_nothing_is_written_about_who_asked_for_it(house, who, wang, begun, write) -> None:
    patients.restrict(house, who("desk"), wang.id, patients.NewRestriction("asked"))
    with pytest.raises(Refusal):
        encounters.keep(house, who("doctor"), patients.get(house, wang.id), begun, "plan", encounters.Typed({"text": "x"}))


def test_another_persons_is_not_found(house, who, begun) -> None:
    other = patients.get(house, patients.register(house, who("desk"), patients.NewPatient("李四")))
    with pytest.raises(NotFound):
        encounters.keep(house, who("doctor"), other, begun, "plan", encounters.Typed({"text": "x"}))
    with pytest.raises(NotFound):
        encounters.sign(house, who("doctor"), other, begun, 0)
