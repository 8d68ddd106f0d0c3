"""A code from the phone at the sign-in: right once, slowed, sealed beside the file, and a way back when the phone is lost."""

from collections.abc import Callable
from datetime import timedelta

import pyotp
import pytest
from litestar.testing import TestClient

from app.clinic import invitations, patients, staff
from app.core import clock
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import CodeNeeded, Invalid, Refusal, TooMany
from tests.conftest import NOW, PASSWORD
from tests.house.filling import read

Who = Callable[[str], Actor]
STORED = "SELECT secret FROM second_steps"
HASHES = "SELECT hash FROM recovery_codes"


def later(seconds: int):
    return clock.stop(NOW + timedelta(seconds=seconds))


def code(secret: str) -> str:
    return pyotp.TOTP(secret).at(clock.now())


def arm(db: Database, actor: Actor) -> tuple[str, list[str]]:
    """The secret, and the recovery codes; the clock stands an hour before."""
    with later(-3600):
        offered = staff.offer(db, actor, "和平里诊所")
        return offered.secret, staff.arm(db, actor, offered.sealed, PASSWORD, code(offered.secret))


def half(db: Database, name: str = "owner", old_token: str = "") -> str:
    with pytest.raises(CodeNeeded) as needed:
        staff.sign_in(db, name, PASSWORD, "tablet", "10.0.0.5", old_token)
    return needed.value.half


def enter(db: Database, given: str, carried: str = "") -> str | None:
    return staff.take_code(db, carried or half(db), given, "tablet", "10.0.0.5")


def test_a_code_is_right_in_its_half_minute_and_the_ones_beside_it(db: Database, who: Who) -> None:
    secret, _codes = arm(db, who("owner"))
    for seconds in (-60, -31, 60, 90):
        with pytest.raises(Invalid):
            enter(db, pyotp.TOTP(secret).at(NOW + timedelta(seconds=seconds)))
    for minutes, seconds in ((80, -30), (82, 0), (84, 30)):
        with later(60 * minutes):
            assert enter(db, pyotp.TOTP(secret).at(clock.now() + timedelta(seconds=seconds)))


def test_a_code_is_taken_once_and_none_that_is_older(db: Database, who: Who) -> None:
    secret, _codes = arm(db, who("owner"))
    now = code(secret)
    assert staff.held(db, enter(db, now)).actor.id == who("owner").id
    for replayed in (now, pyotp.TOTP(secret).at(NOW - timedelta(seconds=30))):
        with pytest.raises(Invalid):
            enter(db, replayed)
    assert enter(db, pyotp.TOTP(secret).at(NOW + timedelta(seconds=30)))


def test_the_code_that_set_it_up_signs_nobody_in(db: Database, who: Who) -> None:
    offered = staff.offer(db, who("owner"), "")
    staff.arm(db, who("owner"), offered.sealed, PASSWORD, code(offered.secret))
    with pytest.raises(Invalid):
        enter(db, code(offered.secret))


def test_guesses_are_slowed_like_passwords(db: Database, who: Who) -> None:
    secret, _codes = arm(db, who("owner"))
    carried = half(db)
    for n in range(5):
        with pytest.raises(Invalid):
            staff.take_code(db, carried, f"00000{n}", "tablet", f"10.0.0.{n}")
    with pytest.raises(TooMany):
        staff.take_code(db, carried, code(secret), "tablet", "10.0.0.9")
    with later(40):
        assert staff.take_code(db, carried, code(secret), "tablet", "10.0.0.9")


def test_neither_the_password_alone_nor_what_the_device_carries_is_enough(db: Database, who: Who) -> None:
    arm(db, who("owner"))
    carried = half(db)
    assert staff.held(db, carried) is None and enter(db, "123456", "00" * 40) is None and enter(db, "123456", "x") is None
    with later(301):
        assert enter(db, "123456", carried) is None
    staff.reset_password(db, None, who("owner").id, "another-quiet-one")
    assert enter(db, "123456", carried) is None


def test_a_wrong_password_never_tells_that_a_code_would_be_asked(db: Database, who: Who) -> None:
    arm(db, who("owner"))
    with pytest.raises(Invalid) as refused:
        staff.sign_in(db, "owner", "wrong", "tablet", "10.0.0.5")
    assert refused.value.errors == {"password": "The name or the password is not right."}


def test_a_recovery_code_takes_its_place_once(db: Database, who: Who) -> None:
    _secret, codes = arm(db, who("owner"))
    assert len(set(codes)) == 10 and enter(db, codes[3].lower().replace("-", " "))
    with pytest.raises(Invalid):
        enter(db, codes[3])
    assert staff.recovery_codes_left(db, who("owner").id) == 9
    anew = staff.new_recovery_codes(db, who("owner"), PASSWORD)
    with pytest.raises(Invalid):
        enter(db, codes[4])
    assert enter(db, anew[0])


def test_the_file_alone_tells_no_secret_and_without_the_key_the_paper_still_opens(db: Database, who: Who) -> None:
    secret, codes = arm(db, who("owner"))
    key = db.path.parent / "keys" / "second-step.key"
    assert secret.encode() not in db.value(STORED) and key.stat().st_mode & 0o077 == 0
    assert all(one.encode() not in hash for one in codes for hash in db.all(bytes, HASHES))
    key.unlink()
    with pytest.raises(Invalid):
        enter(db, code(secret))
    assert enter(db, codes[0])


