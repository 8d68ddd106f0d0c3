"""What is wrong with the house is said over every page of the staff, in their language, until it is over."""

from types import SimpleNamespace

import pytest

from app.core import troubles
from app.core.troubles import Trouble

FULL = Trouble("disk.full", "red", "The disk is full. Nothing was saved; what is stored is safe. Free some space, then try again.", act="/manage/health")
OLD = Trouble("backup.old", "amber", "Please sign in.", for_whom="owner")


@pytest.fixture
def looks(monkeypatch):
    """Only the looks of this test."""
    looks = {}
    monkeypatch.setattr(troubles, "LOOKS", looks)
    return looks


def test_red_stands_first_and_what_is_the_owners_is_told_to_owners_alone(looks):
    board = troubles.Board()
    troubles.watch("old", lambda state: OLD)
    troubles.watch("full", lambda state: [FULL] if state.full else None)
    board.look(SimpleNamespace(full=True))
    assert board.shown(owner=True) == (FULL, OLD) and board.shown(owner=False) == (FULL,) and board.red
    board.look(SimpleNamespace(full=False))
    assert board.shown(owner=True) == (OLD,) and not board.red


def test_a_look_that_fails_goes_on_saying_what_it_said_and_keeps_no_other_from_looking(looks):
    board, broken = troubles.Board(), []
    troubles.watch("full", lambda state: FULL if not broken else 1 / 0)
    troubles.watch("old", lambda state: OLD if broken else None)
    board.look(None)
    broken.append(True)
    board.look(None)
    assert board.found == (FULL, OLD)


def test_two_looks_of_one_name_are_a_mistake(looks):
    troubles.watch("disk", lambda state: None)
    with pytest.raises(ValueError):
        troubles.watch("disk", lambda state: None)


def test_every_page_says_it_in_both_languages_and_the_sign_in_page_only_that(looks, client, sign_in):
    client.app.state.troubles.found = (FULL, OLD)
    nobody = client.get("/sign-in", headers={"Accept-Language": "en"}).text
    assert "Something is wrong with the clinic's box" in nobody and "disk" not in nobody.split("<main")[1]
    owner, reader = sign_in("owner").get("/manage").text, sign_in("reader").get("/patients").text
    assert 'data-trouble="disk.full"' in owner and "磁盘满了" in owner and 'href="/manage/health"' in owner and "backup.old" in owner
    assert "The disk is full" in reader and "backup.old" not in reader
    assert "/manage/health" not in reader and "Please tell an owner" in reader
