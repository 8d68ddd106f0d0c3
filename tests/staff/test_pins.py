"""PINs: which are refused, how they are kept, and that five wrong ones end them on that tablet."""

import stat
import sys
from datetime import timedelta

import pytest

from app.clinic import staff
from app.core import clock
from app.core.access import Role
from app.core.errors import Invalid
from app.main import open_clinic
from tests.conftest import NOW, PASSWORD

PIN, OTHER = "739014", "284937"


def tablet(db, who, name="desk"):
    """(its id, its token)"""
    token = staff.enrol_by_code(db, staff.announce(db, who("owner"), name), "10.0.0.5")
    return staff.tablet_of(db, token).id, token


def on_shift(db, name, tablet_id):
    return staff.sign_in(db, name, PASSWORD, "tablet", "10.0.0.5", "", tablet_id)


@pytest.fixture
def desk(db, who):
    """A tablet at which the nurse is on shift with a PIN: its id."""
    id, _token = tablet(db, who)
    on_shift(db, "nurse", id)
    staff.set_pin(db, who("nurse"), PASSWORD, PIN, PIN)
    return id


@pytest.mark.parametrize("pin", [
    "000000", "123456", "654321", "012345", "135791", "777777", "121212", "123123", "112211", "123321", "112233", "520131",
    "900312", "120390", "031290", "199003", "200612", "881231",
])
def test_what_people_try_first_is_no_pin(db, who, pin):
    with pytest.raises(Invalid) as refused:
        staff.set_pin(db, who("nurse"), PASSWORD, pin, pin)
    assert "pin" in refused.value.errors and not staff.has_pin(db, who("nurse").id)


@pytest.mark.parametrize(("pin", "again", "password", "field"), [
    ("73901", "73901", PASSWORD, "pin"), ("7390144", "7390144", PASSWORD, "pin"), ("73901x", "73901x", PASSWORD, "pin"),
    (PIN, OTHER, PASSWORD, "again"), (PIN, PIN, "not-the-password", "password"),
])
def test_a_pin_is_six_digits_typed_twice_by_whoever_knows_the_password(db, who, pin, again, password, field):
    with pytest.raises(Invalid) as refused:
        staff.set_pin(db, who("nurse"), password, pin, again)
    assert list(refused.value.errors) == [field]


def test_a_pin_is_kept_as_argon2id_keyed_by_a_file_of_its_own(db, who, desk):
    stored = db.value("SELECT pin_hash FROM staff WHERE id = :id", id=who("nurse").id)
    assert stored.startswith("$argon2id$") and PIN not in stored
    key = db.path.parent / "keys" / "pin.key"
    if sys.platform != "win32":
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert not staff.rules.verify(stored, PIN)
    key.write_bytes(b"another machine's key")
    with pytest.raises(Invalid):
        staff.enter(db, desk, who("nurse").id, PIN, "", "tablet")


def test_full_width_digits_are_digits(db, who, desk):
    assert staff.pins.read_pin(" ７３９０１４ ") == PIN
    staff.confirm(db, staff.held(db, staff.enter(db, desk, who("nurse").id, PIN, "", "t"), _token(db, desk)).actor, "７３９０１４")


def _token(db, tablet_id):
    """A tablet whose cookie we know, in place of the one that was thrown away."""
    with db.aside():
        db.execute("UPDATE tablets SET token_hash = :hash WHERE id = :id", id=tablet_id, hash=staff.rules.token_hash("known"))
    return "known"


def test_a_pin_opens_only_a_tablet_one_is_on_shift_at(db, who, desk):
    elsewhere, _token = tablet(db, who, "room 2")
    assert staff.enter(db, desk, who("nurse").id, PIN, "", "tablet")
    for id, name in ((elsewhere, "nurse"), (desk, "doctor"), (999, "nurse")):
        with pytest.raises(Invalid):
            staff.enter(db, id, who(name).id, PIN, "", "tablet")
    assert [one.name for one in staff.tiles(db, desk)] == ["周岚"] and staff.tiles(db, elsewhere) == []


