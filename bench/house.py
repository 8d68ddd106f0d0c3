"""One run of the bench: the house and its floor side by side, three rounds, medians."""

import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.clinic import lists, tags
from app.main import open_clinic
from bench import background, filling, shift
from bench.client import Tablet, memory, middle, percentile, steady
from bench.measures import measures, sign_in, statements
from bench.table import Line

ROUNDS, ASKS, WRITES, PAUSE_SECONDS = 3, 60, 40, 10
P99_AIM, MEMORY_AIM, RULES_AIM, WRITE_AIM = 2.0, 150, 1.5, 2.5


def run(folder: Path, say) -> list[Line]:
    say("Preparing: signing in, listening to each page's SQL …")
    db = open_clinic(folder)
    tokens, chosen = sign_in(db, shift.SIGNED_IN), measures(db)
    token = tokens[0]
    people = [row.id for row in lists.page_of(db, lists.EVERYBODY, limit=400)]
    ways = filling.prepare(db)
    db.close()
    with tempfile.TemporaryDirectory() as scratch:
        told = Path(scratch) / "statements.json"
        told.write_text(json.dumps({"pages": statements(folder, token)}))
        lines = rules(folder, say)
        with served("bench.server", folder) as (house, port), served("bench.floor", folder, str(told)) as (_floor, floor_port):
            fresh = memory(house.pid)
            mine, bare = Tablet(port, token), Tablet(floor_port, token)
            lines = pages(mine, bare, chosen, say) + [writes(mine, bare, people, say)] + lines
            lines += filling.answers(port, floor_port, token, ways, say)
            lines.append(report(house, mine, people, say))
            lines += tails(house, port, token, people, Path(scratch), say)
            lines += shift.shift(house, port, tokens, people, say)
            lines.append(Line("server's memory at the start (MB)", fresh, None, None))
            lines.append(Line("server's memory at the end (MB)", memory(house.pid), MEMORY_AIM, None, unit="MB"))
    return lines


def pages(mine: Tablet, bare: Tablet, chosen, say) -> list[Line]:
    """Asked in turn, house and floor, so that both see the same weather."""
    times = {one.code: ([], []) for one in chosen}
    for number in range(ROUNDS):
        say(f"Pages, round {number + 1} of {ROUNDS} …")
        for one in chosen:
            own, floor = [], []
            for n in range(ASKS):
                which = n % len(one.paths)
                path = one.paths[which]
                own.append(mine.get(path, one.headers) if one.typed is None else mine.find(path, one.typed, one.headers))
                floor.append(bare.get(f"/{one.code}/{which}"))
            times[one.code][0].append(middle(own))
            times[one.code][1].append(middle(floor))
    return [Line(one.name, middle(times[one.code][0]), one.aim, middle(times[one.code][1])) for one in chosen]


def writes(mine: Tablet, bare: Tablet, people: list[int], say) -> Line:
    say("Recording observations …")
    own_rounds, floor_rounds, serial = [], [], random.Random().randrange(10**9)
    for number in range(ROUNDS):
        own, floor = [], []
        for n in range(WRITES):
            patient = people[(number * WRITES + n) % len(people)]
            data = {"token": f"bench-{serial}-{number}-{n}", "value_SBP": "122", "value_DBP": "78"}
            own.append(mine.post(f"/patients/{patient}/observations", data))
            floor.append(bare.post(f"/record/{patient}", {}))
        own_rounds.append(middle(own))
        floor_rounds.append(middle(floor))
    return Line("record an observation", middle(own_rounds), WRITE_AIM, middle(floor_rounds))


def report(house, mine: Tablet, people: list[int], say) -> Line:
    say("One report …")
    times = [timed(lambda: background.reports(house, mine, [patient])) for patient in people[:ROUNDS]]
    return Line("one report, from wanted to drawn", middle(times), None, None)


def rules(folder: Path, say) -> list[Line]:
    """All shipped rules over everyone: the house's run, which finds nothing to change, beside its SELECTs alone."""
    say("All rules over everyone …")
    db = open_clinic(folder)
    try:
        tags.reevaluate(db)
        own, bare = [], []
        selects = background.rule_statements(db)
        for _round in range(ROUNDS):
            own.append(timed(lambda: tags.reevaluate(db)))
            bare.append(timed(lambda: [db.all(tuple, sql, **params) for sql, params in selects]))
        return [Line("all rules over everyone", middle(own), RULES_AIM, middle(bare))]
    finally:
        db.close()


def timed(act) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def tails(house, port: int, token: str, people: list[int], scratch: Path, say) -> list[Line]:
    """The list's p99: idle, then while reports are made, rules run, a big import commits."""
    say("The list's tail, idle …")
    lines = []
    idle = percentile(waits(port, token, lambda: time.sleep(PAUSE_SECONDS)), 0.99)
    lines.append(Line("patient list, p99 idle", idle, None, None))
    for name, work in background.kinds(house, Tablet(port, token), people, scratch).items():
        say(f"The list's tail while {name} …")
        lines.append(Line(f"patient list, p99 while {name}", percentile(waits(port, token, work), 0.99), P99_AIM, idle))
    return lines


def waits(port: int, token: str, work) -> list[float]:
    stop, found = threading.Event(), []
    asking = threading.Thread(target=lambda: found.extend(steady(port, token, "/patients", stop)))
    asking.start()
    try:
        work()
    finally:
        stop.set()
        asking.join()
    return found


@contextmanager
def served(module: str, folder: Path, *more: str) -> Iterator[tuple[subprocess.Popen, int]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", module, str(folder), str(port), *more], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env=os.environ | {"MALLOC_ARENA_MAX": "2"},  # as run.py starts it
    )
    try:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if process.poll() is not None:
                raise RuntimeError(f"{module} did not start")
            time.sleep(0.05)
        yield process, port
    finally:
        process.terminate()
        process.communicate(timeout=30)
