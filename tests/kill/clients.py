"""Tablets that go on writing while their server is killed: each write has a token, and is sent again until it is acknowledged."""

import threading
import time
from collections.abc import Iterator
from itertools import count

import httpx

from tests.conftest import PASSWORD

NAMES = ("nurse", "doctor", "manager")
TABLETS = 16


class Client(threading.Thread):
    """acknowledged: tokens answered for; doubtful: sent, but the answer never came."""

    def __init__(self, address: str, tablet: int, patients: list[int], serials: Iterator[int], doubtful: list[tuple[str, dict]],
                 cookies: dict[str, str]):
        super().__init__(daemon=True)
        self.address, self.patients, self.serials = address, patients, serials
        self.name_, self.tablet = NAMES[tablet % len(NAMES)], tablet
        self.acknowledged: list[str] = []
        self.doubtful, self.cookies = doubtful, cookies
        self.refused: list[str] = []

    def run(self) -> None:
        try:
            with httpx.Client(base_url=self.address, headers={"Sec-Fetch-Site": "same-origin"}, timeout=10) as browser:
                if self.cookies:  # signed in once: a killed server knows its tablets again
                    browser.cookies.update(self.cookies)
                else:
                    browser.post("/sign-in", data={"sign_in": self.name_, "password": PASSWORD})
                    self.cookies.update(browser.cookies)
                for path, data in self._writes():
                    self._send(browser, path, data)
        except httpx.TransportError:
            return

    def _writes(self) -> Iterator[tuple[str, dict]]:
        """First what is in doubt, then for ever something new."""
        yield from list(self.doubtful)
        for serial in self.serials:
            patient, token = self.patients[serial % len(self.patients)], f"{self.tablet}-{serial}"
            if serial % 3:
                yield f"/patients/{patient}/observations", {
                    "token": token, "value_SBP": str(115 + serial * 7 % 80), "value_DBP": str(70 + serial * 5 % 45), "sure": "SBP",
                }
            else:
                yield f"/patients/{patient}/contacts", {"token": token, "channel": "phone", "outcome": "reached", "note": token}

    def _send(self, browser: httpx.Client, path: str, data: dict) -> None:
        write = (path, data)
        if write not in self.doubtful:
            self.doubtful.append(write)
        answer = browser.post(path, data=data)
        self.doubtful.remove(write)
        if answer.status_code == 303:
            self.acknowledged.append(data["token"])
        else:
            self.refused.append(f"{answer.status_code} {path}")


class Crowd:
    """The same tablets over all the servers' lives."""

    def __init__(self, address: str, patients: list[int]) -> None:
        self.address, self.patients = address, patients
        self.serials = [count(10_000 * n) for n in range(TABLETS)]
        self.doubtful: list[list[tuple[str, dict]]] = [[] for _ in range(TABLETS)]
        self.cookies: list[dict[str, str]] = [{} for _ in range(TABLETS)]
        self.acknowledged: list[str] = []
        self.refused: list[str] = []

    def start(self) -> None:
        self.clients = [
            Client(self.address, n, self.patients[n::TABLETS], self.serials[n], self.doubtful[n], self.cookies[n]) for n in range(TABLETS)
        ]
        for client in self.clients:
            client.start()

    def wait_for(self, answers: int) -> None:
        """Until so many writes of this life are acknowledged."""
        for _ in range(6000):
            if sum(len(client.acknowledged) for client in self.clients) >= answers:
                return
            time.sleep(0.01)
        raise AssertionError("the server answers nobody")

    def join(self) -> None:
        for client in self.clients:
            client.join(20)
            assert not client.is_alive()
            self.acknowledged += client.acknowledged
            self.refused += client.refused
