import threading
import time

import pytest

from app.core import events
from app.core.db import Database
from app.core.errors import Busy, DiskFull, Refusal
from app.core.queue import FairLock
from app.core.sqlite import sqlite3

events.declare("test.outer", "Outer", clinical=False)
events.declare("test.inner", "Inner", clinical=False)

EVENTS = "SELECT id, kind, cause_id FROM events WHERE kind LIKE 'test.%' ORDER BY id"
STAFF = "SELECT name FROM staff"


def kinds(db: Database) -> list[tuple]:
    return db.all(tuple, EVENTS)


def test_a_change_inside_a_change_is_caused_by_the_outer_one(db: Database) -> None:
    with db.change(None, "test.outer") as outer:
        with db.change(None, "test.inner"):
            pass
    assert [(kind, cause) for _, kind, cause in kinds(db)] == [("test.outer", None), ("test.inner", outer.event_id)]


def test_an_error_leaves_nothing_behind(db: Database) -> None:
    before = db.all(tuple, EVENTS)
    with pytest.raises(ValueError), db.change(None, "test.outer"):
        db.execute("UPDATE staff SET name = 'gone'")
        raise ValueError
    assert db.all(tuple, EVENTS) == before and "gone" not in db.all(str, STAFF)


def test_an_inner_error_that_is_caught_takes_only_the_inner_change_back(db: Database) -> None:
    with db.change(None, "test.outer"):
        db.execute("UPDATE staff SET name = 'kept' WHERE id = 1")
        with pytest.raises(ValueError), db.change(None, "test.inner"):
            db.execute("UPDATE staff SET name = 'gone' WHERE id = 2")
            raise ValueError
    assert [kind for _, kind, _ in kinds(db)] == ["test.outer"]
    assert "kept" in db.all(str, STAFF) and "gone" not in db.all(str, STAFF)


def test_writing_outside_a_change_is_refused(db: Database) -> None:
    with pytest.raises(RuntimeError):
        db.insert("settings", {"name": "a", "value": "1"})
    with pytest.raises(RuntimeError):
        db.execute("DELETE FROM settings")


@pytest.mark.parametrize(("table", "row"), [("setings", {"name": "a"}), ("settings", {"nme": "a"})])
def test_a_mistyped_table_or_column_is_refused(db: Database, table: str, row: dict) -> None:
    with pytest.raises(LookupError), db.change(None, "test.outer"):
        db.insert(table, row)


def test_an_undeclared_kind_is_refused(db: Database) -> None:
    with pytest.raises(ValueError, match="not declared"), db.change(None, "test.unheard"):
        pass


@pytest.mark.parametrize("sql", ["UPDATE events SET kind = 'x'", "DELETE FROM events"])
def test_events_are_append_only(db: Database, sql: str) -> None:
    with pytest.raises(sqlite3.IntegrityError), db.change(None, "test.outer"):
        db.execute(sql)


def test_a_reader_thread_cannot_write_and_sees_only_what_is_committed(db: Database) -> None:
    seen: list = []

    def look() -> None:
        seen.append([kind for _, kind, _ in kinds(db)])
        try:
            db._reader().execute("DELETE FROM settings")
        except sqlite3.OperationalError as error:
            seen.append(str(error))

    with db.change(None, "test.outer"):
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
    assert seen[0] == [] and "readonly" in seen[1]


def test_within_listeners_share_the_transaction_and_hear_each_other(db: Database) -> None:
    heard: list[str] = []

    def listen(db: Database, fresh: list) -> None:
        for event in fresh:
            heard.append(event.kind)
            if event.kind == "test.outer":
                with db.change(None, "test.inner", cause=event.id):
                    pass

    db.within(listen)
    with db.change(None, "test.outer") as outer:
        pass
    assert heard == ["test.outer", "test.inner"]
    assert kinds(db)[-1][2] == outer.event_id


def test_a_failing_within_listener_takes_the_fact_back_too(db: Database) -> None:
    def fail(db: Database, fresh: list) -> None:
        raise ValueError

    db.within(fail)
    with pytest.raises(ValueError), db.change(None, "test.outer"):
        pass
    assert kinds(db) == []


def test_listeners_that_answer_each_other_for_ever_are_stopped(db: Database) -> None:
    def answer(db: Database, fresh: list) -> None:
        with db.change(None, "test.inner"):
            pass

    db.within(answer)
    with pytest.raises(RuntimeError, match="keep answering"), db.change(None, "test.outer"):
        pass


def test_after_listeners_come_after_the_commit(db: Database) -> None:
    seen: list = []
    db.after(lambda done: seen.append((done[0].kind, db.writer.in_transaction)))
    with db.change(None, "test.outer"):
        pass
    assert seen == [("test.outer", False)]


def test_the_lock_is_given_in_the_order_it_was_asked_for() -> None:
    lock, order = FairLock(), []

    def wait(n: int) -> None:
        with lock.held(5):
            order.append(n)

    threads = [threading.Thread(target=wait, args=(n,)) for n in range(6)]
    with lock.held(1):
        for thread in threads:
            thread.start()
            time.sleep(0.02)
    for thread in threads:
        thread.join()
    assert order == list(range(6))


def test_waiting_too_long_for_the_writer_is_a_clear_refusal() -> None:
    lock = FairLock()
    with lock.held(1), pytest.raises(Busy) as refused, lock.held(0.01):
        pass
    assert isinstance(refused.value, Refusal)
    with lock.held(0.01):
        pass


def test_a_full_disk_is_a_clear_refusal_and_nothing_is_half_saved(db: Database) -> None:
    db.writer.execute(f"PRAGMA max_page_count = {db.value('PRAGMA page_count')}")
    before = db.value("SELECT count(*) FROM events")
    with pytest.raises(DiskFull), db.change(None, "test.outer") as details:
        details["much"] = "x" * 10_000_000
    assert db.value("SELECT count(*) FROM events") == before
    db.writer.execute("PRAGMA max_page_count = 1073741823")
    with db.change(None, "test.outer"):
        pass
