"""The sweep finds in the tables what is due: once, whoever dies over it, however long the house was off."""

import time
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from app import tasks
from app.clinic import cards, patients, work
from app.core import clock, events
from app.tasks import nightly, sweep


def at(hour, day=23):
    """That hour at the clinic (UTC+8)."""
    return clock.stop(datetime(2026, 11, day, hour, tzinfo=UTC) - timedelta(hours=8))


@pytest.fixture
def due(db, who):
    """A card was opened this morning: something is due today for both managers."""
    patient = patients.register(db, who("desk"), patients.NewPatient("王秀英", "female"))
    cards.open_card(db, who("desk"), patient, cards.types(db)[0].id)
    return patient


def bell(db, actor):
    return [(one.kind, one.n) for one in work.reminders_of(db, actor)]


def test_the_bell_rings_in_the_morning_and_again_in_the_afternoon_and_not_oftener(db, who, due):
    with at(6):
        assert work.ring(db) == 0
    with at(8):
        assert work.ring(db) > 0
        assert work.ring(db) == 0
    with at(13):
        assert work.ring(db) == 0
    assert bell(db, who("manager")) == [("due_today", 1)]
    with at(14):
        assert work.ring(db) > 0
        assert work.ring(db) == 0
    assert bell(db, who("manager2")) == [("unfinished", 1), ("due_today", 1)]


def test_a_week_switched_off_rings_once_for_today(db, who, due):
    with at(9, 30):
        work.ring(db)
        work.ring(db)
    assert bell(db, who("manager")) == [("overdue", 1)]


def test_nobody_is_reminded_of_what_is_not_theirs(db, who, due):
    with at(15):
        work.ring(db)
    assert bell(db, who("doctor")) == [] and bell(db, who("desk")) == []


def test_a_reminder_and_its_event_are_one(db, who, due):
    """Killed between the two, neither is there."""
    def dies(db, events):
        raise KeyboardInterrupt

    db.within(dies)
    with at(8), pytest.raises(KeyboardInterrupt):
        work.ring(db)
    db._within.remove(dies)
    assert bell(db, who("manager")) == []
    with at(8):
        work.ring(db)
    assert bell(db, who("manager")) == [("due_today", 1)]


def test_the_nightly_run_is_claimed_once_a_day(db):
    with at(3):
        first = work.claim(db, "nightly")
        assert first and work.claim(db, "nightly") is None
        assert work.finish(db, "nightly", first)
        assert work.claim(db, "nightly") is None
    with at(3, 24):
        assert work.claim(db, "nightly")


def test_who_dies_over_it_leaves_a_lease_that_runs_out(db):
    with at(3):
        dead = work.claim(db, "nightly")
        with clock.stop(clock.now() + timedelta(minutes=19)):
            assert work.claim(db, "nightly") is None
        with clock.stop(clock.now() + timedelta(minutes=21)):
            heir = work.claim(db, "nightly")
            assert heir
            assert not work.finish(db, "nightly", dead)  # the dead one comes back: too late
            assert work.finish(db, "nightly", heir)


@pytest.fixture
def state(db, monkeypatch):
    state = SimpleNamespace(db=db)
    monkeypatch.setattr(sweep, "state", state)
    return state


def test_the_nightly_look_waits_for_its_hour_and_is_made_up_for_after(state, monkeypatch):
    runs = []
    monkeypatch.setattr(nightly, "run", runs.append)
    with at(2):
        nightly.look(state)
    assert runs == []
    with at(11):
        nightly.look(state)
        nightly.look(state)
    assert len(runs) == 1


def test_a_broken_step_does_not_stop_the_others_and_names_nobody(state, monkeypatch, caplog):
    done = []

    def broken(state):
        raise ValueError("王秀英")

    monkeypatch.setattr(sweep, "STEPS", [broken, lambda state: done.append(state)])
    sweep.once()
    assert done == [state] and "王秀英" not in caplog.text and "ValueError" in caplog.text


events.declare("test.woke", "woke", clinical=False)


@pytest.fixture
def running(state, monkeypatch):
    seen = []
    monkeypatch.setattr(sweep, "STEPS", [lambda state: seen.append(time.monotonic())])
    monkeypatch.setattr(sweep, "WAKES", {"test.woke"})
    running = tasks.start(state)
    yield seen
    tasks.stop(running)


def wait_for(seen, n):
    until = time.monotonic() + 8
    while len(seen) < n and time.monotonic() < until:
        time.sleep(0.02)
    return len(seen) >= n


def test_it_sweeps_at_start_and_sooner_when_woken(state, running):
    assert wait_for(running, 1)
    before = len(running)
    with state.db.change(None, "test.woke"):
        pass
    assert wait_for(running, before + 1)


def test_it_beats_on_its_own(state, monkeypatch):
    seen = []
    monkeypatch.setattr(tasks, "EVERY", 1)
    monkeypatch.setattr(sweep, "STEPS", [lambda state: seen.append(1)])
    running = tasks.start(state)
    try:
        assert wait_for(seen, 3)
    finally:
        tasks.stop(running)


def test_stopping_is_quick_and_leaves_no_thread(state, monkeypatch):
    monkeypatch.setattr(sweep, "STEPS", [])
    running = tasks.start(state)
    began = time.monotonic()
    tasks.stop(running)
    assert time.monotonic() - began < 3
    assert not any(thread.is_alive() for _worker, thread in running.consumer.worker_threads)
