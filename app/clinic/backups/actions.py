"""Wanting a backup, making it beside the pages, and saying where backups go."""

import logging
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import msgspec

from app.clinic.backups import queries
from app.clinic.backups.making import key_path
from app.clinic.backups.placing import folder_in, folder_place
from app.clinic.backups.proving import Unsound
from app.clinic.backups.running import Broken, Job, Later, Stopped
from app.clinic.backups.running import run as run_child
from app.clinic.backups.shapes import Far, Kept, Proof, Run, named
from app.core import clock, events, settings, typable
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Invalid, NotFound, Refusal
from app.core.sealing import id_of, key_of
from app.core.words import N_

events.declare("backup.wanted", N_("Asked for a backup"), clinical=False)
events.declare("backup.proved", N_("A backup was made, restored to try and found whole: %(rows)s rows, %(files)s files"), clinical=False)
events.declare("backup.parted", N_("The audit is not the one that the backup %(before)s holds"), clinical=False)
events.declare("backup.failed", N_("A backup could not be made or proved"), clinical=False)
events.declare("backup.cancelled", N_("Broke a backup off"), clinical=False)
events.declare("backup_place.added", N_("Backups go to %(place)s"), clinical=False)
events.declare("backup_place.removed", N_("Backups go no longer to %(place)s"), clinical=False)
events.declare("backup_key.shown", N_("Saw the recovery sheet of the backups"), clinical=False)
events.declare("backup_key.put_away", N_("Put the recovery sheet away in print"), clinical=False)

HOUR = 2
MOST_TRIES = 3
ABSENT = timedelta(minutes=15)  # until a place that was not there is looked for again
PAUSE = timedelta(minutes=30)  # until what went wrong is tried again
log = logging.getLogger("yihe.backups")
_far: dict[int, Far] = {}  # how far each run is; known to this process alone, for it is no fact


def how_far(run: Run) -> Far | None:
    """None while it has not begun."""
    return _far.get(run.id)


# ── places ──

def add_folder(db: Database, actor: Actor, data: Path, chosen: str) -> int:
    """Have backups go to a folder: on a stick, another disk, a share. Its own folder is made in there. Raises Invalid at `at`."""
    path = Path(chosen)
    if not path.is_absolute() or not path.is_dir():
        raise Invalid({"at": N_("There is no such folder on this machine.")})
    if path.resolve().is_relative_to(data.resolve()):
        raise Invalid({"at": N_("This is inside the clinic's own folder. Choose one on another disk.")})
    folder = folder_in(path, key(data))
    try:
        folder_place(folder).prepare()
    except Refusal as refusal:
        raise Invalid({"at": (refusal.message, refusal.params)}) from None
    return add_place(db, actor, "folder", str(folder), os.stat(folder).st_dev == os.stat(data).st_dev)


def add_place(db: Database, actor: Actor, kind: str, at: str, same_disk: bool) -> int:
    """A backup to it is wanted at once, also where it was chosen before: the stick may be another one."""
    with db.aside():
        known = next((one.id for one in queries.places(db) if (one.kind, one.at) == (kind, at)), None)
        if known is not None:
            want(db, actor, known)
            return known
        with db.change(actor, "backup_place.added") as details:
            id = db.insert("backup_places", {"kind": kind, "at": at, "same_disk": int(same_disk), "added_event_id": details.event_id})
            details |= {"backup_place": id, "place": queries.place(db, id).told}
            _insert(db, actor, id)
    return id


def remove_place(db: Database, actor: Actor, id: int) -> None:
    """What lies there stays there; nothing new is put there. Adding it again goes on where it was."""
    with db.change(actor, "backup_place.removed") as details:
        one = _place(db, id)
        if one.kind == "own":
            raise NotFound()
        details |= {"backup_place": id, "place": one.told}
        db.update("backup_places", id, {"removed_event_id": details.event_id})
        if run := queries.open_run(db, id):
            _cancel(db, actor, run)


def _place(db: Database, id: int) -> Kept:
    one = queries.place(db, id)
    if one is None:
        raise NotFound()
    return one


# ── the recovery sheet ──

def key(data: Path) -> bytes:
    return key_of(key_path(data))


def show_sheet(db: Database, actor: Actor, data: Path) -> bytes:
    """The key, to be printed; that it was seen is written down."""
    with db.change(actor, "backup_key.shown"):
        return key(data)


def put_away(db: Database, actor: Actor, data: Path, group: str) -> None:
    """Whoever types the last group of the sheet has it in print. Raises Invalid at `group`."""
    if typable.plain(group) != typable.groups(key(data))[-1]:
        raise Invalid({"group": N_("This is not the last group of the sheet.")})
    with db.change(actor, "backup_key.put_away"):
        settings.put(db, actor, backup_sheet=id_of(key(data)).hex())


