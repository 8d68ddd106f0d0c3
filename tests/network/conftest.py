"""A clinic that is served on a network of this machine alone."""

import os
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest
from litestar.testing import TestClient

from app.commands.environment import ROOT
from app.core import clock
from app.serving.secure import Own


class Lan:
    """The real program with --lan: told is what its terminal says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.https, self.http = _free(), _free()
        self.out = folder.parent / "told"
        command = [sys.executable, "run.py", "--lan", "--host", "127.0.0.1", "--port", str(self.https), "--http-port", str(self.http)]
        with self.out.open("wb") as out:
            self.process = subprocess.Popen(
                [*command, "--data", str(folder)], cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, env=os.environ | {"PYTHONIOENCODING": "utf-8"})

    @property
    def told(self) -> str:
        return self.out.read_text("utf-8")

    @property
    def authority(self) -> Path:
        return self.folder / "keys" / "ca.pem"

    def says(self, what: str) -> None:
        for _ in range(400):
            if what in self.told:
                return
            assert self.process.poll() is None, self.told
            time.sleep(0.05)
        raise AssertionError(self.told)

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(30)


def _free() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def lan(made_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lan]:
    served = Lan(Path(copytree(made_once, tmp_path_factory.mktemp("lan") / "data")))
    try:
        served.says("Ctrl-C")
        yield served
    finally:
        served.stop()


@pytest.fixture
def own(tmp_path: Path) -> Own:
    return Own(tmp_path / "keys")


@pytest.fixture
def on_lan(client: TestClient, own: Own) -> TestClient:
    """The app as it knows itself on a network, without its doors."""
    network = client.app.state.network
    network.port, network.hello_port, network.addresses, network.name, network.wanted = 8443, 8080, ("192.168.1.20",), "yihe.local", "yihe"
    network.shown = own.show(["yihe.local", "192.168.1.20"], clock.now())
    return client


def trusting(authority: Path) -> ssl.SSLContext:
    """A browser's: it knows this authority and no other."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(authority)
    return context
