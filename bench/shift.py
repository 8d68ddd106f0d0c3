"""A shift: thirty tablets with people before them, while the house does its heavy work; visitors who never finish; and a long day's memory."""

import random
import secrets
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from bench import background
from bench.client import Tablet, memory, percentile
from bench.measures import HTMX
from bench.table import Line

TABLETS, SECONDS, THINK = 30, 60, (1.0, 5.0)
PAGE_AIM, WRITE_AIM = 100, 150  # milliseconds, of the slowest twentieth
DRIBBLING, QUIET_SECONDS = 20, 30
REQUESTS, WARM, MEMORY_GROWTH = 100_000, 20_000, 1.1
SIGNED_IN = 6  # sessions that the tablets share; each is one member's


def shift(house: subprocess.Popen, port: int, tokens: list[str], people: list[int], say) -> list[Line]:
    with tempfile.TemporaryDirectory() as scratch:
        say(f"{TABLETS} tablets for {SECONDS} seconds, while reports, a night's run, a backup and an import go on …")
        return busy(house, port, tokens, people, Path(scratch)) + dribbled(port, tokens, people, say) + long_day(house, port, tokens, people, say)


def busy(house: subprocess.Popen, port: int, tokens: list[str], people: list[int], scratch: Path) -> list[Line]:
    place = scratch / "place"
    place.mkdir()
    heavy = threading.Thread(target=lambda: background.everything(house, Tablet(port, tokens[0]), people[:REPORTS], scratch, place))
    heavy.start()
    pages, written = crowd(port, tokens, people, SECONDS)
    heavy.join()
    if not list(place.rglob("*.yihe")):
        raise RuntimeError("no backup was made; the figures would measure less than they say")
    return [
        Line(f"a page, {TABLETS} tablets in a busy hour, p95", percentile(pages, 0.95), PAGE_AIM, None),
        Line(f"a page, {TABLETS} tablets in a busy hour, p50", percentile(pages, 0.5), None, None),
        Line(f"a write, {TABLETS} tablets in a busy hour, p95", percentile(written, 0.95), WRITE_AIM, None),
        Line("requests in that time", len(pages) + len(written), None, None, unit=""),
    ]


REPORTS = 12


def crowd(port: int, tokens: list[str], people: list[int], seconds: float) -> tuple[list[float], list[float]]:
    """Milliseconds of every page and of every write; whoever gets no answer or another than expected ends the bench."""
    pages, written, wrong = [], [], []
    end = time.monotonic() + seconds
    threads = [threading.Thread(target=sit, args=(port, tokens[n % len(tokens)], people, n, end, pages, written, wrong)) for n in range(TABLETS)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    if wrong:
        raise wrong[0]
    return pages, written


def sit(port: int, token: str, people: list[int], n: int, end: float, pages: list, written: list, wrong: list) -> None:
    chance, tablet = random.Random(n), Tablet(port, token)
    try:
        time.sleep(chance.uniform(0, THINK[1]))
        while time.monotonic() < end:
            patient = chance.choice(people)
            if chance.random() < 0.2:
                written.append(tablet.post(f"/patients/{patient}/observations", {
                    "token": secrets.token_hex(8), "value_SBP": str(chance.randrange(105, 139)), "value_DBP": str(chance.randrange(60, 88))}))
            elif chance.random() < 0.1:
                pages.append(tablet.find("/search", chance.choice("王李张秀桂"), HTMX))
            else:
                pages.append(tablet.get(chance.choice(ways(patient))))
            time.sleep(chance.uniform(*THINK))
    except Exception as error:  # told in the main thread
        wrong.append(error)


def ways(patient: int) -> list[str]:
    return [
        "/today", "/patients", f"/patients/{patient}", f"/patients/{patient}",
        f"/patients/{patient}/timeline", f"/patients/{patient}/indicators", f"/patients/{patient}/record",
    ]


def dribbled(port: int, tokens: list[str], people: list[int], say) -> list[Line]:
    """The same shift without the heavy work, and then again beside sockets that send a byte a second."""
    say(f"A quiet shift of {QUIET_SECONDS} seconds, then the same beside {DRIBBLING} sockets that never finish …")
    alone = percentile(crowd(port, tokens, people, QUIET_SECONDS)[0], 0.95)
    stop = threading.Event()
    slow = [threading.Thread(target=dribble, args=(port, stop)) for _ in range(DRIBBLING)]
    for one in slow:
        one.start()
    beside = percentile(crowd(port, tokens, people, QUIET_SECONDS)[0], 0.95)
    stop.set()
    for one in slow:
        one.join()
    return [Line(f"a page beside {DRIBBLING} sockets of a byte a second, p95", beside, 1.5, alone)]


def dribble(port: int, stop: threading.Event) -> None:
    """Comes back whenever it is shown the door."""
    while not stop.is_set():
        with socket.create_connection(("127.0.0.1", port)) as caller:
            try:
                for byte in b"GET /today HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: " + b"a" * 1000:
                    caller.send(bytes([byte]))
                    if stop.wait(1):
                        return
            except OSError:
                continue


def long_day(house: subprocess.Popen, port: int, tokens: list[str], people: list[int], say) -> list[Line]:
    say(f"{REQUESTS:,} requests, for the memory …")
    asked, early = 0, 0.0
    tablet, chance = Tablet(port, tokens[0]), random.Random(5)
    while asked < REQUESTS:
        for path in ways(chance.choice(people)):
            tablet.get(path)
            asked += 1
        if not early and asked >= WARM:
            early = memory(house.pid)
    return [Line(f"server's memory after {REQUESTS:,} requests, beside after {WARM:,}", memory(house.pid), MEMORY_GROWTH, early, unit="MB")]