def is_put_away(db: Database, data: Path) -> bool:
    return settings.get(db, "backup_sheet") == id_of(key(data)).hex()


# ── wanting ──

def want(db: Database, actor: Actor | None, place_id: int) -> int:
    """A backup to that place, now; one that waits already is hurried."""
    with db.aside():
        _place(db, place_id)
        if waiting := queries.open_run(db, place_id):
            db.update("backups", waiting.id, {"not_before": None})
            return waiting.id
        return _insert(db, actor, place_id)


def _insert(db: Database, actor: Actor | None, place_id: int) -> int:
    with db.change(actor, "backup.wanted") as details:
        id = db.insert("backups", {"place_id": place_id, "wanted_event_id": details.event_id})
        details |= {"backup": id, "backup_place": place_id}
    return id


def want_nightly(db: Database) -> None:
    """Once per clinic day after the hour, for every place; made up later in the day where the machine was off."""
    if clock.local_now().hour < settings.get(db, "backup_hour", HOUR):
        return
    since = clock.start_of(clock.today())
    for one in queries.places(db):
        if not queries.open_run(db, one.id) and not db.value(queries.WANTED_SINCE, place=one.id, since=since):
            want(db, None, one.id)


def cancel(db: Database, actor: Actor, id: int) -> None:
    """Nothing half stays behind: the child clears up. What is over already stays as it is."""
    with db.aside():
        run = queries.run(db, id)
        if run is None:
            raise NotFound()
        if run.open:
            _cancel(db, actor, run)


def _cancel(db: Database, actor: Actor, run: Run) -> None:
    with db.change(actor, "backup.cancelled") as details:
        details |= {"backup": run.id}
        db.update("backups", run.id, {"cancelled_event_id": details.event_id})


# ── doing ──

def do(db: Database, data: Path, run: Run, stopping: Callable[[], bool]) -> bool:
    """Make and prove one that is due, in a process of its own; True when it was proved. Cut off, it stays due."""
    place = queries.place(db, run.place_id)
    if place is None:
        return False
    job = Job(str(data), place.kind, place.at, named(clock.local_now()), settings.get(db, "time_zone", clock.DEFAULT_ZONE))
    try:
        proof = run_child(job, lambda far: _far.update({run.id: far}), lambda: stopping() or not queries.run(db, run.id).open)
    except Stopped:
        return False
    except Later as later:
        return _wait(db, run, later, ABSENT, run.tries)
    except Unsound as unsound:  # it would be the same again
        return _wait(db, run, unsound, PAUSE, MOST_TRIES)
    except Refusal as refusal:
        return _wait(db, run, refusal, PAUSE, run.tries + 1)
    except Broken as broken:
        log.error("backup %s broke off: %s", run.id, broken)
        return _wait(db, run, Refusal(N_("Something unexpected happened: %(what)s"), what=str(broken)), PAUSE, run.tries + 1)
    finally:
        _far.pop(run.id, None)
    _prove(db, run, proof)
    return True


def note(db: Database, place_id: int, proof: Proof) -> None:
    """One that was made and proved at the terminal."""
    with db.aside():
        _prove(db, queries.run(db, want(db, None, place_id)), proof)


def _prove(db: Database, run: Run, proof: Proof) -> None:
    with db.aside():
        if not queries.run(db, run.id).open:
            return
        with db.change(None, "backup.proved") as details:
            details |= {"backup": run.id, "rows": proof.rows, "files": proof.files}
            said = msgspec.json.encode(proof).decode()
            if proof.parted:
                with db.change(None, "backup.parted") as parted:
                    parted |= {"backup": run.id, "before": proof.parted}
            db.update("backups", run.id, {"proof": said, "proved_event_id": details.event_id, "why": "", "params": "{}"})


def _wait(db: Database, run: Run, refusal: Refusal, pause: timedelta, tries: int) -> bool:
    """Say why, and try again later; what fails again and again is given up until tomorrow."""
    said = {
        "why": refusal.message, "params": msgspec.json.encode(refusal.params).decode(), "tries": tries,
        "not_before": clock.stamp(clock.now() + pause),
    }
    with db.aside():
        if not queries.run(db, run.id).open:
            return False
        if tries < MOST_TRIES:
            db.update("backups", run.id, said)
            return False
        with db.change(None, "backup.failed") as details:
            details |= {"backup": run.id, "why": refusal.message}
            db.update("backups", run.id, said | {"failed_event_id": details.event_id})
    return False
