"""Run every test; what follows is handed to pytest, e.g. `test tests/setup -x`."""

import os
import shutil
import subprocess
import sys
from argparse import ArgumentParser, Namespace

from app.commands.environment import ROOT, Unready, say

PROGRAMS = {  # program: Debian's package
    "chromium": "chromium", "pdftoppm": "poppler-utils", "fc-list": "fontconfig", "certutil": "libnss3-tools", "ip": "iproute2",
}
SIDE_BY_SIDE = ("-n", str(min(os.cpu_count() or 1, 4)), "--dist", "loadfile", "--no-loadscope-reorder")  # tests/conftest.py says what is begun first
CHINESE_FONT = "fonts-noto-cjk"


def add_arguments(parser: ArgumentParser) -> None:
    """Everything after `test` belongs to pytest."""


def run(args: Namespace) -> int:
    have(missing())
    return subprocess.call([sys.executable, "-m", "pytest", "-W", "error", *SIDE_BY_SIDE, *args.rest], cwd=ROOT)


def missing() -> list[str]:
    """Debian packages that the browser tests need and this machine lacks."""
    packages = [package for program, package in PROGRAMS.items() if not shutil.which(program)]
    if "fontconfig" in packages or not fonts(":lang=zh"):
        packages.append(CHINESE_FONT)
    return packages


def fonts(pattern: str) -> str:
    return subprocess.run(["fc-list", pattern], capture_output=True, text=True, check=True).stdout


def have(packages: list[str]) -> None:
    """Install them where that is allowed; otherwise say what to type. Never go on without."""
    if not packages:
        return
    if not shutil.which("apt-get") or os.geteuid() != 0:
        raise Unready(f"The tests need a browser and fonts. Type: sudo apt-get install {' '.join(packages)}")
    say(f"Fetching what the browser tests need: {', '.join(packages)} …")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        done = subprocess.run(["apt-get", "-q", *command], env=environment, capture_output=True, text=True)
        if done.returncode:
            raise Unready(f"apt-get {command[0]} failed: {(done.stderr or done.stdout).strip().splitlines()[-1]}")
