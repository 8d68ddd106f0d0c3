"""Two machines and a cable between them: each a network of its own on this one, as the clinic's box and a tablet are."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

BOX_NUMBER, TABLET_NUMBER = "10.77.0.1", "10.77.0.2"


class Machine(msgspec.Struct, frozen=True):
    """One end. name: of its network."""

    name: str
    number: str

    def does(self, *words: str) -> list[str]:
        """What to run so that it happens on this machine."""
        return ["ip", "netns", "exec", self.name, *words]


def possible() -> bool:
    return os.name == "posix" and os.geteuid() == 0 and all(map(shutil.which, ("ip", "certutil", "gcc")))


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


@contextmanager
def cable() -> Iterator[tuple[Machine, Machine]]:
    """The box and the tablet, joined."""
    ends = [Machine(f"yb{os.getpid()}", BOX_NUMBER), Machine(f"yt{os.getpid()}", TABLET_NUMBER)]
    try:
        for one in ends:
            ip("netns", "add", one.name)
        ip("link", "add", ends[0].name, "netns", ends[0].name, "type", "veth", "peer", "name", ends[1].name, "netns", ends[1].name)
        for one in ends:
            ip("-n", one.name, "addr", "add", f"{one.number}/24", "dev", one.name)
            ip("-n", one.name, "link", "set", "lo", "up")
            ip("-n", one.name, "link", "set", one.name, "up")
            ip("-n", one.name, "route", "add", "224.0.0.0/4", "dev", one.name)
        yield ends[0], ends[1]
    finally:
        for one in ends:
            subprocess.run(["ip", "netns", "del", one.name], check=False, capture_output=True)


def browser_of(machine: Machine, home: Path, chromium: str) -> Path:
    """A program that starts the browser on that machine; what it trusts lies under `home`."""
    start = home / "chromium"
    start.write_text(f'#!/bin/sh\nexec {" ".join(machine.does("env", f"HOME={home}", chromium))} "$@"\n')
    start.chmod(0o700)
    return start


def trust(home: Path, authority: Path) -> None:
    """What the steps on the page for new devices do on a tablet."""
    store = home / ".pki" / "nssdb"
    store.mkdir(parents=True)
    certutil = ["certutil", "-d", f"sql:{store}"]
    subprocess.run([*certutil, "-N", "--empty-password"], check=True)
    subprocess.run([*certutil, "-A", "-n", "clinic", "-t", "C,,", "-i", authority], check=True)
