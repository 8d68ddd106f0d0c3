"""Keeps Litestream at work beside the pages, begins it anew when it ends, and asks it whether all of the record has arrived.

It outlives the open file on purpose: what was written last is sent before Yihe ends, and SQLite leaves the log to it.
"""

import http.client
import json
import logging
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from app.clinic import backups
from app.commands import environment
from app.core import clock, following, places, replicas, secret_files, settings, troubles
from app.core.errors import Refusal
from app.core.sqlite import sqlite3
from app.core.words import N_

CHILD = Path(__file__).with_name("replication_child.py")
EVERY = 30  # seconds between two questions
ANSWER_SECONDS = 25
FIRST_WAIT, LONGEST_WAIT = 2, 300  # seconds before it is begun anew
END_SECONDS = 30

troubles.watch("replica", following.look)
log = logging.getLogger("yihe.replication")


@contextmanager
def beside(state: Any) -> Iterator[None]:
    """Around serving: follow the record where the clinic wants that. Ends last, when the file is closed."""
    to = settings.get(state.db, following.SETTING)
    if not to:
        yield
        return
    follower = Follower(state, to)
    follower.start()
    try:
        yield
    finally:
        follower.stop()


class Follower:
    """to: the target's address as it is set. Whatever goes wrong is told, and the clinic is open all the same."""

    def __init__(self, state: Any, to: str) -> None:
        self.db, self.data, self.to = state.db, state.folder, to
        self.told = state.following = following.Following(to, clock.now())
        self._stopping = threading.Event()
        self._child: subprocess.Popen | None = None
        self._beside: backups.Beside | None = None
        self._place: places.Place | None = None
        self._thread = threading.Thread(target=self._run, name="replication", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """The file is closed: have Litestream send the rest and end."""
        self._stopping.set()
        if child := self._child:
            with suppress(OSError):
                child.stdin.close()
        self._thread.join(END_SECONDS * 2)
        with suppress(sqlite3.Error):  # what is not folded in stays in the log
            replicas.fold(self.db.path)

    def _run(self) -> None:
        wait = FIRST_WAIT
        while not self._stopping.is_set():
            before = self.told.whole
            try:
                self._follow()
            except Refusal as refusal:
                self.told.why = refusal
            except environment.Unready as problem:
                self.told.why = str(problem)
            except Exception as error:  # whatever it is, the clinic goes on; the values may name a person
                self.told.why = type(error).__name__
                log.error("replication failed: %s", type(error).__name__)
            wait = FIRST_WAIT if self.told.whole != before else min(wait * 2, LONGEST_WAIT)
            self._stopping.wait(wait)

    def _follow(self) -> None:
        """From one beginning of Litestream to its end."""
        target, secrets = self._whereto()
        replicas.ready(fetch)
        near = Path(mkdtemp(prefix="yihe-"))  # a socket's path must be short
        try:
            self._place = replicas.place_beside(target, secrets)
            self._there()
            self._begin(target, secrets, near / "socket")
            while not self._stopping.wait(0 if self.told.whole is None else EVERY):
                if self._child.poll() is not None:
                    break
                self._look(near / "socket")
        finally:
            self._end()
            shutil.rmtree(near, ignore_errors=True)

    def _whereto(self) -> tuple[replicas.Target, replicas.Secrets]:
        """Raises Refusal where it cannot be followed, or not here: two clinics must not write to one copy."""
        replicas.fit()
        if (secret_files.read(self.data / following.HERE) or b"").decode() != self.to:
            raise Refusal(N_("this clinic was restored from a copy; set it up anew or switch it off (run.py replicate)"))
        target = replicas.parse(self.to)
        return target, replicas.kept_secrets(self.data / "keys", target)

    def _begin(self, target: replicas.Target, secrets: replicas.Secrets, near: Path) -> None:
        folder = self.data / "replication"
        folder.mkdir(mode=0o700, exist_ok=True)
        config = replicas.write_config(folder, self.db.path, target, secrets, near)
        command = [sys.executable, "-I", "-S", str(CHILD), str(folder / "lock"), str(replicas.ENGINE)]
        replicas.be_followed(self.db, True)
        self._child = subprocess.Popen(
            [*command, "replicate", "-config", str(config), "-no-expand-env"], umask=0o077, env=replicas.surroundings(),
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            start_new_session=True,  # Ctrl-C at the terminal is ours to hear
        )
        threading.Thread(target=self._hear, args=[self._child.stderr], daemon=True).start()

    def _hear(self, lines: Any) -> None:
        with lines:
            for line in lines:
                if said := replicas.last_words(line):
                    self.told.why = said

    def _there(self) -> None:
        """Litestream would make the folder of a stick that is not plugged in, on our own disk."""
        if self._place:
            self._place.names()

    def _look(self, near: Path) -> None:
        """All that is written now has arrived, or why not."""
        self._there()
        asked = clock.now()
        try:
            answer = ask(near, self.db.path)
        except OSError:  # it has not begun to listen yet, or is busy with the first whole copy
            self._stopping.wait(0.2)
            return
        if why := answer.get("error"):
            self.told.why = str(why)[:300]
            self._stopping.wait(1)
            return
        if self._place:
            self._beside = backups.carry(self.data, self._place, backups.key(self.data), self._beside)
        self.told.whole, self.told.why = asked, ""

    def _end(self) -> None:
        """Closing its input ends it, after it has sent the last."""
        child, self._child = self._child, None
        if child:
            with suppress(OSError):
                child.stdin.close()
            try:
                child.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        if self._place:
            self._place.close()
            self._place = None
        if not self._stopping.is_set():
            replicas.be_followed(self.db, False)


def fetch() -> None:
    environment.install([environment.REPLICATION_LOCK])


def ask(near: Path, record: Path) -> dict:
    """Have Litestream send all there is and say how that went. Raises OSError while it does not listen."""
    class Near(http.client.HTTPConnection):
        def connect(self) -> None:
            self.sock = socket.socket(socket.AF_UNIX)
            self.sock.settimeout(ANSWER_SECONDS + 5)
            self.sock.connect(str(near))

    connection = Near("litestream")
    try:
        connection.request("POST", "/sync", json.dumps({"path": str(record), "wait": True, "timeout": ANSWER_SECONDS}))
        return json.loads(connection.getresponse().read())
    except http.client.HTTPException as problem:
        raise OSError(str(problem)) from problem
    finally:
        connection.close()