def test_it_is_set_up_only_with_password_and_a_right_code(db: Database, who: Who) -> None:
    offered = staff.offer(db, who("owner"), "")
    for password, given in ((PASSWORD, "000000"), ("wrong", code(offered.secret))):
        with pytest.raises(Invalid):
            staff.arm(db, who("owner"), offered.sealed, password, given)
    with pytest.raises(Invalid):  # somebody else's offer
        staff.arm(db, who("nurse"), offered.sealed, PASSWORD, code(offered.secret))
    assert staff.offer(db, who("owner"), "", offered.sealed).secret == offered.secret
    staff.arm(db, who("owner"), offered.sealed, PASSWORD, code(offered.secret))
    with pytest.raises(Refusal):
        staff.arm(db, who("owner"), offered.sealed, PASSWORD, code(offered.secret))


def test_other_devices_are_signed_out_and_this_one_goes_on_by_password(db: Database, who: Who) -> None:
    other, mine = (staff.sign_in(db, "owner", PASSWORD, "tablet", "10.0.0.5") for _device in range(2))
    actor = staff.held(db, mine).actor
    arm(db, actor)
    assert staff.held(db, other) is None and staff.held(db, mine)
    assert staff.held(db, staff.sign_in(db, "owner", PASSWORD, "tablet", "10.0.0.5", mine))  # a locked screen, by password
    half(db, old_token=other)


def test_the_whole_way_in_the_browser(sign_in: Callable[[str], TestClient]) -> None:
    browser = sign_in("owner")
    page = browser.get("/account/second-step")
    [form] = [one for one in read(page.text).forms if one.action == "/account/second-step"]
    typed = {one.name: one.value for one in form.controls if one.kind == "hidden"}
    secret = page.text.partition('typedkey">')[2].partition("<")[0].replace(" ", "")
    wrong = browser.post("/account/second-step", data=typed | {"code": "000000", "password": PASSWORD})
    assert wrong.status_code == 422 and secret in wrong.text.replace(" ", "") and "aria-invalid" in wrong.text
    shown = browser.post("/account/second-step", data=typed | {"code": code(secret), "password": PASSWORD})
    assert shown.status_code == 200 and shown.text.count("<li>") >= 10 and secret not in shown.text
    assert "/account/second-step/removal" in browser.get("/account/second-step").text
    browser.cookies.clear()
    asked = browser.post("/sign-in", data={"sign_in": "owner", "password": PASSWORD, "next": "/patients"}, follow_redirects=False)
    assert asked.headers["location"] == "/sign-in/code?next=/patients" and browser.get("/account", follow_redirects=False).status_code == 303
    assert browser.post("/sign-in/code", data={"code": "000000"}).status_code == 422
    with later(60):
        done = browser.post("/sign-in/code", data={"code": code(secret), "next": "//evil.example"}, follow_redirects=False)
        assert done.headers["location"] == "/today" and browser.get("/account").url.path == "/account"


def test_who_lost_phone_and_paper_is_let_in_by_another_owner(sign_in: Callable[[str], TestClient], who: Who) -> None:
    browser = sign_in("owner")
    db, nurse = browser.app.state.db, who("nurse")
    arm(db, nurse)
    assert "second-step/removal" in browser.get(f"/manage/staff/{nurse.id}").text
    assert browser.post(f"/manage/staff/{nurse.id}/second-step/removal", follow_redirects=False).status_code == 303
    assert staff.sign_in(db, "nurse", PASSWORD, "tablet", "10.0.0.5")
    arm(db, staff.held(db, browser.cookies["yihe_session"]).actor)
    own = browser.post(f"/manage/staff/{who('owner').id}/second-step/removal", follow_redirects=False)
    assert own.headers["location"] == "/account/second-step" and staff.has_second_step(db, who("owner").id)
    assert browser.post("/account/second-step/removal", data={"password": "wrong"}).status_code == 422
    browser.post("/account/second-step/removal", data={"password": PASSWORD})
    assert not staff.has_second_step(db, who("owner").id)


def test_a_tablet_comes_back_from_a_patient_only_with_the_code_too(sign_in: Callable[[str], TestClient], who: Who) -> None:
    browser = sign_in("owner")
    db = browser.app.state.db
    secret, _codes = arm(db, staff.held(db, browser.cookies["yihe_session"]).actor)
    person = patients.register(db, who("owner"), patients.NewPatient("王秀英", "female"))
    invitations.ask(db, who("owner"), person, invitations.NewAsked("", [1]), [1])
    [asked] = invitations.open_of(db, person)
    here = f"/patients/{person}/asked/{asked.id}"
    assert browser.post(f"{here}/handover", follow_redirects=False).status_code == 303
    half_way = browser.post("/unlocking", data={"password": PASSWORD}, follow_redirects=False)
    assert half_way.headers["location"] == "/sign-in/code" and browser.get("/today", follow_redirects=False).status_code == 303
    assert browser.get("/sign-in/code").url.path == "/sign-in/code"
    done = browser.post("/sign-in/code", data={"code": code(secret)}, follow_redirects=False)
    assert done.headers["location"] == here and browser.get(here).status_code == 200
