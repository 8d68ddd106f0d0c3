"""One SQLite file: one way to read, one way to write.

Reading is in reading.py. Writing: `change` is the write lock, the transaction, the audit row, the timeline entry, the cause
chain and the trigger in one line. See Database.change.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec

from app.core import clock, events, links, opening
from app.core.access import Actor
from app.core.errors import NotFound, ReadOnly
from app.core.events import Details, Event
from app.core.queue import FairLock
from app.core.reading import Reading
from app.core.sqlite import sqlite3

Within = Callable[["Database", list[Event]], None]
After = Callable[[list[Event]], None]

LOCK_SECONDS = 10
MOST_ROUNDS = 50  # of within-listeners answering each other; more is a loop, not a chain

_EVENT = """
INSERT INTO events (id, at, actor_id, kind, patient_id, cause_id, details)
VALUES (?, ?, ?, ?, ?, ?, ?)
"""
# A change's event stands before its rows: a row that waits for its event would make SQLite look
# through every table that may point at it, 9 ms on 80,000 observations. Its details come at the end.
_UNSEALED = "null"
_SEAL = "UPDATE events SET patient_id = ?, details = ? WHERE id = ?"
_COLUMNS = "SELECT tables.name, columns.name FROM sqlite_master AS tables, pragma_table_info(tables.name) AS columns WHERE tables.type = 'table'"
_LAST_EVENT = "SELECT coalesce(max(id), 0) FROM events"


class Database(Reading):
    """The clinic's file. Threads may share it; open one per process."""

    def __init__(self, path: Path | str) -> None:
        super().__init__(Path(path))
        self._lock = FairLock()
        self._within: list[Within] = []
        self._after: list[After] = []
        self._stack: list[int] = []
        self._events: list[Event] = []
        self._heard = 0
        self._inserts: dict[tuple, str] = {}
        self._last_event = 0
        self.followed = False  # by a replication, which folds the log into the file itself: two that do get in each other's way
        self.writer, self.frozen = opening.writer(self.path)
        self.faults.writing = ReadOnly() if self.frozen else None
        self.columns = self._schema()

    # ── opening and closing ──

    def _schema(self) -> dict[str, frozenset[str]]:
        columns: dict[str, set[str]] = {}
        for table, column in self.writer.execute(_COLUMNS):
            columns.setdefault(table, set()).add(column)
        return {table: frozenset(names) for table, names in columns.items()}

    def reload_schema(self) -> None:
        """Read the tables again, after a migration."""
        self.columns = self._schema()

    def close(self) -> None:
        """Fold the log into the file and let go of it.

        Without PRAGMA optimize: statistics of a file that was small then make plans that read whole tables.
        """
        with self._lock.held(LOCK_SECONDS):
            self.close_readers()
            self._fold_log()
            self.writer.close()

    def fold_log(self) -> None:
        """Fold the log into the file and cut it off, as far as readers let us at once; nobody waits for one that reads for long."""
        with self._lock.held(LOCK_SECONDS):
            self._fold_log()

    def _fold_log(self) -> None:
        with suppress(sqlite3.OperationalError):  # what is not folded in stays in the log, and nothing is lost
            if not self.followed:
                self.writer.executescript("PRAGMA busy_timeout = 100; PRAGMA wal_checkpoint(TRUNCATE); PRAGMA busy_timeout = 5000;")

    # ── writing ──

    def within(self, listener: Within) -> None:
        """Call `listener(db, events)` inside the transaction, until no listener adds an event."""
        self._within.append(listener)

    @property
    def within_listeners(self) -> tuple[Within, ...]:
        return tuple(self._within)

    def after(self, listener: After) -> None:
        """Call `listener(events)` after the commit. It may only wake what the sweep would find anyway."""
        self._after.append(listener)

    @contextmanager
    def change(
        self, actor: Actor | None, kind: str, patient_id: int | None = None, cause: int | None = None
    ) -> Iterator[Details]:
        """One change and its event; nested changes are caused by the outer one.

        Yields the event's details, to be filled in. An exception leaves nothing behind. Raises
        Busy when the writer is not free in time, and what core/faults.py knows when the disk fails.
        """
        if kind not in events.KINDS:
            raise ValueError(f"event kind {kind} is not declared")
        if not self._stack or self._owner != threading.get_ident():
            self.faults.allow(kind)
        with self._transaction():
            details = Details()
            self._last_event += 1
            details.event_id = self._last_event
            with self._savepoint(details.event_id):
                above = self._stack[-2] if len(self._stack) > 1 else None
                event = Event(
                    details.event_id, clock.stamp(), actor.id if actor else None, kind, patient_id,
                    cause if cause is not None else above, details,
                )
                self._open_event(event)
                yield details
                event.details.update(events.via(actor))
                self._seal_event(event)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """A transaction without an event, for rows that are no facts: who looked, failed sign-ins."""
        with self._transaction():
            yield

    def insert(self, table: str, row: dict[str, Any]) -> int:
        """Insert one row and return its id. Only inside a change."""
        return self._mine().execute(self._insert_sql(table, tuple(row)), tuple(row.values())).lastrowid

    def insert_many(self, table: str, rows: Sequence[dict[str, Any]]) -> None:
        """Insert rows that have the same columns. Only inside a change."""
        if rows:
            sql = self._insert_sql(table, tuple(rows[0]))
            self._mine().executemany(sql, [tuple(row.values()) for row in rows])

    def update(self, table: str, id: int, changes: dict[str, Any]) -> None:
        """Change state columns of one row. Only inside a change; facts get a new version instead."""
        self._check(table, changes)
        sets = ", ".join(f"{name} = ?" for name in changes)
        done = self._mine().execute(f"UPDATE {table} SET {sets} WHERE id = ?", (*changes.values(), id))
        if done.rowcount != 1:
            raise LookupError(f"{table} has no row {id}")

    def execute(self, sql: str, **params: Any) -> int:
        """A set-based write; returns the number of rows it touched. Only inside a change."""
        try:
            return self._mine().execute(sql, params).rowcount
        except OverflowError:
            raise NotFound() from None

    def write_events(self, rows: Iterable[tuple[Actor | None, str, int | None, dict]], cause: int | None = None) -> range:
        """Many events of one change at once, for bulk work; returns their ids, in order."""
        first = self._last_event + 1
        above = cause if cause is not None else (self._stack[-1] if self._stack else None)
        at = clock.stamp()
        for actor, kind, patient_id, details in rows:
            self._last_event += 1
            self._write_event(Event(self._last_event, at, actor.id if actor else None, kind, patient_id, above, details | events.via(actor)))
        return range(first, self._last_event + 1)

    def _open_event(self, event: Event) -> None:
        """Without its patient, who may be registered only inside this very change."""
        self._mine().execute(_EVENT, (event.id, event.at, event.actor_id, event.kind, None, event.cause_id, _UNSEALED))

    def _seal_event(self, event: Event) -> None:
        event = msgspec.structs.replace(event, details=dict(event.details))
        self._mine().execute(_SEAL, (event.patient_id, msgspec.json.encode(event.details).decode(), event.id))
        self._events.append(event)

    def _write_event(self, event: Event) -> None:
        details = msgspec.json.encode(event.details).decode()
        self._mine().execute(
            _EVENT, (event.id, event.at, event.actor_id, event.kind, event.patient_id, event.cause_id, details)
        )
        self._events.append(event)

    def _mine(self) -> sqlite3.Connection:
        if self._owner != threading.get_ident():
            raise RuntimeError("writes belong inside db.change")
        return self.writer

    def _check(self, table: str, names: Iterable[str]) -> None:
        known = self.columns.get(table)
        if known is None:
            raise LookupError(f"no table {table}")
        if strange := set(names) - known:
            raise LookupError(f"{table} has no column {', '.join(sorted(strange))}")

    def _insert_sql(self, table: str, names: tuple[str, ...]) -> str:
        sql = self._inserts.get((table, names))
        if sql is None:
            self._check(table, names)
            places = ", ".join("?" * len(names))
            sql = self._inserts[table, names] = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places})"
        return sql

    @contextmanager
    def _savepoint(self, event_id: int) -> Iterator[None]:
        kept = len(self._events)
        outermost = not self._stack
        self._stack.append(event_id)
        if not outermost:
            self.writer.execute("SAVEPOINT change")
        try:
            yield
            if not outermost:
                self.writer.execute("RELEASE change")
        except BaseException:
            del self._events[kept:]
            if not outermost and self.writer.in_transaction:
                self.writer.execute("ROLLBACK TO change")
                self.writer.execute("RELEASE change")
            raise
        finally:
            self._stack.pop()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        if self._owner == threading.get_ident():
            yield
            return
        with self._lock.held(LOCK_SECONDS):
            self._begin()
            try:
                yield
                self.listen()
                self._chain()
                self.writer.execute("COMMIT")
                self.faults.kept(self.writer.total_changes)
            except BaseException as error:
                self._roll_back()
                if refusal := self.faults.met(error):
                    raise refusal from error
                raise
            finally:
                self._owner = None
            done, self._events = self._events, []
        for listener in self._after if done else ():
            listener(done)

    def _chain(self) -> None:
        if self._events and "event_chain" in self.columns:
            links.add(self.writer, min(event.id for event in self._events))

    def _begin(self) -> None:
        try:
            self._roll_back()  # what a failing disk kept from being rolled back
            self.writer.execute("BEGIN IMMEDIATE")
            self._last_event = self.writer.execute(_LAST_EVENT).fetchone()[0] if "events" in self.columns else 0
        except sqlite3.Error as error:
            self._roll_back()
            raise self.faults.met(error) or error from error
        self._owner = threading.get_ident()
        self._stack, self._events, self._heard = [], [], 0

    def _roll_back(self) -> None:
        self._events = []
        if self.writer.in_transaction:
            with suppress(sqlite3.Error):
                self.writer.execute("ROLLBACK")

    def listen(self) -> None:
        """Within-listeners see each event once, in rounds, because what they write is heard too.

        They do so before the commit; who must see what follows from a change calls this after it, inside `aside`.
        """
        for _round in range(MOST_ROUNDS):
            fresh = self._events[self._heard:]
            if not fresh:
                return
            self._heard = len(self._events)
            for listener in self._within:
                listener(self, fresh)
        raise RuntimeError("within-listeners keep answering each other")
