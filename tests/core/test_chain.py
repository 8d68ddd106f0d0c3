"""Nobody changes, takes out, puts in or cuts off an event without `check` naming it by its number."""

import json
import os
import shutil
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from app.clinic import upkeep
from app.core import chain, events, settings
from app.core.db import Database
from app.core.sqlite import sqlite3
from app.main import open_clinic

events.declare("test.linked", "Linked", clinical=False)
TRIGGERS = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ('events', 'event_chain')"


@pytest.fixture
def closed(folder: Path) -> Iterator[Path]:
    """A clinic with a few more events, that is not being used."""
    db = open_clinic(folder)
    for n in range(6):
        with db.change(None, "test.linked") as details, db.change(None, "test.linked") as inner:
            details["n"], inner["说"] = n, "王\u2028\"\\\n"
    db.close()
    yield folder


def last(folder: Path) -> int:
    with by_hand(folder) as file:
        return file.execute("SELECT max(id) FROM events").fetchone()[0]


def by_hand(folder: Path) -> sqlite3.Connection:
    """As somebody would who has the file and any SQLite."""
    file = sqlite3.connect(folder / "clinic.db", isolation_level=None)
    for (name,) in file.execute(TRIGGERS).fetchall():
        file.execute(f"DROP TRIGGER {name}")
    return file


def found(folder: Path) -> list[str]:
    db = Database(folder / "clinic.db")
    try:
        return list(map(str, chain.faults(db)))
    finally:
        db.close()


def forge(folder: Path, sql: str, *params: object) -> list[str]:
    with by_hand(folder) as file:
        file.execute(sql, params)
    return found(folder)


def test_every_event_is_in_the_chain_and_anybody_can_work_it_out_again(closed: Path) -> None:
    link = b""
    with by_hand(closed) as file:
        rows = file.execute("SELECT e.id, e.at, e.actor_id, e.kind, e.patient_id, e.cause_id, e.details, c.hash "
                            "FROM events e LEFT JOIN event_chain c ON c.event_id = e.id ORDER BY e.id").fetchall()
    for *row, kept in rows:
        link = sha256(link + json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()).digest()
        assert link == kept, row[0]
    assert len(rows) > 20 and found(closed) == []


@pytest.mark.parametrize("column", ["at = '2020-01-01T00:00:00.000Z'", "actor_id = 2", "kind = 'test.other'", "cause_id = 1", "details = '{}'"])
def test_a_changed_event_is_named_and_no_other(closed: Path, column: str) -> None:
    id = last(closed) - 4
    [fault] = forge(closed, f"UPDATE events SET {column} WHERE id = ?", id)
    assert fault.startswith(f"Event {id} is not as it was written")


def test_an_event_that_was_taken_out_is_named(closed: Path) -> None:
    id = last(closed) - 4
    assert forge(closed, "DELETE FROM events WHERE id = ?", id) == [f"Event {id} was taken out"]
    [fault] = forge(closed, "DELETE FROM event_chain WHERE event_id = ?", id)
    assert fault.startswith(f"Event {id + 1} is not as it was written, or something was taken out between it and event {id - 1}")


def test_an_event_that_yihe_did_not_write_is_named_and_never_taken_into_the_chain(closed: Path) -> None:
    id = last(closed) + 1
    said = [f"Event {id} is not in the chain: it was not written by Yihe"]
    assert forge(closed, "INSERT INTO events (id, at, kind, details) VALUES (?, '2026-11-23T01:30:00.000Z', 'test.linked', '{}')", id) == said
    db = open_clinic(closed)
    with db.change(None, "test.linked"):
        pass
    db.close()
    assert found(closed) == said


def test_an_end_that_was_cut_off_is_noticed_and_stays_noticed(closed: Path) -> None:
    id = last(closed)
    with by_hand(closed) as file:
        file.execute("DELETE FROM events WHERE id > ?", (id - 3,))
        file.execute("DELETE FROM event_chain WHERE event_id > ?", (id - 3,))
    said = f"Event {id} had been written and is not there as it was"
    assert found(closed)[0].startswith(said)
    db = open_clinic(closed)
    for _more in range(9):  # the numbers are given again; what stood there once is not forgotten
        settings.put(db, None, clinic_phone="1")
    assert [one.startswith(said) for one in upkeep.findings(db)] == [True]
    assert db.value("SELECT details FROM events WHERE kind = 'chain.broken'") == f'{{"until":{id}}}'
    db.close()


def test_the_note_of_the_end_is_for_the_owner_of_the_machine_alone_and_may_be_behind(closed: Path) -> None:
    note = closed / "keys" / "chain"
    assert chain.read(note)[0] == last(closed)
    if os.name != "nt":
        assert (note.stat().st_mode & 0o777, note.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    with by_hand(closed) as file:
        link = file.execute("SELECT hash FROM event_chain WHERE event_id = 5").fetchone()[0].hex()
    note.write_text(f"{5:020} {link}\n", "ascii")
    assert found(closed) == []
    note.write_text("", "ascii")
    assert found(closed) == []


def test_what_was_written_before_there_was_a_chain_is_chained_at_the_next_start(closed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with by_hand(closed) as file:
        ends = file.execute("SELECT event_id, hash FROM event_chain ORDER BY event_id").fetchall()
        file.execute("DELETE FROM event_chain")
        file.execute("DROP TRIGGER the_chain_began_once")
        file.execute("UPDATE chain_begins SET event_id = (SELECT max(id) FROM events)")
    shutil.rmtree(closed / "keys")
    assert found(closed)[0] == "Event 1 is not in the chain: starting Yihe adds it"
    monkeypatch.setattr(chain, "AT_ONCE", 7)
    open_clinic(closed).close()
    with by_hand(closed) as file:
        assert file.execute("SELECT event_id, hash FROM event_chain ORDER BY event_id").fetchall() == ends
    assert found(closed) == []


def test_the_chain_itself_is_append_only(db: Database) -> None:
    for sql in ("UPDATE event_chain SET hash = zeroblob(32)", "DELETE FROM event_chain", "UPDATE chain_begins SET event_id = 99", "DELETE FROM chain_begins",
                "UPDATE events SET kind = 'x'", "DELETE FROM events", "UPDATE looks SET at = ''", "DELETE FROM looks"):
        with db.aside():
            if "looks" in sql:
                db.execute("INSERT OR IGNORE INTO patients (id, number, name, sex, created_event_id) SELECT 1, 'Y-000001', 'x', 'unknown', 1")
                db.execute("INSERT OR IGNORE INTO looks VALUES (1, 1, 1, 'view', '')")
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                db.execute(sql)


def test_what_is_taken_back_leaves_no_link(db: Database) -> None:
    end = chain.head(db)
    with pytest.raises(ValueError), db.change(None, "test.linked"):
        raise ValueError
    assert chain.head(db) == end and chain.holds(db, *end) and not chain.holds(db, end[0] + 1, end[1])
    with db.change(None, "test.linked"):
        with pytest.raises(ValueError), db.change(None, "test.linked"):
            raise ValueError
    assert chain.head(db)[0] == end[0] + 1 and chain.faults(db) == []


def test_what_is_written_while_the_chain_is_looked_over_is_no_fault(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    ask = db.all

    def between(shape: type, sql: str, **params: object) -> list:
        found = ask(shape, sql, **params)
        if sql is chain.LINKS:
            with db.change(None, "test.linked"):
                pass
        return found

    monkeypatch.setattr(db, "all", between)
    assert chain.faults(db) == []
