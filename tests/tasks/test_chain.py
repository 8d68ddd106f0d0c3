"""The chain of events is looked over by itself, and the owner alone is told when it does not fit."""

from datetime import timedelta

import pytest

from app.core import clock, troubles
from app.tasks import chain, sweep
from tests.conftest import NOW


@pytest.fixture
def state(client, monkeypatch):
    monkeypatch.setattr(sweep, "state", client.app.state)
    monkeypatch.setattr(chain, "run", lambda: ran.append(clock.today()) or chain_run())
    ran = []
    client.app.state.ran = ran
    return client.app.state


chain_run = chain.run.call_local


def test_after_every_start_and_once_a_night(state):
    for after in (0, 1, 20, 27, 44):  # 09:30, 10:30, 05:30 of the next day, 12:30, 05:30
        with clock.stop(NOW + timedelta(hours=after)):
            chain.look(state)
    assert [str(day) for day in state.ran] == ["2026-11-23", "2026-11-24", "2026-11-25"]
    assert chain.broken(state) is None


def test_an_edited_event_is_told_to_the_owner_alone(state, sign_in):
    db = state.db
    with db.aside():
        db.execute("DROP TRIGGER events_are_never_edited")
        db.execute("UPDATE events SET details = '{}' WHERE id = 3")
    chain.look(state)
    trouble = chain.broken(state)
    assert (trouble.params, trouble.for_whom, trouble.level) == ({"n": 1, "event": 3}, "owner", "red")
    assert troubles.LOOKS["chain"] is chain.broken
    state.troubles.look(state)
    assert "第 3 条" in sign_in("owner").get("/manage").text and "第 3 条" not in sign_in("doctor").get("/manage").text
