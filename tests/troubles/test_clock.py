"""A clock that cannot be right is not believed: nothing expires, nothing is overdue, nobody is signed out or in for ever."""

from datetime import UTC, datetime, timedelta

import pytest

from app.clinic import box, staff, work
from app.core import clock
from tests.conftest import NOW, PASSWORD


class Machine:
    """The box's own clock and the even one, moved by hand."""

    def __init__(self):
        self.says, self.ran = NOW, 1000.0

    def pass_(self, **time):
        self.says += timedelta(**time)
        self.ran += timedelta(**time).total_seconds()

    def jump(self, to):
        self.says = to


@pytest.fixture
def machine(monkeypatch):
    """Lets the stopped clock go; all of it runs as this one says."""
    made = Machine()
    monkeypatch.setattr(clock, "_stopped", None)
    monkeypatch.setattr(clock, "_believed", None)
    monkeypatch.setattr(clock, "machine", lambda: made.says)
    monkeypatch.setattr(clock.even, "monotonic", lambda: made.ran)
    return made


@pytest.mark.parametrize("wrong", [
    datetime(1970, 1, 1, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC), NOW - timedelta(hours=2), NOW + timedelta(days=365),
    datetime(2106, 2, 7, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC),
])  # fmt: skip
def test_a_clock_that_jumps_is_not_believed_and_time_goes_on_evenly(machine, wrong):
    clock.begin(NOW)
    machine.pass_(minutes=30)
    box.timekeeping.look(None)
    machine.jump(wrong)
    machine.ran += 600
    assert clock.now() == NOW + timedelta(minutes=40) and clock.doubted() == wrong
    machine.jump(NOW + timedelta(minutes=41))
    assert clock.now() == NOW + timedelta(minutes=41) and clock.doubted() is None


def test_a_clock_that_is_corrected_by_minutes_or_after_weeks_off_is_believed(machine):
    clock.begin(NOW)
    for right in (NOW - timedelta(minutes=20), NOW + timedelta(minutes=50), NOW + timedelta(days=40)):
        machine.jump(right)
        assert clock.now() == right and clock.doubted() is None


@pytest.mark.parametrize(("newest", "says", "believed"), [
    (NOW, datetime(1970, 1, 1, tzinfo=UTC), NOW), (NOW, NOW + timedelta(days=3), NOW + timedelta(days=3)),
    (NOW, NOW + timedelta(days=900), NOW), (None, datetime(1970, 1, 1, tzinfo=UTC), clock.RELEASED),
    (None, datetime(2033, 1, 1, tzinfo=UTC), datetime(2033, 1, 1, tzinfo=UTC)),
    (datetime(2021, 1, 1, tzinfo=UTC), NOW, NOW), (datetime(2021, 1, 1, tzinfo=UTC), datetime(2021, 2, 1, tzinfo=UTC), clock.RELEASED),
])  # fmt: skip
def test_at_start_it_is_judged_by_the_last_entry_and_the_day_of_the_release(machine, newest, says, believed):
    machine.jump(says)
    clock.begin(newest)
    assert clock.now() == believed


@pytest.mark.parametrize("wrong", [datetime(1970, 1, 1, tzinfo=UTC), datetime(2031, 5, 5, tzinfo=UTC)])
def test_after_a_start_with_a_wrong_clock_people_stay_signed_in_until_their_shift_ends_and_nothing_is_overdue(machine, db, wrong):
    box.keep_time(db)
    token = staff.sign_in(db, "owner", PASSWORD, "a tablet", "10.0.0.7")
    machine.jump(wrong)
    box.keep_time(db)  # as a start does
    assert staff.held(db, token).actor.name == "安"
    assert clock.today().isoformat() == "2026-11-23" and not work.ring(db)
    machine.ran += timedelta(hours=24).total_seconds()
    assert staff.held(db, token) is None, "nor do sessions live for ever"


def test_every_page_says_it_and_an_owners_word_ends_it(machine, client, sign_in):
    state = client.app.state
    box.keep_time(state.db)
    sign_in("owner")
    machine.jump(datetime(1970, 1, 1, tzinfo=UTC))
    state.troubles.look(state)
    page = client.get("/manage/health").text
    assert 'data-trouble="clock.wrong"' in page and "1970-01-01 08:00" in page and "2026-11-23 09:30" in page

    refused = client.post("/manage/health/time", data={"day": "2026-11-23", "at": "half past"})
    assert refused.status_code == 422 and "half past" in refused.text and "请按 14:05 这样填时间" in refused.text
    refused = client.post("/manage/health/time", data={"day": "2016-11-23", "at": "09:00"})
    assert refused.status_code == 422 and "2016-11-23" in refused.text and "这一天早就过了" in refused.text
    assert "/manage/health/clock" not in page and client.post("/manage/health/clock").status_code == 422, "1970 is nobody's word"
    client.post("/manage/health/time", data={"day": "2026-11-25", "at": "14:05"})
    assert clock.local_now() == datetime(2026, 11, 25, 14, 5) and clock.doubted()
    sign_in("owner")  # two days later the screen had locked
    assert "机器时钟显示" in client.get("/manage/health").text, "until the box's clock is put right"

    machine.jump(datetime(2027, 9, 1, tzinfo=UTC))
    sign_in("owner")
    client.post("/manage/health/clock")
    assert clock.now() == machine.says and clock.doubted() is None
    sign_in("owner")
    assert "clock.wrong" not in client.get("/manage/health").text


def test_a_session_begun_while_the_clock_was_ahead_ends_when_it_is_put_right(machine, db, who):
    box.keep_time(db)
    before = staff.sign_in(db, "nurse", PASSWORD, "a tablet", "10.0.0.7")
    machine.jump(NOW + timedelta(days=100))  # not too far to be believed
    ahead = staff.sign_in(db, "owner", PASSWORD, "a tablet", "10.0.0.8")
    box.timekeeping.look(None)
    machine.jump(NOW + timedelta(minutes=5))
    assert clock.doubted(), "time does not run back"
    box.confirm(db, who("owner"), clock.machine())
    assert staff.held(db, ahead) is None and staff.held(db, before).actor.name == "周岚"


def test_only_owners_say_what_time_it_is(machine, client, sign_in):
    assert sign_in("doctor").post("/manage/health/clock").status_code == 403