def test_a_shift_ends_after_twelve_hours_whatever_was_done_in_it(db, who, desk):
    with clock.stop(NOW + timedelta(hours=11)):
        token = staff.enter(db, desk, who("nurse").id, PIN, "", "tablet")
        assert staff.held(db, token, known := _token(db, desk))
    with clock.stop(NOW + timedelta(hours=12)):
        assert staff.tiles(db, desk) == [] and staff.held(db, token, known) is None
        with pytest.raises(Invalid):
            staff.enter(db, desk, who("nurse").id, PIN, "", "tablet")


def test_five_wrong_pins_ask_for_the_password_across_restarts(db, who, desk, folder):
    nurse = who("nurse").id
    for _time in range(4):
        with pytest.raises(Invalid):
            staff.enter(db, desk, nurse, OTHER, "", "tablet")
    again = open_clinic(folder)
    with pytest.raises(Invalid):
        staff.enter(again, desk, nurse, OTHER, "", "tablet")
    with pytest.raises(Invalid) as refused:
        staff.enter(again, desk, nurse, PIN, "", "tablet")
    assert refused.value.errors == {"secret": "Please use your password here."}
    assert again.value("SELECT count(*) FROM events WHERE kind = 'shift.blocked'") == 1
    assert [one.by_pin for one in staff.tiles(again, desk)] == [0]
    on_shift(again, "nurse", desk)
    assert staff.enter(again, desk, nurse, PIN, "", "tablet")
    again.close()


def test_the_count_is_of_one_person_on_one_tablet_and_a_right_pin_forgives(db, who, desk):
    other, _token = tablet(db, who, "room 2")
    on_shift(db, "nurse", other)
    nurse = who("nurse").id
    for _time in range(4):
        with pytest.raises(Invalid):
            staff.enter(db, desk, nurse, OTHER, "", "tablet")
    assert staff.enter(db, desk, nurse, PIN, "", "tablet")
    for _time in range(5):
        with pytest.raises(Invalid):
            staff.enter(db, desk, nurse, OTHER, "", "tablet")
    assert staff.enter(db, other, nurse, PIN, "", "tablet")


@pytest.mark.parametrize("deed", ["disable", "password", "role", "sign out", "ended", "revoke"])
def test_what_ends_a_shift(db, who, desk, deed):
    owner, nurse = who("owner"), who("nurse")
    token = on_shift(db, "nurse", desk)
    held = staff.held(db, token, _token(db, desk))
    if deed == "disable":
        staff.disable(db, owner, nurse.id)
    elif deed == "password":
        staff.reset_password(db, owner, nurse.id, "another-quiet-one")
    elif deed == "role":
        staff.edit(db, owner, nurse.id, staff.EditMember("周岚", Role.PHARMACIST, "zh"))
    elif deed == "sign out":
        staff.sign_out(db, held.actor, token)
    elif deed == "ended":
        staff.end_session(db, owner, held.actor.session_id)
    else:
        staff.revoke(db, owner, desk)
    assert staff.held(db, token, "known") is None and staff.tiles(db, desk) == []
    with pytest.raises(Invalid):
        staff.enter(db, desk, nurse.id, PIN, "", "tablet")


def test_signing_takes_the_pin_where_it_counts_and_the_password_anywhere(db, who, desk):
    here = staff.held(db, staff.enter(db, desk, who("nurse").id, PIN, "", "tablet"), _token(db, desk)).actor
    staff.confirm(db, here, PIN)
    staff.confirm(db, here, PASSWORD)
    assert staff.takes_pin(db, here) and not staff.takes_pin(db, who("nurse"))
    elsewhere = staff.held(db, staff.sign_in(db, "nurse", PASSWORD, "desk", "10.0.0.7")).actor
    for actor, secret in ((elsewhere, PIN), (who("nurse"), PIN), (here, OTHER)):
        with pytest.raises(Invalid):
            staff.confirm(db, actor, secret)
    assert db.value("SELECT wrong FROM shifts WHERE tablet_id = :id AND ended_event_id IS NULL", id=desk) == 1


def test_a_pin_never_changes_a_password_or_a_pin(db, who, desk):
    here = staff.held(db, staff.enter(db, desk, who("nurse").id, PIN, "", "tablet"), _token(db, desk)).actor
    with pytest.raises(Invalid):
        staff.change_password(db, here, PIN, "another-quiet-one")
    with pytest.raises(Invalid):
        staff.set_pin(db, here, PIN, OTHER, OTHER)
