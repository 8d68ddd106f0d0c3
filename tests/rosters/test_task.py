"""What the sweep does with a list: claims it, works, lets go when the house closes, stands still when something breaks."""

from types import SimpleNamespace

import app.tasks
import pytest
from app.clinic import rosters
from app.tasks import rosters as task
from app.tasks import sweep

from tests.rosters.conftest import LI, WANG, csv_of
from tests.rosters.people_list import people_list


@pytest.fixture
def house(monkeypatch, db, files):
    running = SimpleNamespace(stopping=False, nudged=True)
    monkeypatch.setattr(app.tasks, "_running", running)
    monkeypatch.setattr(sweep, "state", SimpleNamespace(db=db, files=files))
    return running


@pytest.fixture
def roster(db, files, who, house) -> int:
    """Compared by the task, wanted to be taken over."""
    id = rosters.upload(db, who("nurse"), files, "a.xlsx", people_list(60, seed=3).xlsx(), "old")
    rosters.settle_columns(db, who("nurse"), files, id, [], {})
    work(db)
    assert rosters.roster(db, id).state == "ready" and rosters.counts(db, id).lines == 60
    rosters.begin(db, who("nurse"), id)
    return id


def work(db) -> None:
    claimed, claim = rosters.claim(db)
    task.run.call_local(claimed.id, claim)


def test_the_task_takes_over_and_back_in_the_name_of_who_wanted_it(db, who, roster) -> None:
    work(db)
    assert rosters.roster(db, roster).state == "done" and rosters.counts(db, roster).registered > 40
    assert set(db.all(int, "SELECT DISTINCT actor_id FROM events WHERE kind = 'patient.registered'")) == {who("nurse").id}
    rosters.undo(db, who("doctor"), roster)
    work(db)
    assert rosters.roster(db, roster).state == "undone" and rosters.claim(db) is None
    assert set(db.all(int, "SELECT DISTINCT actor_id FROM events WHERE kind = 'patient.withdrawn'")) == {who("doctor").id}


def test_a_closing_house_stops_after_a_chunk_and_the_next_one_goes_on(db, house, roster) -> None:
    house.stopping = True
    work(db)
    stands = rosters.counts(db, roster)
    assert rosters.roster(db, roster).state == "filing" and 0 < stands.registered < 40
    house.stopping = False
    work(db)
    assert rosters.roster(db, roster).state == "done" and rosters.counts(db, roster).decided == 0


def test_what_breaks_stands_still_with_a_sentence(db, roster, monkeypatch) -> None:
    def broken(*_values, **_named):
        raise ZeroDivisionError

    monkeypatch.setattr(rosters, "file", broken)
    work(db)
    stands = rosters.roster(db, roster)
    assert stands.state == "stopped" and stands.problem and rosters.claim(db) is None


def test_a_stopped_list_goes_on_or_is_taken_back(db, who, house, roster) -> None:
    house.stopping = True
    work(db)
    rosters.stop(db, who("nurse"), roster)
    assert rosters.claim(db) is None and rosters.roster(db, roster).state == "stopped"
    house.stopping = False
    rosters.begin(db, who("nurse"), roster)
    work(db)
    assert rosters.roster(db, roster).state == "done"


def test_one_list_after_the_other(db, files, who, roster) -> None:
    other = rosters.upload(db, who("nurse"), files, "b.csv", csv_of(WANG, LI), "elsewhere")
    rosters.settle_columns(db, who("nurse"), files, other, [], {})
    first = rosters.claim(db)
    assert first and first[0].id == roster and rosters.claim(db) is None
    rosters.release(db, first[1])
    assert rosters.claim(db, other)[0].id == other


def test_a_line_that_is_refused_waits_and_the_others_go_on(db, roster, files, monkeypatch) -> None:
    from app.clinic.rosters.filing import Filer
    from app.core.errors import Refusal

    plain = Filer.file

    def picky(self, line):
        if line.line == 10:
            raise Refusal("no")
        return plain(self, line)

    monkeypatch.setattr(Filer, "file", picky)
    work(db)
    line = rosters.line_at(db, roster, 10)
    assert (line.decision, line.reason, line.outcome) == (None, "refused", None)
    assert rosters.roster(db, roster).state == "done" and rosters.counts(db, roster).registered > 40
