"""Asking and timing. One connection that stays open, as a tablet's does."""

import http.client
import threading
import time
from statistics import median
from urllib.parse import quote, urlencode

from app.routes.web import COOKIE

UNRESERVED = "/?=&%"


class Tablet:
    """milliseconds of each answer, read to its end."""

    def __init__(self, port: int, token: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {"Cookie": f"{COOKIE}={token}", "Sec-Fetch-Site": "same-origin", "Accept-Language": "zh"}

    def get(self, path: str, headers: dict[str, str] | None = None, want: int = 200) -> float:
        return self._ask("GET", quote(path, safe=UNRESERVED), None, headers or {}, want)

    def post(self, path: str, data: dict[str, str], want: int = 303, headers: dict[str, str] | None = None) -> float:
        return self._ask("POST", path, urlencode(data), {"Content-Type": "application/x-www-form-urlencoded"} | (headers or {}), want)

    def find(self, path: str, typed: str, headers: dict[str, str]) -> float:
        return self.post(path, {"q": typed}, 200, headers)

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str], want: int) -> float:
        began = time.perf_counter()
        self.connection.request(method, path, body, self.headers | headers)
        answer = self.connection.getresponse()
        answer.read()
        taken = (time.perf_counter() - began) * 1000
        if answer.status != want:
            raise RuntimeError(f"{method} {path} answered {answer.status}")
        return taken


def steady(port: int, token: str, path: str, stop: threading.Event, tablets: int = 3, pause: float = 0.04) -> list[float]:
    """What several tablets at a calm pace have to wait, until `stop`."""
    waits: list[float] = []

    def ask() -> None:
        tablet = Tablet(port, token)
        while not stop.is_set():
            waits.append(tablet.get(path))
            time.sleep(pause)

    threads = [threading.Thread(target=ask) for _ in range(tablets)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return waits


def middle(times: list[float]) -> float:
    return median(times)


def percentile(times: list[float], share: float) -> float:
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def memory(pid: int) -> float:
    """Resident megabytes, of this process alone."""
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        line = next(line for line in status if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024
